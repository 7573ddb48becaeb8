"""Kernels that execute the notebook of a rendering: the interface, and the plain way.

Whatever implements `Kernels` gives each notebook a kernel that nothing ran in before, and leaves no process behind.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from ..errors import RenderingFailed, TimeLimitExceeded

# What a kernel gets of the server's environment. Anything else, JUPYTER_TOKEN above all, stays out. Cloud, proxy and
# certificate variables are the owner's: what opens in their notebook opens in a rendering too.
_ALLOWED = frozenset(
    ["CURL_CA_BUNDLE", "HOME", "LANG", "LANGUAGE", "LD_LIBRARY_PATH", "LOGNAME", "PATH", "PYTHONPATH"]
    + [
        "REQUESTS_CA_BUNDLE",
        "SSL_CERT_DIR",
        "SSL_CERT_FILE",
        "TEMP",
        "TMP",
        "TMPDIR",
        "TZ",
        "USER",
        "VIRTUAL_ENV",
    ]
    + ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"]
    + ["APPDATA", "COMSPEC", "LOCALAPPDATA", "PATHEXT", "PROGRAMDATA", "SYSTEMROOT", "USERPROFILE"]
)
_ALLOWED_PREFIXES = ("AWS_", "AZURE_", "CONDA_", "GOOGLE_", "LC_")


def allowed_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The part of an environment that a rendering's kernel is given."""
    return {name: value for name, value in environ.items() if name in _ALLOWED or name.startswith(_ALLOWED_PREFIXES)}


class Kernels(ABC):
    """Where renderings are executed. Cancelling the task that awaits `execute` stops the kernel."""

    @abstractmethod
    async def execute(self, notebook: NotebookNode, environment: Mapping[str, str], seconds: float) -> dict[str, Any]:
        """Execute a notebook in place, in a fresh kernel and a fresh empty folder.

        An exception in a cell is an output of that cell; the cells after it are not executed.

        Args:
            environment: All variables the kernel gets.
            seconds: Wall clock, the kernel's start included.

        Returns:
            What is to be known of the kernel, for the provenance: its `id` and `name`.

        Raises:
            TimeLimitExceeded: It took longer.
            RenderingFailed: The kernel did not start, or died.
        """

    @abstractmethod
    async def close(self) -> None:
        """Stop every kernel."""


class PlainKernels(Kernels):
    """A kernel started for each notebook by `jupyter_client`, driven by `nbclient`."""

    def __init__(self, kernel_name: str = "python3") -> None:
        self._kernel_name = kernel_name

    async def execute(self, notebook: NotebookNode, environment: Mapping[str, str], seconds: float) -> dict[str, Any]:
        task = asyncio.ensure_future(self._execute(notebook, environment))
        try:
            done, _ = await asyncio.wait([task], timeout=seconds)
            if not done:
                raise TimeLimitExceeded(
                    f"It took longer than {seconds:g} seconds and was stopped. Aggregate first, or raise `time_limit`."
                )
            return task.result()
        finally:
            # Whatever the way out, the kernel is gone when this returns. nbclient turns a cancellation into "the
            # kernel died"; gathering takes that up, so that nobody is told of an exception nobody waits for.
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def close(self) -> None:
        """Nothing is kept between two notebooks: each kernel ends with the call that started it."""

    async def _execute(self, notebook: NotebookNode, environment: Mapping[str, str]) -> dict[str, Any]:
        from jupyter_client.kernelspec import NoSuchKernel
        from jupyter_client.manager import AsyncKernelManager
        from nbclient import NotebookClient
        from nbclient.exceptions import CellExecutionError, DeadKernelError

        with tempfile.TemporaryDirectory(prefix="jupyter-viz-", ignore_cleanup_errors=True) as folder:
            work = Path(folder, "work")
            os.mkdir(work)
            # A profile of its own: no startup files, no history, nothing remembered.
            own = {
                **environment,
                "IPYTHONDIR": str(Path(folder, "ipython")),
                "PLOTLY_RENDERER": "plotly_mimetype",
            }
            manager = AsyncKernelManager(kernel_name=self._kernel_name, **_sockets_in(folder))
            client = NotebookClient(notebook, km=manager, timeout=None, resources={"metadata": {"path": str(work)}})
            try:
                await client.async_start_new_kernel(env=own)
                await client.async_start_new_kernel_client()
                for number, cell in enumerate(notebook.cells):
                    await client.async_execute_cell(cell, number)
            except CellExecutionError:
                pass  # it stands in the cell's outputs, where the reader looks for it
            except DeadKernelError:
                raise RenderingFailed("The kernel died: it ran out of memory, or the code ended the process.") from None
            except (OSError, RuntimeError, NoSuchKernel) as error:
                raise RenderingFailed(f"No kernel could be started: {error}") from error
            finally:
                await asyncio.shield(_stop(client, manager))
            return {"id": manager.kernel_id, "name": self._kernel_name}


def _sockets_in(folder: str) -> dict[str, str]:
    """Sockets in a folder that only this user may enter; where there are none (Windows), loopback TCP."""
    files = {"connection_file": str(Path(folder, "kernel.json"))}
    return files if os.name == "nt" else {**files, "transport": "ipc", "ip": str(Path(folder, "kernel"))}


async def _stop(client: Any, manager: Any) -> None:
    """Kill the kernel with all its children, and free its sockets."""
    if client.kc is not None:
        client.kc.stop_channels()
    group = getattr(manager.provisioner, "pgid", None)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        # A group of the kernel's own, never the server's: `start_new_session` makes one where there is a pgid.
        if group and group != os.getpgid(0):
            os.killpg(group, signal.SIGKILL)
    if manager.has_kernel:
        await manager.shutdown_kernel(now=True)
    await manager.cleanup_resources()

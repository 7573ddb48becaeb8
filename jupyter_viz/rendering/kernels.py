"""Kernels that execute the notebook of a rendering: the interface, and the plain way.

Whatever implements `Kernels` gives each notebook a kernel that nothing ran in before, and leaves no process behind.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from ..errors import OutputLimitExceeded, RenderingFailed, TimeLimitExceeded
from .processes import MARK, end_all

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
        flooded = asyncio.Event()
        task = asyncio.ensure_future(self._execute(notebook, environment, flooded))
        flood = asyncio.ensure_future(flooded.wait())
        try:
            await asyncio.wait([task, flood], timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return task.result()
            if flooded.is_set():
                raise OutputLimitExceeded(
                    "It showed more than any page can hold and was stopped. Aggregate first, or show less."
                )
            raise TimeLimitExceeded(
                f"It took longer than {seconds:g} seconds and was stopped. Aggregate first, or raise `time_limit`."
            )
        finally:
            # Whatever the way out, the kernel is gone when this returns. nbclient turns a cancellation into "the
            # kernel died"; gathering takes that up, so that nobody is told of an exception nobody waits for.
            task.cancel()
            flood.cancel()
            await asyncio.gather(task, flood, return_exceptions=True)

    async def close(self) -> None:
        """Nothing is kept between two notebooks: each kernel ends with the call that started it."""

    async def _execute(
        self, notebook: NotebookNode, environment: Mapping[str, str], flooded: asyncio.Event
    ) -> dict[str, Any]:
        from jupyter_client.kernelspec import NoSuchKernel
        from jupyter_client.manager import AsyncKernelManager
        from nbclient.exceptions import CellExecutionError, DeadKernelError

        from .capped import CappedClient

        with tempfile.TemporaryDirectory(prefix="jupyter-viz-", ignore_cleanup_errors=True) as folder:
            work = Path(folder, "work")
            os.mkdir(work)
            # A profile of its own: no startup files, no history, nothing remembered.
            own = {
                **environment,
                "IPYTHONDIR": str(Path(folder, "ipython")),
                "PLOTLY_RENDERER": "plotly_mimetype",
                MARK: folder,
            }
            manager = AsyncKernelManager(kernel_name=self._kernel_name, **_sockets_in(folder))
            client = CappedClient(notebook, km=manager, timeout=None, resources={"metadata": {"path": str(work)}})
            client.flooded = flooded
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
                await asyncio.shield(_stop(client, manager, folder))
            notebook.metadata["truncated"] = client.truncated
            return {"id": manager.kernel_id, "name": self._kernel_name}


def _sockets_in(folder: str) -> dict[str, str]:
    """Sockets in a folder that only this user may enter; where there are none (Windows), loopback TCP."""
    files = {"connection_file": str(Path(folder, "kernel.json"))}
    return files if os.name == "nt" else {**files, "transport": "ipc", "ip": str(Path(folder, "kernel"))}


async def _stop(client: Any, manager: Any, mark: str) -> None:
    """End the kernel with all it started, and free its sockets."""
    if client.kc is not None:
        client.kc.stop_channels()
    await asyncio.to_thread(end_all, mark, getattr(manager.provisioner, "pgid", None))
    if manager.has_kernel:
        await manager.shutdown_kernel(now=True)
    await manager.cleanup_resources()

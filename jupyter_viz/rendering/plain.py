"""The plain way: a kernel started for each notebook by `jupyter_client`. On any system, and for any kernelspec."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager

from ..errors import RenderingFailed, TimeLimitExceeded
from .client import KernelClient, connect, execute
from .kernels import Kernels
from .processes import MARK, end_all
from .socket_folders import place_for_sockets

if TYPE_CHECKING:
    from nbformat import NotebookNode

T = TypeVar("T")
START_SECONDS = 60.0
_LOOK_SECONDS = 0.1
KERNEL_DIED = "The kernel died: it ran out of memory, or the code ended the process."


async def within(seconds: float, work: Coroutine[Any, Any, T]) -> T:
    """Do `work`; when it takes longer it is cancelled. Raises `TimeLimitExceeded`."""
    try:
        return await asyncio.wait_for(work, seconds)
    except asyncio.TimeoutError:
        raise TimeLimitExceeded(
            f"It took longer than {seconds:g} seconds and was stopped. Aggregate first, or raise `time_limit`."
        ) from None


async def started_within(seconds: float, work: Coroutine[Any, Any, T]) -> T:
    """The same for what makes a kernel ready. Raises `RenderingFailed`."""
    try:
        return await asyncio.wait_for(work, seconds)
    except asyncio.TimeoutError:
        raise RenderingFailed(f"No kernel could be started: none was ready after {seconds:g} seconds.") from None


class PlainKernels(Kernels):
    """Slower than forked kernels by the seconds that a kernel takes to start; memory and processes are not limited."""

    async def execute(
        self, notebook: NotebookNode, before: Sequence[str] = (), kernel_name: str | None = None
    ) -> dict[str, Any]:
        return await self._execute(notebook, before, kernel_name or "python3")

    async def call(self, function: str, argument: Any) -> Any:
        return await within(self.limits.seconds, self._call(function, argument))

    def renew(self) -> None:
        """Each kernel imports anew."""

    async def close(self) -> None:
        """Nothing is kept between two notebooks: each kernel ends with the call that started it."""

    async def _execute(self, notebook: NotebookNode, before: Sequence[str], kernel_name: str) -> dict[str, Any]:
        where = place_for_sockets()
        with tempfile.TemporaryDirectory(prefix="jupyter-viz-", dir=where, ignore_cleanup_errors=True) as folder:
            work = os.path.join(folder, "work")
            os.mkdir(work)
            # A profile of its own: no startup files, no history, nothing remembered.
            own = {"IPYTHONDIR": str(Path(folder, "ipython")), MARK: folder}
            manager = AsyncKernelManager(kernel_name=kernel_name, **_sockets_in(folder))
            manager.client_class = f"{KernelClient.__module__}.{KernelClient.__name__}"
            client: AsyncKernelClient | None = None
            try:
                await self._start(manager, cwd=work, env={**self.environment, **own})
                client = manager.client()
                await _unless_it_dies(manager, started_within(START_SECONDS, connect(client)))
                executing = execute(client, notebook, before, self.limits.output)
                await _unless_it_dies(manager, within(self.limits.seconds, executing))
                return {"id": manager.kernel_id, "name": kernel_name}
            finally:
                await asyncio.shield(_stop(manager, client, folder))

    async def _start(self, manager: AsyncKernelManager, **how: Any) -> None:
        from jupyter_client.kernelspec import NoSuchKernel

        try:
            await manager.start_kernel(**how)
        except (OSError, RuntimeError, NoSuchKernel) as error:
            raise RenderingFailed(f"No kernel could be started: {error}") from error

    async def _call(self, function: str, argument: Any) -> Any:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "jupyter_viz.rendering.calls", function),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=self.environment,
        )
        try:
            answer, _ = await process.communicate(json.dumps(argument).encode())
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode:
            raise RenderingFailed(KERNEL_DIED)
        return answered(answer)


def answered(answer: bytes) -> Any:
    """The value of a call's answer. Raises `RenderingFailed` with what it raised."""
    known = json.loads(answer)
    if "error" in known:
        raise RenderingFailed(known["error"])
    return known["value"]


def _sockets_in(folder: str) -> dict[str, str]:
    """Sockets in a folder that only this user may enter; where there are none (Windows), loopback TCP."""
    files = {"connection_file": str(Path(folder, "kernel.json"))}
    return files if os.name == "nt" else {**files, "transport": "ipc", "ip": str(Path(folder, "kernel"))}


async def _unless_it_dies(manager: AsyncKernelManager, work: Coroutine[Any, Any, None]) -> None:
    """Do `work`; raises `RenderingFailed` when the kernel dies before it is done."""
    task = asyncio.ensure_future(work)
    try:
        while not (await asyncio.wait([task], timeout=_LOOK_SECONDS))[0]:
            if not await manager.is_alive():
                raise RenderingFailed(KERNEL_DIED)
        task.result()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _stop(manager: AsyncKernelManager, client: AsyncKernelClient | None, mark: str) -> None:
    """End the kernel with all it started, and free its sockets."""
    if client is not None:
        client.stop_channels()
    await asyncio.to_thread(end_all, mark, getattr(manager.provisioner, "pgid", None))
    if manager.has_kernel:
        await manager.shutdown_kernel(now=True)
    await manager.cleanup_resources()

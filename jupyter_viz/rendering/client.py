"""A lean client of a kernel: all cells of a notebook are sent at once, what they show is collected as it comes."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import socket
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import zmq
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_core.utils import ensure_async
from zmq.utils.monitor import recv_monitor_message

from ..errors import OutputLimitExceeded, RenderingFailed
from .notebook import OURS
from .orders import REHEARSAL
from .outputs import OutputCollector, size_of

if TYPE_CHECKING:
    from nbformat import NotebookNode

LARGEST_MESSAGE = 20_000_000
_LAST_WORDS_SECONDS = 1.0
_DEATH_SECONDS = 0.3


class KernelClient(AsyncKernelClient):
    """The client of jupyter_client, on whose iopub channel nothing is dropped but messages too large to show.

    Such a message ends the connection, which `broken` tells.
    """

    _monitor: Any = None

    def connect_iopub(self, identity: bytes | None = None) -> Any:
        subscriber = self.context.socket(zmq.SUB)
        subscriber.linger = 0
        # Queued without a limit: a display that was dropped would never be missed. Floods are noticed by counting.
        subscriber.set_hwm(0)
        subscriber.maxmsgsize = LARGEST_MESSAGE
        self._monitor = subscriber.get_monitor_socket(zmq.EVENT_DISCONNECTED)
        subscriber.subscribe(b"")
        subscriber.connect(self._make_url("iopub"))
        return subscriber

    async def broken(self) -> None:
        """Return when the connection of the iopub channel has ended."""
        if self._monitor is not None:
            await recv_monitor_message(self._monitor)
        else:
            await asyncio.Event().wait()

    def is_listening(self) -> bool:
        """Whether somebody is still there to be connected to."""
        family = socket.AF_UNIX if self.transport == "ipc" else socket.AF_INET
        address: Any = f"{self.ip}-{self.iopub_port}" if self.transport == "ipc" else (self.ip, self.iopub_port)
        with socket.socket(family) as probe:
            return probe.connect_ex(address) == 0

    def stop_channels(self) -> None:
        if self._monitor is not None:
            self.iopub_channel.socket.disable_monitor()
            self._monitor.close(linger=0)
            self._monitor = None
        super().stop_channels()


async def connect(client: AsyncKernelClient) -> None:
    """Open the channels that executing needs and wait until the kernel's output reaches us."""
    starting: Any = client.start_channels  # of a gateway it is a coroutine
    await ensure_async(starting(stdin=False, hb=False, control=False))
    # Whatever comes on iopub shows that the subscription has arrived; a kernel that sends no welcome is asked again.
    while True:
        client.kernel_info()
        with contextlib.suppress(queue.Empty):
            await client.get_iopub_msg(timeout=0.2)
            return


async def rehearse(client: AsyncKernelClient) -> None:
    """Have the kernel go the way of an execution once, so that the first real one does not pay for it."""
    code = f"__import__({REHEARSAL!r}, fromlist=['rehearse']).rehearse()"
    request = client.execute(code, store_history=False)
    idle = False
    while not idle:  # what it shows is out of the way then, too
        message: Any = await client.get_iopub_msg(timeout=None)
        of_request = message["parent_header"].get("msg_id") == request
        idle = of_request and message["content"].get("execution_state") == "idle"


async def execute(
    client: AsyncKernelClient, notebook: NotebookNode, before: Sequence[str] = (), most_bytes: int = 50_000_000
) -> None:
    """Execute a notebook in place; the cells after one that raises are not executed.

    Args:
        before: Code to be run first; the first cell is told of its errors.

    Raises:
        OutputLimitExceeded: It showed more than `most_bytes`, or more messages than any page can hold.
        RenderingFailed: The kernel closed its connection.
    """
    collector = OutputCollector(most_bytes)
    cells = {client.execute(code, stop_on_error=True): cell for code, cell in _requests(notebook, before)}
    last = next(reversed(cells), None)
    if last is None:
        return
    replies = asyncio.ensure_future(_replies(client, last))
    shown = asyncio.ensure_future(_shown(client, cells, last, collector))
    broken = asyncio.ensure_future(client.broken() if isinstance(client, KernelClient) else asyncio.Event().wait())
    try:
        await asyncio.wait([replies, shown, broken], return_when=asyncio.FIRST_COMPLETED)
        if broken.done() and not shown.done():
            # A kernel that died breaks it, too: who sees to that is given the time to say so.
            await asyncio.sleep(_DEATH_SECONDS)
            if isinstance(client, KernelClient) and not client.is_listening():
                raise RenderingFailed("The kernel hung up: the code closed its sockets, or became another program.")
            raise OutputLimitExceeded(_TOO_MUCH)
        if not shown.done():
            await replies
            # "Idle" follows the reply at once, unless the channel is broken; but all that was shown comes before it.
            heard = -1
            while not shown.done() and collector.heard > heard:
                heard = collector.heard
                await asyncio.wait([shown], timeout=_LAST_WORDS_SECONDS)
        if not shown.done():
            raise OutputLimitExceeded(_TOO_MUCH)
        shown.result()
        if not replies.done():
            await asyncio.wait([replies], timeout=_LAST_WORDS_SECONDS)
        if replies.done():
            replies.result()
    finally:
        for task in (replies, shown, broken):
            task.cancel()
        await asyncio.gather(replies, shown, broken, return_exceptions=True)
    notebook.metadata["truncated"] = collector.truncated


_TOO_MUCH = "It showed more than any page can hold and was stopped. Aggregate first, or show less."


def _requests(notebook: NotebookNode, before: Sequence[str]) -> Iterator[tuple[str, NotebookNode]]:
    """What is sent, and the cell that gets its output. Cells of ours go together: each request costs milliseconds."""
    code, group = list(before), None
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        ours = OURS in cell.metadata.get("tags", ())
        if group is not None and not ours:
            yield "\n\n".join(code), group
            code = []
        code.append(cell.source)
        group = cell if ours else None
        if not ours:
            yield "\n\n".join(code), cell
            code = []
    if group is not None:
        yield "\n\n".join(code), group


async def _replies(client: AsyncKernelClient, last: str) -> None:
    while True:
        message: Any = await client.get_shell_msg(timeout=None)  # a gateway would give up after a second
        if message["parent_header"].get("msg_id") == last:
            return


async def _shown(
    client: AsyncKernelClient, cells: dict[str, NotebookNode], last: str, collector: OutputCollector
) -> None:
    while True:
        message: Any = await client.get_iopub_msg(timeout=None)
        collector.heard += 1
        of = message["parent_header"].get("msg_id")
        if message["msg_type"] == "status":
            if of == last and message["content"]["execution_state"] == "idle":
                return
        elif of in cells:
            collector.take(cells[of], message, size_of(message))
            if collector.flooded:
                raise OutputLimitExceeded(_TOO_MUCH)

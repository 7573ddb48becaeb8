"""A lean client of a kernel: all cells of a notebook are sent at once, what they show is collected as it comes."""

from __future__ import annotations

import asyncio
import contextlib
import queue
from collections.abc import Sequence
from typing import Any

import zmq
from jupyter_client.asynchronous.client import AsyncKernelClient
from nbformat import NotebookNode

from ..errors import OutputLimitExceeded, RenderingFailed
from .outputs import OutputCollector, size_of

LARGEST_MESSAGE = 20_000_000
_LAST_WORDS_SECONDS = 1.0


class KernelClient(AsyncKernelClient):
    """The client of jupyter_client, on whose iopub channel nothing is dropped but messages too large to show.

    Such a message breaks the connection, which is made anew: a second `iopub_welcome` tells of it.
    """

    welcomes = 0

    def connect_iopub(self, identity: bytes | None = None) -> Any:
        socket = self.context.socket(zmq.SUB)
        socket.linger = 0
        # Queued without a limit: a display that was dropped would never be missed. Floods are noticed by counting.
        socket.set_hwm(0)
        socket.maxmsgsize = LARGEST_MESSAGE
        socket.subscribe(b"")
        socket.connect(self._make_url("iopub"))
        return socket


async def connect(client: AsyncKernelClient) -> None:
    """Open the channels that executing needs and wait until the kernel's output reaches us."""
    client.start_channels(stdin=False, hb=False, control=False)
    # Whatever comes on iopub shows that the subscription has arrived; a kernel that sends no welcome is asked again.
    while True:
        client.kernel_info()
        with contextlib.suppress(queue.Empty):
            message: Any = await client.get_iopub_msg(timeout=0.2)
            _count_welcome(client, message)
            return


def _count_welcome(client: AsyncKernelClient, message: Any) -> None:
    if isinstance(client, KernelClient) and message["msg_type"] == "iopub_welcome":
        client.welcomes += 1
        if client.welcomes > 1:
            raise OutputLimitExceeded(_TOO_MUCH)


async def execute(
    client: AsyncKernelClient, notebook: NotebookNode, before: Sequence[str] = (), most_bytes: int = 50_000_000
) -> None:
    """Execute a notebook in place; the cells after one that raises are not executed.

    Args:
        before: Code to be run first, which leaves nothing in the notebook.

    Raises:
        OutputLimitExceeded: It showed more than `most_bytes`, or more messages than any page can hold.
        RenderingFailed: What runs `before` the notebook failed.
    """
    collector = OutputCollector(most_bytes)
    hidden = {client.execute(code, silent=True, stop_on_error=True): code for code in before}
    cells: dict[str, NotebookNode] = {}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cells[client.execute(cell.source, store_history=True, stop_on_error=True)] = cell
    last = next(reversed(cells or hidden), None)
    if last is None:
        return
    replies = asyncio.ensure_future(_replies(client, hidden, cells, last))
    shown = asyncio.ensure_future(_shown(client, cells, last, collector))
    try:
        await asyncio.wait([replies, shown], return_when=asyncio.FIRST_COMPLETED)
        if not shown.done():
            await replies
            # "Idle" follows the reply at once, unless a message too large for this side broke the channel.
            await asyncio.wait([shown], timeout=_LAST_WORDS_SECONDS)
        if not shown.done():
            raise OutputLimitExceeded(_TOO_MUCH)
        shown.result()
        if not replies.done():
            await asyncio.wait([replies], timeout=_LAST_WORDS_SECONDS)
        if replies.done():
            replies.result()
    finally:
        for task in (replies, shown):
            task.cancel()
        await asyncio.gather(replies, shown, return_exceptions=True)
    notebook.metadata["truncated"] = collector.truncated


_TOO_MUCH = "It showed more than any page can hold and was stopped. Aggregate first, or show less."


async def _replies(
    client: AsyncKernelClient, hidden: dict[str, str], cells: dict[str, NotebookNode], last: str
) -> None:
    while True:
        message: Any = await client.get_shell_msg()
        of, content = message["parent_header"].get("msg_id"), message["content"]
        if of in hidden and content["status"] == "error":
            raise RenderingFailed(f"The kernel could not be prepared: {content['ename']}: {content['evalue']}")
        if of in cells and content.get("execution_count") is not None and content["status"] != "aborted":
            cells[of].execution_count = content["execution_count"]
        if of == last:
            return


async def _shown(
    client: AsyncKernelClient, cells: dict[str, NotebookNode], last: str, collector: OutputCollector
) -> None:
    while True:
        message: Any = await client.get_iopub_msg()
        _count_welcome(client, message)
        of = message["parent_header"].get("msg_id")
        if message["msg_type"] == "status":
            if of == last and message["content"]["execution_state"] == "idle":
                return
        elif of in cells:
            collector.take(cells[of], message, size_of(message))
            if collector.flooded:
                raise OutputLimitExceeded(_TOO_MUCH)

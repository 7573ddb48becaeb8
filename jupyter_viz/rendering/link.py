"""This side of the parent of forked kernels (`parent.py`): its process, its orders, the children it tells of."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any

import zmq.asyncio
from jupyter_client.session import Session

from ..config import Configuration
from .client import KernelClient, connect, rehearse
from .orders import CHANNELS, Limits, Lines, line
from .processes import MARK, end_all
from .socket_folders import place_for_sockets

# Set before the interpreter starts: these libraries read them when they are imported, and a thread that they start
# would not survive a fork.
_ONE_THREAD = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "MKL_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}
_END_SECONDS = 5.0


async def first(*futures: asyncio.Future[Any]) -> None:
    """Return when one of them is done."""
    await asyncio.wait(futures, return_when=asyncio.FIRST_COMPLETED)


class Gone(Exception):
    """The parent or the kernel ended before anything of a notebook was executed."""


class Refused(Exception):
    """The parent can't fork safely."""


class Child:
    """A process that was ordered from the parent: a kernel, or one call."""

    def __init__(self, name: str, folder: Path) -> None:
        loop = asyncio.get_running_loop()
        self.name = name
        self.folder = folder
        self.key = secrets.token_hex(16)
        self.ready: asyncio.Future[None] = loop.create_future()
        self.dead: asyncio.Future[Mapping[str, Any]] = loop.create_future()
        self.client: KernelClient | None = None
        self.rehearsed = False

    async def connect(self, context: zmq.asyncio.Context) -> None:
        """Return when the kernel answers. Raises `Gone` or `Refused` when it never will."""
        await self._first(self.ready)
        client = KernelClient(
            context=context,
            session=Session(key=self.key.encode()),
            transport="ipc",
            ip=str(self.folder / "k"),
            **{f"{channel}_port": number for number, channel in enumerate(CHANNELS, 1)},
        )
        self.client = client
        await self._first(asyncio.ensure_future(connect(client)))

    async def rehearse(self) -> None:
        """Have it do what only the first time takes long. Raises `Gone` when it dies of that."""
        self.rehearsed = True
        await self._first(asyncio.ensure_future(rehearse(self.connected())))

    def connected(self) -> KernelClient:
        """The client, once `connect` has returned."""
        if self.client is None:
            raise Gone
        return self.client

    async def _first(self, work: asyncio.Future[None]) -> None:
        """Wait for `work`, or for the death of this process."""
        work.add_done_callback(lambda done: done.cancelled() or done.exception())  # channels that are closed under it
        try:
            await first(work, self.dead)
        finally:
            if not work.done():
                work.cancel()
        if work.done() and not work.cancelled():
            work.result()
            return
        event = self.dead.result()
        raise Refused(event["reason"]) if event["event"] == "refused" else Gone


class Link:
    """One parent, from its start to its end. `up` when it has imported everything."""

    def __init__(self, folder: Path, process: subprocess.Popen[bytes], control: socket.socket) -> None:
        self._loop = asyncio.get_running_loop()
        self.folder = folder
        self.process = process
        self.up: asyncio.Future[None] = self._loop.create_future()
        self.ended = False
        self.prepared = False
        self._children: dict[str, Child] = {}
        self._numbers = count(1)
        self._control = control
        self._lines = Lines()
        self._loop.add_reader(control, self._read)

    @staticmethod
    async def start(config: Configuration, environment: Mapping[str, str]) -> Link:
        """Start a parent. It ends when this process does, however that ends."""
        folder = Path(tempfile.mkdtemp(prefix="jupyter-viz-", dir=place_for_sockets()))
        ours, its = socket.socketpair()

        def spawn() -> subprocess.Popen[bytes]:
            with its:
                return subprocess.Popen(  # noqa: S603 — this interpreter, a module of ours
                    [sys.executable, "-m", "jupyter_viz.rendering.parent", str(its.fileno())],
                    env={**environment, **_ONE_THREAD, MARK: str(folder)},
                    cwd=folder,
                    pass_fds=[its.fileno()],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,  # a Ctrl-C in the server's terminal is for the server
                )

        spawning = asyncio.ensure_future(asyncio.to_thread(spawn))
        try:
            process = await asyncio.shield(spawning)
        except asyncio.CancelledError:
            process = await spawning  # some milliseconds: it can't be left half done
            ours.close()
            process.kill()
            process.wait()
            shutil.rmtree(folder, ignore_errors=True)
            raise
        link = Link(folder, process, ours)
        link.order("start", limits=Limits.of(config).plain())
        return link

    def order(self, op: str, **values: Any) -> None:
        if not self.ended:
            with contextlib.suppress(OSError):  # that it has ended is seen where its words are read
                self._control.sendall(line(op=op, **values))

    def fork(self, op: str, **values: Any) -> Child:
        """Order a child; how it goes, the child's futures tell."""
        name = str(next(self._numbers))
        child = Child(name, self.folder / name)
        child.folder.mkdir(mode=0o700)
        if self.ended:
            child.dead.set_result({"event": "dead", "why": "parent"})
        else:
            self._children[name] = child
            self.order(op, id=name, folder=str(child.folder), key=child.key, **values)
        return child

    async def drained(self) -> None:
        """Return when nothing that it forked is left."""
        while self._children:
            await asyncio.wait([child.dead for child in self._children.values()])

    def hang_up(self) -> None:
        """Have it end, with all that it forked: it does when nobody is at this side of the socket."""
        if self.ended:
            return
        self.ended = True
        self._loop.remove_reader(self._control)
        self._control.close()
        if not self.up.done():
            self.process.kill()  # it has forked nothing yet, and would look at its socket after its imports only
            self.up.set_exception(Gone())
            self.up.exception()  # looked at: nobody may be waiting for it
        for child in self._children.values():
            child.dead.set_result({"event": "dead", "why": "parent"})
        self._children.clear()

    def clean(self) -> None:
        """Wait for its end, and remove what is left of it. Blocks."""
        try:
            self.process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        end_all(str(self.folder), None)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _read(self) -> None:
        try:
            data = self._control.recv(1 << 16)
        except OSError:
            data = b""
        if not data:
            self.hang_up()
            return
        for event in self._lines.take(data):
            if event["event"] == "up":
                self.up.set_result(None)
            elif event["event"] == "ready":
                if not (ready := self._children[event["id"]].ready).done():  # nobody may be waiting any more
                    ready.set_result(None)
            else:
                self._children.pop(event["id"]).dead.set_result(event)

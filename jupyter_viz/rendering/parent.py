"""The parent of forked kernels: `python -m jupyter_viz.rendering.parent FD`, started by `pool.ForkedKernels`.

Imports once what recipes and kernels need, then forks a process for each kernel. It has one thread and no event loop,
zmq context or database connection: none of them survives a fork. It alone ends and reaps what it forked, with all that
was started by it, and it ends when the other side of its socket does.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import selectors
import shutil
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from . import forked, trees
from .orders import REHEARSAL, Limits, Lines, line

# What a rendering can't do without; the rest is imported by the rehearsal, while nobody waits. None of it may start a
# thread when it is imported.
NEEDED = (
    *("ipykernel.kernelapp", "ipykernel.ipkernel", "IPython.core.ultratb", "IPython.core.completerlib"),
    *("IPython.core.debugger", "IPython.core.oinspect", "IPython.extensions.storemagic", "tornado.platform.asyncio"),
    *("pandas", "pyarrow", "duckdb", "ibis", "ibis.backends.duckdb"),
    *("jupyter_viz.rendering.inside", "jupyter_viz.rendering.streams"),
)
# Imported without something they can do without: nobody debugs a rendering, and debugpy takes half of a kernel's start;
# a grammar of URIs, which no schema of ours or of notebooks mentions, takes seconds.
_PARTLY = (("ipykernel.debugger", "debugpy"), ("jsonschema", "rfc3987_syntax"))
_LATER = ("matplotlib_inline.backend_inline", REHEARSAL)
_WATCH_SECONDS = 0.1


class Parent:
    """Serves orders until its socket ends."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._selector = selectors.DefaultSelector()
        self._lines = Lines()
        self._children: dict[int, dict[str, Any]] = {}  # by pid: the order it was forked for
        self._busy: set[int] = set()
        self._ready: dict[int, int] = {}  # reading end of a child's pipe, by pid
        self._limits = Limits(0, 0, 0, 0, 0, 0)

    def serve(self) -> None:
        forked.adopt_orphans()
        woken, wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self._selector.register(woken, selectors.EVENT_READ, lambda: self._reap(woken))
        self._selector.register(self._control, selectors.EVENT_READ, self._obey)
        try:
            while True:
                for key, _ in self._selector.select(_WATCH_SECONDS if self._busy else None):
                    key.data()
                self._watch()
        except (EOFError, BrokenPipeError, ConnectionResetError):
            pass  # the server has ended, or wants no more kernels
        finally:
            for pid in tuple(self._children):
                trees.end(pid)
            self._end_strays()

    def _say(self, **event: Any) -> None:
        self._control.sendall(line(**event))

    def _obey(self) -> None:
        data = self._control.recv(1 << 16)
        if not data:
            raise EOFError
        for order in self._lines.take(data):
            _ORDERS[order["op"]](self, order)

    def _start(self, order: dict[str, Any]) -> None:
        self._limits = Limits(**order["limits"])
        for name, left_out in _PARTLY:
            _import_without(left_out, name)
        _import(*NEEDED)
        gc.freeze()
        self._say(event="up")

    def _prepare(self, order: dict[str, Any]) -> None:
        _import(*order["preload"], *_LATER)
        with contextlib.suppress(Exception):  # what is missing or broken shows where it is used
            importlib.import_module(REHEARSAL).exercise()
        gc.collect()
        gc.freeze()

    def _fork(self, order: dict[str, Any]) -> None:
        if (threads := trees.threads()) != 1:
            self._say(event="refused", id=order["id"], reason=f"it has {threads} threads where one is safe")
            return
        reading, writing = os.pipe2(os.O_CLOEXEC)
        me = os.getpid()
        pid = os.fork()
        if not pid:
            self._selector.close()
            self._control.close()
            for each in (reading, *self._ready.values()):
                os.close(each)
            forked.run(order, me, self._limits, writing)
        os.close(writing)
        self._children[pid] = order
        if order["op"] == "call":
            os.close(reading)
            self._busy.add(pid)
            return
        self._ready[pid] = reading
        self._selector.register(reading, selectors.EVENT_READ, lambda: self._told(pid, reading))

    def _told(self, pid: int, reading: int) -> None:
        if os.read(reading, 1):  # the end of the pipe without a word is a child that died, which is told elsewhere
            self._say(event="ready", id=self._children[pid]["id"], pid=pid)
        self._forget_pipe(pid)

    def _forget_pipe(self, pid: int) -> None:
        if (reading := self._ready.pop(pid, None)) is not None:
            self._selector.unregister(reading)
            os.close(reading)

    def _pid(self, order: dict[str, Any]) -> int | None:
        return next((pid for pid, child in self._children.items() if child["id"] == order["id"]), None)

    def _mind(self, order: dict[str, Any]) -> None:
        if pid := self._pid(order):
            self._busy.add(pid)

    def _kill(self, order: dict[str, Any], why: str | None = None) -> None:
        if pid := self._pid(order):
            self._children[pid]["why"] = why
            trees.end(pid)

    def _reap(self, woken: int) -> None:
        with contextlib.suppress(BlockingIOError):
            while os.read(woken, 512):
                pass
        for pid in tuple(self._children):
            ended = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if ended is None:
                continue
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)  # while the number is still the dead leader's
            os.waitpid(pid, 0)
            order = self._children.pop(pid)
            self._busy.discard(pid)
            self._forget_pipe(pid)
            self._end_strays()
            signalled = ended.si_code in (os.CLD_KILLED, os.CLD_DUMPED)
            self._say(
                event="dead",
                id=order["id"],
                why=order.get("why"),
                signal=ended.si_status if signalled else None,
                status=None if signalled else ended.si_status,
            )
        self._end_strays()

    def _end_strays(self) -> None:
        """End what dead kernels left: their orphans are children of this process now."""
        while strays := [pid for pid in trees.children(os.getpid()) if pid not in self._children]:
            for pid in strays:
                trees.end(pid)
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(pid, 0)

    def _watch(self) -> None:
        """End what has more processes or memory than it may have."""
        for pid in tuple(self._busy):
            family = trees.descendants(pid)
            if self._limits.processes and len(family) > self._limits.processes:
                self._kill(self._children[pid], "processes")
            elif self._limits.memory and family and trees.uses_more([pid, *family], self._limits.memory):
                self._kill(self._children[pid], "memory")


def _import(*names: str) -> None:
    for name in names:
        with contextlib.suppress(Exception):  # what is missing or broken shows where it is used
            importlib.import_module(name)


def _import_without(left_out: str, name: str) -> None:
    sys.modules[left_out] = None  # type: ignore[assignment]
    _import(name)
    del sys.modules[left_out]


_ORDERS: dict[str, Callable[[Parent, dict[str, Any]], None]] = {
    "start": Parent._start,
    "prepare": Parent._prepare,
    "kernel": Parent._fork,
    "call": Parent._fork,
    "busy": Parent._mind,
    "kill": Parent._kill,
}


def main() -> None:
    control = socket.socket(fileno=int(sys.argv[1]))
    # Nobody reads what is printed here: it would fill a pipe.
    null = os.open(os.devnull, os.O_RDWR)
    for each in (0, 1, 2):
        os.dup2(null, each)
    Path("/proc/self/comm").write_text("jupyter-viz")
    folder = Path.cwd()  # made for this process; whoever started it may have ended without removing it
    Parent(control).serve()
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()

"""Work beside the notebook's kernel: what was asked for last in a thread, and the way back to the main one."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

_TICK_SECONDS = 0.02


class Latest:
    """Does in a thread what was asked for last; what was asked before and has not begun is forgotten.

    Args:
        failed: Called with what the work raises.
        ended: Called when nothing is left to do.
    """

    def __init__(
        self,
        name: str,
        failed: Callable[[Exception], None] = lambda _: None,
        ended: Callable[[], None] = lambda: None,
    ) -> None:
        self._name = f"jupyter_viz {name}"
        self._failed, self._ended = failed, ended
        self._next: Callable[[], None] | None = None
        self._busy = False
        self._lock = threading.Lock()

    @property
    def busy(self) -> bool:
        return self._busy

    def ask(self, work: Callable[[], None]) -> None:
        with self._lock:
            self._next = work
            if self._busy:
                return
            self._busy = True
        threading.Thread(target=self._run, name=self._name, daemon=True).start()

    def forget(self) -> None:
        """What has not begun."""
        with self._lock:
            self._next = None

    def _run(self) -> None:
        while True:
            with self._lock:
                work, self._next = self._next, None
                self._busy = work is not None
            if work is None:
                self._ended()
                return
            try:
                work()
            except Exception as error:  # a thread has nobody else to tell
                self._failed(error)


class Main:
    """Calls things in the main thread of the notebook's kernel, once it is idle; without a kernel, at once."""

    def __init__(self, kernel: Any) -> None:
        self._loop = getattr(kernel, "io_loop", None)
        self._waiting: deque[Callable[[], None]] = deque()

    def call(self, what: Callable[[], None]) -> None:
        if self._loop is None:
            what()
            return
        self._waiting.append(what)
        self._loop.add_callback(self._do)

    def wait(self, until: Callable[[], bool], seconds: float) -> bool:
        """Wait in the main thread, which what waits for it would wait for; whether it is so."""
        end = time.monotonic() + seconds
        while True:
            self._do()
            if until() and not self._waiting:
                return True
            if time.monotonic() > end:
                return False
            time.sleep(_TICK_SECONDS)

    def _do(self) -> None:
        with suppress(IndexError):  # another way here has taken it
            self._waiting.popleft()()


@contextmanager
def interruptible() -> Iterator[None]:
    """Within it an interrupt of the kernel raises: between cells the kernel ignores it."""
    import signal

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)

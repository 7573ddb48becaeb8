"""What a step prints, kept while it prints."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TextIO

from ..errors import CatalogUnavailable, StorageFull

CAP = 1_000_000
_PIECE = 32_000


class StepLog:
    """Text of stdout and stderr, given to `keep(number, text)` in pieces; cut after `CAP` characters, which it says."""

    def __init__(self, keep: Callable[[int, str], None]) -> None:
        self._keep = keep
        self._lock = threading.Lock()
        self._parts: list[str] = []
        self._waiting = 0
        self._kept = 0
        self._number = 0

    def write(self, text: str) -> None:
        with self._lock:
            left = CAP - self._kept - self._waiting
            if left <= 0:
                return
            if len(text) > left:
                text = f"{text[:left]}\n… cut here: a step's log holds {CAP:,} characters.\n"
                self._kept = CAP
            self._parts.append(text)
            self._waiting += len(text)
            full = self._waiting >= _PIECE
        if full:
            with suppress(CatalogUnavailable, StorageFull):  # whoever prints is not to blame; it is tried again
                self.flush()

    def flush(self) -> None:
        """Keep what waits; called now and then while the step runs, and when it ends."""
        with self._lock:
            text, self._parts = "".join(self._parts), []
            self._kept += self._waiting
            self._waiting = 0
            number = self._number
            self._number += bool(text)
        if text:
            try:
                self._keep(number, text)
            except BaseException:  # it waits for the next time
                with self._lock:
                    self._parts.insert(0, text)
                    self._waiting += len(text)
                    self._kept -= len(text)
                raise


class _Tee:
    """A stream that writes to the log too. Everything else is the stream's own."""

    def __init__(self, stream: TextIO, log: StepLog) -> None:
        self._stream, self._log = stream, log

    def write(self, text: str) -> int:
        self._log.write(text)
        return self._stream.write(text)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def captured(log: StepLog) -> Iterator[None]:
    """Have `log` take what is printed in the block; it is printed all the same."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = _Tee(before[0], log), _Tee(before[1], log)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before

"""Whether what says "running" still runs. Never stored: a process that was killed can't write that it was."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from ..clock import microseconds

BEAT_SECONDS = 10
SILENT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Worker:
    """A process: `born` tells it from a later one with the same pid, where the system says when it started.

    All three are None for what runs in another system, whose word is taken.
    """

    host: str | None
    pid: int | None
    born: str | None


def this_worker() -> Worker:
    return Worker(_host(), os.getpid(), _born(os.getpid()))


def is_alive(worker: Worker, beat_at: int) -> bool:
    """True while the worker beats; on this host its death is seen at once, elsewhere after a minute of silence."""
    if worker.host is None or worker.pid is None:
        return True
    if worker.host == _host():
        return _runs(worker.pid, worker.born, microseconds() // 500_000)
    return microseconds() - beat_at < SILENT_SECONDS * 1_000_000


@cache
def _host() -> str:
    # The machine id tells two containers or laptops of the same name apart; a pid means nothing in the other.
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        space = os.readlink("/proc/self/ns/pid")
    except OSError:
        return socket.gethostname()
    return f"{socket.gethostname()} {boot} {space}"


@lru_cache(maxsize=1024)
def _runs(pid: int, born: str | None, half_second: int) -> bool:
    """`half_second` only limits how long an answer is remembered: a page of runs asks often for the same pid."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass  # it is there, but another user's
    return born is None or _born(pid) == born


def _born(pid: int) -> str | None:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] == "Z" else fields[19]  # a zombie has ended; field 22 of proc(5) is the start time

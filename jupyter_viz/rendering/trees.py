"""Trees of processes by /proc: who descends from whom, and ending all of them. Linux only."""

from __future__ import annotations

import contextlib
import os
import re
import signal
from collections.abc import Iterable
from pathlib import Path


def children(pid: int) -> list[int]:
    """The direct children of all threads of a process; none where it is gone."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for thread in os.listdir(f"/proc/{pid}/task"):
            found += map(int, Path(f"/proc/{pid}/task/{thread}/children").read_text().split())
    return found


def descendants(pid: int) -> list[int]:
    found: list[int] = []
    nearest = [pid]
    while nearest:
        nearest = [child for each in nearest for child in children(each)]
        found += nearest
    return found


def end(pid: int) -> None:
    """Kill a child of this process with its group and all that descends from it.

    Stopped first, all of them, so that none can start another while the others are being killed.
    """
    _signal(pid, signal.SIGSTOP)
    stopped: set[int] = set()
    while fresh := set(descendants(pid)) - stopped:
        for each in fresh:
            _signal(each, signal.SIGSTOP)
        stopped |= fresh
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if os.getpgid(pid) == pid:
            os.killpg(pid, signal.SIGKILL)
    for each in (pid, *stopped):
        _signal(each, signal.SIGKILL)


def threads() -> int:
    """How many threads this process has."""
    found = re.search(r"^Threads:\s+(\d+)$", Path("/proc/self/status").read_text(), re.MULTILINE)
    return int(found[1]) if found else 0


def uses_more(pids: Iterable[int], limit: int) -> bool:
    """Whether processes together have more than `limit` bytes of memory, what they share counted once."""
    pids = tuple(pids)
    # The quick look counts what is shared with each of them; the exact one takes milliseconds.
    return sum(map(_resident, pids)) > limit and sum(map(_proportional, pids)) > limit


def _resident(pid: int) -> int:
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")
    return 0


def _proportional(pid: int) -> int:
    with contextlib.suppress(OSError):
        found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
        return int(found[1]) * 1024 if found else 0
    return 0


def _signal(pid: int, which: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, which)

"""Ending a kernel with everything it started, also what left its process group."""

from __future__ import annotations

import contextlib
import os
import signal

import psutil

MARK = "JUPYTER_VIZ_RENDERING"
"""Variable of a rendering's kernel; what it starts inherits it, wherever it moves in the tree of processes."""


def end_all(mark: str, group: int | None) -> None:
    """Kill the kernel's process group, then every process of this user that carries the mark. Blocks for some ms."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        # A group of the kernel's own, never the server's.
        if group and group != os.getpgid(0):
            os.killpg(group, signal.SIGKILL)
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.pid != os.getpid() and process.environ().get(MARK) == mark:
                process.kill()

"""What a server and everything below it uses, seen from outside."""

from __future__ import annotations

import contextlib
import threading
import time
from dataclasses import dataclass, fields
from pathlib import Path
from typing import NamedTuple

import psutil

_MB = 2**20


@dataclass(frozen=True)
class Usage:
    """Of the server, of the processes it started (the parent of the kernels), and of what is below those.

    Memory is the proportional set size in MB: a page that n processes share counts 1/n in each.
    """

    server_mb: float = 0
    parent_mb: float = 0
    kernels_mb: float = 0
    largest_kernel_mb: float = 0
    processes: int = 0
    kernels: int = 0
    threads: int = 0
    descriptors: int = 0
    sockets: int = 0

    @property
    def tree_mb(self) -> float:
        return self.server_mb + self.parent_mb + self.kernels_mb


def usage(pid: int) -> Usage:
    """Of the tree at this moment. A process that ends meanwhile counts as far as it was read."""
    server = psutil.Process(pid)
    tree = [server, *server.children(recursive=True)]
    mb = {"server": 0.0, "parent": 0.0}
    kernels: list[float] = []
    processes = threads = descriptors = sockets = 0
    for process in tree:
        with contextlib.suppress(psutil.Error, OSError):
            parent = process.ppid()
            size = _pss(process.pid)
            if process.pid == pid:
                mb["server"] = size
            elif parent == pid:
                mb["parent"] += size
            else:
                kernels.append(size)
            processes += 1
            threads += process.num_threads()
            targets = [_target(link) for link in Path(f"/proc/{process.pid}/fd").iterdir()]
            descriptors += len(targets)
            sockets += sum(target.startswith("socket:") for target in targets)
    return Usage(
        mb["server"],
        mb["parent"],
        sum(kernels),
        max(kernels, default=0),
        processes,
        len(kernels),
        threads,
        descriptors,
        sockets,
    )


class CPU(NamedTuple):
    """Seconds of user and system time: of the server, of what it started (the parent), of all below, ended or not."""

    server: float
    parent: float
    kernels: float

    def since(self, before: CPU) -> CPU:
        return CPU(*(now - then for now, then in zip(self, before, strict=True)))


def cpu(pid: int) -> CPU:
    """Of the tree until now. What has ended counts once it was waited for."""
    server = psutil.Process(pid)
    own = {"server": 0.0, "parent": 0.0, "kernels": 0.0}
    for process in [server, *server.children(recursive=True)]:
        with contextlib.suppress(psutil.Error):
            times, parent = process.cpu_times(), process.ppid()
            level = "server" if process.pid == pid else "parent" if parent == pid else "kernels"
            own[level] += times.user + times.system
            own["kernels"] += times.children_user + times.children_system
    return CPU(**own)


class Peak:
    """The highest of each number while the `with` lasts, looked at every `interval` seconds."""

    def __init__(self, pid: int, interval: float = 0.1) -> None:
        self._pid, self._interval = pid, interval
        self._seen: list[Usage] = []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Peak:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._ended.set()
        self._thread.join()

    @property
    def tree_mb(self) -> float:
        return max(usage.tree_mb for usage in self._seen)

    @property
    def largest_kernel_mb(self) -> float:
        return max(usage.largest_kernel_mb for usage in self._seen)

    @property
    def processes(self) -> int:
        return max(usage.processes for usage in self._seen)

    def _look(self) -> None:
        while not self._ended.is_set():
            self._seen.append(usage(self._pid))
            time.sleep(self._interval)


def names() -> list[str]:
    """The columns of `row`."""
    return [field.name.replace("_mb", " MB").replace("_", " ") for field in fields(Usage)]


def row(found: Usage) -> list[str]:
    values = (getattr(found, field.name) for field in fields(Usage))
    return [f"{value:.1f}" if isinstance(value, float) else str(value) for value in values]


def _pss(pid: int) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024 / _MB
    return 0.0  # a process without memory: it is ending


def _target(link: Path) -> str:
    with contextlib.suppress(OSError):
        return str(link.readlink())
    return ""

"""What the server and the parent of forked kernels say to each other: one JSON object a line over a socket.

Orders: `start`; `prepare` (import the rest, and use it once); `kernel` and `call` (fork a kernel, or a process for one
call of a function of ours); `busy` (from now on watch it); `kill`.
Events: `up` (what is needed is imported), `ready` (a kernel's sockets are bound), `dead` (nothing of it is left),
`refused`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from ..config import Configuration

CHANNELS = ("shell", "iopub", "stdin", "control", "hb")
"""The places of a forked kernel's sockets in its folder: `k-1`, `k-2`, …"""

REHEARSAL = "jupyter_viz.rehearsal"
"""The module whose `exercise` the parent calls, and whose `rehearse` a waiting kernel. By name: it stands above."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a rendering may use; 0 is no limit.

    Attributes:
        seconds: Wall clock of a rendering.
        cpu: Seconds of CPU of its process.
        memory: Bytes that it may take beyond what a fresh kernel has.
        processes: It may have started at a time.
        output: Bytes that it may show.
        file: Bytes of one file that it writes.
    """

    seconds: float
    cpu: float
    memory: int
    processes: int
    output: int
    file: int

    @staticmethod
    def of(config: Configuration) -> Limits:
        return Limits(
            seconds=config.time_limit,
            cpu=config.cpu_limit,
            memory=config.memory_limit,
            processes=config.process_limit,
            output=config.output_limit,
            file=config.file_limit,
        )

    def plain(self) -> dict[str, Any]:
        return asdict(self)


def line(**values: Any) -> bytes:
    return json.dumps(values).encode() + b"\n"


class Lines:
    """Puts what a socket gives together into JSON objects."""

    def __init__(self) -> None:
        self._rest = b""

    def take(self, data: bytes) -> Iterator[dict[str, Any]]:
        *whole, self._rest = (self._rest + data).split(b"\n")
        for each in whole:
            yield json.loads(each)

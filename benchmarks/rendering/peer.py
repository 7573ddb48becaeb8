"""A peer's process, from outside."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .server import Server
from .work import PLOTLY, Work, auc_in_title, check_auc

_SCRIPT = str(Path(__file__).with_name("peers.py"))


class Peer:
    """A way to execute notebooks, in a process that stays: what it can keep warm is warm."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def pandas(self, work: Work) -> tuple[float, float]:
        """(seconds to execute, seconds to export to HTML) of the pandas cell."""
        answer = self._execute(work.pandas_cells())
        check_auc(work, auc_in_title(answer["outputs"]))
        return answer["execute"], answer["export"]

    def recipe(self, work: Work) -> tuple[float, float]:
        """The same of `roc_curve`."""
        answer = self._execute(work.recipe_cells())
        assert any(PLOTLY in output.get("data", {}) for output in answer["outputs"]), str(answer["outputs"])[:500]
        check_auc(work, float(answer["outputs"][-1]["data"]["text/plain"]))
        return answer["execute"], answer["export"]

    def _execute(self, cells: list[str]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"cells": cells}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the peer's process has ended; see above"
        answer: dict[str, Any] = json.loads(line)
        return answer


@contextmanager
def peer(way: str, server: Server, python: str = sys.executable) -> Iterator[Peer]:
    """A peer of `peers.py`, run by an interpreter that has what it imports, with the home of this server's folder."""
    # Everything this starts ends when its stdin does, the shared kernel with the process that started it.
    process = subprocess.Popen(
        [python, _SCRIPT, way], env=server.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield Peer(process)
    finally:
        process.communicate(timeout=30)

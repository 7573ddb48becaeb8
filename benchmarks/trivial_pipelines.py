"""Pipelines of trivial steps for `step_overhead.py`, by whichever tool $BENCHMARK_TOOL names; run as its worker.

The steps stand in the module itself: ZenML imports them again by name.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

TOOL = os.environ["BENCHMARK_TOOL"]
if TOOL == "zenml":
    from zenml import pipeline, step
else:
    from jupyter_viz import pipeline, step

ALWAYS: dict[str, Any] = {"enable_cache": False} if TOOL == "zenml" else {}
FRAME = pd.DataFrame({"label": [0, 1] * 50, "score": [number / 100 for number in range(100)]})


@step(**ALWAYS)
def number() -> int:
    return 1


@step(**ALWAYS)
def table() -> pd.DataFrame:
    return FRAME


@step(**ALWAYS, enable_artifact_visualization=False)
def table_not_shown() -> pd.DataFrame:
    return FRAME


def pipeline_of(one: Callable[[], Any], name: str, count: int) -> Callable[[], Any]:
    def steps() -> None:
        for _ in range(count):
            one()

    steps.__name__ = f"{name}_{count}"
    made: Callable[[], Any] = pipeline(**ALWAYS)(steps)
    return made


STEPS = {"number": number, "table": table, "table_not_shown": table_not_shown}


def size(home: Path) -> int:
    """Bytes of the artifacts: databases grow by leaps."""
    databases = (".db", ".db-wal", ".db-shm", ".yaml")
    return sum(path.stat().st_size for path in home.rglob("*") if path.is_file() and path.suffix not in databases)


def main() -> None:
    """Answer each line `step count` by the seconds its pipeline took and the bytes of the files it left."""
    home = Path(sys.argv[1])
    answer = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    for line in sys.stdin:
        name, count = line.split()
        run = pipeline_of(STEPS[name], name, int(count))
        before = size(home)
        began = time.perf_counter()
        run()
        taken = time.perf_counter() - began
        print(taken, size(home) - before, file=answer, flush=True)


if __name__ == "__main__":
    main()

"""Recordings that are killed at random moments, and what must hold after each.

`python killing.py ROUNDS SEED` is the killer: it has everything imported, and forks a recorder for each round, which
records one run after another and says what was acknowledged, until it is killed.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import pandas as pd

from jupyter_viz import log_metrics, pipeline, step
from jupyter_viz.artifacts.inventory import Kind, inventory
from jupyter_viz.client import Client, load
from jupyter_viz.enums import RunStatus
from jupyter_viz.keeping.sweep import Sweep

LONGEST_SECONDS = 0.4
LARGE = 2_000_000


def expected(number: int) -> dict[str, Any]:
    """What the step of a number returns."""
    return {
        "large": number.to_bytes(4, "big") * (LARGE // 4),
        "frame": list(range(number % 50 + 1)),
        "text": str(number),
    }


@step
def make(number: int) -> tuple[Annotated[bytes, "large"], Annotated[pd.DataFrame, "frame"], Annotated[str, "text"]]:
    log_metrics({"number": number})
    print(f"making {number}")
    made = expected(number)
    return made["large"], pd.DataFrame({"a": made["frame"]}), made["text"]


@pipeline
def killed(number: int, told: int) -> None:
    for each in (number, number + 1):
        make(each)
        os.write(told, f"{each}\n".encode())  # what is acknowledged: the step returned


def kill_some(rounds: int, seed: int) -> None:
    """Prints what each round acknowledged, as one line of JSON."""
    draw = random.Random(seed)
    for turn in range(rounds):
        reader, told = os.pipe()
        recorder = os.fork()
        if recorder == 0:
            os.close(reader)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            for number in range(turn * 1000, turn * 1000 + 1000, 2):
                killed(number, told)
        os.close(told)
        with os.fdopen(reader) as lines:
            first = [lines.readline()] if turn % 2 else []  # every other round runs for a while before
            time.sleep(draw.uniform(0, LONGEST_SECONDS))
            os.kill(recorder, signal.SIGKILL)
            os.waitpid(recorder, 0)
            print(json.dumps([int(line) for line in (*first, *lines)]), flush=True)


def rounds_of(rounds: int, seed: int) -> Iterator[list[int]]:
    """The numbers that each round acknowledged, as soon as its recorder is dead."""
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", __file__, str(rounds), str(seed)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    with process, process.stdout as lines:
        for _ in range(rounds):
            yield json.loads(lines.readline())
    assert process.returncode == 0


def check(acknowledged: set[int]) -> int:
    """What was acknowledged is there; what is there is whole; nothing says it runs. Gives the number of runs."""
    client = Client()
    runs, cursor = [], None
    while True:
        page = client.list_pipeline_runs("killed", 200, cursor=cursor)
        runs += list(page)
        cursor = page.next_cursor
        if cursor is None:
            break
    found: set[int] = set()
    known = set()
    for listed in runs:
        run = client.get_pipeline_run(listed.id)
        while run.status is RunStatus.RUNNING:  # a process's death is seen within half a second
            run = client.get_pipeline_run(listed.id)
        assert run.status in (RunStatus.COMPLETED, RunStatus.INTERRUPTED)
        for made in run.steps.values():
            assert made.status in (RunStatus.COMPLETED, RunStatus.INTERRUPTED)
            number = made.parameters["number"]
            for artifact in (each for several in made.outputs.values() for each in several):
                _whole(artifact, number)
                known.add(artifact.id)
            if made.status is RunStatus.COMPLETED:
                assert set(made.outputs) == {"large", "frame", "text"}
                assert made.logs == f"making {number}\n"
                found.add(number)
        if run.status is RunStatus.COMPLETED:
            assert len(run.steps) == 2
            assert run.metrics["number"].value == max(made.parameters["number"] for made in run.steps.values())
    assert acknowledged <= found
    store = client._service.store
    for piece in inventory(store):
        assert piece.kind is not Kind.OTHER
        if piece.kind is Kind.ARTIFACT and piece.id not in known:  # killed between its name and its row
            _whole_orphan(Path(piece.place))
    return len(runs)


def _whole(artifact: Any, number: int) -> None:
    value = load(artifact.address)
    wanted = expected(number)[artifact.name]
    assert (list(value.a) if artifact.name == "frame" else value) == wanted
    for shown in artifact.visualizations:
        assert shown.error is None
        assert len(Path(shown.uri).read_bytes()) == shown.size > 0


def _whole_orphan(folder: Path) -> None:
    """No file under its final name is half."""
    names = {path.name for path in folder.iterdir()}
    if "data.bin" in names:
        assert (folder / "data.bin").stat().st_size == LARGE
        assert "bytes.md" in names
    elif "data.parquet" in names:
        assert len(pd.read_parquet(folder / "data.parquet")) > 0
    else:
        assert (folder / "data.txt").read_text().isdigit()


def swept() -> tuple[int, int]:
    """(orphans, unfinished writes) that the killed left and a sweep an hour later takes; nothing else is left."""
    service = Client()._service
    root = Path(service.store.root)
    then = time.time() - 7200
    for path in root.rglob("*"):
        os.utime(path, (then, then))
    amounts = {
        each.kind: each.amount.count for each in Sweep(lambda: service.catalog, service.store, service.config).run()
    }
    assert all(piece.kind is Kind.ARTIFACT for piece in inventory(service.store))
    return amounts["orphans"], amounts["unfinished writes"]


if __name__ == "__main__":
    kill_some(int(sys.argv[1]), int(sys.argv[2]))

"""Processes that record at once: `record` is what each does, `two_at_once` has two of them do it."""

from __future__ import annotations

import subprocess
import sys

from jupyter_viz.catalog import open_catalog
from jupyter_viz.enums import RunStatus
from jupyter_viz.models import Metric, NewRun

PROJECT, PIPELINE = "crowd", "churn"


def record(url: str, first: int, count: int) -> None:
    """Record runs of one pipeline, each with two metrics that tell which it is."""
    recording = open_catalog(url).recording
    input()
    for number in range(first, first + count):
        run_id, _ = recording.start_run(NewRun(PIPELINE, f"run-{number}", PROJECT, {"number": number}))
        recording.log_metrics(run_id, None, [Metric("number", number), Metric("half", number / 2)])
        recording.end_run(run_id, RunStatus.COMPLETED)


def two_at_once(url: str, count: int) -> None:
    """Have two processes record `count` runs in all; returns when both are done, raises where one failed."""
    each = count // 2
    pipes = {"stdin": subprocess.PIPE, "stderr": subprocess.PIPE}
    started = [
        subprocess.Popen([sys.executable, __file__, url, str(number * each), str(each)], text=True, **pipes)  # type: ignore[call-overload]
        for number in range(2)
    ]
    for process in started:
        process.stdin.write("\n")
        process.stdin.flush()
    errors = [process.communicate()[1] for process in started]
    assert [process.returncode for process in started] == [0, 0], errors


def check(url: str, count: int) -> None:
    """Every run is there once, ended, with its own numbers; and the counters say so."""
    runs = open_catalog(url).runs
    seen, cursor = {}, None
    while True:
        page = runs.page(f"{PROJECT}::{PIPELINE}", 200, columns=["number", "half"], cursor=cursor)
        for run in page.runs:
            assert run.id not in seen
            assert run.status is RunStatus.COMPLETED
            number = run.parameters["number"]
            assert run.name == f"run-{number}"
            assert (run.metrics["number"].value, run.metrics["half"].value) == (number, number / 2)
            seen[run.id] = number
        cursor = page.next_cursor
        if cursor is None:
            break
    assert sorted(seen.values()) == list(range(count))
    assert [column.runs for column in page.metric_columns] == [count, count]
    [pipeline] = [each for each in runs.pipelines() if each.project == PROJECT]
    assert pipeline.run_count == count


if __name__ == "__main__":
    record(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))

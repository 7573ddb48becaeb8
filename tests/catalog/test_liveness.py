"""Nothing says "running" that isn't."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_viz.catalog.catalog import Catalog
from jupyter_viz.catalog.liveness import Worker, is_alive, this_worker
from jupyter_viz.clock import microseconds
from jupyter_viz.enums import RunStatus

MINUTE = 60_000_000


def test_this_process_is_alive_however_long_it_was_silent() -> None:
    """A step that holds the interpreter for an hour is not called dead."""
    assert is_alive(this_worker(), 0)


def test_a_later_process_with_the_same_number_is_not_the_one() -> None:
    worker = this_worker()
    assert not is_alive(Worker(worker.host, worker.pid, "1"), microseconds())


def test_a_zombie_is_dead() -> None:
    """A kernel killed under a server that has not yet collected it no longer runs."""
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    born = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[19]
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert not is_alive(Worker(this_worker().host, process.pid, born), microseconds())
    process.communicate()


def test_a_killed_process_interrupts_its_run_at_once(catalog: Catalog) -> None:
    """After kill -9 the sidebar shows the run as interrupted, not as running for ever."""
    code = """if True:
        import sys
        from jupyter_viz.catalog import open_catalog
        from jupyter_viz.models import NewRun
        recording = open_catalog(sys.argv[1]).recording
        run, _ = recording.start_run(NewRun("churn", "otter", "p"))
        recording.start_step(run, "load", 0)
        print(run, flush=True)
        input()
    """
    process = subprocess.Popen(
        [sys.executable, "-c", code, catalog._database.url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    run_id = process.stdout.readline().strip()
    assert catalog.runs.run(run_id).status is RunStatus.RUNNING
    process.kill()
    process.communicate()
    while catalog.runs.run(run_id).status is RunStatus.RUNNING:  # an answer is remembered for half a second
        pass
    run = catalog.runs.run(run_id)
    assert run.status is RunStatus.INTERRUPTED
    assert [step.status for step in run.steps] == [RunStatus.INTERRUPTED]
    assert catalog.runs.page().runs[0].status is RunStatus.INTERRUPTED


@pytest.mark.parametrize(
    ("silent", "status"), [(MINUTE - 10_000_000, RunStatus.RUNNING), (MINUTE + 1, RunStatus.INTERRUPTED)]
)
def test_another_machine_is_believed_for_a_minute(catalog, history, silent: int, status: RunStatus) -> None:
    run_id = history.run(status=None)
    history.change(run_id, host="another machine", pid=1, born="1", beat_at=microseconds() - silent)
    assert catalog.runs.run(run_id).status is status


def test_a_beat_brings_a_silent_machine_back(catalog, history) -> None:
    """A laptop that slept is running again when it wakes."""
    run_id = history.run(status=None)
    history.change(run_id, host="another machine", beat_at=0)
    catalog.recording.beat(run_id)
    assert catalog.runs.run(run_id).status is RunStatus.RUNNING


def test_what_ended_stays_ended(catalog, history) -> None:
    run_id = history.run(status=RunStatus.COMPLETED)
    history.change(run_id, host="another machine", beat_at=0)
    assert catalog.runs.run(run_id).status is RunStatus.COMPLETED

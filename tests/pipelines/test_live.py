"""A run while it runs, in the places where people run it: it beats, and whatever stops it leaves it interrupted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from jupyter_client.manager import start_new_kernel

from jupyter_viz import pipeline, step
from jupyter_viz.catalog.tables import runs
from jupyter_viz.client import Client
from jupyter_viz.enums import RunStatus
from jupyter_viz.errors import VizError
from jupyter_viz.pipelines import runner

CODE = """if True:
    import time
    from jupyter_viz import pipeline, step

    @step
    def wait() -> None:
        print("waiting")
        time.sleep(100)

    @pipeline
    def {name}() -> None:
        wait()

    {name}()
"""


@pytest.fixture
def kernel() -> Iterator[tuple[Any, Any]]:
    manager, client = start_new_kernel(kernel_name="python3")
    yield manager, client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def _begun(name: str) -> Any:
    """The run, once its step waits."""
    while True:
        try:
            run = Client().get_pipeline_run(f"{name}@newest")
        except VizError:
            continue
        if run.steps and run.steps["wait"].logs:
            return run


def _over(run_id: str) -> Any:
    while (run := Client().get_pipeline_run(run_id)).status is RunStatus.RUNNING:
        pass  # that a process is gone is seen within half a second
    return run


def test_interrupting_and_restarting_a_kernel_interrupt_its_run(kernel: tuple[Any, Any]) -> None:
    """The square and the circle of the notebook's toolbar: neither leaves a run that is said to run."""
    manager, client = kernel
    # a kernel answers, and then drops what was asked behind a cell that failed, also what came a moment later
    client.execute(CODE.format(name="stopped"), stop_on_error=False)
    run = _begun("stopped")
    assert run.status is RunStatus.RUNNING
    manager.interrupt_kernel()
    run = _over(run.id)
    assert run.status is run.steps["wait"].status is RunStatus.INTERRUPTED
    assert run.ended_at is not None
    assert "KeyboardInterrupt" in run.steps["wait"].traceback
    client.execute(CODE.format(name="restarted"))
    run = _begun("restarted")
    manager.restart_kernel(now=True)
    run = _over(run.id)
    assert run.status is run.steps["wait"].status is RunStatus.INTERRUPTED


def test_a_run_beats_again_after_a_long_sleep(monkeypatch: pytest.MonkeyPatch) -> None:
    """A laptop that slept for an hour is called interrupted by another machine, and running once it wakes."""
    monkeypatch.setattr(runner, "_LOG_SECONDS", 0.05)
    monkeypatch.setattr(runner, "BEAT_SECONDS", 0.1)
    seen = []

    @step
    def sleep() -> None:
        catalog = Client()._service.catalog
        run_id = catalog.runs.find_run("churn@newest").id
        with catalog._database.write() as connection:  # as another machine sees it after that hour
            mine = runs.c.id == run_id
            connection.execute(runs.update().where(mine).values(host="another machine", beat_at=0))
            seen.append(connection.execute(runs.select().where(mine)).one().beat_at)
        while catalog.runs.run(run_id).status is not RunStatus.RUNNING:
            pass
        seen.append(catalog.runs.run(run_id).status)

    @pipeline
    def churn() -> None:
        sleep()

    assert churn().status is RunStatus.COMPLETED
    assert seen == [0, RunStatus.RUNNING]

"""A run that finds no space left: what it had stored is whole, and nothing half stays."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pandas as pd
import pytest

from jupyter_viz import pipeline, step
from jupyter_viz.client import Client, load
from jupyter_viz.enums import RunStatus
from jupyter_viz.errors import StorageFull


@step
def small() -> Annotated[str, "small"]:
    return "small"


@step
def large(kind: str) -> Annotated[Any, "large"]:
    values = np.random.default_rng(0).random(4_000_000)
    return {"array": values, "frame": pd.DataFrame({"a": values}), "bytes": values.tobytes(), "object": [values]}[kind]


@pipeline
def churn(kind: str) -> None:
    small()
    large(kind)


@pytest.mark.parametrize("kind", ["array", "frame", "bytes", "object"])
def test_an_output_that_does_not_fit(small_disk: Any, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """The error names the store, whatever library met it; the room its half had taken is free again at once."""
    monkeypatch.setenv("JUPYTER_VIZ_ARTIFACTS", str(small_disk.path))
    with pytest.raises(StorageFull, match=rf"No space is left in the artifact store {small_disk.path}.*jupyter viz gc"):
        churn(kind)
    run = Client().get_pipeline_run("churn@newest")
    assert run.status is RunStatus.FAILED
    assert [each.status for each in run.steps.values()] == [RunStatus.COMPLETED, RunStatus.FAILED]
    assert load("churn@newest/small/small") == "small"
    assert [path.name for path in small_disk.path.glob("runs/*/*")] == [run.outputs["small"].id]
    assert os.statvfs(small_disk.path).f_bavail * 4096 > 15_000_000


def test_a_run_whose_end_finds_no_room_ends_when_there_is_room(
    small_disk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It isn't "running" for as long as the notebook lives; and what the step raised is what the user sees."""
    monkeypatch.setenv("JUPYTER_VIZ_CATALOG", f"sqlite:///{small_disk.path}/catalog.db")

    @step
    def explode() -> None:
        small_disk.fill()
        print("before the end")
        raise ValueError("x" * 10_000)

    @pipeline
    def churn() -> None:
        small()
        explode()

    with pytest.raises(ValueError, match="xxx"):
        churn()
    run = Client().get_pipeline_run("churn@newest")
    assert run.status is RunStatus.RUNNING
    assert load(f"{run.address}/small/small") == "small"
    small_disk.free()
    while Client().get_pipeline_run(run.id).status is RunStatus.RUNNING:
        pass  # it is tried again each second
    run = Client().get_pipeline_run(run.id)
    assert run.status is run.steps["explode"].status is RunStatus.FAILED
    assert "ValueError" in run.error
    assert run.steps["explode"].logs == "before the end\n"


def test_the_next_run_needs_no_restart(small_disk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_VIZ_HOME", str(small_disk.path / "viz"))

    @pipeline
    def churn() -> None:
        small()

    def many() -> None:
        for _ in range(1000):  # a little room is left within the catalog's own file
            churn()

    churn()
    small_disk.fill()
    with pytest.raises(StorageFull):
        many()
    small_disk.free()
    run = churn()
    assert run.status is RunStatus.COMPLETED
    assert load(f"{run.address}/small/small") == "small"
    assert not list(Path(small_disk.path).rglob(".writing-*"))

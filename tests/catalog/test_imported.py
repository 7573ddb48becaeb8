"""Runs of other systems, on each database; what a whole sync does is in tests/connectors."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from jupyter_viz.catalog import Catalog
from jupyter_viz.catalog.tables import runs
from jupyter_viz.enums import ArtifactKind, RunStatus
from jupyter_viz.foreign import ForeignArtifact, ForeignRun, ForeignStep
from jupyter_viz.models import Metric, NewRun


def _run(number: int, **values: object) -> ForeignRun:
    file = ForeignArtifact("scores.csv", "/theirs/scores.csv", ArtifactKind.TABLE, 9)
    step = ForeignStep("", RunStatus.COMPLETED, 1, 2, artifacts=(file,))
    run = ForeignRun(f"id-{number}", "1", "credit", "train", RunStatus.COMPLETED, number, number + 1, steps=(step,))
    return replace(run, metrics=(Metric("auc", 0.5),), tags=("a", "a", "b"), **values)  # type: ignore[arg-type]


def test_the_same_run_is_one_run(catalog: Catalog) -> None:
    sync = catalog.imported.begin("mlflow", "/a", "default")
    assert catalog.imported.put(sync, [_run(1), _run(2)]) == 2
    assert catalog.imported.put(sync, [_run(2), _run(1, mark="2")]) == 0
    assert catalog.imported.marks(sync) == {"id-1": "2", "id-2": "1"}
    assert {run.name for run in catalog.runs.page().runs} == {"train", "train-2"}
    column = catalog.runs.page(columns=["auc"]).metric_columns[0]
    assert column.runs == 2  # counted by triggers, whose rows were written three times


def test_another_place_of_the_same_system(catalog: Catalog) -> None:
    """The database directly and by its server: the runs are the same, and belong to the place read last."""
    direct = catalog.imported.begin("mlflow", "/a", "default")
    catalog.imported.put(direct, [_run(1)])
    served = catalog.imported.begin("mlflow", "https://a", "default")
    assert catalog.imported.put(served, [_run(1)]) == 0
    assert catalog.imported.absent(direct, {"id-1"}) == []
    assert len(catalog.imported.absent(served, {"id-1"})) == 1
    assert catalog.imported.absent(served, set()) == []


def test_a_place_is_remembered_with_its_cursor(catalog: Catalog) -> None:
    sync = catalog.imported.begin("mlflow", "/a", "default")
    assert sync.cursor is None
    catalog.imported.end(sync, {"new": 0}, cursor={"settled": 7})
    again = catalog.imported.begin("mlflow", "/a", "default")
    assert (again.id, again.cursor) == (sync.id, {"settled": 7})
    catalog.imported.end(again, {}, error="the server answered 500")
    assert catalog.imported.begin("mlflow", "/a", "default").cursor == {"settled": 7}


def test_runs_of_one_pipeline_are_ours_and_theirs(catalog: Catalog) -> None:
    catalog.recording.start_run(NewRun("credit", "train"))
    sync = catalog.imported.begin("mlflow", "/a", "default")
    catalog.imported.put(sync, [_run(1)])
    assert {run.name: run.system for run in catalog.runs.page().runs} == {"train": None, "train-2": "mlflow"}
    artifact = catalog.runs.find_run("credit@train-2").steps[0].artifacts[0]
    assert (artifact.system, artifact.address) == ("mlflow", "credit@train-2/scores.csv")


def test_what_runs_there_runs(catalog: Catalog) -> None:
    """There is no process of ours whose beat could be missed."""
    sync = catalog.imported.begin("mlflow", "/a", "default")
    catalog.imported.put(sync, [_run(1, status=RunStatus.RUNNING, ended_at=None)])
    assert [run.status for run in catalog.runs.page(filter="status:running").runs] == [RunStatus.RUNNING]


def test_the_database_itself_refuses_a_duplicate(catalog: Catalog) -> None:
    sync = catalog.imported.begin("mlflow", "/a", "default")
    catalog.imported.put(sync, [_run(1), _run(2)])
    twice = runs.update().where(runs.c.external_id == "id-2").values(external_id="id-1")
    with pytest.raises(IntegrityError), catalog._database.write() as connection:
        connection.execute(twice)

"""Whatever a connector tells of a run: it is taken in as far as it can be, or skipped by its id, and ends no sync."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_viz.connectors.base import Skipped, record_of
from jupyter_viz.enums import MetricFormat
from jupyter_viz.foreign import ForeignRun
from jupyter_viz.models import Principal

from .conftest import System, a_run


def taken(**values: Any) -> tuple[ForeignRun, list[str]]:
    record, left_out = record_of(a_run(**values))
    assert isinstance(record, ForeignRun)
    return record, [each.reason for each in left_out]


def file(name: str, **values: Any) -> dict[str, Any]:
    return {"name": name, "uri": f"/x/{name}", **values}


def test_names_that_become_one_are_told_apart(system: System) -> None:
    """A name is a line of text here: two files there can become one name, and none of them may be lost."""
    html = {"format": "html", "uri": "/x"}
    shown = [{"name": "a  b.html", **html}, {"name": "a b.html", **html}]
    step = {"name": "fit", "status": "completed", "started_at": 1}
    steps = [{**step, "artifacts": [file("a b"), file("a  b"), file("a b_2"), file("c", visualizations=shown)]}, step]
    system.says(a_run(steps=steps))
    assert system.sync().new == 1
    [run] = system.service.catalog.runs.page().runs
    first, second = system.service.catalog.runs.run(run.id).steps
    assert (first.name, second.name) == ("fit", "fit_2")
    assert [each.name for each in first.artifacts] == ["a b", "a b_2", "a b_2_2", "c"]
    assert [each.uri for each in first.artifacts] == ["/x/a b", "/x/a  b", "/x/a b_2", "/x/c"]
    stored = system.service.catalog.visualizations.of_artifact(Principal(), first.artifacts[3].id)
    assert sorted(each.name for each in stored) == ["a b.html", "a b.html_2"]
    system.says(a_run(mark="2", steps=steps))
    assert system.sync().updated == 1  # they keep their names, and with them their ids
    assert system.service.catalog.runs.run(run.id).steps[0].artifacts[2].id == first.artifacts[2].id


def test_numbers_that_are_none(system: System) -> None:
    metrics = {"huge": 10**400, "text": "much", "none": None, "odd": {"format": "RAW"}, "auc": 0.5}
    system.says(a_run(metrics=metrics, parameters={"C": float("nan"), "deep": {"x": [float("inf"), 1]}}))
    assert dict(system.sync().skipped) == {"it is no number, or one that is too large": 4}
    [run] = system.service.catalog.runs.page().runs
    found = system.service.catalog.runs.run(run.id)
    assert {name: each.value for name, each in found.metrics.items()} == {"auc": 0.5}
    assert found.parameters == {"C": "nan", "deep": {"x": ["inf", 1]}}  # PostgreSQL's JSON has no such numbers


def test_a_format_that_is_unknown_is_a_plain_number() -> None:
    told = {name: {"value": 0.5, "format": name} for name in ("RAW", "PERCENTAGE", "percentage", "percent")}
    run, _ = taken(metrics=told)
    assert {each.name: each.format for each in run.metrics} == {
        "RAW": MetricFormat.RAW,
        "PERCENTAGE": MetricFormat.PERCENTAGE,
        "percentage": MetricFormat.PERCENTAGE,
        "percent": MetricFormat.RAW,
    }


@pytest.mark.parametrize(
    "values",
    [
        {"status": "sleeping"},
        {"started_at": None},
        {"started_at": float("inf")},
        {"artifacts": [{"name": "no uri"}]},
        {"steps": [{"name": "fit"}]},
        {"metrics": 7},
        {"parameters": 7},
    ],
)
def test_a_run_that_can_not_be_understood_is_skipped(values: dict[str, Any]) -> None:
    record, _ = record_of(a_run(**values))
    assert isinstance(record, Skipped)
    assert (record.id, record.what) == ("id-1", "run-1")
    assert "can't be understood" in record.reason


def test_it_stays_and_the_others_are_read(system: System) -> None:
    system.says(a_run(1), a_run(2))
    system.sync()
    system.says(a_run(1, mark="2", status="sleeping"), a_run(2, mark="2"), a_run(3))
    summary = system.sync()
    assert (summary.new, summary.updated, summary.removed, summary.skipped.total()) == (1, 1, 0, 1)
    assert system.names() == ["credit@run-1", "credit@run-2", "credit@run-3"]

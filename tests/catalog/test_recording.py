"""What a run does is stored as it does it."""

from __future__ import annotations

import pytest

from jupyter_viz.address import Address
from jupyter_viz.catalog.catalog import Catalog
from jupyter_viz.enums import MetricFormat, RunStatus
from jupyter_viz.errors import InvalidMetric, NotFound
from jupyter_viz.models import Metric, NewRun


def test_names_are_made_unique_within_a_pipeline(catalog: Catalog) -> None:
    """A nightly job that always uses one name never overwrites last night."""
    start = catalog.recording.start_run
    names = [start(NewRun("churn", "nightly", "p"))[1] for _ in range(3)]
    assert names == ["nightly", "nightly-2", "nightly-3"]
    assert start(NewRun("other", "nightly", "p"))[1] == "nightly"
    assert start(NewRun("churn", "nightly", "q"))[1] == "nightly"
    assert start(NewRun("churn", "nightly-2", "p"))[1] == "nightly-2-2"


def test_a_project_and_a_pipeline_are_made_once(catalog: Catalog) -> None:
    for _ in range(3):
        catalog.recording.start_run(NewRun("churn", "a", "p"))
    assert [name for _, name in catalog.runs.projects()] == ["p"]
    assert [(each.name, each.run_count) for each in catalog.runs.pipelines()] == [("churn", 3)]


def test_a_metric_logged_again_takes_the_new_value(catalog: Catalog) -> None:
    """The last epoch's loss is the loss."""
    run_id, _ = catalog.recording.start_run(NewRun("churn", "a", "p"))
    catalog.recording.log_metrics(run_id, None, [Metric("loss", 2.0), Metric("auc", 0.5)])
    catalog.recording.log_metrics(run_id, None, [Metric("loss", 1.0, MetricFormat.PERCENTAGE, "lower")])
    metrics = catalog.runs.run(run_id).metrics
    assert metrics == {"auc": Metric("auc", 0.5), "loss": Metric("loss", 1.0, MetricFormat.PERCENTAGE, "lower")}


def test_the_same_metric_twice_in_one_call_takes_the_last(catalog: Catalog) -> None:
    run_id, _ = catalog.recording.start_run(NewRun("churn", "a", "p"))
    catalog.recording.log_metrics(run_id, None, [Metric("loss", 2.0), Metric("loss", 1.0)])
    assert catalog.runs.run(run_id).metrics["loss"].value == 1.0


@pytest.mark.parametrize("value", [0.1 + 0.2, 1e-300, 1.7976931348623157e308, 2.0**53 + 2])
def test_metrics_keep_every_bit(catalog: Catalog, value: float) -> None:
    run_id, _ = catalog.recording.start_run(NewRun("churn", "a", "p"))
    catalog.recording.log_metrics(run_id, None, [Metric("x", value)])
    stored = catalog.runs.run(run_id).metrics["x"].value
    assert stored.hex() == value.hex()


def test_the_51st_metric_is_refused_with_all_of_its_call(catalog: Catalog) -> None:
    """Kubeflow drops it without a word; here the sentence says how many there would be."""
    run_id, _ = catalog.recording.start_run(NewRun("churn", "a", "p"))
    catalog.recording.log_metrics(run_id, None, [Metric(f"m{number}", 0) for number in range(49)])
    with pytest.raises(InvalidMetric, match="at most 50 metrics; with these it would have 51"):
        catalog.recording.log_metrics(run_id, None, [Metric("x", 0), Metric("y", 0)])
    assert len(catalog.runs.run(run_id).metrics) == 49
    catalog.recording.log_metrics(run_id, None, [Metric("x", 0), Metric("m0", 1)])
    assert len(catalog.runs.run(run_id).metrics) == 50


@pytest.mark.parametrize("text", ["nul \0 in it", "half a pair \ud800", "file \udcff", "emoji 🚀"])
def test_any_error_text_can_be_stored(catalog: Catalog, text: str) -> None:
    """Whatever an exception says (a file name that is no UTF-8, binary data), its run is marked failed."""
    run_id, _ = catalog.recording.start_run(NewRun("churn", "a", "p", {"text": text}))
    step_id = catalog.recording.start_step(run_id, "load", 0)
    catalog.recording.end_step(step_id, RunStatus.FAILED, text, text)
    catalog.recording.end_run(run_id, RunStatus.FAILED, text)
    run = catalog.runs.run(run_id)
    assert run.status is RunStatus.FAILED
    assert (run.error or "").startswith(text[:4])
    assert run.error == run.steps[0].error == run.steps[0].traceback


@pytest.mark.parametrize("name", ["a/b", "100%", "日本 🚀", "o'tter\"", "x" * 500, "latest"])
def test_a_run_of_any_name_is_found_by_its_address(catalog: Catalog, history, name: str) -> None:
    run_id = history.run(name, pipeline=name, project=name)
    history.artifact(run_id, name, name)
    run = catalog.runs.find_run(catalog.runs.run(run_id).address)
    assert run.id == run_id
    address = run.steps[0].artifacts[0].address
    assert catalog.runs.find_artifact(Address.parse(address)).id == run.steps[0].artifacts[0].id


def test_times_are_those_of_the_clock(catalog: Catalog, history) -> None:
    run = catalog.runs.run(history.run())
    assert run.started_at.utcoffset() is not None
    assert run.ended_at is not None
    assert run.ended_at >= run.started_at


def test_a_step_that_is_not_there_cannot_have_artifacts(catalog: Catalog) -> None:
    with pytest.raises(NotFound, match="no artifact"):
        catalog.runs.artifact("00000000-0000-0000-0000-000000000000")

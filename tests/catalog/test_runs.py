"""Lists that miss nothing, and the two metrics most worth a column."""

from __future__ import annotations

import base64
import json

import pytest

from jupyter_viz.address import Address
from jupyter_viz.catalog.catalog import Catalog
from jupyter_viz.clock import microseconds
from jupyter_viz.enums import RunStatus
from jupyter_viz.errors import BadRequest, InvalidAddress, NotFound
from jupyter_viz.models import Metric


def test_paging_sees_every_run_once_while_runs_are_added(catalog: Catalog, history) -> None:
    """Scrolling through a busy project shows no run twice and skips none."""
    there = [history.run(f"r{number}") for number in range(23)]
    for run_id in there[5:15]:  # started in the very same microsecond
        history.change(run_id, started_at=catalog_time)
    seen, cursor = [], None
    for added in range(100):
        page = catalog.runs.page("churn", 4, cursor)
        seen += [run.id for run in page.runs]
        cursor = page.next_cursor
        if cursor is None:
            break
        history.run(f"new{added}")
    assert len(seen) == len(set(seen))
    assert set(seen) == set(there)


catalog_time = microseconds()


def test_newest_first(catalog: Catalog, history) -> None:
    ids = [history.run(f"r{number}") for number in range(5)]
    assert [run.id for run in catalog.runs.page().runs] == ids[::-1]


def test_the_last_page_has_no_cursor(catalog: Catalog, history) -> None:
    for number in range(4):
        history.run(f"r{number}")
    assert catalog.runs.page(limit=4).next_cursor is None
    assert catalog.runs.page(limit=3).next_cursor is not None
    assert catalog.runs.page(limit=5).next_cursor is None


def _encoded(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "é",
        "AAAA",
        "' OR 1=1 --",
        _encoded(None),
        _encoded(5),
        _encoded([1]),
        _encoded([1, "a", "b"]),
        _encoded(["a", "b"]),
        _encoded([1, 2]),
        _encoded([-1, "a"]),
        _encoded([2**63, "a"]),
        _encoded([1.5, "a"]),
        _encoded({"a": 1, "b": 2}),
        base64.urlsafe_b64encode(b"[" * 40_000).decode(),
    ],
    ids=lambda cursor: cursor[:12],
)
def test_what_is_no_cursor_is_refused(catalog: Catalog, cursor: str) -> None:
    with pytest.raises(BadRequest, match="not a cursor"):
        catalog.runs.page(cursor=cursor)


def test_top_metrics_are_those_most_runs_have_then_by_name(catalog: Catalog, history) -> None:
    """The runs table shows the two columns with the fewest gaps."""
    history.run("a", metrics={"rare": 1, "b": 1, "c": 3})
    history.run("b", metrics={"a": 5, "b": 2, "c": 1})
    history.run("c", metrics={"a": 7, "b": 3})
    page = catalog.runs.page("churn")
    assert [(column.name, column.runs) for column in page.metric_columns] == [("b", 3), ("a", 2)]
    assert [(column.minimum, column.maximum) for column in page.metric_columns] == [(1, 3), (5, 7)]
    assert [sorted(run.metrics) for run in page.runs] == [["a", "b"], ["a", "b"], ["b"]]


def test_top_metrics_are_counted_in_the_chosen_pipeline(catalog: Catalog, history) -> None:
    """Another pipeline's favourite metric takes no column here; and they count over all pages, not only this one."""
    for number in range(5):
        history.run(f"x{number}", pipeline="other", metrics={"theirs": 1, "shared": 1})
    history.run("old", metrics={"mine": 1})
    history.run("new", metrics={"mine": 1, "shared": 2, "third": 1})
    names = [column.name for column in catalog.runs.page("churn", limit=1).metric_columns]
    assert names == ["mine", "shared"]
    assert [column.name for column in catalog.runs.page().metric_columns] == ["shared", "theirs"]


def test_a_pipeline_is_chosen_by_name_project_or_id(catalog: Catalog, history) -> None:
    mine, theirs = history.run("a", project="mine"), history.run("b", project="theirs")
    assert {run.id for run in catalog.runs.page("churn").runs} == {mine, theirs}
    assert [run.id for run in catalog.runs.page("mine::churn").runs] == [mine]
    ids = {pipeline.project: pipeline.id for pipeline in catalog.runs.pipelines()}
    assert [run.id for run in catalog.runs.page(ids["theirs"]).runs] == [theirs]


def test_an_unknown_pipeline_is_answered_with_the_nearest(catalog: Catalog, history) -> None:
    history.run()
    with pytest.raises(NotFound, match=r"no pipeline 'chrun'.*'churn'"):
        catalog.runs.page("chrun")


@pytest.mark.parametrize("text", ["' OR '1'='1", "%", "_____", "churn'; DROP TABLE runs; --", "\\", "nul\0"])
def test_a_name_is_never_sql(catalog: Catalog, history, text: str) -> None:
    run_id = history.run()
    with pytest.raises(NotFound):
        catalog.runs.page(text)
    with pytest.raises(NotFound):
        catalog.runs.find_run(text)
    with pytest.raises(NotFound):
        catalog.runs.run(text)
    assert catalog.runs.run(run_id).id == run_id


def test_an_empty_catalog_is_empty(catalog: Catalog) -> None:
    page = catalog.runs.page()
    assert (page.runs, page.metric_columns, page.next_cursor) == ((), (), None)
    assert catalog.runs.pipelines() == []


def test_pipelines_by_last_use(catalog: Catalog, history) -> None:
    for name in ("a", "b", "a"):
        history.run(pipeline=name)
    assert [(each.name, each.run_count) for each in catalog.runs.pipelines()] == [("a", 2), ("b", 1)]


def test_a_whole_run(catalog: Catalog, history) -> None:
    """Steps in the order they ran, artifacts in the order they were made, every metric."""
    run_id = history.run(status=None)
    for position, step in enumerate(("load", "train", "evaluate")):
        step_id = catalog.recording.start_step(run_id, step, position)
        for name in ("z", "a"):
            history.artifact(run_id, step, name, step_id=step_id)
        catalog.recording.end_step(step_id, RunStatus.COMPLETED)
    catalog.recording.log_metrics(run_id, None, [Metric(name, 1) for name in "cab"])
    run = catalog.runs.run(run_id)
    assert [step.name for step in run.steps] == ["load", "train", "evaluate"]
    assert [[artifact.name for artifact in step.artifacts] for step in run.steps] == [["z", "a"]] * 3
    assert list(run.metrics) == ["a", "b", "c"]


def test_the_step_may_be_left_out_where_the_output_is_unique(catalog: Catalog, history) -> None:
    run_id = history.run()
    scores = history.artifact(run_id, "evaluate", "scores")
    history.artifact(run_id, "load", "data")
    history.artifact(run_id, "clean", "data")
    find = catalog.runs.find_artifact
    assert find(Address.parse("churn@otter/scores")).id == scores
    with pytest.raises(InvalidAddress, match=r"in several steps.*clean/data.*load/data"):
        find(Address.parse("churn@otter/data"))


def test_one_of_several_artifacts_by_number(catalog: Catalog, history) -> None:
    run_id = history.run()
    step_id = catalog.recording.start_step(run_id, "evaluate", 0)
    ids = [history.artifact(run_id, index=index, step_id=step_id) for index in range(2)]
    find = catalog.runs.find_artifact
    assert find(Address.parse("churn@otter/evaluate/scores")).id == ids[0]
    assert find(Address.parse("churn@otter/evaluate/scores#1")).id == ids[1]
    with pytest.raises(NotFound, match="there is no #2"):
        find(Address.parse("churn@otter/evaluate/scores#2"))


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("chrun@otter/evaluate/scores", NotFound, "no pipeline 'chrun'.*'churn'"),
        ("churn@oter/evaluate/scores", NotFound, "no run 'oter' in pipeline 'churn'.*'otter'"),
        ("churn@otter/evaluate/score", NotFound, "no artifact 'evaluate/score'.*'evaluate/scores'"),
        ("churn@otter/evalute/scores", NotFound, "no artifact 'evalute/scores'.*'evaluate/scores'"),
        ("x::churn@otter/evaluate/scores", NotFound, "no pipeline 'x::churn'"),
        ("churn@otter", InvalidAddress, "names no artifact"),
        ("churn@latest~1/evaluate/scores", NotFound, "no completed run and 1 before it"),
        ("churn@latest~1:/evaluate/scores", InvalidAddress, "several runs"),
        ("churn@baseline/evaluate/scores", NotFound, "No baseline is set"),
        ("churn@highest(acu)/evaluate/scores", NotFound, "metric 'acu'.*'auc'"),
        ("churn@%00/evaluate/scores", NotFound, "no run"),
        ("churn@highest(%00)/evaluate/scores", NotFound, "metric"),
        ("%00@otter/evaluate/scores", NotFound, "no pipeline"),
    ],
)
def test_what_is_not_there_is_answered_with_what_is(catalog, history, text, error, said) -> None:
    """A typo anywhere in an address costs one look, not a search through the catalog."""
    history.artifact(history.run(metrics={"auc": 1}))
    with pytest.raises(error, match=said):
        catalog.runs.find_artifact(Address.parse(text))

"""`latest`, `highest(auc)`, a name, the start of an id: each the run one means."""

from __future__ import annotations

import pytest

from jupyter_viz.catalog.catalog import Catalog
from jupyter_viz.enums import RunStatus
from jupyter_viz.errors import InvalidAddress, NotFound


@pytest.fixture
def runs(history) -> dict[str, str]:
    """Ids by name; the newest failed, and a run of another pipeline came later still."""
    ids = {
        "first": history.run("first", metrics={"auc": 0.9, "rmse": 3}),
        "second": history.run("second", metrics={"auc": 0.7, "rmse": 1}),
        "third": history.run("third", metrics={"auc": 0.9}),
        "broken": history.run("broken", status=RunStatus.FAILED, metrics={"auc": 0.99, "rmse": 0}),
        "going": history.run("going", status=None, metrics={"auc": 1.0}),
    }
    history.run("other", pipeline="other", metrics={"auc": 1.0})
    return ids


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        ("latest", "third"),
        ("latest~0", "third"),
        ("latest~1", "second"),
        ("latest~2", "first"),
        ("newest", "going"),
        ("highest(auc)", "third"),  # of the two best the newer; a failed run's metric counts for nothing
        ("lowest(auc)", "second"),
        ("lowest(rmse)", "second"),
        ("highest(rmse)", "first"),
        ("first", "first"),
        ("broken", "broken"),
    ],
)
def test_words_and_names(catalog: Catalog, runs: dict[str, str], run: str, expected: str) -> None:
    assert catalog.runs.find_run(f"churn@{run}").name == expected


def test_an_id_or_its_start_will_do(catalog: Catalog, runs: dict[str, str]) -> None:
    for run_id in runs.values():
        assert catalog.runs.find_run(run_id).id == run_id
        assert catalog.runs.find_run(run_id[:13]).id == run_id
        assert catalog.runs.find_run(run_id[:13].upper()).id == run_id
        assert catalog.runs.find_run(f"churn@{run_id[:13]}").id == run_id


def test_three_letters_are_too_few_for_an_id(catalog: Catalog, history) -> None:
    """`abc` is more likely a name mistyped than an id."""
    run_id = history.run()
    history.change(run_id, id="abcd0000-0000-0000-0000-000000000000")
    assert catalog.runs.find_run("abcd").name == "otter"
    with pytest.raises(NotFound):
        catalog.runs.find_run("abc")


def test_an_ambiguous_start_of_an_id_is_refused(catalog: Catalog, history) -> None:
    for number in (1, 2):
        history.change(history.run(f"r{number}"), id=f"abcd0000-0000-0000-0000-00000000000{number}")
    with pytest.raises(InvalidAddress, match=r"Several runs.*'abcd'"):
        catalog.runs.find_run("abcd")


def test_a_name_goes_before_the_start_of_an_id(catalog: Catalog, history) -> None:
    history.change(history.run("x"), id="beef0000-0000-0000-0000-000000000000")
    named = history.run("beef")
    assert catalog.runs.find_run("beef").id == named


def test_a_name_that_two_pipelines_use_asks_for_an_address(catalog: Catalog, history) -> None:
    history.run("otter")
    mine = history.run("otter", pipeline="mine")
    with pytest.raises(InvalidAddress, match="or an address"):
        catalog.runs.find_run("otter")
    assert catalog.runs.find_run("mine@otter").id == mine


def test_a_pipeline_without_a_run_named_is_refused(catalog: Catalog, history) -> None:
    history.run(project="team")
    with pytest.raises(NotFound):
        catalog.runs.find_run("churn")
    assert catalog.runs.find_run("team::churn@latest").project == "team"


def test_no_completed_run_is_said(catalog: Catalog, history) -> None:
    history.run(status=RunStatus.FAILED)
    with pytest.raises(NotFound, match="no completed run of pipeline 'churn'"):
        catalog.runs.find_run("churn@latest")

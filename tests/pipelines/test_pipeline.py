"""Calling a pipeline records a run that can be found again."""

from __future__ import annotations

import pytest

from jupyter_viz import pipeline
from jupyter_viz.client import Client
from jupyter_viz.enums import RunStatus
from jupyter_viz.errors import RecordingFailed


@pipeline
def churn(rate: float = 0.1, *, rows: int = 10, kind: object = None) -> None:
    """Who leaves?"""


def test_parameters_are_kept_with_their_defaults() -> None:
    assert churn(0.5).parameters == {"rate": 0.5, "rows": 10, "kind": None}
    assert churn(rows=3).parameters == {"rate": 0.1, "rows": 3, "kind": None}


@pytest.mark.parametrize("value", [float("nan"), object, {1, 2}, "nul \0 half \ud800"])
def test_any_value_can_be_a_parameter(value: object) -> None:
    """What JSON can't hold is kept by its text; the run is recorded."""
    run = churn(kind=value)
    assert isinstance(run.parameters["kind"], str)


def test_wrong_arguments_record_nothing() -> None:
    with pytest.raises(TypeError, match="unexpected keyword argument 'rats'"):
        churn(rats=1)  # type: ignore[call-arg]
    assert Client().list_pipeline_runs() == []


def test_a_name_of_ones_own() -> None:
    nightly = churn.with_options(run_name="nightly")
    assert [nightly().name, nightly().name, nightly().name] == ["nightly", "nightly-2", "nightly-3"]
    assert Client().get_pipeline_run("churn@nightly-2").name == "nightly-2"
    assert churn().name != "nightly-4"


def test_a_pipeline_in_a_pipeline_is_refused() -> None:
    @pipeline
    def outer() -> None:
        churn()

    with pytest.raises(RecordingFailed, match="'churn' was called inside run"):
        outer()
    [run] = Client().list_pipeline_runs()
    assert (run.pipeline, run.status) == ("outer", RunStatus.FAILED)


def test_runs_go_to_the_configured_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_VIZ_PROJECT", "team a")
    run = churn()
    assert run.project == "team a"
    assert Client().get_pipeline_run(run.address).id == run.id


def test_it_keeps_name_and_documentation() -> None:
    assert (churn.__name__, churn.__doc__, repr(churn)) == ("churn", "Who leaves?", "<pipeline churn>")

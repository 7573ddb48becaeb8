"""A function becomes a step without ceasing to be a function."""

from __future__ import annotations

from typing import Annotated, Any

import pytest

from jupyter_viz import log_metrics, pipeline, step
from jupyter_viz.client import Client, load
from jupyter_viz.enums import RunStatus
from jupyter_viz.errors import InvalidOutput


@step
def double(x: int) -> Annotated[int, "doubled"]:
    """Twice as much."""
    log_metrics({"x": x})
    return 2 * x


def test_called_alone_it_is_a_run_of_one_step() -> None:
    assert double(4) == 8
    [run] = Client().list_pipeline_runs()
    assert (run.pipeline, run.status) == ("double", RunStatus.COMPLETED)
    assert load("double@latest/double/doubled") == load("double@latest/doubled") == 8
    assert Client().get_pipeline_run("double@latest").metrics["x"].value == 4


def test_called_alone_and_failing_it_is_a_failed_run() -> None:
    with pytest.warns(match="a number is needed"), pytest.raises(TypeError):
        double(None)  # type: ignore[arg-type]
    [run] = Client().list_pipeline_runs()
    assert run.status is RunStatus.FAILED


def test_its_function_can_be_tested_without_recording() -> None:
    with pytest.raises(Exception, match="No run is being recorded"):
        double.function(2)
    assert Client().list_pipeline_runs() == []


def test_it_keeps_name_and_documentation() -> None:
    assert (double.__name__, double.__doc__) == ("double", "Twice as much.")
    assert repr(double) == "<step double>"


def test_a_step_of_another_name() -> None:
    @step(name="evaluate / all")
    def evaluate() -> Annotated[int, "n"]:
        return 1

    @pipeline(name="my: pipeline")
    def run_all() -> None:
        evaluate()

    run = run_all()
    assert (run.pipeline, list(run.steps)) == ("my: pipeline", ["evaluate / all"])
    assert load(run.steps["evaluate / all"].output) == 1


def test_a_step_called_twice_is_two_steps() -> None:
    @pipeline
    def twice() -> None:
        double(double(1))
        double(5)

    run = twice()
    assert list(run.steps) == ["double", "double_2", "double_3"]
    assert [each.output.load() for each in run.steps.values()] == [2, 4, 10]


def test_a_dict_of_named_outputs_is_as_many_artifacts_and_stays_a_dict() -> None:
    @step(outputs=["train", "test"])
    def split(n: int) -> dict[str, list[int]]:
        return {"train": list(range(n)), "test": [n]}

    @step
    def count(values: list[int]) -> Annotated[int, "n"]:
        return len(values)

    @pipeline
    def parts() -> None:
        count(split(3)["train"])

    run = parts()
    assert {name: load(artifact) for name, artifact in run.outputs.items()} == {"train": [0, 1, 2], "test": [3], "n": 3}
    assert [given.address for given in run.steps["count"].inputs] == [run.outputs["train"].address]


@pytest.mark.parametrize("names", ["train", [], ["a", "a"]])
def test_names_that_are_none_are_refused_where_they_are_written(names: Any) -> None:
    with pytest.raises(InvalidOutput, match="a list of different names is needed"):
        step(outputs=names)(lambda: 1)


def test_a_step_inside_a_step_is_a_step_too() -> None:
    @step
    def outer() -> Annotated[int, "n"]:
        inner = double(1)
        log_metrics({"after": inner})
        return inner

    @pipeline
    def nested() -> None:
        outer()

    run = nested()
    assert [(each.name, each.status) for each in run.steps.values()] == [
        ("outer", RunStatus.COMPLETED),
        ("double", RunStatus.COMPLETED),
    ]

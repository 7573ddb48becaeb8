"""The YAML file of a pipeline: what it says holds, and what it says wrongly is refused with the nearest right word."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Annotated, Any

import pytest

from jupyter_viz import pipeline, step
from jupyter_viz.client import Client
from jupyter_viz.enums import RunStatus
from jupyter_viz.errors import ConfigurationError
from jupyter_viz.pipelines.configuration import PipelineOptions, StepOptions, read_options, shows


@step
def evaluate(rate: float = 0.1, kind: str = "a") -> Annotated[str, "said"]:
    return f"{rate} {kind}"


@pipeline(tags=["decorated"])
def churn(rows: int = 10) -> None:
    evaluate(kind="b")


@pytest.fixture
def config(tmp_path: Path) -> Any:
    def write(text: str) -> Path:
        path = tmp_path / "config.yaml"
        path.write_text(text)
        return path

    return write


def test_what_a_file_says_holds_unless_the_code_says_more(config: Any) -> None:
    path = config(
        """
        run_name: tuesday
        tags: [nightly]
        experiment: spring
        model: leavers
        parameters: {rows: 20}
        steps:
          evaluate:
            parameters: {rate: 0.5, kind: from the file}
        """
    )
    run = churn.with_options(config_path=path)()
    assert (run.name, run.tags, run.experiment, run.model) == ("tuesday", ("nightly",), "spring", "leavers")
    assert run.parameters == {"rows": 20}
    assert run.steps["evaluate"].parameters == {"rate": 0.5, "kind": "b"}  # the call itself goes first
    assert run.outputs["said"].load() == "0.5 b"
    assert churn.with_options(config_path=path, experiment="autumn")(rows=3).parameters == {"rows": 3}
    assert Client().get_pipeline_run("churn@latest").experiment == "autumn"
    decorated = pipeline(config_path=path)(churn.function)
    assert decorated().name == "tuesday-3"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("enable_artifact_visualizations: true", r"no key 'enable_artifact_visualizations'\. Did you mean"),
        ("steps: {evaluate: {parameter: {}}}", r"steps: evaluate: there is no key 'parameter'\. Did you mean"),
        ("enable_artifact_visualization: maybe", "is true or false, not 'maybe'"),
        ("tags: nightly", "tags is a list, not 'nightly'"),
        ("parameters: [1]", r"parameters holds names and values, not \[1\]"),
        ("steps: [evaluate]", "steps holds the options of steps by name"),
        ("- a", "must hold names and values, not a list"),
        ("a: [", "is not YAML"),
    ],
)
def test_what_a_file_says_wrongly_is_refused_before_anything_runs(config: Any, text: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        churn.with_options(config_path=config(text))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"absent\.yaml can't be read"):
        churn.with_options(config_path=tmp_path / "absent.yaml")
    (tmp_path / "empty.yaml").write_text("")
    assert read_options(tmp_path / "empty.yaml") == PipelineOptions()


def test_a_parameter_that_nothing_takes_is_refused_with_the_nearest(config: Any) -> None:
    wrong = churn.with_options(config_path=config("parameters: {row: 5}"))
    with pytest.raises(ConfigurationError, match=r"'row', which pipeline 'churn' does not take\. Did you mean 'rows'"):
        wrong()
    assert Client().list_pipeline_runs() == []
    wrong = churn.with_options(config_path=config("steps: {evaluate: {parameters: {rat: 5}}}"))
    with pytest.raises(ConfigurationError, match=r"'rat', which step 'evaluate' does not take\. Did you mean 'rate'"):
        wrong()


def test_a_step_that_was_not_called_is_told_and_the_run_says_so(config: Any) -> None:
    """Which steps a run calls is only known when it has ended."""
    wrong = churn.with_options(config_path=config("steps: {evalute: {enable_artifact_visualization: false}}"))
    with pytest.warns(UserWarning, match="'evalute', which this run did not call. Did you mean 'evaluate'") as told:
        run = wrong()
    assert run.status is RunStatus.COMPLETED
    assert run.warnings == (str(told[0].message),)
    assert told[0].filename == __file__


@pytest.mark.parametrize("words", list(itertools.product([None, True, False], repeat=4)))
def test_the_nearest_word_decides_what_is_visualized(words: tuple[bool | None, ...]) -> None:
    """Step in the file, @step, file, @pipeline; without a word it is."""
    in_file, decorated, file, whole = words
    nearest = [word for word in words if word is not None]
    shown = shows(StepOptions(in_file), decorated, PipelineOptions(enable_artifact_visualization=file), whole)
    assert shown is (nearest[0] if nearest else True)

"""The demo's numbers are scikit-learn's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sklearn.metrics import accuracy_score, roc_auc_score

from jupyter_viz import load, visualize
from jupyter_viz.client import Client
from jupyter_viz.enums import ArtifactKind, MetricFormat, RunStatus
from jupyter_viz.models import Run


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory, at_home: Callable[..., object]) -> Path:
    from jupyter_viz.demo.pipeline import record_runs

    folder = tmp_path_factory.mktemp("demo")
    with at_home(folder):  # type: ignore[attr-defined]
        record_runs()
    return folder


@pytest.fixture
def runs(recorded: Path, at_home: Callable[..., object]) -> Iterator[list[Run]]:
    with at_home(recorded):  # type: ignore[attr-defined]
        client = Client()
        yield [client.get_pipeline_run(run.id) for run in reversed(client.list_pipeline_runs())]


def test_three_runs_and_one_that_fails_in_its_last_step(runs: list[Run]) -> None:
    done, failed = RunStatus.COMPLETED, RunStatus.FAILED
    assert [run.status for run in runs] == [done, done, failed, done]
    assert [step.status for step in runs[2].steps.values()] == [done, done, failed]
    assert "threshold 50.0 is not between 0 and 1" in (runs[2].error or "")
    assert [step.name for step in runs[0].steps.values()] == ["load", "train", "evaluate"]
    settings = [tuple(run.parameters.values()) for run in runs]
    assert len(set(settings)) == 4


def test_metrics_and_curves_are_those_of_scikit_learn(runs: list[Run]) -> None:
    """The demo's ROC curve, its AUC to 1e-9, and both metrics in the table are right for every run."""
    aucs = set()
    for run in runs:
        if run.status is RunStatus.FAILED:
            continue
        scores = load(f"{run.address}/evaluate/scores")
        assert list(scores.columns) == ["label", "score"]
        expected = roc_auc_score(scores.label, scores.score)
        result = visualize("roc_curve", f"{run.address}/evaluate/scores", target="label", score="score")
        assert result.metrics["auc"] == pytest.approx(expected, abs=1e-9)
        assert run.metrics["roc_auc"].value == pytest.approx(expected, abs=1e-12)
        accuracy = run.metrics["accuracy"]
        assert accuracy.value == pytest.approx(accuracy_score(scores.label, scores.score > 0.5), abs=1e-12)
        assert (accuracy.format, run.metrics["roc_auc"].format) == (MetricFormat.PERCENTAGE, MetricFormat.RAW)
        aucs.add(expected)
    assert len(aucs) == 3  # different settings, different pictures


def test_outputs_of_every_kind(runs: list[Run]) -> None:
    kinds = {artifact.name: artifact.kind for step in runs[0].steps.values() for artifact in step.artifacts}
    assert kinds == {
        "data": ArtifactKind.TABLE,
        "model": ArtifactKind.BINARY,
        "scores": ArtifactKind.TABLE,
        "report": ArtifactKind.HTML,
        "summary": ArtifactKind.MARKDOWN,
    }

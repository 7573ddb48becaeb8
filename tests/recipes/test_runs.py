"""Recipes over runs, on runs that were really recorded: numbers against numpy and pandas."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from jupyter_viz import log_metrics, pipeline, step, visualize
from jupyter_viz.client import Client
from jupyter_viz.errors import NotFound, VizError
from jupyter_viz.rendering.bundles import MIME, PLOTLY
from jupyter_viz.still import still_picture


@step
def fit(C: float, kernel: str, seed: int) -> float:
    value = 0.8 + 0.1 * C / (1 + C) + (0.03 if kernel == "rbf" else 0) + seed * 0.005
    log_metrics({"auc": value, "loss": 2 - value})
    if seed != 2:
        log_metrics({"accuracy": value - 0.1}, format="PERCENTAGE")
    return value


@pipeline
def search(C: float = 1.0, kernel: str = "rbf", seed: int = 0) -> None:
    fit(C, kernel, seed)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory, at_home: Callable[..., Any]) -> Path:
    folder: Path = tmp_path_factory.mktemp("runs")
    with at_home(folder):
        for C in (0.1, 10.0):
            for kernel in ("rbf", "linear"):
                for seed in range(3):
                    search(C=C, kernel=kernel, seed=seed)
    return folder


@pytest.fixture(autouse=True)
def _home(runs: Path, at_home: Callable[..., Any], home: Path) -> Iterator[None]:
    with at_home(runs):
        yield


def expected() -> list[dict[str, Any]]:
    """What was recorded, as the client gives it, oldest first."""
    found = reversed(list(Client().list_pipeline_runs("search", columns=["auc", "loss", "accuracy"])))
    return [{name: metric.value for name, metric in run.metrics.items()} | dict(run.parameters) for run in found]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("metrics_table", {}),
        ("metric_trend", {}),
        ("metric_trend", {"metrics": ["auc", "accuracy", "loss"]}),
        ("metric_scatter", {"by": "kernel"}),
        ("parallel_coordinates", {}),
        ("repeats", {}),
    ],
)
def test_what_it_shows_can_be_read_without_eyes_and_without_a_kernel(name: str, arguments: dict[str, Any]) -> None:
    bundle = visualize(name, "search", **arguments)._repr_mimebundle_()
    own = json.loads(json.dumps(bundle, allow_nan=False))[MIME]
    assert len(own["alt"]) > 30
    assert own["metrics"]["runs"] == 12
    if own["kind"] == "figure":
        assert still_picture(bundle[PLOTLY])
        assert own["table"]["total"]


def test_the_table_has_all_metrics_and_what_differs() -> None:
    data = visualize("metrics_table", "search").data
    assert data.columns.tolist() == [
        "run",
        "started",
        "status",
        "seconds",
        "auc",
        "loss",
        "accuracy",
        "C",
        "kernel",
        "seed",
    ]
    assert data.auc.tolist() == [run["auc"] for run in reversed(expected())]
    assert data.accuracy.isna().sum() == 4


def test_a_trend_is_in_the_order_of_the_runs_and_marks_the_best() -> None:
    result = visualize("metric_trend", "search", metrics=["auc"])
    values = [run["auc"] for run in expected()]
    assert result.data.auc.tolist() == values
    assert result.metrics["auc"] == values[-1]
    best = result.data.run[int(np.argmax(values))]
    assert f"best {max(values):.3f} in {best}" in result.shown.view.alt
    note = visualize("metric_trend", "search", metrics=["accuracy"]).shown.view.note
    assert note == "4 of 12 runs have no accuracy."


def test_repeats_are_grouped_by_all_but_the_seed() -> None:
    result = visualize("repeats", "search", metric="auc")
    groups: dict[Any, list[float]] = {}
    for run in expected():
        groups.setdefault((run["C"], run["kernel"]), []).append(run["auc"])
    assert result.metrics["groups"] == len(groups) == 4
    highest = max(groups.values(), key=np.mean)
    assert result.metrics["mean"] == pytest.approx(np.mean(highest))
    assert result.metrics["std"] == pytest.approx(np.std(highest, ddof=1))
    assert result.data.group[0] == "C=10, kernel=rbf"
    alone = visualize("repeats", "search", metric="auc", by=["C", "kernel", "seed"])
    assert math.isnan(alone.data["std"].iloc[0])
    assert "have one run and no deviation" in str(alone.shown.view.note)


def test_two_metrics_and_their_correlation() -> None:
    result = visualize("metric_scatter", "search", x="param.C", y="auc")
    found = expected()
    assert result.metrics["correlation"] == pytest.approx(
        np.corrcoef([run["C"] for run in found], [run["auc"] for run in found])[0, 1]
    )
    assert visualize("metric_scatter", "search", x="auc", y="loss").metrics["correlation"] == pytest.approx(-1)


def test_parallel_coordinates_have_an_axis_for_each_setting() -> None:
    result = visualize("parallel_coordinates", "search@latest~99:", metric="auc")
    [trace] = result.shown.view.spec["data"]  # type: ignore[union-attr]
    assert [axis["label"] for axis in trace["dimensions"]] == ["C", "kernel", "seed", "auc"]
    assert trace["dimensions"][1]["ticktext"] == ["linear", "rbf"]
    assert result.metrics["best"] == pytest.approx(max(run["auc"] for run in expected()))


def test_runs_can_be_named_one_by_one() -> None:
    names = [run.name for run in Client().list_pipeline_runs("search", size=2)]
    data = visualize("metrics_table", [f"search@{name}" for name in (*names, "never")])
    assert data.data.run.tolist() == names[::-1]
    assert "never is left out: There is no run 'never'" in str(data.shown.view.note)


@pytest.mark.parametrize(
    ("recipe", "source", "arguments", "said"),
    [
        ("metric_trend", "search", {"metrics": ["acu"]}, "no run has 'acu'. Did you mean 'auc'?"),
        ("metric_scatter", "search", {"x": "param.kernel"}, "'kernel' is no number but 'rbf'"),
        ("metric_scatter", "search", {"by": "knrel"}, "no run has a parameter 'knrel'. Did you mean 'kernel'?"),
        ("repeats", "search", {"metric": "x"}, "no run has a metric 'x'"),
        ("roc_curve", "search@latest", {}, "names no artifact"),
    ],
)
def test_a_mistake_is_one_sentence_with_the_way_out(
    recipe: str, source: str, arguments: dict[str, Any], said: str
) -> None:
    with pytest.raises(VizError, match=re.escape(said)):
        visualize(recipe, source, **arguments)


def test_an_unknown_pipeline_is_not_taken_for_a_file() -> None:
    with pytest.raises(NotFound, match="There is no pipeline 'serach'"):
        visualize("metric_trend", "serach")

"""Metrics keep Kubeflow's rules, and what breaks one is named rather than dropped."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from jupyter_viz import log_metrics, pipeline
from jupyter_viz.client import Client
from jupyter_viz.enums import MetricFormat, RunStatus
from jupyter_viz.errors import InvalidMetric, RecordingFailed
from jupyter_viz.models import Metric
from jupyter_viz.pipelines.metrics import checked_metric


@pytest.mark.parametrize("name", ["a", "Z9", "roc_auc", "val-loss", "a" * 64, "x_-_y"])
def test_names_that_kubeflow_takes(name: str) -> None:
    assert checked_metric(name, 1).name == name


@pytest.mark.parametrize(
    "name", ["", "9a", "_a", "a_", "a-", "a b", "a.b", "é", "a" * 65, "a\n", None, 5, "val/loss", "a\0"]
)
def test_names_that_kubeflow_drops_are_refused(name: Any) -> None:
    with pytest.raises(InvalidMetric, match="must begin with a letter"):
        checked_metric(name, 1)


@pytest.mark.parametrize("value", [1, 0.1, -5, np.float32(0.5), np.int64(3), np.array(0.5), 10**300, True + 0])
def test_numbers_of_every_library(value: Any) -> None:
    assert checked_metric("x", value).value == float(value)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (float("nan"), "nan is not a finite number"),
        (np.float64("inf"), "inf is not a finite number"),
        (-float("inf"), "-inf is not a finite number"),
        (10**400, "not a finite number"),
        ("0.5", "'0.5' is a str"),
        (True, "True is a bool"),
        (np.bool_(True), "a number is needed"),
        (None, "None is a NoneType"),
        (np.array([1.0]), "a number is needed"),
        (1 + 0j, "a number is needed"),
        (Decimal("0.5"), "a number is needed"),
        ([1], "a number is needed"),
    ],
)
def test_what_is_no_finite_number_is_refused(value: Any, said: str) -> None:
    with pytest.raises(InvalidMetric) as caught:
        checked_metric("auc", value)
    assert said in str(caught.value)
    assert "'auc'" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "goal"),
    [
        ("accuracy", "higher"),
        ("F1-score", "higher"),
        ("ROC_AUC", "higher"),
        ("rmse", "lower"),
        ("Log-Loss", "lower"),
        ("threshold", None),
        ("my_loss_weight", None),
    ],
)
def test_only_names_nobody_doubts_have_a_goal(name: str, goal: str | None) -> None:
    """No arrow says "better" where we merely guess."""
    assert checked_metric(name, 1).goal == goal
    assert checked_metric(name, 1, goal="lower").goal == "lower"


@pytest.mark.parametrize(
    ("options", "said"),
    [({"format": "percent"}, "neither RAW nor PERCENTAGE"), ({"goal": "up"}, "neither 'higher' nor 'lower'")],
)
def test_an_unknown_format_or_goal_is_refused(options: dict[str, str], said: str) -> None:
    with pytest.raises(InvalidMetric, match=said):
        checked_metric("x", 1, **options)


def test_format_and_goal_for_all_or_by_name() -> None:
    @pipeline
    def churn() -> None:
        log_metrics({"a": 0.5, "b": 1}, format={"a": "PERCENTAGE"}, goal={"b": "lower"})
        log_metrics({"c": 1, "d": 2}, format="PERCENTAGE", goal="higher")

    assert churn().metrics == {
        "a": Metric("a", 0.5, MetricFormat.PERCENTAGE),
        "b": Metric("b", 1.0, goal="lower"),
        "c": Metric("c", 1.0, MetricFormat.PERCENTAGE, "higher"),
        "d": Metric("d", 2.0, MetricFormat.PERCENTAGE, "higher"),
    }


def test_a_bad_metric_is_left_out_and_the_run_goes_on_and_says_so() -> None:
    """A NaN at the end of a night of training costs that number and nothing else."""

    @pipeline
    def churn() -> None:
        log_metrics({"first": 1})
        log_metrics({"good": 1, "bad": float("nan"), "9th": 1})
        log_metrics({"odd": 1}, format="percent")
        log_metrics({"last": 1})

    with pytest.warns(UserWarning, match="Metric") as told:
        run = churn()
    assert run.status is RunStatus.COMPLETED
    assert list(Client().get_pipeline_run(run).metrics) == ["first", "good", "last"]
    assert [reason.partition(":")[0] for reason in run.warnings] == [
        "Metric 'bad'",
        "Metric name '9th'",
        "Metric 'odd'",
    ]
    assert [str(warning.message) for warning in told] == list(run.warnings)
    assert all(warning.filename == __file__ for warning in told)


def test_more_than_fifty_are_refused_together() -> None:
    @pipeline
    def churn() -> None:
        log_metrics({f"m{number}": number for number in range(50)})
        log_metrics({"m0": 7, "one_more": 1})

    with pytest.warns(UserWarning, match="at most 50"):
        run = churn()
    assert len(run.metrics) == 50
    assert run.metrics["m0"].value == 0
    assert "with these it would have 51" in run.warnings[0]


def test_outside_a_run_it_is_said_where_it_belongs() -> None:
    with pytest.raises(RecordingFailed, match="inside a function that @pipeline runs"):
        log_metrics({"auc": 1})

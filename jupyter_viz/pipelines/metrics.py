"""Metrics of a run: Kubeflow's rules, checked by name and reason."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from ..enums import MetricFormat
from ..errors import InvalidMetric
from ..models import Metric
from .runner import current_run

_NAME = re.compile(r"[a-zA-Z]([-_a-zA-Z0-9]{0,62}[a-zA-Z0-9])?\Z")

# Only names whose direction nobody doubts. For others the goal is None and nothing is called better or worse.
_HIGHER = {
    "accuracy",
    "auc",
    "average_precision",
    "balanced_accuracy",
    "f1",
    "precision",
    "r2",
    "recall",
    "roc_auc",
}
_LOWER = {"brier", "cross_entropy", "error", "log_loss", "loss", "mae", "mape", "mse", "rmse"}


def log_metrics(
    metrics: Mapping[str, float],
    *,
    format: str | Mapping[str, str] = "RAW",
    goal: str | Mapping[str, str] | None = None,
) -> None:
    """Record numbers of the run this is called in; a name logged again takes the new value.

    Args:
        metrics: Finite numbers by name. A name begins with a letter and has at most 64 letters, digits, - and _.
        format: `RAW` or `PERCENTAGE` (the value is a fraction: 0.93 is shown as 93.0%), for all or by name.
        goal: `higher` or `lower` is better, for all or by name; known for well-known names.

    Raises:
        InvalidMetric: A name, value, format or goal breaks a rule, or the run would have more than 50.
            None of the metrics is stored then.
        RecordingFailed: No run is being recorded here.
    """
    run = current_run()
    run.log_metrics(
        [checked_metric(name, value, _of(format, name, "RAW"), _of(goal, name)) for name, value in metrics.items()]
    )


def checked_metric(name: Any, value: Any, format: str | None = None, goal: str | None = None) -> Metric:
    """A metric that keeps the rules, or `InvalidMetric` with the name and the reason."""
    if not isinstance(name, str) or not _NAME.match(name):
        raise InvalidMetric(
            f"Metric name {name!r}: it must begin with a letter, end with a letter or digit, and have at most 64 "
            "letters, digits, - and _."
        )
    number = _number(name, value)
    try:
        shown_as = MetricFormat(format or "RAW")
    except ValueError:
        raise InvalidMetric(f"Metric {name!r}: format {format!r} is neither RAW nor PERCENTAGE.") from None
    if goal not in ("higher", "lower", None):
        raise InvalidMetric(f"Metric {name!r}: goal {goal!r} is neither 'higher' nor 'lower'.")
    return Metric(name, number, shown_as, goal or _known_goal(name))


def _number(name: str, value: Any) -> float:
    # numpy's numbers have `item`; text and booleans convert to float too, but are no measurements.
    plain = value.item() if hasattr(value, "item") and getattr(value, "ndim", 0) == 0 else value
    if isinstance(plain, bool) or not isinstance(plain, (int, float)):
        raise InvalidMetric(f"Metric {name!r}: {value!r} is a {type(value).__name__}, a number is needed.")
    try:
        number = float(plain)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise InvalidMetric(f"Metric {name!r}: {number} is not a finite number.")
    return number


def _known_goal(name: str) -> str | None:
    plain = name.lower().replace("-", "_").removesuffix("_score")
    return "higher" if plain in _HIGHER else "lower" if plain in _LOWER else None


def _of(choice: str | Mapping[str, str] | None, name: str, default: str | None = None) -> str | None:
    return choice.get(name, default) if isinstance(choice, Mapping) else choice

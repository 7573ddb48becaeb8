"""The rules a metric keeps (Kubeflow's, and finite): checked by name and reason."""

from __future__ import annotations

import math
import re
from typing import Any

from .enums import MetricFormat
from .errors import InvalidMetric
from .models import Metric

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
_LOWER = {"brier", "cross_entropy", "error", "log_loss", "logloss", "loss", "mae", "mape", "mse", "rmse"}


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
    return Metric(name, number, shown_as, goal or known_goal(name))


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


def known_goal(name: str) -> str | None:
    """higher or lower, for a metric of whose name nobody doubts it."""
    plain = name.lower().replace("-", "_").removesuffix("_score")
    return "higher" if plain in _HIGHER else "lower" if plain in _LOWER else None

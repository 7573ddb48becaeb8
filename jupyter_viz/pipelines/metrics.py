"""`log_metrics`: numbers of a run."""

from __future__ import annotations

import warnings
from collections.abc import Mapping

from ..errors import InvalidMetric
from ..metric_rules import checked_metric
from .metric_files import Metrics
from .runner import current_run

__all__ = ["Metrics", "log_metrics"]


def log_metrics(
    metrics: Mapping[str, float],
    *,
    format: str | Mapping[str, str] = "RAW",
    goal: str | Mapping[str, str] | None = None,
) -> None:
    """Record numbers of the run this is called in; a name logged again takes the new value.

    What breaks a rule is left out with a warning that names it and the reason, and `run.warnings` says so too: a NaN at
    the end of a long training loses neither the run nor the other metrics.

    Args:
        metrics: Finite numbers by name. A name begins with a letter and has at most 64 letters, digits, - and _; a run
            has at most 50.
        format: `RAW` or `PERCENTAGE` (the value is a fraction: 0.93 is shown as 93.0%), for all or by name.
        goal: `higher` or `lower` is better, for all or by name; known for well-known names.

    Raises:
        RecordingFailed: No run is being recorded here.
    """
    run = current_run()
    good, refused = [], []
    for name, value in metrics.items():
        try:
            good.append(checked_metric(name, value, _of(format, name, "RAW"), _of(goal, name)))
        except InvalidMetric as error:
            refused.append(str(error))
    try:
        run.log_metrics(good)
    except InvalidMetric as error:
        refused.append(str(error))
    for reason in refused:
        run.warn(reason)
        warnings.warn(reason, stacklevel=2)


def _of(choice: str | Mapping[str, str] | None, name: str, default: str | None = None) -> str | None:
    return choice.get(name, default) if isinstance(choice, Mapping) else choice

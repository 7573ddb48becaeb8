"""`log_metrics`: numbers of a run."""

from __future__ import annotations

from collections.abc import Mapping

from .metric_files import Metrics
from .metric_rules import checked_metric
from .runner import current_run

__all__ = ["Metrics", "log_metrics"]


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


def _of(choice: str | Mapping[str, str] | None, name: str, default: str | None = None) -> str | None:
    return choice.get(name, default) if isinstance(choice, Mapping) else choice

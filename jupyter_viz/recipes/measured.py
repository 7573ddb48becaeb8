"""Runs as numbers: which metrics and parameters they have, and the values of one along all of them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..enums import MetricFormat
from ..errors import InvalidArgument, did_you_mean
from ..models import Run
from .base import Runs
from .style import short

PARAMETER = "param."
"""Before the name of a parameter where metrics can be named too, as in the filter of the runs list."""


def metric_names(source: Runs) -> list[str]:
    """All metrics, those first that most runs have, then by name (Kubeflow's rule)."""
    counts = Counter(name for run in source.runs for name in run.metrics)
    return sorted(counts, key=lambda name: (-counts[name], name))


def parameter_names(source: Runs, *, differing: bool = False) -> list[str]:
    """All parameters by name; or only those that are not the same in all runs."""
    names = sorted({name for run in source.runs for name in run.parameters})
    if not differing:
        return names
    return [name for name in names if len({_said(run.parameters.get(name)) for run in source.runs}) > 1]


def top_metric(source: Runs, wanted: str | None = None) -> str:
    """The metric that is wanted, or the one that most runs have. Raises `InvalidArgument` with those there are."""
    names = metric_names(source)
    if wanted is not None and wanted not in names:
        raise InvalidArgument(f"Argument 'metric': no run has a metric {wanted!r}.{did_you_mean(wanted, names)}")
    if not names:
        raise InvalidArgument(
            f"No metric in {len(source.runs):,} run{'s' * (len(source.runs) != 1)}. Steps record them: log_metrics."
        )
    return wanted or names[0]


@dataclass(frozen=True, slots=True)
class Measure:
    """A metric, or a parameter that is a number, along the runs.

    Attributes:
        values: One for each run, NaN where it has none.
        percentage: Values are shares, shown as per cent.
        goal: `higher`, `lower` or None.
    """

    name: str
    values: list[float]
    percentage: bool = False
    goal: str | None = None

    @property
    def missing(self) -> int:
        return sum(map(math.isnan, self.values))

    def said(self, value: float) -> str:
        """A value for people: three decimals, or one of per cent."""
        return f"{value:.1%}" if self.percentage else f"{value:.3f}" if 0.001 <= abs(value) < 1000 else f"{value:.4g}"

    @property
    def tickformat(self) -> dict[str, str]:
        return {"tickformat": ".1%"} if self.percentage else {}

    def best(self) -> int | None:
        """Which run has the best value; None where nobody said which way is better, or none has a value."""
        known = [at for at, value in enumerate(self.values) if not math.isnan(value)]
        if not known or self.goal not in ("higher", "lower"):
            return None
        return (max if self.goal == "higher" else min)(known, key=lambda at: self.values[at])


def measure_of(source: Runs, name: str, argument: str) -> Measure:
    """A metric by its name, or a parameter by its name or `param.NAME`, as numbers.

    Raises `InvalidArgument` where there is none, or where a parameter has a value that is no number.
    """
    metrics, parameters = metric_names(source), parameter_names(source)
    if name in metrics:
        found = [run.metrics.get(name) for run in source.runs]
        some = next(metric for metric in found if metric is not None)
        return Measure(
            name,
            [math.nan if metric is None else metric.value for metric in found],
            some.format is MetricFormat.PERCENTAGE,
            some.goal,
        )
    parameter = name.removeprefix(PARAMETER)
    if parameter not in parameters:
        known = [*metrics, *(f"{PARAMETER}{each}" for each in parameters)]
        raise InvalidArgument(f"Argument {argument!r}: no run has {name!r}.{did_you_mean(name, known)}")
    values = [_number(run.parameters.get(parameter)) for run in source.runs]
    if all(map(math.isnan, values)):
        some_value = next(run.parameters[parameter] for run in source.runs if parameter in run.parameters)
        raise InvalidArgument(f"Argument {argument!r}: parameter {parameter!r} is no number but {_said(some_value)!r}.")
    return Measure(parameter, values)


def categories_of(source: Runs, parameter: str, argument: str) -> list[str]:
    """The values of a parameter as text, one for each run."""
    name = parameter.removeprefix(PARAMETER)
    if name not in (names := parameter_names(source)):
        raise InvalidArgument(f"Argument {argument!r}: no run has a parameter {name!r}.{did_you_mean(name, names)}")
    return [_said(run.parameters.get(name)) for run in source.runs]


def names_of_runs(source: Runs) -> list[str]:
    """What the runs are called: by name, with the pipeline where they are of several."""
    several = len({(run.project, run.pipeline) for run in source.runs}) > 1
    return [f"{run.pipeline}@{run.name}" if several else run.name for run in source.runs]


def about_runs(source: Runs) -> str:
    """`12 runs of churn`."""
    pipelines = sorted({run.pipeline for run in source.runs})
    runs = f"{len(source.runs):,} run{'s' if len(source.runs) != 1 else ''}"
    return f"{runs} of {', '.join(map(short, pipelines[:3]))}{' and others' if len(pipelines) > 3 else ''}"


def without(measures: Sequence[Measure], runs: int) -> str | None:
    """The sentence about runs that lack a metric."""
    said = [f"{each.missing:,} of {runs:,} runs have no {each.name}." for each in measures if each.missing]
    return " ".join(said) or None


def started(run: Run) -> str:
    return run.started_at.strftime("%Y-%m-%d %H:%M")


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return math.nan
    return float(value) if math.isfinite(value) else math.nan


def _said(value: Any) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)

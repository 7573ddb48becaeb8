"""Metrics that a step gives as an output, in the format of Kubeflow's pipeline metrics page."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from ..errors import InvalidMetric
from ..metric_rules import checked_metric
from ..models import Metric

_NAME = re.compile(r"mlpipeline[-_ ]metrics\Z", re.IGNORECASE)
_LARGEST = 1 << 20
_FIELDS = {"name", "numberValue", "number_value", "format"}


class Metrics(dict[str, float]):
    """Numbers by name: a step that returns them logs them.

    Args:
        values: Finite numbers by name.
        format: `RAW` or `PERCENTAGE`, for all or by name.
        goal: `higher` or `lower` is better, for all or by name.
    """

    def __init__(
        self,
        values: Mapping[str, float],
        *,
        format: str | Mapping[str, str] = "RAW",
        goal: str | Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(values)
        self.format = format
        self.goal = goal


def is_metrics(output: str, value: Any) -> bool:
    """Whether an output holds metrics: by its type, or by Kubeflow's name for such an output, in any case."""
    return isinstance(value, Metrics) or _NAME.match(output) is not None


def metrics_in(value: Any) -> tuple[list[Metric], list[str]]:
    """(the metrics that keep the rules, why the others do not) of an output."""
    if isinstance(value, Metrics):
        entries = [
            {"name": name, "numberValue": number, "format": _of(value.format, name), "goal": _of(value.goal, name)}
            for name, number in value.items()
        ]
    else:
        try:
            entries = _entries(value)
        except (ValueError, RecursionError) as error:
            return [], [f"This is no metrics file: {error}."]
    good: dict[str, Metric] = {}
    refused = []
    for entry in entries:
        try:
            metric = _metric(entry)
        except InvalidMetric as error:
            refused.append(str(error))
            continue
        if metric.name in good:
            refused.append(f"Metric {metric.name!r} is given twice; the first one counts.")
        good.setdefault(metric.name, metric)
    return list(good.values()), refused


def _entries(value: Any) -> list[Any]:
    if isinstance(value, (str, bytes)):
        if len(value) > _LARGEST:
            raise ValueError(f"it has {len(value):,} bytes, at most {_LARGEST:,} are read")
        value = json.loads(value, object_pairs_hook=_no_repeated)
    if not isinstance(value, Mapping):
        raise ValueError(f"an object with 'metrics' is needed, not a {type(value).__name__}")
    if unknown := set(value) - {"metrics"}:
        raise ValueError(f"it has the unknown field {sorted(map(str, unknown))[0]!r}")
    entries = value.get("metrics")
    if entries is None:
        return []
    if not isinstance(entries, list):
        raise ValueError("'metrics' is not a list")
    return entries


def _no_repeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("it has the same key twice in one object")
    return found


def _metric(entry: Any) -> Metric:
    if not isinstance(entry, Mapping):
        raise InvalidMetric(f"A metric is an object with 'name' and 'numberValue', not {entry!r}.")
    name = entry.get("name")
    if unknown := set(entry) - _FIELDS - {"goal"}:
        raise InvalidMetric(f"Metric {name!r} has the unknown field {sorted(map(str, unknown))[0]!r}.")
    values = [entry[key] for key in ("numberValue", "number_value") if key in entry]
    if len(values) != 1:
        raise InvalidMetric(f"Metric {name!r} needs one 'numberValue'.")
    return checked_metric(name, values[0], entry.get("format"), entry.get("goal"))


def _of(choice: str | Mapping[str, str] | None, name: str) -> str | None:
    return choice.get(name) if isinstance(choice, Mapping) else choice

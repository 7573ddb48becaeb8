"""Parallel coordinates: which parameters lead to which metric, over many runs at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ..errors import InvalidArgument
from ..views import Figure
from .axes import in_order
from .base import Runs, recipe
from .measured import (
    PARAMETER,
    about_runs,
    categories_of,
    measure_of,
    names_of_runs,
    parameter_names,
    top_metric,
)
from .style import SEQUENTIAL, labels, layout, left_out, note_of, rounded, short
from .tabled import tabled

_MOST_AXES = 10
_MOST_VALUES = 12  # of an axis of texts


@recipe(title="Parallel coordinates")
def parallel_coordinates(source: Runs, *, metric: str | None = None, parameters: list[str] | None = None) -> Figure:
    """Runs as lines over axes of their parameters, coloured by a metric: the settings that lead to the best.

    Args:
        metric: The last axis and the colour; by default the one that most runs have.
        parameters: The other axes, in this order; by default those that are not the same in all runs.
    """
    import pandas as pd

    measure = measure_of(source, top_metric(source, metric), "metric")
    there = [at for at, value in enumerate(measure.values) if not math.isnan(value)]
    runs = names_of_runs(source)
    wanted = [name.removeprefix(PARAMETER) for name in parameters or parameter_names(source, differing=True)]
    if not wanted:
        raise InvalidArgument(f"All parameters are the same in {about_runs(source)}; name some as `parameters`.")
    axes: list[dict[str, Any]] = []
    columns: list[tuple[str, str, list[Any]]] = [("run", "text", [runs[at] for at in there])]
    left: list[str] = []
    kept = Runs(tuple(source.runs[at] for at in there))
    for name in wanted:
        axis, column = _axis(kept, name)
        if axis is None or len(axes) == _MOST_AXES:
            left.append(name)
            continue
        axes.append(axis)
        columns.append(column)
    values = [measure.values[at] for at in there]
    axes.append({"label": short(measure.name, 24), "values": rounded(values), **measure.tickformat, **_room(values)})
    columns.append((measure.name, "number", rounded(values)))
    reverse = measure.goal == "lower"
    trace = {
        "type": "parcoords",
        "dimensions": axes,
        "line": {
            "color": rounded(values),
            "colorscale": [list(stop) for stop in ((0.0, "#9ECAE1"), *SEQUENTIAL[1:])],
            "reversescale": reverse,
            "showscale": True,
            "colorbar": {"title": {"text": short(measure.name, 24)}, **measure.tickformat},
        },
        "labelfont": {"size": 12},
    }
    title = f"{short(measure.name)} by parameters over {about_runs(source)}"
    table, pointing = tabled(*columns)
    best = (min if reverse else max)(there, key=lambda at: measure.values[at])
    settings = ", ".join(f"{name} {short(source.runs[best].parameters.get(name, 'not set'))}" for name in wanted[:6])
    whole = layout(title, "", "", **table) | {"margin": {"l": 64, "r": 24, "t": 96, "b": 32}}
    return Figure(
        title=title,
        alt=f"{len(there):,} runs over {', '.join(axis['label'] for axis in axes)}. The "
        f"{'lowest' if reverse else 'highest'} {measure.name}, {measure.said(measure.values[best])}, is that of "
        f"{runs[best]} with {settings}.",
        spec={"data": [trace], "layout": whole},
        columns=pointing,
        data=pd.DataFrame({name: kept for name, _, kept in columns}),
        metrics={"runs": len(there), "best": float(measure.values[best])},
        note=note_of(
            left_out(len(runs) - len(there), len(runs), measure.name, "runs"),
            f"Not drawn, with more than {_MOST_VALUES} values that are no numbers, or as more than {_MOST_AXES} axes: "
            f"{', '.join(left)}."
            if left
            else None,
        ),
    )


def _axis(kept: Runs, name: str) -> tuple[dict[str, Any] | None, tuple[str, str, list[Any]]]:
    """An axis of a parameter and its column; None where its values are too many texts."""
    texts = categories_of(kept, name, "parameters")
    found = [run.parameters.get(name) for run in kept.runs]
    if all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in found):
        values = rounded(found)  # type: ignore[arg-type]
        return {"label": short(name, 24), "values": values, **_room(values)}, (name, "number", values)
    order = in_order(set(texts))
    axis = {
        "label": short(name, 24),
        "values": [order.index(text) for text in texts],
        "tickvals": list(range(len(order))),
        "ticktext": [text or "not set" for text in labels(order, 16)],
        "range": [-0.2, max(len(order) - 0.8, 0.2)],
    }
    return (axis if len(order) <= _MOST_VALUES else None), (name, "text", texts)


def _room(values: Sequence[float | None]) -> dict[str, list[float]]:
    """A range with some room at both ends, where lines would hide behind the frame."""
    known = [value for value in values if value is not None]
    room = (max(known) - min(known)) * 0.04 or 1.0
    return {"range": [min(known) - room, max(known) + room]}

"""Heatmaps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from .bars import LONG_TICKS, Bars
from .frame import format_ticks, text_of
from .read import dates_of, is_numeric, numbers_of, values_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST_TICKS = 40


def draw_heatmap(axes: Axes, trace: Mapping[str, Any], bars: Bars) -> None:
    import numpy as np
    from matplotlib.colors import LinearSegmentedColormap

    x, y, z, texts = _grid(trace)
    if not z:
        return
    scale = trace.get("colorscale")
    colours = "viridis" if scale is None or isinstance(scale, str) else LinearSegmentedColormap.from_list("", scale)
    of_x, of_y = _edges(axes, "x", x), _edges(axes, "y", y)
    # Not clipped, as it ends where the axes end: each cell would say so in the picture.
    ends = trace.get("zmin"), trace.get("zmax")
    mesh = axes.pcolormesh(of_x, of_y, z, cmap=colours, vmin=ends[0], vmax=ends[1], clip_on=False)
    if trace.get("showscale", True):
        draw_scale(axes, mesh, trace.get("colorbar", {}))
    if "texttemplate" not in trace:
        return
    tints = mesh.to_rgba(np.array(z))
    size = max(4.0, min(10.0, 100 / len(z), 160 / len(z[0])))
    for row, (low, high) in enumerate(pairwise(of_y)):
        for column, (left, right) in enumerate(pairwise(of_x)):
            red, green, blue, _ = tints[row][column]
            dark = 0.299 * red + 0.587 * green + 0.114 * blue < 0.55
            axes.text(
                (left + right) / 2,
                (low + high) / 2,
                text_of(texts[row][column]),
                ha="center",
                va="center",
                fontsize=size,
                color="white" if dark and z[row][column] == z[row][column] else "black",
            )


def draw_scale(axes: Axes, mesh: Any, about: Mapping[str, Any]) -> None:
    bar = axes.figure.colorbar(mesh, ax=axes, label=text_of(about.get("title")))
    format_ticks(bar.ax.yaxis, about)
    if "tickvals" in about:
        bar.set_ticks(about["tickvals"], labels=about.get("ticktext"))


def _grid(trace: Mapping[str, Any]) -> tuple[list[Any], list[Any], list[list[float]], list[list[str]]]:
    """(x, y, z by row and column, texts likewise) of a heatmap, be it a list of rows or one of cells."""
    x, y, z, texts = (values_of(trace, name) for name in ("x", "y", "z", "text"))
    if not z or isinstance(z[0], Sequence):
        across = x or list(range(len(z[0]) if z else 0))
        empty = [[""] * len(row) for row in z]
        return across, y or list(range(len(z))), [numbers_of(row) for row in z], texts or empty
    cells = {place: n for n, place in enumerate(zip(x, y, strict=True))}
    across, up = (
        sorted(found) if is_numeric(found) else found for found in (list(dict.fromkeys(x)), list(dict.fromkeys(y)))
    )
    values, written = [*numbers_of(z), float("nan")], [*(texts or [""] * len(z)), ""]
    at = [[cells.get((column, row), -1) for column in across] for row in up]
    return across, up, [[values[n] for n in row] for row in at], [[written[n] for n in row] for row in at]


def _edges(axes: Axes, axis: str, values: list[Any]) -> list[float]:
    """Where the cells of a heatmap end: half-way between numbers; names stand in a row, and are written."""
    dates = dates_of(values)
    if dates:
        from matplotlib.dates import date2num

        getattr(axes, f"{axis}axis").axis_date()
        values = [float(date2num(date)) for date in dates]  # type: ignore[no-untyped-call]
        axes.tick_params("x", labelrotation=30)
    if is_numeric(values):
        between = [low / 2 + high / 2 for low, high in pairwise(values)]
        ends = (
            (2 * values[0] - between[0], 2 * values[-1] - between[-1])
            if between
            else (values[0] - 0.5, values[0] + 0.5)
        )
        return [ends[0], *between, ends[1]]
    if len(values) <= _MOST_TICKS:
        names = [text_of(str(value)) for value in values]
        steep = axis == "x" and sum(map(len, names)) > LONG_TICKS
        size = 9 if len(names) <= 12 else 7
        places = [place + 0.5 for place in range(len(names))]
        getattr(axes, f"set_{axis}ticks")(places, names, fontsize=size, rotation=90 if steep else 0)
    return [float(place) for place in range(len(values) + 1)]

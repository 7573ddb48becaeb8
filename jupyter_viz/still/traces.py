"""Plotly's traces, each kind drawn onto matplotlib's axes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from .frame import format_ticks, text_of
from .parallel import draw_parallel

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST_TICKS = 40
_FEW_TICKS = 10  # of a long row of names
_LONG_TICKS = 60  # characters of all labels of an x-axis that still fit beside each other
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_DAY = 86_400_000  # milliseconds, plotly's unit of dates
_DASHES = {"dash": "--", "dot": ":", "dashdot": "-."}
_STEPS = {"hv": "steps-post", "vh": "steps-pre", "hvh": "steps-mid"}


class Bars:
    """Where the bars of several traces stand: beside each other, or on those before."""

    def __init__(self, traces: Sequence[Mapping[str, Any]], mode: str) -> None:
        of_bars = [trace for trace in traces if trace.get("type") == "bar"]
        self._stacked, self._beside = mode in ("stack", "relative"), mode == "group"
        self.width = 0.8 / (max(len(of_bars), 1) if self._beside else 1)
        self.places: dict[Any, int] = {}
        for trace in of_bars:
            for place in _values(trace, "y" if trace.get("orientation") == "h" else "x"):
                self.places.setdefault(place, len(self.places))
        self._number = 0
        self._tops = [0.0] * len(self.places)

    def next(self, places: Sequence[Any], heights: Sequence[float]) -> tuple[list[float], list[float]]:
        """(centres, bottoms) of a trace's bars."""
        at = [self.places[place] for place in places]
        if self._stacked:
            bottoms = [self._tops[place] for place in at]
            for place, height in zip(at, heights, strict=True):
                self._tops[place] += 0 if height != height else height
            return [float(place) for place in at], bottoms
        if not self._beside:
            return [float(place) for place in at], [0.0] * len(at)
        self._number += 1
        offset = (self._number - 0.5) * self.width - 0.4
        return [place + offset for place in at], [0.0] * len(at)


def _scatter(axes: Axes, trace: Mapping[str, Any], bars: Bars) -> None:
    line, marker = trace.get("line", {}), trace.get("marker", {})
    x, y = _values(trace, "x"), _numbers(_values(trace, "y"))
    mode = trace.get("mode", "lines")
    dates = _dates(x)
    if dates:
        axes.tick_params("x", labelrotation=30)
    places: Any = dates or _numbers(x or range(len(y)))
    for name in ("error_x", "error_y"):
        if "array" in (errors := trace.get(name, {})):
            after = _numbers(errors["array"])
            reach: dict[str, Any] = {
                name.replace("error_", "") + "err": [_numbers(errors.get("arrayminus", after)), after]
            }
            colour = _one(line.get("color"), str) or _one(marker.get("color"), str)
            axes.errorbar(places, y, fmt="none", ecolor=colour, elinewidth=1, capsize=2, **reach)
    axes.plot(
        places,
        y,
        linestyle=_DASHES.get(line.get("dash", ""), "-") if "lines" in mode else "",
        drawstyle=_STEPS.get(line.get("shape", ""), "default"),
        alpha=_one(trace.get("opacity", marker.get("opacity")), (int, float)),
        linewidth=line.get("width", 2),
        color=_one(line.get("color"), str) or _one(marker.get("color"), str),
        marker="o" if "markers" in mode else "",
        markersize=0.8 * (_one(marker.get("size"), (int, float)) or 6),
        markeredgewidth=0,
        label=_name(trace),
    )
    if not dates:
        _thin(axes, x)


def _thin(axes: Axes, names: Sequence[Any]) -> None:
    """Write only so many of the names along the x-axis that they can be read, aslant."""
    if len(names) > _FEW_TICKS and all(isinstance(name, str) for name in names):
        places = range(0, len(names), -(-len(names) // _FEW_TICKS))
        axes.set_xticks(list(places), [text_of(names[place]) for place in places], rotation=30, ha="right", fontsize=8)


def _bar(axes: Axes, trace: Mapping[str, Any], bars: Bars) -> None:
    flat = trace.get("orientation") == "h"
    places, heights = _values(trace, "y" if flat else "x"), _numbers(_values(trace, "x" if flat else "y"))
    marker = trace.get("marker", {})
    about = {
        "color": _bar_colours(marker.get("color")),
        "label": _name(trace),
        "alpha": _one(marker.get("opacity"), float),
    }
    if "width" in trace and not flat:  # the bins of a histogram, where they are
        dates = _dates(places)
        if dates:
            axes.tick_params("x", labelrotation=30)
        unit = _DAY if dates else 1.0
        at: Any = dates or _numbers(places)
        axes.bar(at, heights, [width / unit for width in _numbers(trace["width"])], **about)
        return
    centres, bottoms = bars.next(places, heights)
    ticks, names = list(bars.places.values()), [text_of(str(place)) for place in bars.places]
    if flat:
        axes.barh(centres, heights, bars.width, left=bottoms, **about)
        room = 50 * axes.figure.bbox.height / axes.figure.dpi
        axes.set_yticks(ticks, names, fontsize=min(10.0, room / max(len(names), 1)))
    else:
        axes.bar(centres, heights, bars.width, bottom=bottoms, **about)
        axes.set_xticks(ticks, names)


def _bar_colours(colours: Any) -> Any:
    """One for all, or a list of one for each; numbers on a scale are not drawn."""
    of_each = isinstance(colours, (list, tuple)) and all(isinstance(colour, str) for colour in colours)
    return list(colours) if of_each else _one(colours, str)


def _histogram(axes: Axes, trace: Mapping[str, Any], bars: Bars) -> None:
    flat = "x" not in trace
    values = [value for value in _values(trace, "y" if flat else "x") if value is not None]
    axes.hist(
        values,
        bins=trace.get("nbinsx") or "auto" if values and not isinstance(values[0], str) else None,
        orientation="horizontal" if flat else "vertical",
        alpha=0.8,
        label=_name(trace),
    )


def _heatmap(axes: Axes, trace: Mapping[str, Any], bars: Bars) -> None:
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
        _draw_scale(axes, mesh, trace.get("colorbar", {}))
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


def _draw_scale(axes: Axes, mesh: Any, about: Mapping[str, Any]) -> None:
    bar = axes.figure.colorbar(mesh, ax=axes, label=text_of(about.get("title")))
    format_ticks(bar.ax.yaxis, about)
    if "tickvals" in about:
        bar.set_ticks(about["tickvals"], labels=about.get("ticktext"))


def _grid(trace: Mapping[str, Any]) -> tuple[list[Any], list[Any], list[list[float]], list[list[str]]]:
    """(x, y, z by row and column, texts likewise) of a heatmap, be it a list of rows or one of cells."""
    x, y, z, texts = (_values(trace, name) for name in ("x", "y", "z", "text"))
    if not z or isinstance(z[0], Sequence):
        across = x or list(range(len(z[0]) if z else 0))
        empty = [[""] * len(row) for row in z]
        return across, y or list(range(len(z))), [_numbers(row) for row in z], texts or empty
    cells = {place: n for n, place in enumerate(zip(x, y, strict=True))}
    across, up = (
        sorted(found) if _is_numeric(found) else found for found in (list(dict.fromkeys(x)), list(dict.fromkeys(y)))
    )
    values, written = [*_numbers(z), float("nan")], [*(texts or [""] * len(z)), ""]
    at = [[cells.get((column, row), -1) for column in across] for row in up]
    return across, up, [[values[n] for n in row] for row in at], [[written[n] for n in row] for row in at]


def _edges(axes: Axes, axis: str, values: list[Any]) -> list[float]:
    """Where the cells of a heatmap end: half-way between numbers; names stand in a row, and are written."""
    dates = _dates(values)
    if dates:
        from matplotlib.dates import date2num

        getattr(axes, f"{axis}axis").axis_date()
        values = [float(date2num(date)) for date in dates]  # type: ignore[no-untyped-call]
        axes.tick_params("x", labelrotation=30)
    if _is_numeric(values):
        between = [low / 2 + high / 2 for low, high in pairwise(values)]
        ends = (
            (2 * values[0] - between[0], 2 * values[-1] - between[-1])
            if between
            else (values[0] - 0.5, values[0] + 0.5)
        )
        return [ends[0], *between, ends[1]]
    if len(values) <= _MOST_TICKS:
        names = [text_of(str(value)) for value in values]
        steep = axis == "x" and sum(map(len, names)) > _LONG_TICKS
        size = 9 if len(names) <= 12 else 7
        places = [place + 0.5 for place in range(len(names))]
        getattr(axes, f"set_{axis}ticks")(places, names, fontsize=size, rotation=90 if steep else 0)
    return [float(place) for place in range(len(values) + 1)]


def _is_numeric(values: Sequence[Any]) -> bool:
    return bool(values) and all(isinstance(value, (int, float)) for value in values)


def _pie(axes: Axes, trace: Mapping[str, Any], bars: Bars) -> None:
    axes.pie(_numbers(_values(trace, "values")), labels=list(map(str, _values(trace, "labels"))) or None)


def _name(trace: Mapping[str, Any]) -> str | None:
    """What the legend calls a trace; None where it is not in it."""
    return text_of(trace.get("name")) or None if trace.get("showlegend", True) else None


def _values(trace: Mapping[str, Any], name: str) -> list[Any]:
    values = trace.get(name)
    return [] if values is None else list(values)


def _numbers(values: Any) -> list[float]:
    return [float("nan") if value is None else value for value in values]


def _one(value: Any, kind: Any) -> Any:
    """A value for the whole trace; None where each point has its own."""
    return value if isinstance(value, kind) else None


def _dates(values: Sequence[Any]) -> list[datetime] | None:
    """Plotly's moments are texts."""
    if not values or not all(isinstance(value, str) and _DATE.match(value) for value in values):
        return None
    try:
        return [datetime.fromisoformat(value[:26]) for value in values]
    except ValueError:
        return None


DRAW: dict[str, Callable[[Axes, Mapping[str, Any], Bars], None]] = {
    "bar": _bar,
    "heatmap": _heatmap,
    "histogram": _histogram,
    "parcoords": draw_parallel,
    "pie": _pie,
    "scatter": _scatter,
    "scattergl": _scatter,
}

"""Plotly's traces, each kind drawn onto matplotlib's axes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from .bars import Bars, draw_bars
from .frame import text_of, write_few
from .heatmaps import draw_heatmap
from .parallel import draw_parallel
from .read import dates_of, name_of, numbers_of, one_of, values_of
from .spread import draw_boxes, draw_density, draw_histogram, draw_violins

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST_SLICES = 40
_FEW_NAMES = 10  # that stand beside each other
_DASHES = {"dash": "--", "dot": ":", "dashdot": "-."}
_STEPS = {"hv": "steps-post", "vh": "steps-pre", "hvh": "steps-mid"}


def _scatter(axes: Axes, trace: Mapping[str, Any], bars: Bars) -> None:
    line, marker = trace.get("line", {}), trace.get("marker", {})
    x, up = values_of(trace, "x"), values_of(trace, "y")
    y: Any = dates_of(up) or numbers_of(up)
    mode = trace.get("mode") or "lines"
    dates = dates_of(x)
    if dates:
        axes.tick_params("x", labelrotation=30)
    places: Any = dates or numbers_of(x or range(len(y)))
    colour = one_of(line.get("color"), str) or one_of(marker.get("color"), str)
    for name in ("error_x", "error_y"):
        if "array" in (errors := trace.get(name, {})):
            after = numbers_of(errors["array"])
            reach: dict[str, Any] = {
                name.replace("error_", "") + "err": [numbers_of(errors.get("arrayminus", after)), after]
            }
            axes.errorbar(places, y, fmt="none", ecolor=colour, elinewidth=1, capsize=2, **reach)
    if group := trace.get("stackgroup"):
        if trace.get("groupnorm"):
            raise ValueError("areas as shares of all are computed by plotly alone")
        below, y = bars.upon(group, x, y)
        axes.fill_between(places, below, y, color=colour, alpha=0.5, linewidth=0)
    elif trace.get("fill") == "tozeroy":
        axes.fill_between(places, 0, y, color=colour, alpha=0.5, linewidth=0)
    axes.plot(
        places,
        y,
        linestyle=_DASHES.get(line.get("dash", ""), "-") if "lines" in mode else "",
        drawstyle=_STEPS.get(line.get("shape", ""), "default"),
        alpha=one_of(trace.get("opacity", marker.get("opacity")), (int, float)),
        linewidth=line.get("width", 2),
        color=colour,
        marker="o" if "markers" in mode else "",
        markersize=0.8 * (one_of(marker.get("size"), (int, float)) or 6),
        markeredgewidth=0,
        label=name_of(trace),
    )
    if not dates:
        write_few(axes, "x", _FEW_NAMES)


def _pie(axes: Axes, trace: Mapping[str, Any], bars: Bars) -> None:
    values, labels = numbers_of(values_of(trace, "values")), list(map(str, values_of(trace, "labels")))
    if len(values) > _MOST_SLICES:
        largest = sorted(zip(values, labels or [""] * len(values), strict=True), key=lambda of: -of[0])
        values, labels = map(list, zip(*largest[:_MOST_SLICES], strict=True))
        values.append(sum(value for value, _ in largest[_MOST_SLICES:]))
        labels.append(f"{len(largest) - _MOST_SLICES:,} others")
    axes.pie(values, labels=list(map(text_of, labels)) or None)


DRAW: dict[str, Callable[[Axes, Mapping[str, Any], Bars], None]] = {
    "bar": draw_bars,
    "box": draw_boxes,
    "heatmap": draw_heatmap,
    "histogram": draw_histogram,
    "histogram2d": draw_density,
    "parcoords": draw_parallel,
    "pie": _pie,
    "scatter": _scatter,
    "scattergl": _scatter,
    "violin": draw_violins,
}

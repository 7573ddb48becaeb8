"""The still picture of a plotly figure: drawn with matplotlib from the figure's own data, without a browser.

It covers the kinds of trace that people use most, on one pair of axes. A figure with another one has no still picture.
"""

from __future__ import annotations

import base64
import io
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from html import unescape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

_SIZE = (6.4, 4.4)
_MOST_TICKS = 30
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_DASHES = {"dash": "--", "dot": ":", "dashdot": "-."}


def still_picture(spec: Mapping[str, Any]) -> str | None:
    """The figure as a `data:` URI of an SVG; None where it can't be drawn."""
    data = _saved(spec, format="svg", metadata={"Date": None, "Creator": None})
    return None if data is None else "data:image/svg+xml;base64," + base64.b64encode(data).decode()


def still_png(spec: Mapping[str, Any]) -> bytes | None:
    """The figure as a PNG; None where it can't be drawn."""
    return _saved(spec, format="png", dpi=150)


def _saved(spec: Mapping[str, Any], **how: Any) -> bytes | None:
    from matplotlib import rc_context

    with rc_context({"svg.fonttype": "none", "font.family": "sans-serif", "svg.hashsalt": "jupyter_viz"}):
        canvas = _drawn(spec)
        if canvas is None:
            return None
        file = io.BytesIO()
        with warnings.catch_warnings():
            # The text stays text in an SVG: whoever looks at it has the font that draws it.
            warnings.filterwarnings("ignore", "Glyph .* missing from font")
            canvas.savefig(file, **how)
    return file.getvalue()


def _drawn(spec: Mapping[str, Any]) -> Canvas | None:
    traces, layout = spec["data"], spec.get("layout", {})
    kinds = {trace.get("type", "scatter") for trace in traces}
    several_axes = any(trace.get(f"{axis}axis", axis) != axis for trace in traces for axis in "xy")
    if not kinds <= _DRAW.keys() or several_axes or ("pie" in kinds and len(traces) > 1):
        return None
    # The object interface and a canvas of its own: the user's pyplot state and backend stay untouched.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    canvas = Figure(figsize=_SIZE, layout="constrained")
    FigureCanvasAgg(canvas)
    axes = canvas.add_subplot()
    bars = _Bars(traces, layout.get("barmode", "group"))
    for trace in traces:
        _DRAW[trace.get("type", "scatter")](axes, trace, bars)
    _dress(axes, layout)
    if layout.get("showlegend", len(traces) > 1) and axes.get_legend_handles_labels()[1]:
        axes.legend(fontsize=8, frameon=False)
    return canvas


class _Bars:
    """Where the bars of several traces stand: beside each other, or on those before."""

    def __init__(self, traces: Sequence[Mapping[str, Any]], mode: str) -> None:
        of_bars = [trace for trace in traces if trace.get("type") == "bar"]
        self._stacked = mode in ("stack", "relative")
        self.width = 0.8 / (1 if self._stacked else max(len(of_bars), 1))
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
        self._number += 1
        offset = (self._number - 0.5) * self.width - 0.4
        return [place + offset for place in at], [0.0] * len(at)


def _scatter(axes: Axes, trace: Mapping[str, Any], bars: _Bars) -> None:
    line, marker = trace.get("line", {}), trace.get("marker", {})
    x, y = _values(trace, "x"), _numbers(_values(trace, "y"))
    mode = trace.get("mode", "lines")
    dates = _dates(x)
    if dates:
        axes.tick_params("x", labelrotation=30)
    places: Any = dates or _numbers(x or range(len(y)))
    axes.plot(
        places,
        y,
        linestyle=_DASHES.get(line.get("dash", ""), "-") if "lines" in mode else "",
        linewidth=line.get("width", 2),
        color=_one(line.get("color"), str) or _one(marker.get("color"), str),
        marker="o" if "markers" in mode else "",
        markersize=_one(marker.get("size"), (int, float)) or 5,
        label=trace.get("name"),
    )


def _bar(axes: Axes, trace: Mapping[str, Any], bars: _Bars) -> None:
    flat = trace.get("orientation") == "h"
    places, heights = _values(trace, "y" if flat else "x"), _numbers(_values(trace, "x" if flat else "y"))
    centres, bottoms = bars.next(places, heights)
    about = {"color": _one(trace.get("marker", {}).get("color"), str), "label": trace.get("name")}
    ticks, names = list(bars.places.values()), list(map(str, bars.places))
    if flat:
        axes.barh(centres, heights, bars.width, left=bottoms, **about)
        axes.set_yticks(ticks, names)
    else:
        axes.bar(centres, heights, bars.width, bottom=bottoms, **about)
        axes.set_xticks(ticks, names)


def _histogram(axes: Axes, trace: Mapping[str, Any], bars: _Bars) -> None:
    flat = "x" not in trace
    values = [value for value in _values(trace, "y" if flat else "x") if value is not None]
    axes.hist(
        values,
        bins=trace.get("nbinsx") or "auto" if values and not isinstance(values[0], str) else None,
        orientation="horizontal" if flat else "vertical",
        alpha=0.8,
        label=trace.get("name"),
    )


def _heatmap(axes: Axes, trace: Mapping[str, Any], bars: _Bars) -> None:
    rows = [_numbers(row) for row in trace["z"]]
    mesh = axes.pcolormesh(rows, cmap="viridis")
    for name, values in (("x", _values(trace, "x")), ("y", _values(trace, "y"))):
        if values and len(values) <= _MOST_TICKS:
            getattr(axes, f"set_{name}ticks")([place + 0.5 for place in range(len(values))], list(map(str, values)))
    axes.figure.colorbar(mesh, ax=axes)


def _pie(axes: Axes, trace: Mapping[str, Any], bars: _Bars) -> None:
    axes.pie(_numbers(_values(trace, "values")), labels=list(map(str, _values(trace, "labels"))) or None)


_DRAW: dict[str, Callable[[Axes, Mapping[str, Any], _Bars], None]] = {
    "bar": _bar,
    "heatmap": _heatmap,
    "histogram": _histogram,
    "pie": _pie,
    "scatter": _scatter,
    "scattergl": _scatter,
}


def _dress(axes: Axes, layout: Mapping[str, Any]) -> None:
    axes.set_title(_text(layout.get("title")), loc="left", fontsize=11)
    for name, axis in (("xaxis", "x"), ("yaxis", "y")):
        about = layout.get(name, {})
        getattr(axes, f"set_{axis}label")(_text(about.get("title")))
        if about.get("autorange") == "reversed":
            getattr(axes, f"invert_{axis}axis")()
        if "range" in about:
            getattr(axes, f"set_{axis}lim")(*about["range"])
    for note in layout.get("annotations", ()):
        axes.text(
            note["x"],
            note["y"],
            _text(note["text"]),
            transform=axes.transAxes,
            ha=note.get("xanchor", "center"),
            va=note.get("yanchor", "center"),
            fontsize=note.get("font", {}).get("size", 12) * 0.8,
        )
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(alpha=0.25)


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


def _text(value: Any) -> str:
    """Plotly's text without its mini-HTML, and safe from matplotlib's own `$` for formulas."""
    text = value.get("text", "") if isinstance(value, Mapping) else value or ""
    return unescape(re.sub(r"<[^>]*>", "", text)).replace("$", r"\$")

"""The still picture of a figure: drawn with matplotlib from the figure's own data, without a browser.

It covers the kinds of trace the predefined recipes use. A figure with another one has no still picture; its table
remains.
"""

from __future__ import annotations

import base64
import io
import re
import warnings
from collections.abc import Callable, Mapping
from html import unescape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SIZE = (6.4, 4.4)
_DASHES = {"dash": "--", "dot": ":", "dashdot": "-."}


def still_picture(spec: Mapping[str, Any]) -> str | None:
    """The figure as a `data:` URI of an SVG; None where a trace is of a kind that can't be drawn."""
    if any(trace.get("type", "scatter") not in _DRAW for trace in spec["data"]):
        return None
    # The object interface and a canvas of its own: the user's pyplot state and backend stay untouched.
    from matplotlib import rc_context
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure as Canvas

    with rc_context({"svg.fonttype": "none", "font.family": "sans-serif", "svg.hashsalt": "jupyter_viz"}):
        canvas = Canvas(figsize=_SIZE, layout="constrained")
        FigureCanvasSVG(canvas)
        axes = canvas.add_subplot()
        for trace in spec["data"]:
            _DRAW[trace.get("type", "scatter")](axes, trace)
        _dress(axes, spec.get("layout", {}))
        file = io.BytesIO()
        with warnings.catch_warnings():
            # The text stays text in an SVG: whoever looks at it has the font that draws it.
            warnings.filterwarnings("ignore", "Glyph .* missing from font")
            canvas.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    return "data:image/svg+xml;base64," + base64.b64encode(file.getvalue()).decode()


def _scatter(axes: Axes, trace: Mapping[str, Any]) -> None:
    line, marker = trace.get("line", {}), trace.get("marker", {})
    mode = trace.get("mode", "lines")
    axes.plot(
        _numbers(trace["x"]),
        _numbers(trace["y"]),
        linestyle=_DASHES.get(line.get("dash", ""), "-") if "lines" in mode else "",
        linewidth=line.get("width", 2),
        color=line.get("color") or marker.get("color"),
        marker="o" if "markers" in mode else "",
        markersize=marker.get("size", 5),
        label=trace.get("name"),
    )


_DRAW: dict[str, Callable[[Axes, Mapping[str, Any]], None]] = {"scatter": _scatter}


def _dress(axes: Axes, layout: Mapping[str, Any]) -> None:
    axes.set_title(_text(layout.get("title")), loc="left", fontsize=11)
    for name, axis in (("xaxis", "x"), ("yaxis", "y")):
        about = layout.get(name, {})
        getattr(axes, f"set_{axis}label")(_text(about.get("title")))
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


def _numbers(values: Any) -> list[float]:
    return [float("nan") if value is None else value for value in values]


def _text(value: Any) -> str:
    """Plotly's text without its mini-HTML, and safe from matplotlib's own `$` for formulas."""
    text = value.get("text", "") if isinstance(value, Mapping) else value or ""
    return unescape(re.sub(r"<[^>]*>", "", text)).replace("$", r"\$")

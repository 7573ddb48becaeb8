"""The still picture of a plotly figure: drawn with matplotlib from the figure's own data, without a browser.

It covers the kinds of trace that people use most, on pairs of axes in rows and columns. A figure with any other has no
still picture.
"""

from __future__ import annotations

import base64
import io
import re
import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .arrays import decoded
from .bars import Bars
from .frame import draw_legend, dress
from .grid import cells, draw_common_legend, draw_title
from .traces import DRAW

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

_SIZE = (6.4, 4.4)
_TALLEST = 2000  # pixels of plotly's
_LARGEST_SVG = 25_000  # bytes; of so many parts a PNG is smaller
_LETTERS = 11  # of base64 for eight bytes
_MOST_PARTS = 4_000  # of an SVG: it would be too large in any case
_LARGEST_PNG = 27_000  # bytes; of noise that covers the plot half the pixels are enough
_COLOURS = 128
_TAGS = re.compile(r"<\w[^<>]*>")
_COORDINATES = re.compile(r' (?:d|x|y)="[^"]*"')
_DIGITS = re.compile(r"(\.\d\d)\d+")
# A group of markers of one style; `opacity` itself would make them transparent as one, not each.
_MARKERS = re.compile(
    r'<g([^>]*)>\s*<use [^>]*?( style="(?!opacity|[^"]*; opacity)[^"]*")/>(?:\s*<use [^>]*\2/>)+\s*</g>'
)


def still_picture(spec: Mapping[str, Any]) -> str | None:
    """The figure as a `data:` URI of an SVG, or of a PNG where it has thousands of parts; None if it can't be drawn."""
    if _parts(spec) <= _MOST_PARTS:
        data = _saved(spec, format="svg", metadata={"Date": None, "Creator": None})
        if data is None:
            return None
        if len(data := _compact(data.decode())) <= _LARGEST_SVG:
            return _uri("svg+xml", data)
    data = _saved(spec, format="png", dpi=100)
    if data is None:
        return None
    if len(data := _few_colours(data)) > _LARGEST_PNG:
        data = _few_colours(_saved(spec, format="png", dpi=72) or b"")
    return _uri("png", data)


def _uri(kind: str, data: bytes) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"


def _parts(spec: Mapping[str, Any]) -> int:
    """About how many points, bars or cells there are to draw, told without reading them."""
    return sum(max(_count(trace.get(name)) for name in "xyz") for trace in spec["data"])


def _count(values: Any) -> int:
    if isinstance(values, Mapping):  # an array in base64, of numbers of eight bytes at most
        return len(values.get("bdata", "")) // _LETTERS
    if not isinstance(values, Sequence) or not values:
        return 0
    return len(values) * (len(values[0]) if isinstance(values[0], (list, tuple)) else 1)


def _few_colours(png: bytes) -> bytes:
    """A PNG of a palette: a third of the bytes, and nobody sees it in a plot."""
    import PIL.Image

    file = io.BytesIO()
    with PIL.Image.open(io.BytesIO(png)) as image:
        palette = image.convert("RGB").quantize(_COLOURS, dither=PIL.Image.Dither.NONE)
        palette.save(file, "png", optimize=True)
    return file.getvalue()


def still_png(spec: Mapping[str, Any]) -> bytes | None:
    """The figure as a PNG; None where it can't be drawn."""
    return _saved(spec, format="png", dpi=150)


def _saved(spec: Mapping[str, Any], **how: Any) -> bytes | None:
    from matplotlib import rc_context

    file = io.BytesIO()
    with (
        rc_context({"svg.fonttype": "none", "font.family": "sans-serif", "svg.hashsalt": "jupyter_viz"}),
        warnings.catch_warnings(),
    ):
        # The text stays text in an SVG: whoever looks at it has the font that draws it.
        warnings.filterwarnings("ignore", "Glyph .* missing from font")
        warnings.simplefilter("ignore", RuntimeWarning)  # of numbers near the largest there is
        try:
            canvas = _drawn(decoded(spec, lists=True))
            if canvas is None:
                return None
            canvas.savefig(file, **how)
        # Numbers that are too large for matplotlib to find ticks, and whatever somebody's own figure may hold.
        except (ValueError, TypeError, ArithmeticError, LookupError, AttributeError):
            return None
    return file.getvalue()


def _compact(svg: str) -> bytes:
    """The same picture in less than half the characters: a notebook keeps it for ever."""
    # A hundredth of a point is less than anyone sees. Only in tags: texts keep their digits.
    svg = _TAGS.sub(lambda tag: _COORDINATES.sub(_shortened, tag[0]), svg)
    svg = _MARKERS.sub(lambda found: f"<g{found[1]}{found[2]}>{found[0].replace(found[2], '').partition('>')[2]}", svg)
    return re.sub(r">\s+<", "><", svg).encode()


def _shortened(coordinates: re.Match[str]) -> str:
    return _DIGITS.sub(r"\1", coordinates[0].replace("\n", ""))


def _drawn(spec: Mapping[str, Any]) -> Canvas | None:
    traces, layout = spec["data"], spec.get("layout", {})
    kinds = {trace.get("type", "scatter") for trace in traces}
    if not kinds <= DRAW.keys() or ("pie" in kinds and len(traces) > 1):
        return None
    parts = cells(traces, layout)
    across, down = (1 + max(place[at] for _, _, place in parts) for at in (1, 0)) if parts else (1, 1)
    if len({place for _, _, place in parts}) < len(parts):  # one upon the other, as a second axis at the right
        return None
    # The object interface and a canvas of its own: the user's pyplot state and backend stay untouched.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    width, height = _SIZE
    height = max(height, min(layout.get("height") or 0, _TALLEST) / 100)
    canvas = Figure(figsize=(width * (1.0, 1.4, 1.8)[min(across, 3) - 1], height), layout="constrained")
    FigureCanvasAgg(canvas)
    for mine, about, (row, column) in parts or [([], dict(layout), (0, 0))]:
        first = canvas.axes[0] if canvas.axes else None
        shared = {f"share{axis}": first for axis in "xy" if about[f"{axis}axis"].get("matches")} if parts else {}
        axes = canvas.add_subplot(down, across, row * across + column + 1, **shared)
        bars = Bars(mine, layout)
        for trace in mine:
            DRAW[trace.get("type", "scatter")](axes, trace, bars)
        alone = len(parts) < 2
        rows = draw_legend(axes, layout) if alone and layout.get("showlegend", len(traces) > 1) else 0
        dress(axes, layout if alone else about, above=rows)
    if len(parts) > 1:
        draw_title(canvas, layout)
        draw_common_legend(canvas)
    return canvas

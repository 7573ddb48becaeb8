"""The statistics of a table as one picture: drawn by Pillow, which takes a fifth of matplotlib's time."""

from __future__ import annotations

import io
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from .readable import one_line
from .table_profile import ColumnProfile, TableProfile

COLUMNS = 20
_ACROSS = 4
_WIDTH, _HEIGHT, _HEAD = 2.6, 1.7, 0.45  # inches
_INNER, _PLOT = 2.3, 0.85
_DPI = 110
_BAR, _EDGE, _INK, _GREY = "#0072B2", "#D9E6EE", "#222222", "#666666"


def drawn(title: str, profile: TableProfile) -> bytes:
    """A PNG with one small plot for each of the first 20 columns."""
    columns = profile.columns[:COLUMNS]
    across = max(1, min(_ACROSS, len(columns)))
    down = -(-len(columns) // across)
    width, height = max(across, 2) * _WIDTH, _HEAD + down * _HEIGHT
    canvas = Canvas(width, height)
    canvas.text(0.15, 0.27, one_line(title, int(width * 11)), size=10, bold=True)
    for position, column in enumerate(columns):
        _column(
            canvas, 0.15 + position % across * _WIDTH, _HEAD + position // across * _HEIGHT, column, profile.looked_at
        )
    return canvas.png()


class Canvas:
    """One sheet measured in inches from its upper left. Text stands on its `y`, or is centred on it."""

    def __init__(self, width: float, height: float) -> None:
        from PIL import Image, ImageDraw

        self._image = Image.new("RGB", (round(width * _DPI), round(height * _DPI)), "white")
        self._draw = ImageDraw.Draw(self._image)

    def text(
        self, x: float, y: float, text: str, size: float = 7, colour: str = _INK, anchor: str = "ls", bold: bool = False
    ) -> None:
        """`anchor` as in Pillow: l, m or r across; s (baseline) or m (middle) down."""
        self._draw.text((round(x * _DPI), round(y * _DPI)), text, colour, _font(size, bold), anchor)

    def box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        left, top = round(x * _DPI), round(y * _DPI)
        right, bottom = max(left, round((x + width) * _DPI) - 1), max(top, round((y + height) * _DPI) - 1)
        self._draw.rectangle((left, top, right, bottom), colour)

    def png(self) -> bytes:
        file = io.BytesIO()
        self._image.save(file, format="png", compress_level=4)
        return file.getvalue()


@cache
def _font(size: float, bold: bool) -> Any:
    """The font that comes with matplotlib, which knows more scripts than Pillow's own."""
    from PIL import ImageFont

    spec = find_spec("matplotlib")
    folder = Path(str(spec and spec.origin)).parent / "mpl-data" / "fonts" / "ttf"
    # Pillow 9 takes a text and a whole number.
    try:
        return ImageFont.truetype(str(folder / f"DejaVuSans{'-Bold' if bold else ''}.ttf"), round(size * _DPI / 72))
    except OSError:  # a distribution that keeps its fonts elsewhere
        return ImageFont.load_default()


def _column(canvas: Canvas, x: float, y: float, column: ColumnProfile, rows: int) -> None:
    canvas.text(x, y + 0.16, one_line(column.name, 34), size=8, bold=True)
    facts = [column.type]
    if column.nulls:
        facts.append(f"{column.nulls:,} missing")
    if column.infinite:
        facts.append(f"{column.infinite:,} infinite")
    if column.distinct is not None:
        facts.append(f"{column.distinct:,} distinct")
    canvas.text(x, y + 0.3, one_line(" · ".join(facts), 46), size=6.2, colour=_GREY)
    top = y + 0.4
    if column.top:
        _bars(canvas, x, top, column, rows)
    elif column.bins:
        _histogram(canvas, x, top, column)
    else:
        canvas.text(x, top + 0.3, _nothing(column), colour=_GREY)


def _histogram(canvas: Canvas, x: float, top: float, column: ColumnProfile) -> None:
    highest = max(column.bins) or 1
    step = _INNER / len(column.bins)
    canvas.box(x, top + _PLOT, _INNER, 0.008, _GREY)
    for position, count in enumerate(column.bins):
        # A bin that has anything is seen.
        height = max(_PLOT * count / highest, 0.012) if count else 0
        canvas.box(x + position * step, top + _PLOT - height, step * 0.92, height, _BAR)
    low, high = column.edges
    below = top + _PLOT + 0.13
    canvas.text(x, below, _label(low), size=6.2, colour=_GREY)
    canvas.text(x + _INNER, below, _label(high), size=6.2, colour=_GREY, anchor="rs")
    if column.clipped:
        canvas.text(x + _INNER / 2, below, "without the outer 1 %", size=5.6, colour=_GREY, anchor="ms")


def _bars(canvas: Canvas, x: float, top: float, column: ColumnProfile, rows: int) -> None:
    step = (_PLOT + 0.15) / max(len(column.top), 4)
    for position, (value, count) in enumerate(column.top):
        y = top + position * step
        canvas.box(x, y, _INNER, step * 0.86, _EDGE)
        canvas.box(x, y, max(_INNER * count / max(rows, 1), 0.015), step * 0.86, "#8FBFDD")
        middle = y + step * 0.45
        size = 6.2 if step > 0.14 else 5.4
        canvas.text(x + 0.04, middle, one_line(value, 30) or "(empty)", size=size, anchor="lm")
        canvas.text(x + _INNER - 0.04, middle, f"{count / max(rows, 1):.1%}", size=size, anchor="rm")


def _nothing(column: ColumnProfile) -> str:
    if column.group == "text" and column.distinct:
        return "each value once"
    return "no values" if column.distinct == 0 or column.group == "number" else "not drawn"


def _label(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else one_line(str(value), 22)

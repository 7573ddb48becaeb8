"""What stands around the drawn data: titles, ticks, legend, notes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import unescape
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from matplotlib.axes import Axes

T = TypeVar("T")
_MOST_TICKS = 40
_FEW_TICKS = 10


def draw_legend(axes: Axes, layout: Mapping[str, Any]) -> int:
    """Draws the legend; gives how many rows of it stand between the plot and its title."""
    names = axes.get_legend_handles_labels()[1]
    about = layout.get("legend", {})
    if not names:
        return 0
    if about.get("x", 0) > 1:
        axes.legend(fontsize=8, frameon=False, loc="upper left", bbox_to_anchor=(1.0, 1.0))
        return 0
    if about.get("orientation") != "h":
        axes.legend(fontsize=8, frameon=False)
        return 0
    wide = min(len(names), int(1 / about.get("entrywidth", 0.25)))
    place = (-0.02, 1.0)
    axes.legend(fontsize=8, frameon=False, ncols=wide, loc="lower left", bbox_to_anchor=place, borderaxespad=0.2)
    return -(-len(names) // wide)


def dress(axes: Axes, layout: Mapping[str, Any], above: int) -> None:
    """Titles, ranges, notes and grid.

    Args:
        above: Rows of the legend to leave room for below the title.
    """
    from matplotlib.ticker import MultipleLocator

    axes.set_title(text_of(layout.get("title")), loc="left", fontsize=11, pad=6 + 14 * above)
    for name, axis in (("xaxis", "x"), ("yaxis", "y")):
        about = layout.get(name, {})
        getattr(axes, f"set_{axis}label")(text_of(about.get("title")))
        log = about.get("type") == "log"
        if log:
            getattr(axes, f"set_{axis}scale")("log")
        if about.get("autorange") == "reversed":
            getattr(axes, f"invert_{axis}axis")()
        if "range" in about:
            # Of a logarithmic axis plotly has the exponents there.
            getattr(axes, f"set_{axis}lim")(*(10.0**end if log else end for end in about["range"]))
        if "dtick" in about and about.get("type") not in ("category", "log", "date"):
            getattr(axes, name).set_major_locator(MultipleLocator(about["dtick"]))
        format_ticks(getattr(axes, name), about)
        write_few(axes, axis, _MOST_TICKS)
    for note in layout.get("annotations", ()):
        axes.text(
            note["x"],
            note["y"],
            text_of(note["text"]),
            transform=axes.transAxes,
            ha=note.get("xanchor", "center"),
            va=note.get("yanchor", "center"),
            fontsize=note.get("font", {}).get("size", 12) * 0.8,
        )
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_axisbelow(True)
    axes.grid(alpha=0.25)


def few_of(names: Sequence[T]) -> Sequence[T]:
    """Ten of many names or places along an axis: nobody reads thousands, and each takes milliseconds to draw."""
    return names if len(names) <= _MOST_TICKS else _ten_of(names)


def write_few(axes: Axes, along: str, more_than: int) -> None:
    """Of more names than that along an axis write ten, aslant below it."""
    from matplotlib.category import StrCategoryLocator

    axis = axes.xaxis if along == "x" else axes.yaxis
    places = list(axis.get_majorticklocs())
    if len(places) > more_than and isinstance(axis.get_major_locator(), StrCategoryLocator):
        names = axis.get_major_formatter().format_ticks(places)
        about: Any = {"rotation": 30, "ha": "right"} if along == "x" else {}
        axis.set_ticks(_ten_of(places), [text_of(name) for name in _ten_of(names)], fontsize=8, **about)


def _ten_of(names: Sequence[T]) -> Sequence[T]:
    return names[:: -(-len(names) // _FEW_TICKS)]


def format_ticks(axis: Any, about: Mapping[str, Any]) -> None:
    """Ticks as percentages or with thousands set apart, where the figure asks for that."""
    from matplotlib.ticker import PercentFormatter

    wanted = str(about.get("tickformat", ""))
    if wanted.endswith("%"):
        axis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    elif wanted == ",":
        axis.set_major_formatter("{x:,g}")


def text_of(value: Any) -> str:
    """Plotly's text without its mini-HTML, and safe from matplotlib's own `$` for formulas."""
    text = value.get("text", "") if isinstance(value, Mapping) else value or ""
    return unescape(re.sub(r"<[^>]*>", "", re.sub(r"<br\s*/?>", "\n", text))).replace("$", r"\$")

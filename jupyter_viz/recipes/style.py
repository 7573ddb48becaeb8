"""One look for all figures: colours that colour-blind people can tell apart, numbers formatted for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

# Okabe and Ito, "Color Universal Design" (2008), in an order in which neighbours differ most.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442", "#000000")
GREY = "#888888"
# Few to many: light to dark, which a grey print keeps too.
SEQUENTIAL = ((0.0, "#F2F7FB"), (0.5, "#5BA3CF"), (1.0, "#08306B"))
# From -1 to 1: blue and vermilion of the same palette, white for 0.
DIVERGING = ((0.0, "#0072B2"), (0.5, "#FFFFFF"), (1.0, "#D55E00"))
SIGNIFICANT = 6
# Not in the middle of the margin, where a legend of two rows would meet it.
_AT_THE_TOP = {"y": 1, "yref": "container", "yanchor": "top", "pad": {"t": 12}}


def layout(title: str, x: str, y: str, **more: Any) -> dict[str, Any]:
    """A plotly layout: title, axis titles, room for both, nothing that hides data."""
    return {
        "title": {"text": plain(title), "font": {"size": 15}, "x": 0.02, "xanchor": "left", **_AT_THE_TOP},
        "xaxis": {"title": {"text": plain(x)}, "automargin": True, "zeroline": False},
        # Without a standoff plotly puts the title among the names of a category axis.
        "yaxis": {"title": {"text": plain(y), "standoff": 8}, "automargin": True, "zeroline": False},
        "margin": {"l": 56, "r": 16, "t": 44, "b": 48},
        "colorway": list(COLOURS),
        "showlegend": False,
        "hovermode": "closest",
        "font": {"family": "system-ui, sans-serif", "size": 12},
        **more,
    }


def legend_above(entries_per_row: int = 4) -> dict[str, Any]:
    """What a layout needs for a legend between title and plot, where it covers no data."""
    return {
        "showlegend": True,
        "legend": {
            "orientation": "h",
            "x": 0,
            "y": 1.02,
            "xanchor": "left",
            "yanchor": "bottom",
            "entrywidthmode": "fraction",
            "entrywidth": 0.96 / entries_per_row,
        },
        "margin": {"l": 56, "r": 16, "t": 88, "b": 48},
    }


def plain(text: str) -> str:
    """Text as plotly shows it literally: its own mini-HTML (`<b>`, `<a href>`) is switched off."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unplain(text: str) -> str:
    """What `plain` was made of."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def corner(text: str, *, x: float = 0.98, y: float = 0.04) -> dict[str, Any]:
    """The headline number as an annotation in a corner of the plot."""
    return {
        "text": plain(text),
        "xref": "paper",
        "yref": "paper",
        "x": x,
        "y": y,
        "xanchor": "right",
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"size": 16},
    }


def rounded(values: Iterable[float]) -> list[float | None]:
    """Numbers for a figure: six significant digits, None for what JSON can't hold."""
    # Written out in one line: a curve has thousands of numbers. What is not finite is not zero when taken from itself.
    return [float(f"{value:.{SIGNIFICANT}g}") if value - value == 0 else None for value in map(float, values)]


def short(value: Any, longest: int = 40) -> str:
    """A value or name for a title: cut where it is long."""
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def labels(values: Sequence[Any], longest: int = 24) -> list[str]:
    """Values for the ticks of an axis or a legend: short, unless two of them would look the same."""
    cut = [short(value, longest) for value in values]
    return [plain(text) for text in (cut if len(set(cut)) == len(cut) else map(str, values))]


def reference_line(name: str, x: list[Any], y: list[Any]) -> dict[str, Any]:
    """What a plot is to be compared with, as a dashed grey line."""
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": x,
        "y": y,
        "line": {"color": GREY, "width": 1, "dash": "dash"},
        "hoverinfo": "skip",
    }


def left_out(some: int, rows: int, lacking: str, noun: str = "rows") -> str | None:
    """The sentence about rows that could not be used; None where all were."""
    return f"{some:,} of {rows:,} {noun} have no {lacking} and are left out." if some else None


def note_of(*sentences: str | None) -> str | None:
    """Sentences as one note, without those that are None."""
    return " ".join(sentence for sentence in sentences if sentence) or None

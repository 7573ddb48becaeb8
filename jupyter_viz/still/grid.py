"""A figure with several pairs of axes, which stand in rows and columns: one matplotlib pair for each of plotly's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .frame import text_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

Cell = tuple[list[Mapping[str, Any]], dict[str, Any], tuple[int, int]]
"""Traces, layout with one pair of axes, (row, column)."""


def cells(traces: Sequence[Mapping[str, Any]], layout: Mapping[str, Any]) -> list[Cell]:
    """The parts of a figure, each as a figure with one pair of axes. The label above a part is its title."""
    pairs = list(dict.fromkeys((trace.get("xaxis", "x"), trace.get("yaxis", "y")) for trace in traces))
    domains = {pair: tuple(_domain(layout, name) for name in pair) for pair in pairs}
    lefts = sorted({x[0] for x, _ in domains.values()})
    tops = sorted({y[1] for _, y in domains.values()}, reverse=True)
    found: list[Cell] = []
    for pair in pairs:
        x, y = domains[pair]
        mine = [trace for trace in traces if (trace.get("xaxis", "x"), trace.get("yaxis", "y")) == pair]
        notes = list(_inside(layout.get("annotations", ()), x, y))
        title = next((note["text"] for note in notes if note["y"] >= 1 and note.get("yanchor") == "bottom"), "")
        about = {name: value for name, value in layout.items() if not name.startswith(("xaxis", "yaxis"))}
        about |= {
            "title": {"text": title},
            "xaxis": layout.get(_long(pair[0]), {}),
            "yaxis": layout.get(_long(pair[1]), {}),
            "annotations": [note for note in notes if note["y"] < 1],
        }
        found.append((mine, about, (tops.index(y[1]), lefts.index(x[0]))))
    return found


def draw_title(canvas: Canvas, layout: Mapping[str, Any]) -> None:
    canvas.suptitle(text_of(layout.get("title")), x=0.02, ha="left", fontsize=12)


def draw_common_legend(canvas: Canvas) -> None:
    """One legend of what the parts have in common, below all of them."""
    known: dict[str, Any] = {}
    for axes in canvas.axes:
        for handle, name in zip(*axes.get_legend_handles_labels(), strict=True):
            known.setdefault(name, handle)
    if known:
        canvas.legend(known.values(), known.keys(), loc="outside lower left", ncols=4, fontsize=8, frameon=False)


def _long(axis: str) -> str:
    """`x2` as a layout has it: `xaxis2`."""
    return f"{axis[0]}axis{axis[1:]}"


def _domain(layout: Mapping[str, Any], axis: str) -> tuple[float, float]:
    low, high = layout.get(_long(axis), {}).get("domain", (0, 1))
    return low, high


def _inside(
    notes: Sequence[Mapping[str, Any]], x: tuple[float, float], y: tuple[float, float]
) -> Iterator[dict[str, Any]]:
    """The notes of one part, placed in it rather than in the whole."""
    for note in notes:
        if x[0] <= note["x"] <= x[1] and y[0] <= note["y"] <= y[1]:
            yield {**note, "x": (note["x"] - x[0]) / (x[1] - x[0]), "y": (note["y"] - y[0]) / (y[1] - y[0])}

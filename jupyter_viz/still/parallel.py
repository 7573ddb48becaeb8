"""Parallel coordinates, drawn onto matplotlib's axes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .frame import text_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_TICKS = 5


def draw_parallel(axes: Axes, trace: Mapping[str, Any], _: object) -> None:
    """Each line over axes that reach from 0 to 1 here, with their own ticks written beside them."""
    import numpy as np
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import LinearSegmentedColormap, Normalize
    from matplotlib.ticker import MaxNLocator

    line, dimensions = trace.get("line", {}), trace.get("dimensions", [])
    colours = [float(value) for value in line.get("color", [])]
    scale = LinearSegmentedColormap.from_list("", line.get("colorscale", [[0, "#C6DBEF"], [1, "#08306B"]]))
    mapped = ScalarMappable(
        Normalize(min(colours), max(colours)), scale.reversed() if line.get("reversescale") else scale
    )
    heights = []
    for at, about in enumerate(dimensions):
        values = [float(value) for value in about["values"]]
        low, high = about.get("range") or (min(values), max(values))
        size = (high - low) or 1.0
        heights.append([(value - low) / size if high > low else 0.5 for value in values])
        axes.axvline(at, color="#444444", linewidth=1)
        round_ones = [place for place in MaxNLocator(_TICKS).tick_values(low, high) if low <= place <= high]
        places = about.get("tickvals") or round_ones
        for place, text in zip(places, about.get("ticktext") or [f"{place:.4g}" for place in places], strict=True):
            height = (place - low) / size if high > low else 0.5
            axes.text(at + 0.02, height, text_of(str(text)), fontsize=7, va="center", in_layout=False)
    for row, colour in zip(zip(*heights, strict=True), mapped.to_rgba(np.array(colours)), strict=True):
        axes.plot(range(len(dimensions)), row, color=colour, linewidth=1.2, alpha=0.8)
    axes.set_xticks(range(len(dimensions)), [text_of(about.get("label", "")) for about in dimensions], fontsize=8)
    axes.xaxis.tick_top()
    axes.set_yticks([])
    axes.set_xlim(-0.1, len(dimensions) - 0.7)
    axes.set_ylim(-0.03, 1.03)
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.figure.colorbar(mapped, ax=axes, label=text_of(line.get("colorbar", {}).get("title")))

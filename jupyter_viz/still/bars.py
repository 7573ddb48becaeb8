"""Bars, and where those of several traces stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .frame import few_of, text_of
from .read import dates_of, is_flat, name_of, numbers_of, one_of, values_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST_BARS = 200
LONG_TICKS = 60  # characters of all labels of an x-axis that still fit beside each other
_MODES = {"bar": ("barmode", "group"), "box": ("boxmode", "overlay"), "violin": ("violinmode", "overlay")}
"""Of each kind: which word of the layout tells how several stand, and how they do without it."""
_DAY = 86_400_000  # milliseconds, plotly's unit of dates


class Bars:
    """Where the bars, boxes and violins of several traces stand: beside each other, or on those before."""

    def __init__(self, traces: Sequence[Mapping[str, Any]], layout: Mapping[str, Any]) -> None:
        standing = [trace for trace in traces if trace.get("type") in _MODES]
        name, usual = _MODES[standing[0]["type"]] if standing else ("", "")
        mode = layout.get(name, usual)
        self._stacked, self._beside = mode in ("stack", "relative"), mode == "group"
        self.width = 0.8 / (max(len(standing), 1) if self._beside else 1)
        self.places: dict[Any, int] = {}
        for trace in standing:
            for place in self.places_of(trace):
                self.places.setdefault(place, len(self.places))
        self._number = 0
        self._tops = [0.0] * len(self.places)
        self._areas: dict[str, tuple[Sequence[Any], list[float]]] = {}

    def upon(self, group: str, x: Sequence[Any], heights: Sequence[float]) -> tuple[list[float], list[float]]:
        """(lower edge, upper edge) of an area that stands on those before. Raises `ValueError` over other places."""
        places, below = self._areas.get(group, (x, [0.0] * len(x)))
        if list(places) != list(x):
            raise ValueError("areas over other places are put between them by plotly alone")
        above = [low + height for low, height in zip(below, heights, strict=True)]
        self._areas[group] = x, above
        return below, above

    def places_of(self, trace: Mapping[str, Any]) -> list[Any]:
        """Of each value, or one of all."""
        return values_of(trace, "y" if is_flat(trace) else "x") or [trace.get("name") or ""]

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


def draw_bars(axes: Axes, trace: Mapping[str, Any], bars: Bars) -> None:
    flat = is_flat(trace)
    places, heights = values_of(trace, "y" if flat else "x"), numbers_of(values_of(trace, "x" if flat else "y"))
    marker = trace.get("marker", {})
    about = {
        "color": _bar_colours(marker.get("color")),
        "label": name_of(trace),
        "alpha": one_of(marker.get("opacity"), float),
    }
    if "width" in trace and not flat:  # the bins of a histogram, where they are
        dates = dates_of(places)
        if dates:
            axes.tick_params("x", labelrotation=30)
        unit = _DAY if dates else 1.0
        at: Any = dates or numbers_of(places)
        axes.bar(at, heights, [width / unit for width in numbers_of(trace["width"])], **about)
        return
    centres, bottoms = bars.next(places, heights)
    if len(centres) > _MOST_BARS:
        _draw_at_once(axes, centres, bottoms, heights, bars.width, flat, about)
    elif flat:
        axes.barh(centres, heights, bars.width, left=bottoms, **about)
    else:
        axes.bar(centres, heights, bars.width, bottom=bottoms, **about)
    write_places(axes, bars, flat)


def write_places(axes: Axes, bars: Bars, flat: bool) -> None:
    """What the bars are called, along their axis."""
    ticks, names = few_of(list(bars.places.values())), [text_of(str(place)) for place in few_of([*bars.places])]
    if flat:
        room = 50 * axes.figure.bbox.height / axes.figure.dpi
        axes.set_yticks(ticks, names, fontsize=min(10.0, room / max(len(names), 1)))
    else:
        aslant: Any = {"rotation": 30, "ha": "right", "fontsize": 8} if sum(map(len, names)) > LONG_TICKS else {}
        axes.set_xticks(ticks, names, **aslant)


def _draw_at_once(
    axes: Axes,
    centres: Sequence[float],
    bottoms: Sequence[float],
    heights: Sequence[float],
    width: float,
    flat: bool,
    about: Mapping[str, Any],
) -> None:
    """Bars as one thing: each by itself takes some milliseconds."""
    import numpy as np
    from matplotlib.collections import PolyCollection

    left, low = np.array(centres) - width / 2, np.array(bottoms)
    corners = [(left, low), (left, low + heights), (left + width, low + heights), (left + width, low)]
    bars = PolyCollection(list(np.stack([np.stack(corner[::-1] if flat else corner, 1) for corner in corners], 1)))
    bars.set(facecolor=about["color"] or "C0", alpha=about["alpha"], label=about["label"])
    (bars.sticky_edges.x if flat else bars.sticky_edges.y).append(0.0)
    axes.add_collection(bars)
    axes.autoscale_view()


def _bar_colours(colours: Any) -> Any:
    """One for all, or a list of one for each; numbers on a scale are not drawn."""
    of_each = isinstance(colours, (list, tuple)) and all(isinstance(colour, str) for colour in colours)
    return list(colours) if of_each else one_of(colours, str)

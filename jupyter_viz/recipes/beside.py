"""Figures beside each other in one: the same axes, the same colours, one legend."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .style import plain, short

_ROW = 300  # pixels
_GAP = 0.07  # between two columns, as a share of the width
_BETWEEN = 84  # pixels between two rows: titles of axes, and the label of the next
_LINE = 17  # pixels of a second line of labels


def beside(labels: Sequence[str], specs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One plotly figure of several with one pair of axes each.

    Axes that have numbers have the same range, heatmaps the same scale. Each is labelled above; what its legend says of
    it alone stands there too.
    """
    columns = 1 if len(specs) == 1 else 2 if len(specs) <= 4 else 3
    rows = math.ceil(len(specs) / columns)
    shared = _in_all(specs)
    owns = [_own_names(spec, shared) for spec in specs]
    more = _LINE if any(owns) else 0
    between = _BETWEEN + more
    height = rows * (_ROW + between)
    traces: list[dict[str, Any]] = []
    first = specs[0]["layout"]
    whole = {name: value for name, value in first.items() if name in ("title", "colorway", "font", "barmode", "bargap")}
    whole |= {"hovermode": "closest", "annotations": [], "height": height + 60 + more}
    known: set[str] = set()
    for at, (label, spec) in enumerate(zip(labels, specs, strict=True)):
        row, column = divmod(at, columns)
        x = _part(column, columns, _GAP)
        y = tuple(1 - end for end in reversed(_part(row, rows, between / height)))
        number = "" if at == 0 else str(at + 1)
        for trace in spec["data"]:
            name = trace.get("name")
            in_legend = name in shared and name not in known and trace.get("showlegend", True)
            known |= {name} if name else set()
            placed = {**trace, "xaxis": f"x{number}", "yaxis": f"y{number}", "showlegend": bool(in_legend)}
            traces.append(placed | ({"legendgroup": name} if name in shared else {}))
        about = spec["layout"]
        lowest = at + columns >= len(specs)
        whole[f"xaxis{number}"] = _axis(about.get("xaxis", {}), x, f"y{number}", lowest)
        whole[f"yaxis{number}"] = _axis(about.get("yaxis", {}), y, f"x{number}", column == 0)
        whole["annotations"].append(_label(plain(short(label)), owns[at], x[0], y[1]))
        whole["annotations"] += [_moved(note, x, y) for note in about.get("annotations", ())]
    for name in ("xaxis", "yaxis"):
        _share(whole, [f"{name}{'' if at == 0 else at + 1}" for at in range(len(specs))])
    _share_scale(traces)
    legend = any(trace["showlegend"] for trace in traces)
    whole |= {"showlegend": legend, "margin": {"l": 56, "r": 16, "t": (96 if legend else 72) + more, "b": 48}}
    if legend:
        lift = 1 + (26 + more) / height
        whole["legend"] = {"orientation": "h", "x": 0, "y": lift, "xanchor": "left", "yanchor": "bottom"}
    return {"data": traces, "layout": whole}


def _part(at: int, of: int, gap: float) -> tuple[float, float]:
    """Where the part number `at` of a line from 0 to 1 begins and ends."""
    size = (1 - gap * (of - 1)) / of
    return round(at * (size + gap), 4), round(at * (size + gap) + size, 4)


def _axis(about: Mapping[str, Any], domain: tuple[float, ...], anchor: str, titled: bool) -> dict[str, Any]:
    axis = {name: value for name, value in about.items() if titled or name != "title"}
    return {**axis, "domain": list(domain), "anchor": anchor}


def _own_names(spec: Mapping[str, Any], shared: set[str]) -> list[str]:
    """What its legend says of a figure alone."""
    named = (trace["name"] for trace in spec["data"] if trace.get("name") and trace.get("showlegend", True))
    return [name for name in named if name not in shared][:2]


def _label(text: str, own: Sequence[str], x: float, y: float) -> dict[str, Any]:
    if own:  # a line of its own: beside the label it would reach into the next figure's
        text += f'<br><span style="font-size:10px">{" · ".join(own)}</span>'
    place = {"x": x, "y": y, "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom"}
    return {"text": text, "align": "left", "showarrow": False, "font": {"size": 13}, **place}


def _moved(note: Mapping[str, Any], x: tuple[float, ...], y: tuple[float, ...]) -> dict[str, Any]:
    """A note in the corner of a plot, in the corner of its part of the whole."""
    return {**note, "x": x[0] + note["x"] * (x[1] - x[0]), "y": y[0] + note["y"] * (y[1] - y[0])}


def _in_all(specs: Sequence[Mapping[str, Any]]) -> set[str]:
    """The names that the legends of all figures have."""
    names = [{trace["name"] for trace in spec["data"] if trace.get("name")} for spec in specs]
    return set.intersection(*names)


def _share(whole: dict[str, Any], names: Sequence[str]) -> None:
    """Give axes of numbers one range: the widest of those that are set, or plotly's own of all that is drawn."""
    axes = [whole[name] for name in names]
    if any(axis.get("type") in ("category", "date") for axis in axes):
        return
    ranges = [axis["range"] for axis in axes if axis.get("range")]
    if len(ranges) == len(axes):
        low, high = min(each[0] for each in ranges), max(each[1] for each in ranges)
        for axis in axes:
            axis["range"] = [low, high]
    for axis in axes[1:]:
        axis["matches"] = names[0].replace("axis", "")


def _share_scale(traces: Iterable[dict[str, Any]]) -> None:
    """Give heatmaps one scale, drawn once."""
    maps = [trace for trace in traces if trace.get("type") == "heatmap"]
    values = [value for trace in maps for value in _flat(trace.get("z", ())) if value is not None]
    low = min((trace["zmin"] for trace in maps if "zmin" in trace), default=min(values, default=0))
    high = max((trace["zmax"] for trace in maps if "zmax" in trace), default=max(values, default=1))
    for at, trace in enumerate(maps):
        trace |= {"showscale": at == 0, "zmin": low, "zmax": high}


def _flat(values: Any) -> Iterable[Any]:
    for value in values:
        yield from value if isinstance(value, (list, tuple)) else (value,)

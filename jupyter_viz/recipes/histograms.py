"""A histogram of numbers or dates, counted where the data is."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..errors import InvalidArgument
from ..views import Figure, FigureColumn
from .axes import (
    OTHER,
    Axis,
    Groups,
    axis_of,
    called,
    group_of,
    groups_of,
    left_out,
    legend_of,
    names_of,
    only_row,
)
from .base import Table
from .behind import in_bin, in_group
from .bins import bin_of
from .edges import round_edges
from .exact import moments
from .style import COLOURS, GREY, layout, note_of, rounded, short
from .tabled import tabled

if TYPE_CHECKING:
    import pandas as pd

_FEW = 20


@dataclass(frozen=True, slots=True)
class _Bins:
    """Attributes:
    groups: The groups' values; None for the rest of them, and for all rows where there are no groups.
    counts: For each group how many rows are in each bin.
    """

    axis: Axis
    edges: list[float]
    groups: list[str | None]
    counts: list[list[int]]


def histogram_of_numbers(source: Table, column: str, by: str | None, most: int, log: bool) -> Figure:
    axis = axis_of(source, column, "column")
    rows = source.select(x=axis.values, infinite=axis.infinite, **({"group": group_of(source, by)} if by else {}))
    present = rows.x.notnull() & rows.group.notnull() if by else rows.x.notnull()
    every, kept, infinite, missing = only_row(
        rows.aggregate(
            every=rows.count(),
            kept=rows.count(where=present),
            infinite=rows.infinite.sum(),
            missing=rows.count(where=rows.x.isnull() & ~rows.infinite),
        )
    )
    if not kept:
        raise InvalidArgument(f"Nothing to draw: no row has a value of {column!r}{f' and of {by!r}' if by else ''}.")
    drawn = rows.filter(present)
    about = moments(drawn, ["x"])["x"]
    low, high = about.least, about.most
    if math.isinf(high - low):
        raise InvalidArgument(f"Column {column!r} reaches from {low:g} to {high:g}, too far to be divided into bins.")
    groups = groups_of(drawn) if by else None
    bins = _counted(drawn, axis, round_edges(low, high, most, whole=axis.whole, time=axis.time), groups)
    spread = {"std": about.std * math.sqrt(kept / (kept - 1))} if kept > 1 else {}  # of a sample, as pandas has it
    numbers = {} if axis.time else {"mean": about.mean, **spread, "min": low, "max": high}
    what = f"{short(column)} by {short(by)}" if by else short(column)
    spec, columns = _drawn(bins, what, short(column), log)
    return Figure(
        title=f"Histogram of {what}",
        alt=_alt(bins, what, kept, about.mean),
        spec=spec,
        columns=columns,
        data=_data(bins),
        metrics={"rows": every, "missing": missing} | numbers,
        note=note_of(
            left_out(every, kept, infinite, f"{column} or {by}" if by else column),
            groups.note(by) if groups and by else None,
        ),
        rows=[
            in_bin(column, axis, bins.edges, "point"),
            *([in_group(by, source[by].type(), bins.groups, "curve")] if by and groups else []),
        ],
    )


def _counted(rows: Table, axis: Axis, edges: list[float], groups: Groups | None) -> _Bins:
    place = bin_of(rows.x, edges, closed="left")
    if groups is None:
        found = rows.group_by(place=place).aggregate(n=lambda of: of.count()).mutate(group=None)
    else:
        found = rows.group_by(place=place, group=groups.of(rows.group)).aggregate(n=lambda of: of.count())
    named: list[str | None] = [*groups.kept] if groups else []
    named += [None] if groups is None or groups.rest else []
    counts = [[0] * (len(edges) - 1) for _ in named]
    for cell in found.to_pyarrow().to_pylist():
        counts[named.index(cell["group"])][cell["place"]] = cell["n"]
    return _Bins(axis, edges, named, counts)


def _drawn(bins: _Bins, what: str, name: str, log: bool) -> tuple[dict[str, Any], tuple[FigureColumn, ...]]:
    several = len(bins.groups) > 1
    drawn = bins.axis.drawn(bins.edges)
    kind = "time" if bins.axis.time else "number"
    repeated = [OTHER if group is None else group for group in bins.groups for _ in drawn[1:]]
    added, columns = tabled(
        *([("group", "text", repeated)] if several else []),
        ("from", kind, drawn[:-1] * len(bins.groups)),
        ("to", kind, drawn[1:] * len(bins.groups)),
        ("rows", "number", [n for counts in bins.counts for n in counts]),
    )
    names = names_of(bins.groups)
    about = layout(f"Histogram of {what}", name, "rows", **added) | (legend_of(names) if several else {"bargap": 0})
    if bins.axis.whole and len(drawn) <= _FEW and bins.edges[1] - bins.edges[0] == 1:
        about["xaxis"] |= {"dtick": 1}  # a label under the middle of each bar, none between two
    about["yaxis"] |= {"type": "log", "dtick": 1} if log else {"rangemode": "tozero"}
    return {"data": _outlines(bins, drawn, names) if several else [_bars(bins, drawn)], "layout": about}, columns


def _bars(bins: _Bins, drawn: list[Any]) -> dict[str, Any]:
    pairs = list(zip(bins.edges, bins.edges[1:], strict=False))
    unit = 1000 if bins.axis.time else 1  # plotly's widths are milliseconds where its axis is one of dates
    return {
        "type": "bar",
        "x": bins.axis.drawn((low + high) / 2 for low, high in pairs),
        "y": bins.counts[0],
        "width": rounded((high - low) * unit for low, high in pairs),
        "customdata": [list(pair) for pair in itertools.pairwise(drawn)],
        "marker": {"color": COLOURS[0], "line": {"color": "#ffffff", "width": 0.5}},
        "hovertemplate": "%{customdata[0]} to %{customdata[1]}<br>%{y:,} rows<extra></extra>",
    }


def _outlines(bins: _Bins, drawn: list[Any], names: list[str]) -> list[dict[str, Any]]:
    """Not bars: the shapes of bars on top of each other can't be compared, bars beside each other not be read."""
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "name": name,
            "x": drawn,
            "y": [*counts, counts[-1]],
            "line": {"shape": "hv", "color": GREY if group is None else COLOURS[place], "width": 2},
            "hovertemplate": "from %{x}<br>%{y:,} rows",
        }
        for place, (name, group, counts) in enumerate(zip(names, bins.groups, bins.counts, strict=True))
    ]


def _alt(bins: _Bins, what: str, kept: int, mean: float) -> str:
    said = bins.axis.said
    totals = [sum(of_bin) for of_bin in zip(*bins.counts, strict=True)]
    most = totals.index(max(totals))
    text = f"Histogram of {what}: {kept:,} rows from {said(bins.edges[0])} to {said(bins.edges[-1])}, on average "
    text += f"{said(mean)}; most, {totals[most]:,}, from {said(bins.edges[most])} to {said(bins.edges[most + 1])}."
    if len(bins.groups) == 1:
        return text
    groups = zip(bins.groups, bins.counts, strict=True)
    sizes = [f"{called(group)} {sum(counts):,}" for group, counts in groups]
    return f"{text} Rows by group: {', '.join(sizes)}."


def _data(bins: _Bins) -> pd.DataFrame:
    import pandas as pd

    frames = [
        pd.DataFrame(
            {
                "group": OTHER if group is None else group,
                "from": bins.axis.exact(bins.edges[:-1]),
                "to": bins.axis.exact(bins.edges[1:]),
                "rows": counts,
            }
        )
        for group, counts in zip(bins.groups, bins.counts, strict=True)
    ]
    return pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0].drop(columns="group")

"""Points in a plane; many of them as counts of cells."""

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
    axis_of,
    group_of,
    groups_of,
    left_out,
    legend_of,
    names_of,
    only_row,
    raw_names,
    settled,
)
from .base import Table
from .behind import in_bin, in_group, near, not_missing
from .bins import bin_of
from .edges import round_edges
from .moments import pearson, scaled
from .style import COLOURS, GREY, layout, note_of, rounded, short
from .tabled import of_traces, tabled

if TYPE_CHECKING:
    import pandas as pd

# Of more, a plot would not be one that a notebook can hold.
_MOST_POINTS = 1200
_MOST_CELLS = 32  # along an axis
# One row must show on white: the lightest is no near-white.
_COUNTS = [[0.0, "#C6DBEF"], [0.5, "#4A90C4"], [1.0, "#08306B"]]


@dataclass(frozen=True, slots=True)
class _Plane:
    x: str
    y: str
    across: Axis
    up: Axis
    title: str


def scatter_of(source: Table, x: str, y: str, by: str | None) -> Figure:
    across, up = axis_of(source, x, "x"), axis_of(source, y, "y")
    chosen = {"x": across.values, "y": up.values, "infinite": across.infinite | up.infinite}
    rows = source.select(**chosen, **({"group": group_of(source, by)} if by else {}))
    every, infinite = only_row(rows.aggregate(every=rows.count(), infinite=rows.infinite.sum()))
    drawn = rows.filter(rows.x.notnull(), rows.y.notnull(), *([rows.group.notnull()] if by else []))
    kept, left, right, bottom, top = only_row(
        drawn.aggregate(kept=drawn.count(), l=drawn.x.min(), r=drawn.x.max(), b=drawn.y.min(), t=drawn.y.max())
    )
    if not kept:
        needed = f"{x!r} and {y!r}{f' and {by!r}' if by else ''}"
        raise InvalidArgument(f"Nothing to draw: no row has finite values of {needed}.")
    ends = {"x": (left, right), "y": (bottom, top)}
    r = None
    if left < right and bottom < top:
        r = settled(float(pearson(scaled(drawn, ends), ["x", "y"])[0, 1]))
    plane = _Plane(x, y, across, up, f"{short(y)} against {short(x)}")
    missing = left_out(every, kept, infinite, f"{x} or {y}{f' or {by}' if by else ''}")
    extent = f"{short(x)} from {across.said(left)} to {across.said(right)}, "
    extent += f"{short(y)} from {up.said(bottom)} to {up.said(top)}"
    said = f"Scatter plot of {plane.title}: {kept:,} rows, {extent}; "
    said += "no correlation is defined, for one of them has one value only." if r is None else f"correlation {r:.3f}."
    metrics = {"rows": kept} | ({} if r is None else {"correlation": r})
    if kept > _MOST_POINTS:
        for name, (low, high) in ends.items():
            if math.isinf(high - low):
                raise InvalidArgument(f"Argument {name!r}: its values are too far apart to be divided into cells.")
        edges = _edges(plane, ends)
        spec, columns, table = _cells(drawn, plane, edges)
        said += f" The fullest of {len(table):,} cells holds {int(table.rows.max()):,} rows."
        colour = " and no groups" if by else ""
        note = f"More than {_MOST_POINTS:,} rows: shows how many are in each cell{colour}; no row is left out."
        return Figure(
            plane.title,
            said,
            spec,
            columns,
            table,
            metrics,
            note_of(missing, note),
            [in_bin(x, across, edges["x"], "column"), in_bin(y, up, edges["y"], "row"), *not_missing(by)],
        )
    groups = groups_of(drawn) if by else None
    found = drawn.select("x", "y", group=groups.of(drawn.group)) if groups else drawn.select("x", "y")
    points = found.to_pandas().sort_values(list(found.columns), ignore_index=True)
    about = layout(plane.title, short(x), short(y))
    for name, axis in (("xaxis", across), ("yaxis", up)):
        about[name] |= {"type": "date"} if axis.time else {}
    spec, columns = clouds(points, about, (short(x), short(y)), (across, up), groups.kept if groups else None)
    exact = points.assign(x=across.exact(points.x), y=up.exact(points.y))
    if groups:
        exact["group"] = exact.group.fillna(OTHER)
    named: list[str | None] = [*groups.kept, None] if groups else []
    return Figure(
        plane.title,
        said,
        spec,
        columns,
        exact,
        metrics,
        note_of(missing, groups.note(by) if groups and by else None),
        [
            *(near(column, source[column].type(), of) for column, of in ((x, "x"), (y, "y"))),
            *([in_group(by, source[by].type(), named, "curve")] if by else []),
        ],
    )


def clouds(
    points: pd.DataFrame,
    about: dict[str, Any],
    names: tuple[str, str],
    axes: tuple[Axis | None, Axis | None],
    groups: list[str] | None,
) -> tuple[dict[str, Any], tuple[FigureColumn, ...]]:
    """(figure, columns) of points, a colour for each group.

    Args:
        points: Columns x and y; `group` too where there are groups, null for the rest of them.
        axes: What the values are; None for plain numbers.
    """
    drawn = [axis.drawn(points[name]) if axis else rounded(points[name]) for axis, name in zip(axes, "xy", strict=True)]
    kinds = ["time" if axis and axis.time else "number" for axis in axes]
    marker = {"size": 6, "opacity": 0.7}
    hover = "%{x}<br>%{y}"
    if groups is None:
        trace = {
            "type": "scatter",
            "mode": "markers",
            "x": drawn[0],
            "y": drawn[1],
            "hovertemplate": f"{hover}<extra></extra>",
        }
        columns = [
            FigureColumn(name, kind, f"/data/0/{axis}") for name, kind, axis in zip(names, kinds, "xy", strict=True)
        ]
        return {"data": [trace | {"marker": marker | {"color": COLOURS[0]}}], "layout": about}, tuple(columns)
    of = [None if group != group else group for group in points.group]
    named: list[str | None] = [*groups, *([None] if None in of else [])]
    labels = names_of(named)
    traces = []
    for place, (group, name) in enumerate(zip(named, labels, strict=True)):
        at = [row for row, its in enumerate(of) if its == group]
        colour = GREY if group is None else COLOURS[place]
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": name,
                "x": [drawn[0][row] for row in at],
                "y": [drawn[1][row] for row in at],
                "marker": marker | {"color": colour},
                "hovertemplate": hover,
            }
        )
    added, pointing = of_traces(
        range(len(traces)), ("group", raw_names(named)), (names[0], kinds[0], "x"), (names[1], kinds[1], "y")
    )
    return {"data": traces, "layout": about | added | legend_of(labels)}, pointing


def _edges(plane: _Plane, ends: dict[str, tuple[float, float]]) -> dict[str, list[float]]:
    return {
        name: round_edges(*ends[name], _MOST_CELLS, whole=axis.whole, time=axis.time)
        for name, axis in (("x", plane.across), ("y", plane.up))
    }


def _cells(
    rows: Table, plane: _Plane, edges: dict[str, list[float]]
) -> tuple[dict[str, Any], tuple[FigureColumn, ...], pd.DataFrame]:
    import pandas as pd

    places = {name: bin_of(rows[name], edges[name], closed="left") for name in "xy"}
    found = rows.group_by(**places).aggregate(rows=rows.count()).to_pandas().sort_values(["y", "x"])
    counts: list[list[int | None]] = [[None] * (len(edges["x"]) - 1) for _ in edges["y"][1:]]
    for column, row, n in zip(found.x, found.y, found.rows, strict=True):
        counts[row][column] = int(n)
    # Of the logarithm: beside a full cell one with a few rows would not show.
    colours = [[None if n is None else math.log10(n) for n in row] for row in counts]
    ticks = list(range(int(math.log10(found.rows.max())) + 1))
    middles = {name: [(low + high) / 2 for low, high in itertools.pairwise(of)] for name, of in edges.items()}
    trace = {
        "type": "heatmap",
        "x": plane.across.drawn(middles["x"]),
        "y": plane.up.drawn(middles["y"]),
        "z": [rounded(float("nan") if value is None else value for value in row) for row in colours],
        "customdata": counts,
        "zmin": 0,
        "zmax": max(math.log10(found.rows.max()), 1.0),
        "colorscale": _COUNTS,
        "colorbar": {"title": {"text": "rows"}, "tickvals": ticks, "ticktext": [f"{10**tick:,}" for tick in ticks]},
        "hoverongaps": False,
        "hovertemplate": "%{x}<br>%{y}<br>%{customdata:,} rows<extra></extra>",
    }
    ends_of = {
        f"{name} {end}": [edges[name][at + shift] for at in found[name]]
        for name in "xy"
        for shift, end in enumerate(("from", "to"))
    }
    axes = {"x": (plane.across, short(plane.x)), "y": (plane.up, short(plane.y))}
    columns = [
        (f"{name} (middle)", "time" if axis.time else "number", axis.drawn([middles[of][at] for at in found[of]]))
        for of, (axis, name) in axes.items()
    ]
    added, pointing = tabled(*columns, ("rows", "number", [int(n) for n in found.rows]))
    about = layout(plane.title, short(plane.x), short(plane.y), **added)
    table = pd.DataFrame({label: axes[label[0]][0].exact(values) for label, values in ends_of.items()})
    return {"data": [trace], "layout": about}, pointing, table.assign(rows=found.rows.to_numpy())

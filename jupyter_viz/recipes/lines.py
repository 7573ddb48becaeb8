"""Lines of any length: put in order, thinned without losing a peak, and smoothed where the data is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..errors import InvalidArgument
from ..views import Figure
from .axes import Axis, axis_of, called, group_of, groups_of, left_out, legend_of, names_of, only_row
from .base import Table
from .style import COLOURS, layout, note_of, rounded, short
from .tabled import of_traces

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

_MOST_POINTS = 1000  # of a line: more than a screen has places
_ALL_POINTS = 1400  # of all lines together: a figure stays one that a notebook can hold
_OF_TIME = 800  # the same of moments, which take more letters
_MOST_LINES = 24
_METRICS_OF = 8
_DASHES = ("solid", "dash", "dot")


@dataclass(frozen=True, slots=True)
class Line:
    """A line in stretches, along x: each holds one point, or of a long line as many as fall into it.

    Attributes:
        stretches: Columns n, low, high (the least and greatest value) and their places x_low, x_high; end (its last
            place), last (the value there), and `weighted`, see `smoothed`.
    """

    column: str
    group: str | None
    rows: int
    stretches: pd.DataFrame

    @property
    def last(self) -> float:
        return float(self.stretches["last"].iloc[-1])

    def points(self) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        """(x, y): the least and the greatest value of each stretch where they stand, and the line's end."""
        import numpy as np

        of = self.stretches
        x = np.concatenate([of.x_low, of.x_high, of.end.iloc[-1:]])
        y = np.concatenate([of.low, of.high, of["last"].iloc[-1:]])
        points = np.unique(np.column_stack([x, y]), axis=0)
        return points[:, 0], points[:, 1]

    def smoothed(self, weight: float) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        """(x, y) of the exponential moving average of all its values, at the end of each stretch.

        As TensorBoard has it, s = weight · s + (1 - weight) · y from s = 0, divided by 1 - weight**n, so that the first
        values are not drawn to 0 (the bias correction of Kingma and Ba, "Adam", 2014, section 3). Over a stretch of n
        values that is weight**n · s + (1 - weight) · sum(weight**k · y), k values before its end; the engine made
        that sum, `weighted`.
        """
        import numpy as np

        of = self.stretches
        average, count, values = 0.0, 0, []
        for n, weighted in zip(of.n, of.weighted, strict=True):
            count += int(n)
            average = weight ** int(n) * average + (1 - weight) * weighted
            values.append(average / (1 - weight**count))
        return of.end.to_numpy(float), np.array(values)


@dataclass(frozen=True, slots=True)
class Lines:
    """Attributes:
    rows: How many values were drawn.
    smooth: The weight of what came before, 0 for no smoothing.
    """

    x: str
    axis: Axis
    columns: list[str]
    by: str | None
    log_x: bool
    log_y: bool
    smooth: float
    lines: list[Line]
    rows: int
    note: str | None

    def name(self, line: Line) -> str:
        if line.group is None:
            return line.column
        group = line.group or called(line.group)
        return group if len(self.columns) == 1 else f"{line.column}, {group}"


def lines_of(
    source: Table, x: str, columns: list[str], by: str | None, *, smooth: float, log_x: bool, log_y: bool
) -> Lines:
    """One line for each column and group."""
    import ibis

    if not 0 < len(columns) <= _MOST_LINES:
        raise InvalidArgument(f"Argument 'y': {len(columns)} columns; name 1 to {_MOST_LINES} of them.")
    axis = axis_of(source, x, "x")
    if log_x and axis.time:
        raise InvalidArgument(f"Argument 'log_x': column {x!r} holds dates, which have no logarithm.")
    parts = []
    for place, column in enumerate(columns):
        values = axis_of(source, column, "y", dates=False)
        parts.append(
            source.select(
                column=ibis.literal(place),
                group=group_of(source, by) if by else ibis.literal(""),
                x=axis.values,
                y=values.values,
                infinite=axis.infinite | values.infinite,
            )
        )
    rows = ibis.union(*parts) if len(parts) > 1 else parts[0]
    present = rows.x.notnull() & rows.y.notnull() & rows.group.notnull()
    present = present & (rows.x > 0) if log_x else present
    present = present & (rows.y > 0) if log_y else present
    drawn = rows.filter(present)
    every, infinite = only_row(rows.aggregate(every=rows.count(), infinite=rows.infinite.sum()))
    groups = groups_of(drawn, max(1, _MOST_LINES // len(columns)))
    needed = f"{', '.join([x, *columns, *([by] if by else [])])}{' above 0' if log_x or log_y else ''}"
    if not groups.total:
        raise InvalidArgument(f"Nothing to draw: no row has {needed}.")
    sizes = drawn.group_by("column", "group").aggregate(n=drawn.count(), places=drawn.x.nunique())
    total, repeated = only_row(sizes.aggregate(total=sizes.n.sum(), repeated=(sizes.n > sizes.places).any()))
    chosen = drawn.filter(drawn.group.isin(groups.kept))
    shown = sizes.filter(sizes.group.isin(groups.kept))
    number, longest = only_row(shown.aggregate(number=shown.count(), longest=shown.n.max()))
    together = _OF_TIME if axis.time else _ALL_POINTS
    most = min(_MOST_POINTS, (together * 2 // 3 if smooth else together) // number)
    found = _stretches(chosen, most, longest, log_x, smooth).to_pandas().sort_values(["column", "group", "stretch"])
    lines = [
        Line(column, name if by else None, int(of.n.sum()), of)
        for place, column in enumerate(columns)
        for name in groups.kept
        if len(of := found[(found.column == place) & (found.group == name)])
    ]
    notes = [left_out(every, total, infinite, needed, "values" if len(columns) > 1 else "rows")]
    if groups.rest:
        notes.append(f"Shows the {len(groups.kept)} of {groups.total:,} values of {short(by)} with most rows.")
    if longest > most:
        notes.append(f"Of lines of more than {most:,} points the least and greatest value of each stretch is drawn.")
    if repeated:
        way_out = "" if by else "; `by` would draw one line for each group"
        notes.append(f"Several rows of a line have the same {short(x)}{way_out}.")
    rows_drawn = sum(line.rows for line in lines)
    return Lines(x, axis, columns, by, log_x, log_y, smooth, lines, rows_drawn, note_of(*notes))


def _stretches(rows: Table, most: int, longest: int, log_x: bool, weight: float) -> Table:
    """Each line in stretches: one for each row, or for lines of more than `most` rows equal ones along its axis."""
    import ibis

    line, order = ["column", "group"], [rows.x, rows.y]
    stretch = ibis.row_number().over(ibis.window(group_by=line, order_by=order))
    if longest > most:
        number = (most - 1) // 2  # two points of each, and the end
        # Halves: the difference of two floats may be more than a float holds.
        rows = rows.mutate(along=rows.x.log() if log_x else rows.x / 2)
        of_line = ibis.window(group_by=line)
        first, size = rows.along.min().over(of_line), rows.count().over(of_line)
        width = rows.along.max().over(of_line) - first
        share = ((rows.along - first) / width.nullif(0)).fill_null(0.0)
        at = (share * number).floor().cast("int64")
        stretch = (size > most).ifelse((at < number).ifelse(at, number - 1), stretch)
    rows = rows.mutate(stretch=stretch)
    within = [*line, "stretch"]
    of_stretch = ibis.window(group_by=within)
    from_end = ibis.window(group_by=within, order_by=[ibis.desc("x"), ibis.desc("y")])
    rows = rows.mutate(
        low=rows.y.min().over(of_stretch), high=rows.y.max().over(of_stretch), back=ibis.row_number().over(from_end)
    )
    return rows.group_by(within).aggregate(
        n=rows.count(),
        low=rows.y.min(),
        high=rows.y.max(),
        x_low=rows.x.min(where=rows.y == rows.low),
        x_high=rows.x.min(where=rows.y == rows.high),
        end=rows.x.max(),
        last=rows.y.max(where=rows.back == 0),
        **({"weighted": (rows.y * ibis.literal(weight) ** rows.back).sum()} if weight else {}),
    )


def draw_lines(lines: Lines) -> Figure:
    import pandas as pd

    names = names_of([lines.name(line) for line in lines.lines])
    traces: list[dict[str, Any]] = []
    frames, whole = [], []
    for place, (line, name) in enumerate(zip(lines.lines, names, strict=True)):
        x, y = line.points()
        raw = _trace(lines, name, place, x, y)
        frames.append(pd.DataFrame({"line": lines.name(line), "x": x, "y": y}))
        whole.append(len(traces))
        if lines.smooth:
            traces.append(raw | {"opacity": 0.3, "showlegend": False, "hoverinfo": "skip", "hovertemplate": None})
            x, y = line.smoothed(lines.smooth)
            raw = _trace(lines, name, place, x, y)
            frames.append(pd.DataFrame({"line": f"{lines.name(line)}, smoothed", "x": x, "y": y}))
        traces.append(raw)
    table = pd.concat(frames, ignore_index=True)
    several = len(lines.lines) > 1
    named = ", ".join(map(short, lines.columns[:3])) + (", …" if len(lines.columns) > 3 else "")
    title = f"{named} over {short(lines.x)}{f' by {short(lines.by)}' if lines.by else ''}"
    value = named if len(lines.columns) == 1 else "value"
    # What was drawn as it is; the smoothed line follows from it.
    added, columns = of_traces(
        whole,
        ("line", [lines.name(line) for line in lines.lines]) if several else None,
        (short(lines.x), "time" if lines.axis.time else "number", "x"),
        (value, "number", "y"),
    )
    about = layout(title, short(lines.x), value, **added) | (legend_of(names) if several else {})
    for axis, log in (("xaxis", lines.log_x), ("yaxis", lines.log_y)):
        about[axis] |= {"type": "log"} if log else {}
    about["xaxis"] |= {"type": "date"} if lines.axis.time else {}
    return Figure(
        title=title,
        alt=_alt(lines, title),
        spec={"data": traces, "layout": about},
        columns=columns,
        data=table.assign(x=lines.axis.exact(table.x)),
        metrics={"rows": lines.rows, "lines": len(lines.lines)} | _last(lines),
        note=lines.note,
    )


def _trace(lines: Lines, name: str, place: int, x: Any, y: Any) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines" if len(x) > 1 else "markers",
        "name": name,
        "x": lines.axis.drawn(x),
        "y": rounded(y),
        "line": {
            "color": COLOURS[place % len(COLOURS)],
            "dash": _DASHES[place // len(COLOURS) % len(_DASHES)],
            "width": 2,
        },
        "hovertemplate": "%{x}<br>%{y:.6~g}",
    }


def _last(lines: Lines) -> dict[str, float]:
    """The last value of each line, where they are few."""
    if len(lines.lines) > _METRICS_OF:
        return {}
    return {f"last {short(lines.name(line))}": line.last for line in lines.lines}


def _alt(lines: Lines, title: str) -> str:
    said = lines.axis.said
    texts = []
    for line in lines.lines[:3]:
        x, y = line.points()
        least, most = y.argmin(), y.argmax()
        texts.append(
            f"{short(lines.name(line))} goes from {y[0]:.4g} to {line.last:.4g}, least {y[least]:.4g} at "
            f"{said(x[least])}, greatest {y[most]:.4g} at {said(x[most])}"
        )
    ends = [end for line in lines.lines for end in line.points()[0][[0, -1]]]
    count = f"{len(lines.lines)} lines" if len(lines.lines) > 1 else "one line"
    more = f"; {len(lines.lines) - 3} more lines" if len(lines.lines) > 3 else ""
    return f"{title}: {count} from {said(min(ends))} to {said(max(ends))}. {'; '.join(texts)}{more}."

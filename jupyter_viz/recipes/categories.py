"""Bars: rows of a table put together by category, where the data is."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import InvalidArgument
from ..views import Figure
from .axes import (
    MOST_GROUPS,
    OTHER,
    Groups,
    axis_of,
    called,
    group_of,
    groups_of,
    height_for,
    in_order,
    left_out,
    legend_of,
    names_of,
    only_row,
    raw_names,
    settled,
)
from .base import Table
from .behind import Condition, in_group, not_missing
from .style import COLOURS, GREY, layout, note_of, rounded, short
from .tabled import tabled

_LONG_NAME = 12
_MANY_BARS = 12
_ADDS_UP = ("count", "sum")  # for which all the others together are one bar like the rest


@dataclass(frozen=True, slots=True)
class Bars:
    """Categories with a number each.

    Attributes:
        by: The column of the categories.
        measure: What the numbers are, in words.
        names: The categories, None for all others together.
        groups: Into what each bar is divided; [None] where it is not.
        values: For each group the number of each category.
        categories: How many there are in all.
        rows: How many were put together.
        behind: How to get those of a bar.
    """

    by: str
    measure: str
    names: list[str | None]
    groups: list[str | None]
    values: list[list[float]]
    categories: int
    rows: int
    note: str | None
    behind: list[Condition]

    @property
    def totals(self) -> list[float]:
        return [sum(of_bar) for of_bar in zip(*self.values, strict=True)]


def bars_of(source: Table, column: str, value: str | None, aggregate: str, most: int, by: str | None = None) -> Bars:
    """The largest categories; for counts and sums all others as one more.

    Args:
        value: Column that is aggregated, None for counts of rows.
        by: Column whose groups divide the bars; only for counts.
    """
    import ibis

    chosen = {"key": group_of(source, column), "infinite": ibis.literal(False)}
    needed = [column]
    if value:
        axis = axis_of(source, value, "value", dates=False)
        chosen |= {"value": axis.values, "infinite": axis.infinite}
        needed.append(value)
    if by:
        chosen |= {"group": group_of(source, by)}
        needed.append(by)
    rows = source.select(**chosen)
    present = [rows[name].notnull() for name in chosen if name != "infinite"]
    drawn = rows.filter(*present)
    every, infinite = only_row(rows.aggregate(every=rows.count(), infinite=rows.infinite.sum()))
    number = drawn.count() if aggregate == "count" else getattr(drawn.value, aggregate)()
    sizes = drawn.group_by("key").aggregate(n=drawn.count(), number=number.cast("float64"))
    categories, kept, total = only_row(
        sizes.aggregate(categories=sizes.count(), kept=sizes.n.sum(), total=sizes.number.sum())
    )
    if not kept:
        raise InvalidArgument(f"Nothing to draw: no row has a value of {' and of '.join(map(repr, needed))}.")
    largest = sizes.order_by(ibis.desc("number"), "key").limit(most).to_pandas()
    numbers = dict(zip(largest.key, map(float, largest.number), strict=True))
    names: list[str | None] = [*numbers]
    kind = source[column].type()
    if categories <= most and not (kind.is_string() or kind.is_binary()):
        names = [*in_order(numbers)]
    note = None
    if categories > most:
        ranked = "most frequent" if aggregate == "count" else "largest"
        note = f"Shows the {most} {ranked} of {categories:,} values of {short(column)}"
        note += f", the rest as “{OTHER}”." if aggregate in _ADDS_UP else "."
        if aggregate in _ADDS_UP:
            names.append(None)
    groups: list[str | None] = [None]
    values = [[total - sum(numbers.values()) if name is None else numbers[name] for name in names]]
    split = None
    if by:
        split = groups_of(drawn, MOST_GROUPS)
        groups = [*split.kept, *([None] if split.rest else [])]
        values = _divided(drawn, names, groups, split)
    measure = "rows" if aggregate == "count" else f"{aggregate} of {short(value or '')}"
    said = left_out(every, kept, infinite, " or ".join(needed))
    note = note_of(said, note, split.note(by) if split and by else None)
    behind = [in_group(column, kind, names, "label", names_of(names)), *not_missing(value)]
    if by:
        behind.append(in_group(by, source[by].type(), groups, "curve"))
    return Bars(column, measure, names, groups, values, categories, kept, note, behind)


def _divided(rows: Table, names: list[str | None], groups: list[str | None], split: Groups) -> list[list[float]]:
    kept = Groups([name for name in names if name is not None], len(names))
    counts = rows.group_by(key=kept.of(rows.key), group=split.of(rows.group)).aggregate(n=lambda of: of.count())
    values = [[0.0] * len(names) for _ in groups]
    for cell in counts.to_pyarrow().to_pylist():
        values[groups.index(cell["group"])][names.index(cell["key"])] = float(cell["n"])
    return values


def draw_bars(bars: Bars, title: str, *, log: bool = False) -> Figure:
    """Upright where names are short and few, else lying, so that they can be read."""
    import pandas as pd

    raw = raw_names(bars.names)
    names, groups = names_of(bars.names), names_of(bars.groups)
    lying = len(names) > _MANY_BARS or max(map(len, raw)) > _LONG_NAME
    several = len(bars.groups) > 1
    places, numbers = ("y", "x") if lying else ("x", "y")
    traces = []
    for place, (group, values) in enumerate(zip(bars.groups, bars.values, strict=True)):
        colour = GREY if group is None and several else COLOURS[place]
        rest = bars.names[-1] is None and not several
        traces.append(
            {
                "type": "bar",
                "name": groups[place] if several else "",
                places: names,
                numbers: rounded(values),
                "marker": {"color": [colour] * (len(names) - 1) + [GREY] if rest else colour},
                "hovertemplate": f"%{{{places}}}<br>%{{{numbers}:,}}" + ("" if several else "<extra></extra>"),
            }
            | ({"orientation": "h"} if lying else {})
        )
    table = pd.DataFrame(
        {
            "category": raw * len(bars.groups),
            "group": [group for group in raw_names(bars.groups) for _ in raw],
            bars.measure: [value for values in bars.values for value in values],
        }
    )
    table = table if several else table.drop(columns="group")
    added, columns = tabled(
        *((name, "text", list(table[name])) for name in table.columns[:-1]),
        (bars.measure, "number", rounded(table[bars.measure])),
    )
    about = layout(title, "", "", **added) | (legend_of(groups) | {"barmode": "stack"} if several else {})
    if lying:
        about |= height_for(len(names))
    of_names, of_numbers = (about[f"{axis}axis"] for axis in (places, numbers))
    of_names |= {"type": "category", "title": {"text": names_of([bars.by])[0]}}
    of_names |= {"autorange": "reversed", "dtick": 1} if lying else {}
    of_names |= {"tickfont": {"size": 9}} if len(names) > _MANY_BARS else {}
    of_numbers |= {"title": {"text": names_of([bars.measure])[0]}, **({"type": "log"} if log else {})}
    return Figure(
        title=title,
        alt=_alt(bars, title),
        spec={"data": traces, "layout": about},
        columns=columns,
        data=table,
        metrics={"rows": bars.rows, "categories": bars.categories},
        note=bars.note,
        rows=[each | {"of": places} if each["of"] == "label" else each for each in bars.behind],
    )


def _alt(bars: Bars, title: str) -> str:
    named = {name: total for name, total in zip(bars.names, bars.totals, strict=True) if name is not None}
    ranked = sorted(named, key=lambda name: -settled(named[name]))
    shown = [f"{called(name)} {named[name]:,.6g}" for name in ranked[:3]]
    text = f"{title}: {bars.categories:,} categories over {bars.rows:,} rows. Largest: {', '.join(shown)}"
    if len(ranked) > 3:
        text += f"; smallest {'shown ' if bars.categories > len(ranked) else ''}{called(ranked[-1])} "
        text += f"{named[ranked[-1]]:,.6g}"
    return f"{text}."

"""Columns as axes and groups of a plot: expressions that run where the data is, and what is written of them."""

from __future__ import annotations

import contextlib
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from .base import Table
from .exact import finite, infinite
from .scored import numbers_of
from .style import legend_above, plain, rounded, short

MOST_GROUPS = 8  # as many as there are colours that all people can tell apart
OTHER = "other"
_LISTED = 10
_MOST_IN_USUAL_HEIGHT = 20


@dataclass(frozen=True, slots=True)
class Axis:
    """A column of numbers or dates, to be placed along an axis.

    Attributes:
        values: Expression of float64, null for what can't be drawn: missing, NaN, infinite. Dates are seconds since
            1970 in UTC.
        infinite: Expression, true where a value is left out because it is infinite.
        time: Its values are dates.
        whole: Its values are whole numbers.
    """

    values: Any
    infinite: Any
    time: bool
    whole: bool

    def drawn(self, values: Iterable[float]) -> list[Any]:
        """Values as a figure holds them: rounded numbers, or dates as text."""
        return [self._moment(value) for value in values] if self.time else rounded(values)

    def moments(self, values: Iterable[float]) -> list[str]:
        """Dates as text."""
        return [self._moment(value) for value in values]

    def exact(self, values: Iterable[float]) -> Any:
        """Values as a DataFrame holds them."""
        import pandas as pd

        series = pd.Series(list(values), dtype="float64")
        if not self.time:
            return series
        # Beyond the years that pandas knows, a text is better than none.
        try:
            return pd.to_datetime((series * 1000).round().astype("Int64"), unit="ms")
        except (ValueError, OverflowError):
            return pd.Series(self.drawn(series))

    def said(self, value: float) -> str:
        """A value in a sentence."""
        return self._moment(value) if self.time else f"{value:.4g}" if abs(value) < 1000 else f"{value:,.6g}"

    @staticmethod
    def _moment(seconds: float) -> str:
        import numpy as np

        text = str(np.datetime64(round(seconds * 1000), "ms")).replace("T", " ")
        return text.removesuffix(" 00:00:00.000").removesuffix(".000")


def axis_of(source: Table, column: str, argument: str, *, dates: bool = True) -> Axis:
    """A column of numbers, or of dates where they make sense. Raises `InvalidArgument` where it holds neither."""
    import ibis

    kind = source[column].type()
    if dates and (kind.is_timestamp() or kind.is_date()):
        moment = source[column].cast("timestamp") if kind.is_date() else source[column]
        # Not microseconds: not every engine can take them out of a moment.
        seconds = moment.truncate("s").epoch_seconds().cast("float64") + moment.millisecond() / 1000
        return Axis(seconds, ibis.literal(False), True, False)
    values = numbers_of(source, column, argument)
    drawn = finite(values).ifelse(values, ibis.null("float64"))
    return Axis(drawn, infinite(values).fill_null(False), False, kind.is_integer())


def is_missing(values: Any) -> Any:
    """True where a column has no value; NaN counts as none."""
    return (values.isnull() | values.isnan()).fill_null(True) if values.type().is_floating() else values.isnull()


def group_of(source: Table, column: str) -> Any:
    """A column's values as text, null where they are missing: what rows are put together by."""
    import ibis

    values = source[column]
    text = values.cast("string")
    if values.type().is_floating():
        # Whole numbers become 1.0 where one of them is missing, and are meant as 1.
        text = text.endswith(".0").ifelse(text.substr(0, text.length() - 2), text)
    return is_missing(values).ifelse(ibis.null("string"), text)


@dataclass(frozen=True, slots=True)
class Groups:
    """The groups that a plot tells apart.

    Attributes:
        kept: Their values as text: numbers by size, text by alphabet, so that a group keeps its colour.
        total: How many there are in all.
    """

    kept: list[str]
    total: int

    def of(self, group: Any) -> Any:
        """The expression of a row's group, null for all that are not kept."""
        import ibis

        return group.isin(self.kept).ifelse(group, ibis.null("string"))

    @property
    def rest(self) -> bool:
        return self.total > len(self.kept)

    def note(self, column: str) -> str | None:
        if not self.rest:
            return None
        shown = f"the {len(self.kept)} of {self.total:,} values of {short(column)} with most rows"
        return f"Shows {shown}, the rest as “{OTHER}”."


def groups_of(rows: Table, most: int = MOST_GROUPS) -> Groups:
    """The groups with most rows of a table with a column `group`, which holds no null."""
    import ibis

    sizes = rows.group_by("group").aggregate(n=rows.count())
    counted = sizes.mutate(total=sizes.count().over(ibis.window()))
    found = counted.order_by(ibis.desc("n"), "group").limit(most).to_pandas()
    return Groups(in_order(found.group), int(found.total.max()) if len(found) else 0)


def in_order(values: Iterable[str]) -> list[str]:
    """Numbers by size, then text by alphabet, `run-10` after `run-9`."""

    def place(text: str) -> tuple[bool, float, list[Any], str]:
        with contextlib.suppress(ValueError):
            if math.isfinite(number := float(text)):
                return (False, number, [], text)
        # Words and numbers take turns, so that like is compared with like.
        parts = re.split(r"([0-9]+)", text)
        return (True, 0.0, [int(part) if at % 2 else part for at, part in enumerate(parts)], text)

    return sorted(values, key=place)


def called(value: str | None) -> str:
    """A category or group in a sentence."""
    return OTHER if value is None else short(value) or "(empty)"


def raw_names(values: Sequence[str | None]) -> list[str]:
    """The values themselves, for a table; None is the rest of them."""
    return [OTHER if value is None else value for value in values]


def names_of(values: Sequence[str | None]) -> list[str]:
    """The values as names in a figure: cut, switched off as markup, and no two of them the same."""
    names: list[str] = []
    seen: dict[str, int] = {}
    for value in values:
        name = plain(called(value))
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return names


def legend_of(names: Sequence[str]) -> dict[str, Any]:
    """What a layout needs for a legend of these: above the plot where it takes two lines, else beside it."""
    a_line = max(1, min(4, 90 // (max(map(len, names)) + 6)))
    if len(names) <= a_line:
        return legend_above(a_line)
    if len(names) <= 2 * a_line:
        above = legend_above(a_line)
        return above | {"margin": above["margin"] | {"t": 120}}
    return {"showlegend": True, "legend": {"orientation": "v", "x": 1.02, "y": 1, "xanchor": "left", "yanchor": "top"}}


def height_for(bars: int) -> dict[str, Any]:
    """What is added to the layout of lying bars: room for all their names, where the usual height is too little."""
    return {"height": 140 + 17 * bars} if bars > _MOST_IN_USUAL_HEIGHT else {}


def all_of(conditions: Sequence[Any]) -> Any:
    """One condition of several; in halves, as a chain of hundreds is deeper than engines read."""
    if len(conditions) == 1:
        return conditions[0]
    half = len(conditions) // 2
    return all_of(conditions[:half]) & all_of(conditions[half:])


def any_of(conditions: Sequence[Any]) -> Any:
    """As `all_of`, where one of them is enough."""
    if len(conditions) == 1:
        return conditions[0]
    half = len(conditions) // 2
    return any_of(conditions[:half]) | any_of(conditions[half:])


def listed(names: Sequence[str]) -> str:
    """Names in a sentence, not more than it can bear."""
    more = f" and {len(names) - _LISTED:,} more" if len(names) > _LISTED else ""
    return ", ".join(map(short, names[:_LISTED])) + more


def only_row(table: Any) -> list[Any]:
    """The values of a table that has one row; None for null."""
    [row] = table.to_pyarrow().to_pylist()
    return list(row.values())


def left_out(rows: int, kept: int, infinite: int, what: str, noun: str = "rows") -> str | None:
    """The sentence about rows that could not be drawn; None where all are."""
    if rows == kept:
        return None
    because = f", {infinite:,} of them because it is infinite" if infinite else ""
    return f"{rows - kept:,} of {rows:,} {noun} have no {what} and are left out{because}."


def settled(value: float) -> float:
    """A number without its last digits, which change with the order in which an engine adds up."""
    return float(f"{value:.12g}")

"""How to get the rows behind a point of a plot, as plain data: the front end makes code of it when one is clicked.

Each condition is about a column, or about what one has more than another (`minus`); `of` tells where the place of its
value is found: the number of the `point`, of the `curve`, of a matrix' `row` or `column`; or by what the point has as
`x` or `y`. With `curve` it holds for the points of that curve, and the others have no rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .axes import Axis
from .style import SIGNIFICANT

Condition = dict[str, Any]


def in_bin(column: str, axis: Axis, edges: Sequence[float], of: str) -> Condition:
    """The value is in the bin of that place; the last bin holds both its ends."""
    exact = axis.moments(edges) if axis.time else list(edges)
    return {"column": column, "of": of, "edges": exact}


def in_closed_bin(
    column: str,
    edges: Sequence[float],
    of: str,
    labels: Sequence[float] | None = None,
    minus: str | None = None,
    bins: Sequence[int] | None = None,
) -> Condition:
    """The value is in the bin of that place, each of which holds its upper end, and the first its lower one, too.

    Args:
        labels: What the point has as `x` or `y` in each bin, as near as a plot tells it.
        bins: Which bin each point is of, where not every bin has one.
    """
    found: Condition = {"column": column, "of": of, "edges": list(edges), "closed": "right"}
    found |= {} if labels is None else {"labels": list(labels)}
    found |= {} if bins is None else {"bins": list(bins)}
    return found | ({} if minus is None else {"minus": minus})


def in_slices(column: str, kind: Any, slices: Sequence[Any], edges: Sequence[float] | None = None) -> Condition:
    """The value as text is that of the point's slice.

    Args:
        kind: The column's type.
        edges: Of numbers that were cut into bins, each with its lower end, the last with both; a slice is a bin then.
    """
    if edges is not None:
        return {"column": column, "of": "point", "edges": list(edges), "bins": [int(each) for each in slices]}
    found: Condition = {"column": column, "of": "point", "values": list(slices)}
    return found if kind.is_string() else found | {"cast": "string"}


def drawn_number(column: str, of: str, minus: str | None = None) -> Condition:
    """The value is the point's own number, as far as the plot has its digits."""
    found: Condition = {"column": column, "of": of, "near": SIGNIFICANT}
    return found | ({} if minus is None else {"minus": minus})


def of_curve(curve: int, conditions: Sequence[Condition]) -> list[Condition]:
    return [condition | {"curve": curve} for condition in conditions]


def empty(columns: Mapping[str, Any], of: str, labels: Sequence[str]) -> Condition:
    """The column of that place has no value; NaN counts as none.

    Args:
        columns: Their types, by name.
    """
    checks = ["isnan" if kind.is_floating() else "isnull" for kind in columns.values()]
    return {"columns": list(columns), "empty": checks, "of": of, "labels": list(labels)}


def near(column: str, kind: Any, of: str) -> Condition:
    """The value is the point's own, as far as the plot has its digits."""
    return {
        "column": column,
        "of": of,
        "near": "ms" if kind.is_timestamp() else "day" if kind.is_date() else SIGNIFICANT,
    }


def in_group(
    column: str, kind: Any, groups: Sequence[str | None], of: str, labels: Sequence[str] | None = None
) -> Condition:
    """The value as text is the group of that place; None: it is none of the groups.

    Args:
        kind: The column's type.
        labels: What the point has as `x` or `y` of each group.
    """
    found: Condition = {"column": column, "of": of, "values": list(groups)}
    if kind.is_floating():
        found["values"] = [None if group is None else float(group) for group in groups]
    elif not kind.is_string():
        found["cast"] = "string"
    return found | ({} if labels is None else {"labels": list(labels)})


def equal(column: str, values: Sequence[Any], of: str, labels: Sequence[str], cast: str | None) -> Condition:
    """The value, cast where it must be, is that of the label; None: it is none of the others."""
    plain = [value.item() if hasattr(value, "item") else value for value in values]
    found = {"column": column, "of": of, "values": plain, "labels": list(labels)}
    return found | ({} if cast is None else {"cast": cast})


def not_missing(*columns: str | None) -> list[Condition]:
    """There is a value."""
    return [{"column": column, "of": "all"} for column in columns if column is not None]

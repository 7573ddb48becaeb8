"""Conditions on rows, written as people write them: `score > 0.9`, `country = NL`, `name : smith`."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from typing import Any

from ..errors import InvalidArgument, MissingColumn, did_you_mean
from .axes import any_of, is_missing
from .base import Table

_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
}
_WRITTEN = re.compile(r"\s*(?P<column>.+?)\s*(?P<operator>>=|<=|!=|>|<|=|:)\s*(?P<value>.*?)\s*\Z", re.DOTALL)


def rows_where(source: Table, conditions: Sequence[str]) -> Table:
    """The rows for which all conditions hold.

    Args:
        conditions: Each `column operator value` with one of `= != > >= < <=`, or `column : text` for a text that the
            value contains, whatever the case. A value `missing` (or `none`) means none at all.

    Raises:
        InvalidArgument: One can't be read, or its value is not of the column's type.
        MissingColumn: There is no such column; the sentence says which there are.
    """
    return source.filter([_condition(source, each) for each in conditions]) if conditions else source


def rows_with(source: Table, text: str) -> Table:
    """The rows that have a text in any column, whatever the case."""
    return source.filter(any_of([_contains(source[name], text) for name in source.columns]))


def _condition(source: Table, written: str) -> Any:
    parts = _WRITTEN.match(written)
    if parts is None:
        raise InvalidArgument(
            f"Argument 'where': {written!r} is no condition; write e.g. 'score > 0.9' or 'name : smith'."
        )
    name, sign, text = parts["column"], parts["operator"], parts["value"]
    if name not in source.columns:
        raise MissingColumn(f"Argument 'where': the source has no column {name!r}.{did_you_mean(name, source.columns)}")
    column = source[name]
    if text.lower() in ("missing", "none") and sign in ("=", "!="):
        return is_missing(column) if sign == "=" else ~is_missing(column)
    if sign == ":":
        return _contains(column, text)
    return _OPERATORS[sign](column, _value(column, text, written))


def _contains(column: Any, text: str) -> Any:
    return column.cast("string").lower().contains(text.lower()).fill_null(False)


def _value(column: Any, text: str, written: str) -> Any:
    """A text as a value of a column's type."""
    import ibis

    kind = column.type()
    try:
        if kind.is_boolean():
            return {"true": True, "false": False, "1": True, "0": False}[text.lower()]
        if kind.is_integer() and re.fullmatch(r"[+-]?\d{1,18}", text):
            return int(text)
        if kind.is_numeric():
            # From text: a number with a point would be a DECIMAL to the engine.
            return ibis.literal(repr(float(text))).cast("float64")
        if kind.is_timestamp() or kind.is_date():
            import pandas as pd

            return ibis.literal(pd.Timestamp(text).to_pydatetime())
    except (ValueError, KeyError):
        raise InvalidArgument(f"Argument 'where': {text!r} in {written!r} is no value of a column of {kind}.") from None
    return ibis.literal(text)

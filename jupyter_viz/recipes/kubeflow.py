"""The arguments of Kubeflow's predefined visualizations, in the words of our recipes.

They mean what they mean in the visualization service of Kubeflow Pipelines: a csv has no header there, its columns are
named by an argument or by a `schema.json` beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..artifacts import tables
from ..artifacts.source import Source
from ..errors import InvalidArgument, MissingColumn, UnreadableSource, did_you_mean
from ..views import Figure
from .adapted import Call
from .base import Code, Table
from .roc import given_curve, points_of
from .scored import class_rows
from .style import short

SCHEMA = "schema.json"
"""Names the columns of the csv beside it."""
_POINTS = ("fpr", "tpr", "thresholds")
_LISTED = 20
_LARGEST_CURVE = 1_000_000  # points
_LARGEST_TABLE = 1_000_000  # rows that are given to Python one by one


def table(source: Source, own: Mapping[str, Any], *, headers: list[str] | bool | None = None) -> Call:
    """A table whose columns are named by the request.

    Args:
        headers: Kubeflow's: names of the columns of a csv without a header; false where its first row is the header.
    """
    if headers is True:
        raise InvalidArgument("Argument 'headers': a list of names, or false where the first row is the header.")
    return Call(source.table(headers or None), own)


def slicing_metrics(source: Source, own: Mapping[str, Any], *, slicing_column: str | None = None) -> Call:
    """Slices of one column.

    Args:
        slicing_column: Kubeflow's: the column that makes the slices, as `by`.
    """
    if own["by"]:
        raise InvalidArgument("Arguments 'by' and 'slicing_column' say the same: give one of them.")
    return Call(source.table(), {**own, "by": [slicing_column]})


def roc_curve(
    source: Source,
    own: Mapping[str, Any],
    *,
    is_generated: bool | None = None,
    trueclass: Any = None,
    true_score_column: str | None = None,
    target_lambda: Code | None = None,
) -> Call:
    """A curve whose points are given, or scores with the names of their columns beside them.

    Args:
        is_generated: Kubeflow's: true where the source is the curve itself, a csv of false positive rate, true
            positive rate and threshold without a header; false where it is a csv of scores without a header, whose
            columns are named by a `schema.json` beside it.
        trueclass: Kubeflow's: the positive class in the column "target", by default "true".
        true_score_column: Kubeflow's: the column of scores, by default "true".
        target_lambda: Kubeflow's: Python that is given a row and tells whether it is positive, e.g.
            `lambda x: x["fare"] > 10`.
    """
    if is_generated:
        if trueclass is not None or true_score_column is not None or target_lambda is not None:
            raise InvalidArgument(
                "Argument 'is_generated': the points of the curve are given; leave out 'trueclass', "
                "'true_score_column' and 'target_lambda', or give a csv of scores."
            )
        return Call(source, {}, _generated)
    rows = _named_by_schema(source)
    own = {**own, "target": "target", "score": true_score_column or "true"}
    if own["score"] not in rows.columns:
        hint = did_you_mean(own["score"], rows.columns)
        raise MissingColumn(f"Argument 'true_score_column': the source has no column {own['score']!r}.{hint}")
    if target_lambda is not None:
        return Call(_told_by(target_lambda, rows, own["score"], source.text), {**own, "positive": 1})
    if "target" not in rows.columns:
        raise MissingColumn(
            "Argument 'target_lambda': without it the true classes are those of the column 'target', and there is "
            f"none. There is: {', '.join(rows.columns)}."
        )
    if rows.target.type().is_boolean():  # as the csv has them, which is how `trueclass` is written
        rows = rows.mutate(target=rows.target.cast("string"))
    wanted = "true" if trueclass is None else str(trueclass).lower() if isinstance(trueclass, bool) else trueclass
    classes = class_rows(rows, "target")
    if not any(value == wanted or str(value) == str(wanted) for value in classes):
        listed = ", ".join(repr(value) for value in list(classes)[:_LISTED]) + (", …" if len(classes) > _LISTED else "")
        raise InvalidArgument(f"Argument 'trueclass': {wanted!r} is not in column 'target'; there is {listed}.")
    return Call(rows, {**own, "positive": wanted})


def _generated(source: Source) -> Figure:
    named = source.table(_POINTS)
    found = named.limit(_LARGEST_CURVE + 1).to_pandas()
    if len(found) > _LARGEST_CURVE:
        raise UnreadableSource(
            f"{source.text!r} has more than {_LARGEST_CURVE:,} points; a curve of fewer is seen as well."
        )
    rates = list(zip(found.fpr, found.tpr, found.thresholds, strict=True))
    return given_curve(short(source.text.rpartition("/")[2]), points_of(rates, repr(source.text)))


def _named_by_schema(source: Source) -> Table:
    """The source with the names that its `schema.json` gives: what is no file has names of its own."""
    if source.path is None:
        return source.table()
    schema = source.beside(SCHEMA).json()
    try:
        names = [str(each["name"]) for each in schema]
    except (TypeError, KeyError):
        names = []
    if not names:
        raise UnreadableSource(
            f"{SCHEMA!r} beside {source.text!r} does not name the columns: it must be a list of "
            '`{"name": …, "type": …}`, one for each column.'
        )
    return source.table(names)


def _told_by(text: str, rows: Table, score: str, source: str) -> Table:
    """`target`, 1 where the code says so of a row and else 0, and the score."""
    import pandas as pd

    try:
        # Whoever may give it may run code of their own anyway: `Code` is refused to others.
        tell = eval(text, {})  # noqa: S307
    except Exception as error:
        raise _failed(error) from error
    if not callable(tell):
        raise InvalidArgument(
            f"Argument 'target_lambda': {short(text)!r} is no function. Write `lambda x: …` of a row x."
        )
    frame = rows.limit(_LARGEST_TABLE + 1).to_pandas()
    if len(frame) > _LARGEST_TABLE:
        raise InvalidArgument(
            f"Argument 'target_lambda': {source!r} has more than {_LARGEST_TABLE:,} rows, too many to be told one by "
            "one. Store the true classes in a column, and name it by 'target'."
        )
    try:
        target = [int(bool(tell(row))) for _, row in frame.iterrows()]
    except Exception as error:
        raise _failed(error) from error
    return tables.of_value(pd.DataFrame({"target": target, score: frame[score]}), source)


def _failed(error: Exception) -> InvalidArgument:
    return InvalidArgument(f"Argument 'target_lambda' can't be run: {type(error).__name__}: {error}.")

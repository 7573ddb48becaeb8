"""The confusion matrix: which class is taken for which."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from ..errors import InvalidArgument
from ..views import Figure
from .base import Column, Table, recipe
from .behind import equal
from .matrix import drawn_classes, matrix_figure
from .scored import MOST_CLASSES, in_order, known, one_where
from .style import labels, left_out

if TYPE_CHECKING:
    import pandas as pd


@recipe(title="Confusion matrix")
def confusion_matrix(
    source: Table,
    *,
    target: Column = "label",
    predicted: Column = "predicted",
    count: Column | None = None,
    normalize: Literal["none", "true", "predicted", "all"] = "none",
) -> Figure:
    """How often each class is predicted for each class, with accuracy, balanced accuracy and macro F1.

    Metrics are scikit-learn's, of all classes: balanced accuracy is the mean recall of the classes that occur, macro
    F1 the mean of 2 TP / (actual + predicted) of the classes that occur or are predicted.

    Args:
        target: Column of the true classes.
        predicted: Column of the predicted classes.
        count: Column that says how often a row is meant, in a table that was counted already; by default once.
        normalize: none for rows, true for shares of each true class, predicted of each predicted class, all of all.
    """
    import ibis

    actual, guess = _alike(source[target], source[predicted])
    weight = ibis.literal(1, "int64") if count is None else _counted(source, count)
    pairs = source.select(actual=actual, guess=guess, weight=weight)
    used = pairs.filter(known(pairs.actual) & known(pairs.guess))
    per_class = _per_class(used)
    rows, total = int(pairs.weight.sum().to_pyarrow().as_py() or 0), int(per_class.actual.sum())
    if not total:
        raise InvalidArgument(f"Nothing to draw: no row has both a value of {target!r} and of {predicted!r}.")
    drawn = drawn_classes(per_class)
    others = len(per_class) - len(drawn)
    names = labels(drawn) + ([f"{others:,} others"] if others else [])

    def place(values: Any) -> Any:
        return ibis.cases(*((values == value, n) for n, value in enumerate(drawn)), else_=len(drawn))

    placed = used.select("weight", i=place(used.actual), j=place(used.guess))
    counted = placed.group_by("i", "j").aggregate(rows=placed.weight.sum()).to_pyarrow().to_pylist()
    missing = left_out(rows - total, rows, "actual or predicted class")
    rows_of = {(each["i"], each["j"]): int(each["rows"]) for each in counted}
    figure = matrix_figure(target, predicted, per_class, names, rows_of, normalize, missing)
    values = [*drawn, *([None] if others else [])]
    casts = _casts(source[target].type(), source[predicted].type())
    behind = [
        equal(column, values, of, names, cast)
        for column, of, cast in zip((target, predicted), "yx", casts, strict=True)
    ]
    return replace(figure, rows=behind)


def _alike(actual: Any, guess: Any) -> tuple[Any, Any]:
    """Both columns with one type, so that 1 is 1.0 and True, whatever wrote them."""
    kinds = [column.type() for column in (actual, guess)]
    for kind in kinds:
        if kind.is_nested():
            raise InvalidArgument(f"Classes are texts, numbers, or true and false; a column holds {kind}.")
    if all(kind.is_boolean() for kind in kinds) or all(kind.is_string() for kind in kinds):
        return actual, guess
    if all(kind.is_numeric() or kind.is_boolean() for kind in kinds):
        whole = all(kind.is_integer() or kind.is_boolean() for kind in kinds)
        numbers = [
            one_where(column) if kind.is_boolean() else column
            for column, kind in zip((actual, guess), kinds, strict=True)
        ]
        return tuple(column.cast("int64" if whole else "float64") for column in numbers)
    return actual.cast("string"), guess.cast("string")


def _casts(*kinds: Any) -> list[str | None]:
    """What each column is compared as, where that is not as it is: as in `_alike`."""
    if all(kind.is_boolean() for kind in kinds) or all(kind.is_string() for kind in kinds):
        return [None for _ in kinds]
    if all(kind.is_numeric() or kind.is_boolean() for kind in kinds):
        return ["int64" if kind.is_boolean() else None for kind in kinds]
    return ["string" for _ in kinds]


def _counted(source: Table, count: str) -> Any:
    """How often each row is meant; a row without a number is not."""
    if not source[count].type().is_numeric():
        raise InvalidArgument(f"Argument 'count': column {count!r} holds {source[count].type()}, not whole numbers.")
    weight = source[count].cast("int64").fill_null(0)
    if (least := weight.min().to_pyarrow().as_py()) is not None and least < 0:
        raise InvalidArgument(f"Argument 'count': column {count!r} has a number below zero, {least:,}.")
    return weight


def _per_class(used: Table) -> pd.DataFrame:
    """For each class in natural order its rows: actual, predicted, and both."""
    import ibis
    import pandas as pd

    right = one_where(used.actual == used.guess) * used.weight
    zero = ibis.literal(0, "int64")
    sides = used.select(value=used.actual, actual=used.weight, predicted=zero, both=right).union(
        used.select(value=used.guess, actual=zero, predicted=used.weight, both=zero)
    )
    sums = sides.group_by("value").aggregate(
        actual=sides.actual.sum(), predicted=sides.predicted.sum(), both=sides.both.sum()
    )
    found = {each.pop("value"): each for each in sums.limit(MOST_CLASSES + 1).to_pyarrow().to_pylist()}
    if len(found) > MOST_CLASSES:
        raise InvalidArgument(
            f"There are more than {MOST_CLASSES:,} different values; choose columns of classes for 'target' and "
            "'predicted'."
        )
    ordered = in_order(found)
    return pd.DataFrame(
        {name: [found[value][name] for value in ordered] for name in ("actual", "predicted", "both")},
        index=pd.Index(ordered, dtype=object),
    )

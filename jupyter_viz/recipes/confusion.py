"""The confusion matrix: which class is taken for which."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING, Any, Literal

from ..errors import InvalidArgument
from ..views import Figure, FigureColumn
from .base import Column, Table, recipe
from .scored import MOST_CLASSES, in_order, known
from .style import SEQUENTIAL, labels, layout, left_out, note_of, plain, rounded, short

if TYPE_CHECKING:
    import pandas as pd

_MOST_DRAWN = 30
_MOST_WITH_TEXT = 20


@recipe(title="Confusion matrix")
def confusion_matrix(
    source: Table,
    *,
    target: Column = "label",
    predicted: Column = "predicted",
    normalize: Literal["none", "true", "predicted", "all"] = "none",
) -> Figure:
    """How often each class is predicted for each class, with accuracy, balanced accuracy and macro F1.

    Metrics are scikit-learn's, of all classes: balanced accuracy is the mean recall of the classes that occur, macro
    F1 the mean of 2 TP / (actual + predicted) of the classes that occur or are predicted.

    Args:
        target: Column of the true classes.
        predicted: Column of the predicted classes.
        normalize: none for rows, true for shares of each true class, predicted of each predicted class, all of all.
    """
    import ibis

    actual, guess = _alike(source[target], source[predicted])
    pairs = source.select(actual=actual, guess=guess)
    used = pairs.filter(known(pairs.actual) & known(pairs.guess))
    per_class = _per_class(used)
    rows, total = int(pairs.count().to_pyarrow().as_py()), int(per_class.actual.sum())
    if not total:
        raise InvalidArgument(f"Nothing to draw: no row has both a value of {target!r} and of {predicted!r}.")
    drawn = _drawn(per_class)
    others = len(per_class) - len(drawn)
    names = labels(drawn) + ([f"{others:,} others"] if others else [])

    def place(values: Any) -> Any:
        return ibis.cases(*((values == value, n) for n, value in enumerate(drawn)), else_=len(drawn))

    placed = used.select(i=place(used.actual), j=place(used.guess))
    counted = placed.group_by("i", "j").aggregate(rows=placed.count()).to_pyarrow().to_pylist()
    cells = _cells({(each["i"], each["j"]): each["rows"] for each in counted}, names, normalize)
    metrics = _metrics(per_class)
    title = f"Confusion matrix of {short(predicted)} for {short(target)}"
    return Figure(
        title=title,
        alt=_alt(target, predicted, per_class, metrics, cells),
        spec=_figure(title, target, predicted, names, cells, normalize),
        columns=(
            FigureColumn("actual", "text", "/data/0/y"),
            FigureColumn("predicted", "text", "/data/0/x"),
            FigureColumn("rows", "number", "/data/0/customdata"),
            *([FigureColumn("share", "number", "/data/0/z")] if normalize != "none" else []),
        ),
        data=cells,
        metrics=metrics,
        note=note_of(
            left_out(rows - total, rows, "actual or predicted class"),
            f"Of {len(per_class):,} classes the {len(drawn)} most frequent are drawn; the metrics are of all."
            if others
            else None,
        ),
    )


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
        # Booleans become numbers by way of whole ones: not every engine makes a float of them.
        numbers = [
            column.cast("int64") if kind.is_boolean() else column
            for column, kind in zip((actual, guess), kinds, strict=True)
        ]
        return tuple(column.cast("int64" if whole else "float64") for column in numbers)
    return actual.cast("string"), guess.cast("string")


def _per_class(used: Table) -> pd.DataFrame:
    """For each class in natural order its rows: actual, predicted, and both."""
    import ibis
    import pandas as pd

    right = (used.actual == used.guess).cast("int64")
    zero, one = ibis.literal(0, "int64"), ibis.literal(1, "int64")
    sides = used.select(value=used.actual, actual=one, predicted=zero, both=right).union(
        used.select(value=used.guess, actual=zero, predicted=one, both=zero)
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


def _drawn(per_class: pd.DataFrame) -> list[Any]:
    """The classes with a row and column of their own, in order; one left over has one too."""
    if len(per_class) <= _MOST_DRAWN + 1:
        return list(per_class.index)
    ranked = per_class.sort_values(["actual", "predicted"], ascending=False, kind="stable")
    most = set(ranked.index[:_MOST_DRAWN])
    return [value for value in per_class.index if value in most]


def _metrics(per_class: pd.DataFrame) -> dict[str, float]:
    of_actual = per_class[per_class.actual > 0]
    return {
        "accuracy": int(per_class.both.sum()) / int(per_class.actual.sum()),
        "balanced_accuracy": float((of_actual.both / of_actual.actual).mean()),
        "f1_macro": float((2 * per_class.both / (per_class.actual + per_class.predicted)).mean()),
    }


def _cells(rows: dict[tuple[int, int], int], names: list[str], normalize: str) -> pd.DataFrame:
    """A row for each pair of classes: actual, predicted, rows and, where it is asked for, share."""
    import numpy as np
    import pandas as pd

    counts = np.zeros((len(names), len(names)), np.int64)
    for place, count in rows.items():
        counts[place] = count
    plain_names = [unescape(name) for name in names]
    cells = pd.DataFrame(
        {
            "actual": np.repeat(plain_names, len(names)),
            "predicted": np.tile(plain_names, len(names)),
            "rows": counts.ravel(),
        }
    )
    if normalize != "none":
        axis = {"true": 1, "predicted": 0, "all": None}[normalize]
        whole = counts.sum(axis=axis, keepdims=True)
        # A class that does not occur, or is never predicted, has no shares.
        cells["share"] = np.where(whole > 0, counts / np.maximum(whole, 1), np.nan).ravel()
    return cells


def _alt(target: str, predicted: str, per_class: pd.DataFrame, metrics: dict[str, float], cells: pd.DataFrame) -> str:
    text = (
        f"Confusion matrix of {short(predicted)} for {short(target)} over {int(per_class.actual.sum()):,} rows and "
        f"{len(per_class):,} classes. Accuracy {metrics['accuracy']:.1%}, balanced accuracy "
        f"{metrics['balanced_accuracy']:.1%}, macro F1 {metrics['f1_macro']:.3f}"
    )
    wrong = cells[(cells.actual != cells.predicted) & (cells.rows > 0)]
    if not len(wrong):
        return f"{text}; no class is taken for another."
    most = wrong.iloc[int(wrong.rows.to_numpy().argmax())]
    return f"{text}; most often {most.actual} is taken for {most.predicted}, in {most.rows:,} rows."


def _figure(
    title: str, target: str, predicted: str, names: list[str], cells: pd.DataFrame, normalize: str
) -> dict[str, Any]:
    shares = normalize != "none"
    values = cells.share if shares else cells.rows
    written = "{:.0%}" if shares else "{:,}"
    heat = {
        "type": "heatmap",
        # A list of cells each, not of lists, so that they can be shown as a table too.
        "x": [plain(name) for name in cells.predicted],
        "y": [plain(name) for name in cells.actual],
        "z": rounded(values),
        "text": ["" if value != value else written.format(value) for value in values],
        "customdata": cells.rows.tolist(),
        "colorscale": [list(stop) for stop in SEQUENTIAL],
        "zmin": 0,
        "colorbar": {"title": {"text": "share" if shares else "rows"}, "tickformat": ".0%" if shares else ","},
        "hovertemplate": "%{y} taken for %{x}: %{text}<extra></extra>",
    }
    whole = layout(title, f"Predicted: {predicted}", f"Actual: {target}")
    order = {"type": "category", "categoryorder": "array", "categoryarray": names, "showgrid": False}
    whole["xaxis"] |= order
    whole["yaxis"] |= {**order, "autorange": "reversed"}
    if len(names) <= _MOST_WITH_TEXT:
        heat["texttemplate"] = "%{text}"
        whole["yaxis"]["dtick"] = 1  # every name, where there is room for all
    return {"data": [heat], "layout": whole}

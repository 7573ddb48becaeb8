"""Confusion matrices as figures, be they counted from rows or given as counts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import unescape
from typing import TYPE_CHECKING, Any

from ..errors import UnreadableSource
from ..views import Figure, FigureColumn
from .style import SEQUENTIAL, labels, layout, note_of, plain, rounded, short

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

MOST_GIVEN = 1000
"""Classes of a matrix that is given: the numbers of more are too many to be read."""

_MOST_DRAWN = 30
_MOST_WITH_TEXT = 20


def matrix_figure(
    target: str,
    predicted: str,
    per_class: pd.DataFrame,
    names: list[str],
    rows_of: dict[tuple[int, int], int],
    normalize: str,
    missing: str | None = None,
) -> Figure:
    """The figure of what was counted.

    Args:
        per_class: Rows of each class: `actual`, `predicted`, `both`.
        names: Of the rows and columns drawn; the last is of all others, where there are.
        rows_of: How many rows there are at each place of the matrix.
        missing: The sentence about rows that could not be used.
    """
    cells = _cells(rows_of, names, normalize)
    metrics = _metrics(per_class)
    few = f"Of {len(per_class):,} classes the {len(names) - 1} most frequent are drawn; the metrics are of all."
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
        note=note_of(missing, few if len(names) < len(per_class) else None),
    )


def given_matrix(
    target: str, predicted: str, classes: Sequence[str], rows: Sequence[Sequence[Any]], where: str
) -> Figure:
    """The matrix of counts that were made elsewhere. Raises `UnreadableSource` where they are none.

    Args:
        rows: For each class in turn, how many of its rows were taken for each class.
        where: What the matrix is called where it stands, for messages.
    """
    import numpy as np
    import pandas as pd

    counts = _counted(classes, rows, where)
    per_class = pd.DataFrame(
        {"actual": counts.sum(axis=1), "predicted": counts.sum(axis=0), "both": counts.diagonal()},
        index=pd.Index(list(classes), dtype=object),
    )
    drawn = drawn_classes(per_class)
    others = len(per_class) - len(drawn)
    places = {name: place for place, name in enumerate(drawn)}
    at = np.array([places.get(name, len(drawn)) for name in classes])
    rows_of: dict[tuple[int, int], int] = {}
    for i, j in zip(*np.nonzero(counts), strict=True):
        cell = (int(at[i]), int(at[j]))
        rows_of[cell] = rows_of.get(cell, 0) + int(counts[i, j])
    names = labels(drawn) + ([f"{others:,} others"] if others else [])
    # What is neither there nor predicted has no part in the metrics, as where rows are counted.
    return matrix_figure(
        target, predicted, per_class[per_class.actual + per_class.predicted > 0], names, rows_of, "none"
    )


def drawn_classes(per_class: pd.DataFrame) -> list[Any]:
    """The classes with a row and column of their own, in order; one left over has one too."""
    if len(per_class) <= _MOST_DRAWN + 1:
        return list(per_class.index)
    ranked = per_class.sort_values(["actual", "predicted"], ascending=False, kind="stable")
    most = set(ranked.index[:_MOST_DRAWN])
    return [value for value in per_class.index if value in most]


def _counted(classes: Sequence[str], rows: Sequence[Sequence[Any]], where: str) -> np.ndarray[Any, Any]:
    import numpy as np

    if not classes:
        raise UnreadableSource(f"{where} names no classes.")
    if len(classes) > MOST_GIVEN:
        raise UnreadableSource(f"{where} has {len(classes):,} classes; up to {MOST_GIVEN:,} can be drawn.")
    if twice := [name for place, name in enumerate(classes) if name in classes[:place]]:
        raise UnreadableSource(f"{where} names the class {twice[0]!r} twice.")
    if len(rows) != len(classes):
        raise UnreadableSource(
            f"{where} has {len(rows):,} rows and {len(classes):,} classes: one row is needed for each."
        )
    for name, row in zip(classes, rows, strict=True):
        if len(row) != len(classes):
            raise UnreadableSource(
                f"{where}: the row of {name!r} has {len(row):,} numbers, one is needed for each of "
                f"the {len(classes):,} classes."
            )
    counts = np.array([[_whole(value, where) for value in row] for row in rows], np.int64)
    if not counts.any():
        raise UnreadableSource(f"{where}: nothing to draw, every count is 0.")
    return counts


def _whole(value: Any, where: str) -> int:
    try:
        number = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not 0 <= number < 2**53 or number % 1:
        raise UnreadableSource(f"{where} holds {value!r}, where a number of rows is needed: counts, not shares.")
    return int(number)


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

"""Principal components: rows of many numbers in a plane."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

from ..errors import InvalidArgument
from ..views import Figure
from .axes import OTHER, axis_of, group_of, groups_of, listed, only_row, settled
from .base import Table
from .correlated import numeric_columns
from .moments import pearson, ranges_of, scaled
from .scattered import clouds
from .style import layout, note_of, short

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

_MOST_IN_ENGINE = 40  # columns: of more there are too many pairs for queries, and a part of the rows is brought here
_MOST_ROWS = 20_000
_MOST_CELLS = 4_000_000
_AT_ONCE = 50  # texts that are joined in one expression


@dataclass(frozen=True, slots=True)
class _Projection:
    """Attributes:
    points: Columns x, y, and `group` where there are groups.
    loadings: Two unit vectors over the columns.
    explained: Their shares of the variance.
    columns: Keys of the columns that vary.
    used: How many rows the components were made of.
    """

    points: pd.DataFrame
    loadings: np.ndarray[Any, Any]
    explained: list[float]
    columns: list[str]
    used: int


def projection_of(source: Table, columns: list[str] | None, by: str | None, sample: int, seed: int) -> Figure:
    wanted = list(dict.fromkeys(numeric_columns(source) if columns is None else columns))
    if len(wanted) < 2:
        raise InvalidArgument(f"A projection needs two columns of numbers; there is {listed(wanted) or 'none'}.")
    axes = {f"c{at}": axis_of(source, name, "columns", dates=False) for at, name in enumerate(wanted)}
    chosen = {key: axis.values for key, axis in axes.items()} | ({"group": group_of(source, by)} if by else {})
    rows = source.select(**chosen)
    counts = source.aggregate(every=source.count(), **{key: axis.infinite.sum() for key, axis in axes.items()})
    every, *infinite = only_row(counts)
    complete = rows.filter(*(rows[key].notnull() for key in chosen))
    kept = only_row(complete.aggregate(kept=complete.count()))[0]
    if not kept:
        needed = listed(wanted) + (f", {short(by)}" if by else "")
        raise InvalidArgument(f"Nothing to draw: no row has a value in each of {needed}.")
    groups = groups_of(complete) if by else None
    if groups:
        complete = complete.mutate(group=groups.of(complete.group))
    keys = list(axes)
    ranges = ranges_of(complete, keys)
    names = dict(zip(keys, wanted, strict=True))
    if len(ranges) < 2:
        raise InvalidArgument(f"Nothing to draw: two columns that vary are needed, {listed(wanted)} do not.")
    order = _hash([*(complete[key] for key in keys), *([complete.group] if groups else [])], seed)
    found = (_in_engine if len(ranges) <= _MOST_IN_ENGINE else _here)(complete, ranges, order, sample)
    still = [name for key, name in names.items() if key not in ranges]
    notes = [
        f"{every - kept:,} of {every:,} rows lack a value and are left out." if kept < every else None,
        f"{sum(n or 0 for n in infinite):,} infinite values count as missing." if any(infinite) else None,
        f"Left out, for they do not vary: {listed(still)}." if still else None,
        f"Components of {found.used:,} of {kept:,} rows, drawn with seed {seed}." if found.used < kept else None,
        f"Shows {len(found.points):,} of {kept:,} rows, drawn with seed {seed}." if len(found.points) < kept else None,
        groups.note(by) if groups and by else None,
    ]
    title = f"Projection of {len(ranges):,} columns{f' by {short(by)}' if by else ''}"
    labels = tuple(f"component {at + 1} ({share:.1%} of variance)" for at, share in enumerate(found.explained))
    about = layout(title, *labels)
    spec, pointing = clouds(
        found.points, about, ("component 1", "component 2"), (None, None), groups.kept if groups else None
    )
    data = found.points.rename(columns={"x": "component_1", "y": "component_2"})
    if groups:
        data["group"] = data.group.fillna(OTHER)
    return Figure(
        title=title,
        alt=_alt(title, found, [names[key] for key in found.columns], kept),
        spec=spec,
        columns=pointing,
        data=data,
        metrics={f"explained_variance_{at + 1}": settled(share) for at, share in enumerate(found.explained)},
        note=note_of(*notes),
    )


def _in_engine(rows: Table, ranges: dict[str, tuple[float, float]], order: Any, sample: int) -> _Projection:
    """Means, deviations and correlations of all rows; what comes back is the rows that are drawn, projected."""
    keys = list(ranges)
    kept = only_row(rows.aggregate(n=rows.count()))[0]
    ordered = scaled(rows.mutate(order=order), ranges)
    statistics = only_row(
        ordered.aggregate(
            **{f"m{key}": ordered[key].mean() for key in keys},
            **{f"s{key}": ordered[key].std(how="pop") for key in keys},
        )
    )
    means, deviations = statistics[: len(keys)], statistics[len(keys) :]
    loadings, explained = _components(pearson(ordered, keys))
    placed = {
        name: reduce(
            operator.add,
            (
                (ordered[key] - mean) * (float(weight) / deviation)
                for key, mean, deviation, weight in zip(keys, means, deviations, loadings[at], strict=True)
            ),
        )
        for at, name in enumerate("xy")
    }
    group = ["group"] if "group" in rows.columns else []
    points = ordered.mutate(**placed).order_by("order").limit(sample).select("x", "y", *group).to_pandas()
    return _Projection(points, loadings, explained, keys, kept)


def _here(rows: Table, ranges: dict[str, tuple[float, float]], order: Any, sample: int) -> _Projection:
    """The same of rows drawn by chance, as many as may be brought here."""

    keys = list(ranges)
    most = min(_MOST_ROWS, _MOST_CELLS // len(keys))
    found = scaled(rows.mutate(order=order), ranges).order_by("order").limit(most).to_pandas()
    values = found[keys].to_numpy(float)
    deviations = values.std(axis=0)
    deviations[deviations == 0] = 1.0  # constant in the rows that were drawn
    standardized = (values - values.mean(axis=0)) / deviations
    loadings, explained = _components(standardized.T @ standardized / len(values))
    points = found[["group"]] if "group" in found else found[[]]
    placed = standardized[:sample] @ loadings.T
    points = points.head(sample).assign(x=placed[:, 0], y=placed[:, 1])
    return _Projection(points, loadings, explained, keys, len(values))


def _components(matrix: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], list[float]]:
    """(the two eigenvectors of a correlation matrix with the largest eigenvalues, their shares of the variance).

    An eigenvector has no sign of its own: its largest weight is positive, the first of them where two are as large.
    """
    import numpy as np

    values, vectors = np.linalg.eigh(matrix)
    loadings = vectors[:, [-1, -2]].T
    for vector in loadings:
        if vector[np.abs(vector).round(9).argmax()] < 0:
            vector *= -1
    return loadings, [float(max(value, 0.0) / values.sum()) for value in values[[-1, -2]]]


def _hash(values: Sequence[Any], seed: int) -> Any:
    """A number for each row that only its values and the seed decide: what is first by it is a sample by chance."""
    import ibis

    texts = [value.cast("string").fill_null("") for value in values]
    joined = ibis.literal(f"{seed}|")
    parts = [texts[start : start + _AT_ONCE] for start in range(0, len(texts), _AT_ONCE)]
    hashes = []
    for part in parts:
        text = joined
        for value in part:
            text = text + value + "|"
        hashes.append(text.hash())
    return hashes[0] if len(hashes) == 1 else _hash(hashes, seed)


def _alt(title: str, found: _Projection, names: list[str], kept: int) -> str:
    import numpy as np

    texts = []
    for vector, share, which in zip(found.loadings, found.explained, ("first", "second"), strict=True):
        heaviest = np.abs(vector).round(9).argsort(kind="stable")[::-1][:3]
        weights = ", ".join(f"{short(names[at])} {vector[at]:+.2f}" for at in sorted(heaviest))
        texts.append(f"the {which} component holds {share:.1%} of the variance (largest weights: {weights})")
    return f"{title} over {kept:,} rows: {'; '.join(texts)}."

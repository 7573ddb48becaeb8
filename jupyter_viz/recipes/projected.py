"""Principal components: rows of many numbers in a plane."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

from ..errors import InvalidArgument
from ..views import Figure
from .axes import OTHER, Groups, axis_of, group_of, groups_of, listed, only_row, settled
from .base import Table
from .correlated import numeric_columns
from .moments import pearson, ranges_of, scaled
from .scattered import clouds
from .style import layout, note_of, short
from .vectors import holds_vectors, vectors_of

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

_MOST_IN_ENGINE = 40  # columns: of more there are too many pairs for queries, and a part of the rows is brought here
_LARGE = 200  # rows of a matrix of which all eigenvectors take long
_MORE, _TURNS, _EXACT = 24, 150, 1e-10
_AT_ONCE = 50  # texts that are joined in one expression


@dataclass(frozen=True, slots=True)
class _Projection:
    """Rows in a plane.

    Attributes:
        points: Columns x, y, and `group` where there are groups.
        loadings: Two unit vectors over the columns.
        explained: Their shares of the variance.
        names: Of all columns.
        columns: Of those that vary.
        every: How many rows there are.
        kept: How many of them have a number in each column.
        used: How many rows the components were made of.
        infinite: How many numbers are.
    """

    points: pd.DataFrame
    loadings: np.ndarray[Any, Any]
    explained: list[float]
    names: list[str]
    columns: list[str]
    groups: Groups | None
    every: int
    kept: int
    used: int
    infinite: int


def projection_of(source: Table, columns: list[str] | None, by: str | None, sample: int, seed: int) -> Figure:
    wanted = list(dict.fromkeys(_columns_of(source, by) if columns is None else columns))
    of_vectors = holds_vectors(source, wanted)
    if len(wanted) < 2 and not of_vectors:
        raise InvalidArgument(f"A projection needs two columns of numbers; there is {listed(wanted) or 'none'}.")
    make = _here if of_vectors or len(wanted) > _MOST_IN_ENGINE else _in_engine
    found = make(source, wanted, by, sample, seed)
    groups, kept, still = found.groups, found.kept, [name for name in found.names if name not in found.columns]
    notes = [
        f"{found.every - kept:,} of {found.every:,} rows lack a value and are left out."
        if kept < found.every
        else None,
        f"{found.infinite:,} infinite values count as missing." if found.infinite else None,
        f"Left out, for they do not vary: {listed(still)}." if still else None,
        f"Components of {found.used:,} of {kept:,} rows, drawn with seed {seed}." if found.used < kept else None,
        f"Shows {len(found.points):,} of {kept:,} rows, drawn with seed {seed}." if len(found.points) < kept else None,
        groups.note(by) if groups and by else None,
    ]
    title = f"Projection of {len(found.columns):,} columns{f' by {short(by)}' if by else ''}"
    if of_vectors:
        title = f"Projection of {short(wanted[0])}{f' by {short(by)}' if by else ''}"
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
        alt=_alt(title, found),
        spec=spec,
        columns=pointing,
        data=data,
        metrics={f"explained_variance_{at + 1}": settled(share) for at, share in enumerate(found.explained)},
        note=note_of(*notes),
    )


def _columns_of(source: Table, by: str | None) -> list[str]:
    """All columns of numbers but what the points are coloured by; where there are none, one of vectors."""
    numeric = [name for name in numeric_columns(source) if name != by]
    return numeric or [name for name in source.columns if holds_vectors(source, [name])][:1]


def _in_engine(source: Table, wanted: list[str], by: str | None, sample: int, seed: int) -> _Projection:
    """Means, deviations and correlations of all rows; what comes back is the rows that are drawn, projected."""
    axes = {f"c{at}": axis_of(source, name, "columns", dates=False) for at, name in enumerate(wanted)}
    chosen = {key: axis.values for key, axis in axes.items()} | ({"group": group_of(source, by)} if by else {})
    rows = source.select(**chosen)
    counts = source.aggregate(every=source.count(), **{key: axis.infinite.sum() for key, axis in axes.items()})
    every, *infinite = only_row(counts)
    complete = rows.filter(*(rows[key].notnull() for key in chosen))
    kept = only_row(complete.aggregate(kept=complete.count()))[0]
    if not kept:
        raise _nothing(wanted, by)
    groups = groups_of(complete) if by else None
    if groups:
        complete = complete.mutate(group=groups.of(complete.group))
    ranges = ranges_of(complete, list(axes))
    if len(ranges) < 2:
        raise _still(wanted)
    order = _hash([*(complete[key] for key in axes), *([complete.group] if groups else [])], seed)
    keys = list(ranges)
    ordered = scaled(complete.mutate(order=order), ranges)
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
    group = ["group"] if groups else []
    points = ordered.mutate(**placed).order_by("order").limit(sample).select("x", "y", *group).to_pandas()
    varying = [name for key, name in zip(axes, wanted, strict=True) if key in ranges]
    beyond = sum(number or 0 for number in infinite)
    return _Projection(points, loadings, explained, wanted, varying, groups, every, kept, kept, beyond)


def _here(source: Table, wanted: list[str], by: str | None, sample: int, seed: int) -> _Projection:
    """The same of rows drawn by chance, as many as may be brought here."""
    import numpy as np
    import pandas as pd

    vectors = vectors_of(source, wanted, by)
    if not vectors.kept:
        raise _nothing(wanted, by)
    groups = groups_of(vectors.rows) if by else None
    values, group = vectors.drawn(seed)
    low, high = values.min(axis=0), values.max(axis=0)
    varies = low < high
    if varies.sum() < 2:
        raise _still(wanted)
    # Halves: the difference of two floats may be more than a float holds.
    values, low, high = values[:, varies] / 2, low[varies] / 2, high[varies] / 2
    values = (values - low) / (high - low)
    standardized = (values - values.mean(axis=0)) / values.std(axis=0)
    loadings, explained = _components_of(standardized)
    placed = standardized[:sample] @ loadings.T
    points = pd.DataFrame({"x": placed[:, 0], "y": placed[:, 1]})
    if groups:
        kept = set(groups.kept)
        points["group"] = [each if each in kept else None for each in group[:sample]]
    varying = [vectors.names[at] for at in np.flatnonzero(varies)]
    counts = (vectors.every, vectors.kept, len(values), vectors.infinite)
    return _Projection(points, loadings, explained, vectors.names, varying, groups, *counts)


def _nothing(wanted: Sequence[str], by: str | None) -> InvalidArgument:
    needed = listed(wanted) + (f", {short(by)}" if by else "")
    return InvalidArgument(f"Nothing to draw: no row has a value in each of {needed}.")


def _still(wanted: Sequence[str]) -> InvalidArgument:
    return InvalidArgument(f"Nothing to draw: two columns that vary are needed, {listed(wanted)} do not.")


def _components(matrix: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], list[float]]:
    """(the two eigenvectors of a correlation matrix with the largest eigenvalues, their shares of the variance).

    An eigenvector has no sign of its own: its largest weight is positive, the first of them where two are as large.
    """
    values, vectors = _largest_two(matrix)
    return _signed(vectors), _shares(values, matrix)


def _components_of(standardized: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], list[float]]:
    """The same of rows: where they are fewer than the columns, from their products with each other (Turk and Pentland
    1991), which has the same eigenvalues but for zeros."""
    import numpy as np

    rows, columns = standardized.shape
    if rows >= columns:
        return _components(standardized.T @ standardized / rows)
    products = standardized @ standardized.T / rows
    values, vectors = _largest_two(products)
    loadings = vectors @ standardized
    lengths = np.linalg.norm(loadings, axis=1, keepdims=True)
    return _signed(loadings / np.where(lengths > 0, lengths, 1.0)), _shares(values, products)


def _largest_two(matrix: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """(the two largest eigenvalues of a symmetric matrix, their eigenvectors).

    Of a large one by iteration with a few vectors more (Halko, Martinsson and Tropp 2011, "Finding structure with
    randomness", algorithm 4.4): all of its eigenvectors would take ten times as long, or more.
    """
    import numpy as np

    if len(matrix) > _LARGE:
        basis = np.random.default_rng(0).normal(size=(len(matrix), _MORE))
        for _ in range(_TURNS):
            basis = np.linalg.qr(basis)[0]
            product = matrix @ basis
            values, vectors = np.linalg.eigh(basis.T @ product)
            values, vectors = values[[-1, -2]], vectors[:, [-1, -2]]
            found = basis @ vectors
            if np.linalg.norm(product @ vectors - found * values, axis=0).max() <= _EXACT * values[0]:
                return values, found.T
            basis = product
    values, vectors = np.linalg.eigh(matrix)
    return values[[-1, -2]], vectors[:, [-1, -2]].T


def _signed(loadings: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    import numpy as np

    for vector in loadings:
        if vector[np.abs(vector).round(9).argmax()] < 0:
            vector *= -1
    return loadings


def _shares(values: np.ndarray[Any, Any], matrix: np.ndarray[Any, Any]) -> list[float]:
    return [float(max(value, 0.0) / matrix.trace()) for value in values]


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


def _alt(title: str, found: _Projection) -> str:
    import numpy as np

    texts = []
    for vector, share, which in zip(found.loadings, found.explained, ("first", "second"), strict=True):
        heaviest = np.abs(vector).round(9).argsort(kind="stable")[::-1][:3]
        weights = ", ".join(f"{short(found.columns[at])} {vector[at]:+.2f}" for at in sorted(heaviest))
        texts.append(f"the {which} component holds {share:.1%} of the variance (largest weights: {weights})")
    return f"{title} over {found.kept:,} rows: {'; '.join(texts)}."

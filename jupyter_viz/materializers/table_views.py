"""What is shown of any table: a picture of its statistics, the statistics themselves, and its first rows."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ..enums import VisualizationType
from ..io import fileio
from .table_picture import COLUMNS, drawn
from .table_profile import QUANTILES, ColumnProfile, TableProfile, profiled

if TYPE_CHECKING:
    import pyarrow as pa

    from .base_materializer import BaseMaterializer

SAMPLE_ROWS = 20
SAMPLE_COLUMNS = 100
_CELL = 500


def save_views(
    materializer: BaseMaterializer, table: pa.Table, names: Sequence[str], types: Sequence[str]
) -> dict[str, VisualizationType]:
    """Write picture, description and sample of a table whose first `len(names)` columns are the data's."""
    if not names:
        return {}
    profile = profiled(table, names, types)
    picture, description, sample = (
        materializer.path(name) for name in ("statistics.png", "description.csv", "sample.csv")
    )
    with fileio.open(picture, "wb") as file:
        file.write(drawn(_title(profile), profile))
    _write(description, [_HEADER, *(_described(column, profile) for column in profile.columns), *_omitted(profile)])
    head = table.slice(0, SAMPLE_ROWS).select(range(min(len(names), SAMPLE_COLUMNS)))
    more = [f"… {len(names) - SAMPLE_COLUMNS:,} more columns"] if len(names) > SAMPLE_COLUMNS else []
    rows = zip(*map(_values, head.columns), strict=True)
    _write(sample, [[*names[:SAMPLE_COLUMNS], *more], *([*row, *("" for _ in more)] for row in rows)])
    return {
        picture: VisualizationType.IMAGE,
        description: VisualizationType.CSV,
        sample: VisualizationType.CSV,
    }


_HEADER = ["column", "type", "nulls", "distinct", "min", "max", "mean", "std"] + [
    *(f"{share:.0%}" for share in QUANTILES),
    "most frequent",
    "from",
]


def _described(column: ColumnProfile, profile: TableProfile) -> list[Any]:
    quantiles = column.quantiles or [None] * len(QUANTILES)
    top = " · ".join(f"{value} ({count:,})" for value, count in sorted(column.top, key=lambda pair: -pair[1]))
    values = [column.minimum, column.maximum, column.mean, column.deviation, *quantiles]
    return [
        column.name,
        column.type,
        column.nulls,
        _distinct(column, profile),
        *(f"{value:.6g}" if isinstance(value, float) else value for value in values),
        top,
        profile.basis,
    ]


def _distinct(column: ColumnProfile, profile: TableProfile) -> str:
    if column.distinct is None:
        return ""
    return str(column.distinct) if profile.looked_at == profile.rows else f"≥ {column.distinct:,}"


def _omitted(profile: TableProfile) -> Iterable[list[Any]]:
    left = profile.column_count - len(profile.columns)
    if left:
        yield [f"… {left:,} more columns", *[""] * (len(_HEADER) - 1)]


def _title(profile: TableProfile) -> str:
    count, looked_at = profile.column_count, profile.looked_at
    title = f"{profile.rows:,} {_plural('row', profile.rows)}, {count:,} {_plural('column', count)}"
    if looked_at < profile.rows:
        title += f", drawn from {looked_at:,} of the rows"
    return title + (f"; the first {COLUMNS} columns" if count > COLUMNS else "")


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"


def _values(column: pa.ChunkedArray) -> list[Any]:
    import pyarrow as pa

    try:
        values: list[Any] = column.to_pylist()
    except (pa.ArrowException, ValueError, OverflowError):  # a moment Python has no date for
        values = [f"{value.value} {column.type}" for value in column]
    return values


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else str(value)
    text = text.encode("utf-8", "replace").decode()
    return text if len(text) <= _CELL else f"{text[:_CELL]}… ({len(text):,} characters)"


def _write(path: str, rows: Iterable[Sequence[Any]]) -> None:
    with fileio.open(path, "w") as file:
        csv.writer(file, lineterminator="\n").writerows([_cell(cell) for cell in row] for row in rows)

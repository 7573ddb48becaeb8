"""whylogs' profiles. Its own report loads its scripts from elsewhere, so a profile is drawn as a table is."""

from __future__ import annotations

import csv
import math
from typing import Any

from ..enums import VisualizationType
from ..io import fileio
from .base_materializer import BaseMaterializer, qualified_name
from .readable import one_line
from .table_picture import drawn
from .table_profile import ColumnProfile, TableProfile

_BINS = 24
_TOP = 6


class ProfileMaterializer(BaseMaterializer):
    """`DatasetProfileView`; a `ProfileResultSet` or `DatasetProfile` is stored, and loaded, as the view of it."""

    def save(self, data: Any) -> None:
        with fileio.open(self.path("data.bin"), "wb") as file:
            file.write(_view(data).serialize())
        with fileio.open(self.path("type.txt"), "w") as file:
            file.write(qualified_name(type(data)))

    def load(self, data_type: type | None = None) -> Any:
        from whylogs.api.logger.result_set import ViewResultSet
        from whylogs.core.view.dataset_profile_view import DatasetProfileView

        with fileio.open(self.path("data.bin"), "rb") as file:
            view = DatasetProfileView.deserialize(file.read())
        with fileio.open(self.path("type.txt")) as file:
            return ViewResultSet(view) if file.read().endswith("ResultSet") else view

    def save_visualizations(self, data: Any) -> dict[str, VisualizationType]:
        view = _view(data)
        columns = [_column(name, column) for name, column in view.get_columns().items()]
        rows = max((_count(column, "n") for column in view.get_columns().values()), default=0)
        picture, profile = self.path("statistics.png"), self.path("profile.csv")
        with fileio.open(picture, "wb") as file:
            title = f"whylogs: {rows:,} rows, {len(columns):,} columns"
            file.write(drawn(title, TableProfile(rows, rows, rows, len(columns), columns)))
        summaries = {name: column.to_summary_dict() for name, column in view.get_columns().items()}
        keys = sorted({key for summary in summaries.values() for key in summary})
        with fileio.open(profile, "w") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["column", *keys])
            for name, summary in summaries.items():
                writer.writerow([one_line(name), *(_cell(summary.get(key)) for key in keys)])
        return {picture: VisualizationType.IMAGE, profile: VisualizationType.CSV}


def _view(data: Any) -> Any:
    return data.view() if hasattr(data, "view") else data


def _column(name: str, column: Any) -> ColumnProfile:
    shown = ColumnProfile(name, _type(column), nulls=max(_count(column, "null"), _count(column, "nan")))
    cardinality = column.get_metric("cardinality")
    if cardinality is not None:
        shown.distinct = round(cardinality.hll.value.get_estimate())
    distribution, frequent = column.get_metric("distribution"), column.get_metric("frequent_items")
    sketch = distribution.kll.value if distribution is not None else None
    if sketch is not None and sketch.get_n():
        shown.group = "number"
        low, high = float(sketch.get_min_value()), float(sketch.get_max_value())
        if math.isfinite(high - low):
            step = (high - low) / _BINS
            shares = sketch.get_pmf([low + step * n for n in range(1, _BINS)]) if high > low else [1.0]
            shown.bins = tuple(round(share * sketch.get_n()) for share in shares)
            shown.edges = (low, high)
    elif frequent is not None:
        shown.group = "text"
        shown.top = tuple((one_line(item.value, 40), round(item.est)) for item in frequent.strings[:_TOP])
    return shown


def _type(column: Any) -> str:
    """The type that most values have."""
    counts = {name: _count(column, name, "types") for name in ("integral", "fractional", "boolean", "string", "object")}
    found = max(counts, key=lambda name: counts[name])
    return found if counts[found] else "unknown"


def _count(column: Any, name: str, metric: str = "counts") -> int:
    found = column.get_metric(metric)
    part = getattr(found, name, None) if found is not None else None
    return int(part.value) if part is not None else 0


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        value = ", ".join(f"{getattr(item, 'value', item)} ({getattr(item, 'est', '')})" for item in value[:10])
    return f"{value:.6g}" if isinstance(value, float) else one_line(str(value), 300)

"""Tables, stored as parquet: of pandas, polars and Arrow.

Where parquet would change a table, `data.pkl` beside it holds the table itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..enums import ArtifactKind, VisualizationType
from ..io import fileio
from ..io.indexes import with_named_levels
from ..models import ColumnInfo
from . import pickled
from .base_materializer import BaseMaterializer, Description
from .frames import Packed, packed, restored
from .table_views import save_views

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa


class TableMaterializer(BaseMaterializer):
    """What tables have in common. A subclass makes an Arrow table of the data, and the data of a parquet file."""

    KIND = ArtifactKind.TABLE
    # Saving and showing need the same conversion; it is kept from one to the other.
    _kept: tuple[Any, Packed] | None = None

    def pack(self, data: Any) -> Packed:
        raise NotImplementedError

    def unpack(self, table: pa.Table) -> Any:
        raise NotImplementedError

    def columns(self, data: Any) -> Sequence[ColumnInfo]:
        raise NotImplementedError

    def save(self, data: Any) -> None:
        form = self._packed(data)
        if not form.exact:
            pickled.save(self.path("data.pkl"), data)
        self.write(form.table)

    def write(self, table: pa.Table) -> None:
        """The file that recipes read."""
        import pyarrow.parquet as pq

        with fileio.open(self.path("data.parquet"), "wb") as file:
            pq.write_table(table, file)

    def load(self, data_type: type | None = None) -> Any:
        import pyarrow.parquet as pq

        if fileio.exists(self.path("data.pkl")):
            return pickled.load(self.path("data.pkl"))
        with fileio.open(self.path("data.parquet"), "rb") as file:
            return self.unpack(pq.ParquetFile(file).read())

    def save_visualizations(self, data: Any) -> dict[str, VisualizationType]:
        columns = self.columns(data)
        names, types = [column.name for column in columns], [column.type for column in columns]
        return save_views(self, self._packed(data).table, names, types)

    def describe(self, data: Any) -> Description:
        return Description(len(data), tuple(self.columns(data)))

    def _packed(self, data: Any) -> Packed:
        if self._kept is None or self._kept[0] is not data:
            self._kept = data, self.pack(data)
        return self._kept[1]


class DataFrameMaterializer(TableMaterializer):
    """`pandas.DataFrame`, with its index and types."""

    def pack(self, data: pd.DataFrame) -> Packed:
        return packed(data)

    def unpack(self, table: pa.Table) -> pd.DataFrame:
        return restored(table)

    def columns(self, data: pd.DataFrame) -> list[ColumnInfo]:
        return [ColumnInfo(str(name), str(kind)) for name, kind in zip(data.columns, data.dtypes, strict=True)]

    def describe(self, data: pd.DataFrame) -> Description:
        return super().describe(with_named_levels(data))


class SeriesMaterializer(TableMaterializer):
    """`pandas.Series`: a table of one column, called `value` where the series has no name."""

    def pack(self, data: pd.Series[Any]) -> Packed:
        form = packed(data.to_frame("value" if data.name is None else data.name), {"named": data.name is not None})
        return form if _is_plain(data, "Series") else Packed(form.table, exact=False)

    def unpack(self, table: pa.Table) -> pd.Series[Any]:
        from .frames import noted

        frame = restored(table)
        series = frame.iloc[:, 0]
        series.attrs = frame.attrs
        return series if noted(table).get("named") else series.rename(None)

    def columns(self, data: pd.Series[Any]) -> list[ColumnInfo]:
        return [ColumnInfo("value" if data.name is None else str(data.name), str(data.dtype))]


class ArrowMaterializer(TableMaterializer):
    """`pyarrow.Table`."""

    def pack(self, data: pa.Table) -> Packed:
        import pyarrow as pa
        import pyarrow.parquet as pq

        names = [field.name for field in data.schema]
        try:
            with pa.BufferOutputStream() as sink:
                pq.write_table(data.slice(0, 1), sink)
                again = pq.ParquetFile(pa.BufferReader(sink.getvalue())).read()
            if len(set(names)) == len(names):
                return Packed(data, exact=again.schema.equals(data.schema, check_metadata=False))
        except (pa.ArrowException, NotImplementedError):
            pass  # a type that parquet has no place for
        return Packed(_as_text(names, data.columns), exact=False)

    def unpack(self, table: pa.Table) -> pa.Table:
        return table

    def columns(self, data: pa.Table) -> list[ColumnInfo]:
        return [ColumnInfo(field.name, str(field.type)) for field in data.schema]


class PolarsMaterializer(TableMaterializer):
    """`polars.DataFrame`."""

    def save(self, data: pl.DataFrame) -> None:
        form = self._packed(data)
        if not form.exact:
            if _has_objects(data):  # which polars doesn't pickle
                pickled.save(self.path("data.pkl"), (data.to_dict(as_series=False), list(data.schema.items())))
            else:
                pickled.save(self.path("data.pkl"), data)
            self.write(form.table)
            return
        # By polars itself, which keeps its own types.
        with fileio.open(self.path("data.parquet"), "wb") as file:
            data.write_parquet(file)

    def load(self, data_type: type | None = None) -> Any:
        import polars as pl

        if fileio.exists(self.path("data.pkl")):
            found = pickled.load(self.path("data.pkl"))
            return pl.DataFrame(found[0], schema=found[1]) if type(found) is tuple else found
        with fileio.open(self.path("data.parquet"), "rb") as file:
            return pl.read_parquet(file.read())

    def pack(self, data: pl.DataFrame) -> Packed:
        if _has_objects(data):
            return Packed(_as_text(data.columns, [column.to_list() for column in data]), exact=False)
        return Packed(data.to_arrow(), exact=_is_plain(data, "DataFrame"))

    def columns(self, data: pl.DataFrame) -> list[ColumnInfo]:
        return [ColumnInfo(name, str(kind)) for name, kind in data.schema.items()]


class PolarsSeriesMaterializer(PolarsMaterializer):
    """`polars.Series`: a table of one column."""

    def save(self, data: Any) -> None:
        super().save(data.to_frame())

    def load(self, data_type: type | None = None) -> Any:
        return super().load().to_series()

    def save_visualizations(self, data: Any) -> dict[str, VisualizationType]:
        return super().save_visualizations(data.to_frame())

    def columns(self, data: Any) -> list[ColumnInfo]:
        return super().columns(data.to_frame() if hasattr(data, "to_frame") else data)


def _is_plain(data: Any, name: str) -> bool:
    """Of the library's own class, not of a subclass that keeps something more."""
    return type(data).__name__ == name and type(data).__module__.split(".")[0] in ("pandas", "polars")


def _has_objects(data: pl.DataFrame) -> bool:
    return any(str(kind).startswith("Object") for kind in data.dtypes)


def _as_text(names: Sequence[str], columns: Sequence[Any]) -> pa.Table:
    """What can't be stored as it is, so that recipes and people can read it."""
    from .frames import as_text, unique

    return as_text(unique(names), columns)

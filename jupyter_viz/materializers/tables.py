"""Tables, stored as parquet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..enums import ArtifactKind, VisualizationType
from ..errors import InvalidOutput
from ..io import fileio
from ..models import ColumnInfo
from .base_materializer import BaseMaterializer, Description

if TYPE_CHECKING:
    import pandas as pd

_SAMPLE_ROWS = 20


class DataFrameMaterializer(BaseMaterializer):
    """`pandas.DataFrame`, with its index and types."""

    KIND = ArtifactKind.TABLE

    def save(self, data: pd.DataFrame) -> None:
        import pyarrow as pa

        try:
            with fileio.open(self.path("data.parquet"), "wb") as file:
                data.to_parquet(file)
        except (pa.ArrowException, ValueError, TypeError) as error:
            raise InvalidOutput(f"The DataFrame can't be stored as parquet: {error}") from error

    def load(self, data_type: type | None = None) -> pd.DataFrame:
        import pandas as pd

        with fileio.open(self.path("data.parquet"), "rb") as file:
            return pd.read_parquet(file)

    def save_visualizations(self, data: pd.DataFrame) -> dict[str, VisualizationType]:
        import numpy as np

        if data.shape[1] == 0:
            return {}
        described, sample = self.path("description.csv"), self.path("sample.csv")
        with np.errstate(
            all="ignore"
        ):  # the mean of a column with an infinity is nan: shown so, no warning of the step
            statistics = data.describe(include="all").rename_axis("statistic").reset_index()
        for path, frame in ((described, statistics), (sample, data.head(_SAMPLE_ROWS))):
            with fileio.open(path, "w") as file:
                frame.to_csv(file, index=False)
        return {described: VisualizationType.CSV, sample: VisualizationType.CSV}

    def describe(self, data: pd.DataFrame) -> Description:
        columns = tuple(ColumnInfo(str(name), str(kind)) for name, kind in data.dtypes.items())
        return Description(len(data), columns)

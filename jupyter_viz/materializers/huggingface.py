"""Hugging Face datasets: stored as parquet, so that recipes read them; shown by the hub's viewer and as a table."""

from __future__ import annotations

import csv
import dataclasses
import json
import re
from typing import Any

from ..enums import ArtifactKind, VisualizationType
from ..io import fileio
from ..models import ColumnInfo
from .base_materializer import BaseMaterializer, Description
from .pages import page, text
from .readable import one_line, readable

_ROWS = 50
_CELL = 300
_HUB = "https://huggingface.co/datasets/"
# Of `ds.info.download_checksums`: hf://datasets/owner/name@revision/file, or the same over https.
_NAME = re.compile(r"(?:hf://datasets/|https://huggingface\.co/datasets/)([\w.-]+/[\w.-]+?|[\w.-]+?)(?:@|/resolve/|$)")


class DatasetMaterializer(BaseMaterializer):
    """`datasets.Dataset` and `DatasetDict`, with features and split names."""

    KIND = ArtifactKind.TABLE

    def save(self, data: Any) -> None:
        import pyarrow.parquet as pq

        about = {}
        for name, part in _parts(data).items():
            schema = part.features.arrow_schema
            with fileio.open(self.path(_file(name)), "wb") as file, pq.ParquetWriter(file, schema) as writer:
                for batch in part.with_format("arrow").iter(10_000):
                    writer.write_table(batch.cast(schema))
            split = None if part.split is None else str(part.split)
            # The features are in the parquet file already.
            about[name or ""] = {"split": split, "info": {**dataclasses.asdict(part.info), "features": None}}
        with fileio.open(self.path("dataset.json"), "w") as file:
            json.dump({"dict": isinstance(data, dict), "parts": about}, file, default=str)

    def load(self, data_type: type | None = None) -> Any:
        from datasets import Dataset, DatasetDict, DatasetInfo, NamedSplit
        from datasets.table import InMemoryTable
        from pyarrow.parquet import ParquetFile

        with fileio.open(self.path("dataset.json")) as file:
            about = json.load(file)
        parts = {}
        for name, known in about["parts"].items():
            with fileio.open(self.path(_file(name or None)), "rb") as file:
                table = ParquetFile(file).read()
            split = None if known["split"] is None else NamedSplit(known["split"])
            parts[name] = Dataset(InMemoryTable(table), info=DatasetInfo.from_dict(known["info"]), split=split)
        return DatasetDict(parts) if about["dict"] else parts[""]

    def save_visualizations(self, data: Any) -> dict[str, VisualizationType]:
        shown: dict[str, VisualizationType] = {}
        names = dict.fromkeys(name for part in _parts(data).values() if (name := _hub_name(part)))
        for name in names:
            path = self.path(f"viewer of {name.replace('/', ' ')}.html" if len(names) > 1 else "viewer.html")
            with fileio.open(path, "w") as file:
                file.write(_viewer(name))
            shown[path] = VisualizationType.HTML
        for split, part in _parts(data).items():
            path = self.path(f"{_safe(split)} preview.csv" if split else "preview.csv")
            with fileio.open(path, "w") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow(part.column_names)
                head = part.with_format("arrow")[:_ROWS] if len(part) else None
                writer.writerows([_cell(value) for value in row.values()] for row in (head.to_pylist() if head else ()))
            shown[path] = VisualizationType.CSV
        path = self.path("dataset about.json")
        about = {split or "dataset": _about(part) for split, part in _parts(data).items()}
        with fileio.open(path, "w") as file:
            json.dump(readable(about), file, indent=1)
        return {**shown, path: VisualizationType.JSON}

    def describe(self, data: Any) -> Description:
        parts = list(_parts(data).values())
        features = parts[0].features if parts else {}
        columns = tuple(ColumnInfo(name, str(getattr(kind, "dtype", kind))) for name, kind in features.items())
        return Description(sum(len(part) for part in parts), columns)


def _parts(data: Any) -> dict[str | None, Any]:
    return dict(data) if isinstance(data, dict) else {None: data}


def _file(split: str | None) -> str:
    return "data.parquet" if split is None else f"data.{_safe(split)}.parquet"


def _safe(split: str | None) -> str:
    return re.sub(r"[^\w.-]", "_", split or "")


def _hub_name(part: Any) -> str | None:
    """`owner/name` on the hub, where the dataset came from there."""
    for address in part.info.download_checksums or ():
        if found := _NAME.match(str(address)):
            return found[1]
    return None


def _viewer(name: str) -> str:
    """The hub's viewer. Where a page may not reach outside, as in JupyterLab, the link under it remains."""
    address = text(_HUB + name)
    return page(
        f"{name} on Hugging Face",
        f'<iframe src="{address}/embed/viewer" frameborder="0" width="100%" height="560px"></iframe>',
        f'<p><a href="{address}" target="_blank" rel="noopener">{address}</a> '
        f'<span class="small">opens the viewer; the preview beside it needs no network.</span></p>',
    )


def _about(part: Any) -> dict[str, Any]:
    features = {name: str(kind) for name, kind in part.features.items()}
    about = {"rows": len(part), "features": features, "on the hub": _hub_name(part)}
    return {**about, "description": part.info.description or None}


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict) and isinstance(value.get("bytes"), bytes):  # an image or a sound
        return f"{value.get('path') or 'file'} ({len(value['bytes']):,} bytes)"
    return one_line(value if isinstance(value, str) else str(value)[: _CELL * 4], _CELL)

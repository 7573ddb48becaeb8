"""TensorFlow Data Validation: a file of its statistics is shown as a table's own statistics are."""

from __future__ import annotations

import io
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from google.protobuf import text_format
from sklearn.datasets import load_diabetes
from tensorflow_metadata.proto.v0 import statistics_pb2

from jupyter_viz import visualize
from jupyter_viz.errors import InvalidArgument, MissingColumn, UnreadableSource

PARTS = 40


def _frame() -> pd.DataFrame:
    frame = load_diabetes(as_frame=True, scaled=False).frame[["age", "bmi", "target"]].copy()
    frame.loc[::10, "bmi"] = None
    frame["sex"] = np.where(np.arange(len(frame)) % 3, "f", "m")
    return frame


def _dataset(frame: pd.DataFrame, name: str = "") -> Any:
    """As TFDV counts a table."""
    made = statistics_pb2.DatasetFeatureStatistics(name=name, num_examples=len(frame))
    for column in frame:
        values = frame[column].dropna()
        feature = made.features.add()
        feature.path.step.append(str(column))
        if values.dtype.kind in "if":
            feature.type = feature.INT if values.dtype.kind == "i" else feature.FLOAT
            about = feature.num_stats
            about.mean, about.std_dev, about.median = values.mean(), values.std(ddof=0), values.median()
            about.min, about.max, about.num_zeros = values.min(), values.max(), int((values == 0).sum())
            counts, edges = np.histogram(values, 10)
            _histogram(about, statistics_pb2.Histogram.STANDARD, edges, counts)
            cuts = np.quantile(values, np.linspace(0, 1, PARTS + 1))
            _histogram(about, statistics_pb2.Histogram.QUANTILES, cuts, [len(values) / PARTS] * PARTS)
        else:
            feature.type = feature.STRING
            about = feature.string_stats
            about.unique = values.nunique()
            for value, count in values.value_counts().items():
                about.top_values.add(value=str(value), frequency=count)
        common = about.common_stats
        common.tot_num_values, common.max_num_values = len(values), 1
        # It counts a row whose list is empty as one that has it: half of those without a value are such.
        common.num_missing = (len(frame) - len(values)) // 2
        common.num_non_missing = len(frame) - common.num_missing
    return made


def _histogram(about: Any, kind: Any, edges: Any, counts: Any) -> None:
    histogram = about.histograms.add(type=kind)
    for low, high, count in zip(edges, edges[1:], counts, strict=False):
        histogram.buckets.add(low_value=low, high_value=high, sample_count=count)


def _list(*datasets: Any) -> Any:
    return statistics_pb2.DatasetFeatureStatisticsList(datasets=datasets)


def _crc(data: bytes) -> int:
    """CRC-32C by its table, masked as TFRecords have it."""
    table = []
    for number in range(256):
        for _ in range(8):
            number = number >> 1 ^ (0x82F63B78 if number & 1 else 0)
        table.append(number)
    crc = 0xFFFFFFFF
    for byte in data:
        crc = table[(crc ^ byte) & 0xFF] ^ crc >> 8
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def _tfrecord(*records: bytes) -> bytes:
    file = io.BytesIO()
    for record in records:
        length = struct.pack("<Q", len(record))
        file.write(length + struct.pack("<I", _crc(length)) + record + struct.pack("<I", _crc(record)))
    return file.getvalue()


WRITTEN = {
    "stats.pb": lambda found: found.SerializeToString(),
    "stats.pbtxt": lambda found: text_format.MessageToString(found).encode(),
    "stats.tfrecord": lambda found: _tfrecord(found.SerializeToString()),
    "stats_tfrecord": lambda found: _tfrecord(found.SerializeToString()),
}


def test_the_checksum_is_castagnolis() -> None:
    """Of `123456789` it is 0xE3069283 (RFC 3720 has the polynomial), before it is masked."""
    crc = 0xE3069283
    assert _crc(b"123456789") == ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


@pytest.mark.parametrize("name", WRITTEN)
def test_the_same_rows_as_of_the_table(tmp_path: Path, name: str) -> None:
    frame = _frame()
    path = tmp_path / name
    path.write_bytes(WRITTEN[name](_list(_dataset(frame))))
    found = visualize("tfdv", str(path))
    own = visualize("data_statistics", frame, bins=10)
    assert found.metrics == own.metrics
    assert list(found.data.columns) == list(own.data.columns)
    for key in ("column", "missing", "missing %", "min", "max", "zeros", "histogram", "most frequent"):
        np.testing.assert_array_equal(
            found.data[key].astype(object).fillna(""), own.data[key].astype(object).fillna("")
        )
    for key in ("mean", "std"):
        np.testing.assert_allclose(found.data[key].astype(float), own.data[key].astype(float), rtol=1e-4)
    for column in ("age", "bmi", "target"):
        values = frame[column].dropna()
        [row] = found.data[found.data["column"] == column].to_dict("records")
        for share in (5, 25, 50, 75, 95):
            assert row[f"{share}%"] == pytest.approx(np.quantile(values, share / 100), rel=1e-4)
    assert found.data["distinct"].tolist()[-1] == 2


def test_one_of_several_datasets(tmp_path: Path) -> None:
    frame = _frame()
    path = tmp_path / "stats.tfrecord"
    datasets = [_dataset(frame.head(300), "train"), _dataset(frame.tail(142), "eval")]
    path.write_bytes(_tfrecord(*(_list(each).SerializeToString() for each in datasets)))
    assert visualize("data_statistics", str(path), dataset="eval", columns=["bmi"]).metrics["rows"] == 142
    with pytest.raises(InvalidArgument, match=r"several datasets: name one by 'dataset'\. There is: train, eval"):
        visualize("data_statistics", str(path))
    with pytest.raises(InvalidArgument, match=r"no 'evl'\. Did you mean 'eval'"):
        visualize("data_statistics", str(path), dataset="evl")
    with pytest.raises(MissingColumn, match=r"no column 'bm'\. Did you mean 'bmi'"):
        visualize("data_statistics", str(path), dataset="eval", columns=["bm"])
    with pytest.raises(InvalidArgument, match="only a file of TFDV holds datasets"):
        visualize("data_statistics", frame, dataset="eval")


def test_columns_without_values(tmp_path: Path) -> None:
    """Nothing is said that nobody counted."""
    made = statistics_pb2.DatasetFeatureStatistics(num_examples=5)
    made.features.add(name="nothing")
    made.features.add(name="empty").num_stats.common_stats.num_missing = 5
    made.features.add(name="bytes", type=3).bytes_stats.unique = 4
    made.features.add(name="struct", type=4).struct_stats.common_stats.num_missing = 1
    (tmp_path / "a.pb").write_bytes(_list(made).SerializeToString())
    found = visualize("data_statistics", str(tmp_path / "a.pb")).data
    assert found["missing"].tolist() == [5, 5, 0, 1]
    assert found["mean"].isna().all()
    assert found["type"].tolist() == ["int", "int", "bytes", "struct"]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.pb", b"", "no dataset in it"),
        ("a.pb", b"\xff" * 50, "is no file of statistics"),
        ("a.pbtxt", b"datasets { x: 1 }", "is no file of statistics: 1:12"),
        ("a.pbtxt", b"\xff", "is not text in UTF-8"),
        ("a.tfrecord", _tfrecord(b"x" * 100)[:-20], "cut off in the record at byte 0"),
        ("a.tfrecord", _tfrecord(b"") + b"x", "cut off in the record at byte 16"),
    ],
)
def test_a_file_of_something_else_is_said(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(UnreadableSource, match=said):
        visualize("data_statistics", str(tmp_path / name))

"""Statistics that TensorFlow Data Validation (TFDV) counted, from the file it keeps them in."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..artifacts.source import Source
from ..enums import ArtifactKind
from ..errors import InvalidArgument, MissingColumn, MissingExtra, UnreadableSource, did_you_mean
from ..views import Rows
from .adapted import Call
from .described import MOST_COLUMNS, QUANTILES, described_column, described_table, left_out_columns

_LARGEST = 200_000_000  # bytes
_TOP = 3
_HEAD, _CHECK = 8, 4  # bytes of a record's length, and of each of its two checksums


def statistics_file(source: Source, own: Mapping[str, Any], *, dataset: str | None = None) -> Call:
    """A `DatasetFeatureStatisticsList`: a TFRecord, binary (`.pb`) or text (`.pbtxt`).

    Args:
        dataset: Which, where a file of TFDV holds several, e.g. train.
    """
    if source.kind is not ArtifactKind.STATISTICS:
        raise InvalidArgument(
            f"Argument 'dataset': {source.text!r} is {source.kind}; only a file of TFDV holds datasets."
        )
    return Call(_dataset(source, dataset), {"columns": own["columns"]}, _described)


def _dataset(source: Source, wanted: str | None) -> Any:
    if source.size() > _LARGEST:
        raise UnreadableSource(f"{source.text!r} has {source.size():,} bytes; up to {_LARGEST:,} are read.")
    datasets = {each.name: each for each in _parsed(source).datasets}
    if not datasets:
        raise UnreadableSource(f"{source.text!r} is no file of statistics: there is no dataset in it.")
    if wanted is None and len(datasets) == 1:
        return next(iter(datasets.values()))
    if wanted is None:
        raise InvalidArgument(
            f"{source.text!r} holds several datasets: name one by 'dataset'. There is: {', '.join(datasets)}."
        )
    if wanted not in datasets:
        raise InvalidArgument(f"Argument 'dataset': there is no {wanted!r}.{did_you_mean(wanted, datasets)}")
    return datasets[wanted]


def _parsed(source: Source) -> Any:
    try:
        from google.protobuf import message, text_format
        from tensorflow_metadata.proto.v0 import statistics_pb2
    except ImportError as error:
        raise MissingExtra(
            "A file of TFDV needs a library that is not installed here: pip install 'jupyter_viz[tfdv]'."
        ) from error
    found = statistics_pb2.DatasetFeatureStatisticsList()
    try:
        if (source.path or "").lower().endswith(".pbtxt"):
            text_format.Parse(source.read_text(), found)
        else:
            for record in _records(source.read(), source.text):
                found.MergeFromString(record)
    except (message.DecodeError, text_format.ParseError) as error:
        raise UnreadableSource(f"{source.text!r} is no file of statistics: {error}") from None
    return found


def _records(data: bytes, text: str) -> Iterator[bytes]:
    """The records of a TFRecord; all of a file that is none."""
    if len(data) < _HEAD + 2 * _CHECK or struct.unpack_from("<I", data, _HEAD)[0] != _masked_crc(data[:_HEAD]):
        yield data
        return
    start = 0
    while start < len(data):
        begin = start + _HEAD + _CHECK
        size = struct.unpack_from("<Q", data, start)[0] if begin <= len(data) else len(data)
        if begin + size + _CHECK > len(data):
            raise UnreadableSource(f"{text!r} is cut off in the record at byte {start:,}. Copy the file again.")
        yield data[begin : begin + size]
        start = begin + size + _CHECK


def _masked_crc(data: bytes) -> int:
    """CRC-32C as TFRecords store it, rotated and shifted."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def _described(dataset: Any, columns: Sequence[str] | None) -> Rows:
    features = {feature.name or ".".join(feature.path.step): feature for feature in dataset.features}
    names = list(columns or features)[:MOST_COLUMNS]
    for name in names:
        if name not in features:
            raise MissingColumn(f"Argument 'columns': the source has no column {name!r}.{did_you_mean(name, features)}")
    rows = int(dataset.num_examples)
    found = [_column(name, features[name], rows) for name in names]
    left = len(features) - len(names) if columns is None else 0
    note = "Counted by TensorFlow Data Validation; quantiles are interpolated between those in the file."
    return described_table(found, rows, len(features), note, left_out_columns(left))


def _column(name: str, feature: Any, rows: int) -> dict[str, Any]:
    kind, typed = feature.WhichOneof("stats"), type(feature).Type.Name(feature.type).lower()
    if kind is None:  # nothing was counted, as of a column without values
        return described_column(name, typed, rows, rows)
    about = getattr(feature, kind)
    common = about.common_stats
    there, missing = int(common.tot_num_values), int(common.num_missing)
    if common.max_num_values <= 1:  # in a row an empty list stands for no value
        missing += max(0, int(common.num_non_missing) - there)
    if kind == "string_stats":
        top = [(each.value, int(each.frequency)) for each in about.top_values[:_TOP]]
        return described_column(name, typed, rows, missing, distinct=int(about.unique), top=top)
    if kind == "bytes_stats":
        return described_column(name, typed, rows, missing, distinct=int(about.unique))
    if kind != "num_stats":
        return described_column(name, typed, rows, missing)
    by_kind = {type(each).HistogramType.Name(each.type): each for each in about.histograms}
    standard = by_kind.get("STANDARD")
    missing += int(standard.num_nan) if standard else 0
    return described_column(
        name,
        typed,
        rows,
        missing,
        mean=about.mean if there else None,
        # Theirs is of all values, ours estimates that of what they are a sample of.
        std=about.std_dev * math.sqrt(there / (there - 1)) if there > 1 else None,
        zeros=int(about.num_zeros),
        low=about.min if there else None,
        quantiles=_quantiles(by_kind.get("QUANTILES"), about.median if there else None),
        high=about.max if there else None,
        histogram=[int(bucket.sample_count) for bucket in standard.buckets] if standard else None,
    )


def _quantiles(histogram: Any, median: float | None) -> list[float | None]:
    """At `QUANTILES`; None within the first and the last bucket, where they would hang on a single value."""
    buckets = list(histogram.buckets) if histogram else []
    edges = [bucket.low_value for bucket in buckets[1:]]
    total = sum(bucket.sample_count for bucket in buckets)
    reached, shares = 0.0, []
    for bucket in buckets[:-1]:
        reached += bucket.sample_count / total if total else 0
        shares.append(reached)

    def at(share: float) -> float | None:
        import numpy as np

        if share == 0.5:
            return median
        inside = shares and shares[0] <= share + 1e-9 and share - 1e-9 <= shares[-1]
        return float(np.interp(share, shares, edges)) if inside else None

    return [at(share) for share in QUANTILES]

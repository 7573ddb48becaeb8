"""The rows behind a result on their way from a rendering's kernel to the store, and back to whoever asks for `.data`.

They travel in the bundle itself, since a kernel may be on another machine, and no browser is given them.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

DATA = "application/vnd.apache.arrow.stream"
_LARGEST = 8_000_000  # bytes: what is behind a plot is far below it, and a message may have 20 MB


def packed(frame: pd.DataFrame) -> dict[str, str]:
    """The part of a bundle that holds a frame, each value and type as it is; empty where it is too large.

    A column of objects that Arrow has no type for goes as text.
    """
    import pyarrow as pa

    try:
        table = pa.Table.from_pandas(frame, nthreads=1)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, ValueError):
        objects = [name for name, kind in frame.dtypes.items() if kind.kind == "O"]
        try:
            table = pa.Table.from_pandas(frame.astype(dict.fromkeys(objects, str)), nthreads=1)
        except (pa.ArrowException, ValueError):  # two columns of one name
            return {}
    sink = pa.BufferOutputStream()
    # No thread: the kernel was forked, and is about to answer.
    options = pa.ipc.IpcWriteOptions(compression="zstd", use_threads=False)
    with pa.ipc.new_stream(sink, table.schema, options=options) as writer:
        writer.write_table(table)
    data = sink.getvalue()
    return {} if data.size > _LARGEST else {DATA: base64.b64encode(data).decode()}


def unpacked(bundle: Mapping[str, Any]) -> pd.DataFrame | None:
    """The frame in a bundle; None where there is none."""
    if DATA not in bundle:
        return None
    import pyarrow as pa

    frame: pd.DataFrame = pa.ipc.open_stream(base64.b64decode(bundle[DATA])).read_all().to_pandas()
    return frame


def without_data(output: Mapping[str, Any]) -> Mapping[str, Any]:
    """A notebook's output as others are given it."""
    data = output.get("data")
    if not isinstance(data, Mapping) or DATA not in data:
        return output
    return {**output, "data": {kind: value for kind, value in data.items() if kind != DATA}}

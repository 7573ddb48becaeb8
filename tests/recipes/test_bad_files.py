"""Files that nobody made for a plot: each recipe gives an answer, or an error of ours that says what is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from jupyter_viz import visualize
from jupyter_viz.errors import VizError

from .examples import EXAMPLES, table_of

Write = Callable[[pd.DataFrame, Path], Path]


def _csv(change: Callable[[pd.DataFrame], pd.DataFrame] = lambda frame: frame, encoding: str = "utf-8") -> Write:
    def write(frame: pd.DataFrame, folder: Path) -> Path:
        change(frame).to_csv(folder / "a.csv", index=False, encoding=encoding)
        return folder / "a.csv"

    return write


def _twice(frame: pd.DataFrame, folder: Path) -> Path:
    """Every column is there twice, under the same name."""
    pd.concat([frame, frame], axis=1).to_csv(folder / "a.csv", index=False)
    return folder / "a.csv"


def _late_latin(frame: pd.DataFrame, folder: Path) -> Path:
    """Not UTF-8, and only after what is looked at when the file is found."""
    text = frame.to_csv(index=False)
    header, rows = text.split("\n", 1)
    data = (header + "\n" + rows * (1 + 70_000 // len(rows))).encode()
    last = rows.strip().rsplit("\n", 1)[-1].split(",")
    (folder / "a.csv").write_bytes(data + ",".join(["é", *last[1:]]).encode("latin-1") + b"\n")
    return folder / "a.csv"


def _half(frame: pd.DataFrame, folder: Path) -> Path:
    frame.to_parquet(folder / "a.parquet")
    data = (folder / "a.parquet").read_bytes()
    (folder / "a.parquet").write_bytes(data[: len(data) // 2])
    return folder / "a.parquet"


def _damaged(frame: pd.DataFrame, folder: Path) -> Path:
    """Its end, which is read first, is whole."""
    frame.to_parquet(folder / "a.parquet")
    data = bytearray((folder / "a.parquet").read_bytes())
    data[4 : len(data) // 2] = bytes(len(data) // 2 - 4)
    (folder / "a.parquet").write_bytes(data)
    return folder / "a.parquet"


def _mixed(frame: pd.DataFrame) -> pd.DataFrame:
    """In each column of numbers a word, a date and nothing."""
    frame = frame.astype(object)
    frame.iloc[3], frame.iloc[5], frame.iloc[7] = "n/a", "2024-02-29", None
    return frame


def _wide(frame: pd.DataFrame) -> pd.DataFrame:
    more = pd.DataFrame(np.random.default_rng(0).normal(size=(len(frame), 500)).round(3))
    return pd.concat([frame, more.add_prefix("more_")], axis=1)


def _spoilt_numbers(frame: pd.DataFrame) -> pd.DataFrame:
    for place, value in enumerate((float("nan"), float("inf"), float("-inf"))):
        frame.loc[frame.index[place::7], frame.select_dtypes("float").columns] = value
    return frame


FILES: dict[str, Write] = {
    "duplicate column names": _twice,
    "quoted newlines": _csv(lambda frame: frame.assign(text='line 1\nline "2", and\r\n3')),
    "latin-1": _csv(lambda frame: frame.assign(text="é"), "latin-1"),
    "latin-1 far below": _late_latin,
    "utf-16": _csv(encoding="utf-16"),
    "half a parquet file": _half,
    "a damaged parquet file": _damaged,
    "mixed types": _csv(_mixed),
    "dates": _csv(lambda frame: frame.assign(**dict.fromkeys(frame.columns, "2024-02-29"))),
    "a header alone": _csv(lambda frame: frame.head(0)),
    "500 columns": _csv(_wide),
    "nothing in a column": _csv(lambda frame: frame.assign(**{frame.columns[0]: None, frame.columns[-1]: None})),
    "nothing at all": _csv(lambda frame: frame.assign(**dict.fromkeys(frame.columns))),
    "NaN and infinity": _csv(_spoilt_numbers),
}


# `data_statistics` of 500 columns has a test of its own, and takes its time.
CASES = [
    (name, what) for name in sorted(EXAMPLES) for what in FILES if (name, what) != ("data_statistics", "500 columns")
]


@pytest.mark.parametrize(("name", "what"), CASES)
def test_a_bad_file_is_answered(name: str, what: str, tmp_path: Path) -> None:
    data, arguments = EXAMPLES[name]
    path = FILES[what](table_of(data), tmp_path)
    try:
        result = visualize(name, str(path), **arguments)
    except VizError as error:
        said = str(error)
        assert said.endswith((".", "?")), said
        assert "Error:" not in said, said
        assert len(said) < 700, said
    else:
        json.dumps(result._repr_mimebundle_(), allow_nan=False)


def test_what_can_be_read_is_read(tmp_path: Path) -> None:
    """Not everything may be refused."""
    for what, recipe in (("quoted newlines", "roc_curve"), ("500 columns", "roc_curve"), ("NaN and infinity", "bar")):
        path = FILES[what](table_of("tumours"), tmp_path)
        assert visualize(recipe, str(path), **EXAMPLES[recipe].arguments).metrics

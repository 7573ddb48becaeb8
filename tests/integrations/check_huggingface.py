"""Hugging Face datasets: the hub's viewer as ZenML stores it, and a preview that needs no network."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd
import pytest
from contract import outside, saved_and_shown
from datasets import ClassLabel, Dataset, DatasetDict, Features, Sequence, Value

FEATURES = Features(
    {"text": Value("string"), "label": ClassLabel(names=["bad", "good"]), "tags": Sequence(Value("int32"))}
)
ROWS = {"text": ["a", 'b,\n"c"', "é🚀"], "label": [0, 1, 0], "tags": [[1], [], [2, 3]]}


@pytest.fixture
def dataset() -> Dataset:
    return Dataset.from_dict(ROWS, features=FEATURES, split="train")


def _preview(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(), newline="")))


def test_a_dataset(dataset: Dataset, tmp_path: Path) -> None:
    materializer, shown = saved_and_shown(dataset, tmp_path)
    assert set(shown) == {"preview", "dataset about"}
    assert _preview(shown["preview"])[0] == ["text", "label", "tags"]
    assert len(_preview(shown["preview"])) == 4
    loaded = materializer.load()
    assert type(loaded) is Dataset
    assert loaded.features == dataset.features
    assert loaded.split == dataset.split
    assert loaded[:] == dataset[:]
    assert pd.read_parquet(tmp_path / "data.parquet").label.tolist() == [0, 1, 0]
    description = materializer.describe(dataset)
    assert description.rows == 3
    assert [column.type for column in description.columns][:2] == ["string", "int64"]


def test_chosen_rows_only(dataset: Dataset, tmp_path: Path) -> None:
    """A filtered dataset is a view of a larger one; what it left out is not stored."""
    chosen = dataset.select([2, 0])
    materializer, shown = saved_and_shown(chosen, tmp_path)
    assert materializer.load()[:] == chosen[:]
    assert [row[0] for row in _preview(shown["preview"])] == ["text", "é🚀", "a"]


@pytest.mark.parametrize(
    "address",
    [
        "hf://datasets/nyu-mll/glue@bcdcba79d07bc864c1c254ccfcedcce55bcc9a8c/sst2/train.parquet",
        "https://huggingface.co/datasets/nyu-mll/glue/resolve/main/sst2/train.parquet",
    ],
)
def test_one_from_the_hub_has_its_viewer(dataset: Dataset, tmp_path: Path, address: str) -> None:
    dataset.info.download_checksums = {address: {"num_bytes": 1, "checksum": None}}
    materializer, shown = saved_and_shown(dataset, tmp_path)
    assert outside(shown["viewer"]) == ["https://huggingface.co/datasets/nyu-mll/glue/embed/viewer"]
    assert b'href="https://huggingface.co/datasets/nyu-mll/glue"' in shown["viewer"]
    assert materializer.load().info.download_checksums == dataset.info.download_checksums


@pytest.mark.parametrize("address", ["https://example.org/a.csv", 'hf://datasets/"><script>/x@1/a', "", "a.csv"])
def test_one_from_elsewhere_has_none(dataset: Dataset, tmp_path: Path, address: str) -> None:
    dataset.info.download_checksums = {address: {}}
    assert "viewer" not in saved_and_shown(dataset, tmp_path)[1]


def test_a_dict_of_splits(dataset: Dataset, tmp_path: Path) -> None:
    splits = DatasetDict(train=dataset, test=dataset.select([]))
    materializer, shown = saved_and_shown(splits, tmp_path)
    assert {"train preview", "test preview"} <= set(shown)
    loaded = materializer.load()
    assert type(loaded) is DatasetDict
    assert loaded["train"][:] == dataset[:]
    assert loaded["test"].features == dataset.features
    assert len(loaded["test"]) == 0

"""An array is shown as the picture it is, or by its numbers."""

from __future__ import annotations

import io
import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from jupyter_viz.materializers import saved_visualizations
from jupyter_viz.materializers.arrays import ArrayMaterializer

GENERATOR = np.random.default_rng(0)


def _shown(data: Any, folder: Path) -> dict[str, bytes]:
    shown = saved_visualizations(ArrayMaterializer(str(folder)), data)
    assert [item.error for item in shown] == [None] * len(shown)
    return {item.name: Path(str(item.uri)).read_bytes() for item in shown}


@pytest.mark.parametrize(
    "data",
    [
        np.zeros(0),
        np.array(5),
        np.arange(6, dtype=">i2").reshape(2, 3),
        np.asfortranarray(GENERATOR.random((3, 4))),
        np.array(["a", "é"]),
        np.array([b"a"]),
        np.array([1 + 2j, np.nan]),
        np.array(["2024-01-01", "NaT"], dtype="datetime64[D]"),
        np.array([(1, 2.5)], dtype=[("a", "i4"), ("b", "f8")]),
        np.array([{"a": 1}, None], dtype=object),
        np.ma.masked_array([1, 2, 3], mask=[False, True, False]),
        np.array([np.nan, np.inf, -np.inf]),
        np.array([1e308, 1e308, -1e308]),
        np.array([np.longdouble(1)]),
        np.zeros((0, 5)),
        np.float16([1, 2, 60000]),
        np.array([2**63], dtype="u8"),
        np.array([True, False, True]),
        np.array([5, 9], dtype="timedelta64[s]"),
        GENERATOR.random((2, 3, 4, 5)),
    ],
    ids=lambda data: f"{data.dtype.str if data.dtype.names is None else 'fields'} {data.shape} {type(data).__name__}",
)
def test_any_array_comes_back_and_is_shown(data: Any, tmp_path: Path) -> None:
    materializer = ArrayMaterializer(str(tmp_path))
    materializer.save(data)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Unpickling")
        loaded = materializer.load()
    assert type(loaded) is type(data)
    assert loaded.dtype == data.dtype
    np.testing.assert_array_equal(loaded, data, strict=True)
    if isinstance(data, np.ma.MaskedArray):
        assert loaded.mask.tolist() == data.mask.tolist()
    about = json.loads(_shown(data, tmp_path)["summary"])
    assert about["shape"] == list(data.shape)
    assert about["dtype"] == str(data.dtype)


def test_a_file_that_is_mapped_into_memory_is_copied(tmp_path: Path) -> None:
    mapped = np.memmap(tmp_path / "mapped", dtype="i4", mode="w+", shape=(3,))
    mapped[:] = [1, 2, 3]
    materializer = ArrayMaterializer(str(tmp_path / "artifact"))
    materializer.save(mapped)
    assert materializer.load().tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    ("data", "mode"),
    [
        (GENERATOR.integers(0, 256, (200, 300, 3), dtype=np.uint8), "RGB"),
        (GENERATOR.integers(0, 256, (200, 300, 4), dtype=np.uint8), "RGBA"),
        (GENERATOR.integers(0, 256, (200, 300, 1), dtype=np.uint8), "L"),
        (GENERATOR.integers(0, 256, (200, 300), dtype=np.uint8), "L"),
        (GENERATOR.random((200, 300, 3)), "RGB"),
        (GENERATOR.random((200, 300)).astype("f4"), "L"),
        (GENERATOR.random((200, 300)) > 0.5, "L"),
    ],
    ids=lambda value: str(getattr(value, "dtype", value)),
)
def test_a_picture_is_shown_pixel_by_pixel(data: Any, mode: str, tmp_path: Path) -> None:
    with Image.open(io.BytesIO(_shown(data, tmp_path)["image"])) as image:
        assert image.size == (300, 200)
        assert image.mode == mode
        pixels = np.asarray(image)
    scale = 255 if data.dtype.kind in "fb" else 1
    assert np.abs(pixels - data.reshape(pixels.shape).astype(float) * scale).max() <= 0.501


@pytest.mark.parametrize(
    "data",
    [
        GENERATOR.normal(size=(200, 300)),
        GENERATOR.integers(0, 2, (200, 300)),
        GENERATOR.random((5000, 2)),
        GENERATOR.random((200, 300, 7)),
        np.full((50, 50), np.nan),
        np.zeros((50, 50)),
        np.zeros((2, 2), dtype=np.uint8),
    ],
    ids=lambda data: f"{data.dtype} {data.shape}",
)
def test_numbers_that_are_no_picture_are_summed_up(data: Any, tmp_path: Path) -> None:
    """Two columns of probabilities are not taken for a picture of two pixels' width."""
    assert list(_shown(data, tmp_path)) == ["summary"]


def test_a_vector_has_a_histogram_and_its_numbers(tmp_path: Path) -> None:
    data = np.r_[GENERATOR.normal(size=10_000), np.nan, np.inf]
    shown = _shown(data, tmp_path)
    assert list(shown) == ["histogram", "summary"]
    about = json.loads(shown["summary"])
    assert about["min"] == data[np.isfinite(data)].min()
    assert about["mean"] == pytest.approx(0, abs=0.05)
    assert (about["nan"], about["infinite"]) == (1, 1)
    assert len(about["the first 100 values"]) == 100


def test_a_digit_is_enlarged_and_a_poster_reduced_and_it_is_said(tmp_path: Path) -> None:
    [small, _] = _shown(GENERATOR.random((8, 8)), tmp_path)
    assert small == "image of 8 by 8 pixels, enlarged 32 times"
    shown = _shown(GENERATOR.integers(0, 256, (4000, 6000, 3), dtype=np.uint8), tmp_path)
    assert next(iter(shown)) == "image of 6000 by 4000 pixels, shown at 1600 by 1067"
    assert len(shown[next(iter(shown))]) < 10_000_000

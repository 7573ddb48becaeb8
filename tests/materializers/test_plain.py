"""Numbers and containers come back exactly, whatever JSON thinks of them."""

from __future__ import annotations

import collections
import enum
import json
import math
import threading
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from jupyter_viz.errors import InvalidOutput
from jupyter_viz.materializers import materializer_for
from jupyter_viz.materializers.plain import JSONMaterializer, PickleMaterializer


class Level(enum.IntEnum):
    LOW = 1


Point = collections.namedtuple("Point", "x y")


def _round_trip(value: Any, folder: Path) -> Any:
    found = materializer_for(value)
    found(str(folder)).save(value)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Unpickling")
        return found(str(folder)).load()


def _circle() -> list[Any]:
    value: list[Any] = []
    value.append(value)
    return value


@pytest.mark.parametrize(
    "value",
    [
        (1, 2),
        {"a": (1, [2, (3,)])},
        {1: "a", 2: "b"},
        {1.5: "a"},
        {None: 1, True: 2},
        {("a", "b"): 1},
        {"b": 1, "a": 2},
        [1, 1.0, True],
        np.float64(0.1),
        np.int64(3),
        np.bool_(True),
        {"auc": np.float64(0.5), "n": np.int64(3)},
        [np.float32(0.1)],
        2**100,
        -0.0,
        1e308,
        float("inf"),
        {"a": {1, 2}},
        [b"bytes"],
        {"x": "half a pair \ud800"},
        Level.LOW,
        {"level": Level.LOW},
        collections.OrderedDict(a=1),
        [Point(1, 2)],
        3 + 4j,
    ],
    ids=repr,
)
def test_what_json_would_change_comes_back_exactly(value: Any, tmp_path: Path) -> None:
    """A later step is given what the earlier one returned: same value, same types, same order."""
    loaded = _round_trip(value, tmp_path)
    assert type(loaded) is type(value)
    assert loaded == value
    assert repr(loaded) == repr(value)


def test_not_a_number_comes_back(tmp_path: Path) -> None:
    loaded = _round_trip({"loss": [math.nan, 1.0]}, tmp_path)
    assert math.isnan(loaded["loss"][0])
    assert loaded["loss"][1] == 1.0


def test_a_circle_and_a_tower_come_back(tmp_path: Path) -> None:
    """Shapes that JSON can't write are no reason for a step to fail."""
    loaded = _round_trip(_circle(), tmp_path / "circle")
    assert loaded[0] is loaded


def test_what_json_holds_is_stored_as_json_alone(tmp_path: Path) -> None:
    """A plain dict is readable by everything, and loading it runs no code."""
    JSONMaterializer(str(tmp_path)).save({"a": [1, None, "é"]})
    assert json.loads((tmp_path / "data.json").read_text("utf-8")) == {"a": [1, None, "é"]}
    assert not (tmp_path / "data.pkl").exists()


def test_unpickling_says_so(tmp_path: Path) -> None:
    """Whoever loads an artifact of unknown origin learns that it runs code, before it does."""
    PickleMaterializer(str(tmp_path)).save({1, 2})
    with pytest.warns(UserWarning, match=r"Unpickling .*data\.pkl: this runs code from that file"):
        assert PickleMaterializer(str(tmp_path)).load() == {1, 2}


def test_a_large_value_is_stored_and_not_shown(tmp_path: Path) -> None:
    materializer = JSONMaterializer(str(tmp_path))
    materializer.save(["x" * 100] * 20_000)
    assert materializer.save_visualizations(None) == {}


def test_what_cannot_be_pickled_is_refused_by_its_type(tmp_path: Path) -> None:
    with pytest.raises(InvalidOutput, match=r"A _thread\.lock can't be stored"):
        PickleMaterializer(str(tmp_path)).save(threading.Lock())
    assert list(tmp_path.iterdir()) == []

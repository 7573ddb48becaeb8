"""Numbers and containers come back exactly, whatever JSON thinks of them."""

from __future__ import annotations

import collections
import dataclasses
import datetime
import decimal
import enum
import json
import math
import threading
import warnings
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pydantic
import pytest

from jupyter_viz.enums import VisualizationType
from jupyter_viz.errors import InvalidOutput
from jupyter_viz.materializers import materializer_for, saved_visualizations
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
        {"$": "tuple", "v": [1]},
        {"price": "$5"},
        10**5000,
        [datetime.datetime(2026, 3, 29, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=1)],
        [datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone(datetime.timedelta(hours=1), "mine"))],
        {datetime.date(2026, 1, 1): decimal.Decimal("1.10")},
        {frozenset({1}): {(1, "a"): {b"x"}}},
        complex(-0.0, float("inf")),
        collections.OrderedDict(a=1),
        [Point(1, 2)],
        3 + 4j,
    ],
    ids=lambda value: "long" if isinstance(value, int) else repr(value),
)
def test_what_json_would_change_comes_back_exactly(value: Any, tmp_path: Path) -> None:
    """A later step is given what the earlier one returned: same value, same types, same order."""
    loaded = _round_trip(value, tmp_path)
    assert type(loaded) is type(value)
    assert loaded == value
    if not isinstance(value, int):  # Python refuses to print long ones
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


@pytest.mark.parametrize(
    "value",
    [
        (1, 2.5, "a"),
        {1: float("nan")},
        {"a": {1, 2}, "at": datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)},
        np.float64(0.5),
    ],
    ids=str,
)
def test_plain_values_are_loaded_without_running_code(value: Any, tmp_path: Path) -> None:
    """A tuple or a date from an unknown catalog is no risk, and no warning."""
    JSONMaterializer(str(tmp_path)).save(value)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data.json", "exact.json"]
    assert type(JSONMaterializer(str(tmp_path)).load()) is type(value)
    json.loads((tmp_path / "data.json").read_text("utf-8"), parse_constant=lambda word: pytest.fail(word))


def test_unpickling_says_so(tmp_path: Path) -> None:
    """Whoever loads an artifact of unknown origin learns that it runs code, before it does."""
    PickleMaterializer(str(tmp_path)).save({1, 2})
    with pytest.warns(UserWarning, match=r"Unpickling .*data\.pkl: this runs code from that file"):
        assert PickleMaterializer(str(tmp_path)).load() == {1, 2}


@pytest.mark.parametrize(
    "value",
    [["x" * 100] * 200_000, [(1, 2)] * 300_000, ["x" * 5_000_000], {n: {"a": [n]} for n in range(100_000)}],
    ids=["long", "tuples", "one text", "dict"],
)
def test_of_a_large_value_the_beginning_is_shown_and_it_is_said(value: Any, tmp_path: Path) -> None:
    materializer = JSONMaterializer(str(tmp_path))
    materializer.save(value)
    [(path, kind)] = materializer.save_visualizations(value).items()
    text = Path(path).read_text("utf-8")
    assert kind is VisualizationType.JSON
    json.loads(text)
    assert len(text) < 1_500_000
    assert " in all" in text or "5,000,000 characters" in text
    assert materializer.load() == value


class Careless:
    """An object that fails in every way when somebody looks at it."""

    def __repr__(self) -> str:
        raise RuntimeError("no repr")

    @property
    def shape(self) -> Any:
        raise RuntimeError("no shape")


@pytest.mark.parametrize("value", [Careless(), [Careless()], {"a": (Careless(),)}], ids=["it", "list", "dict"])
def test_an_object_that_cannot_be_printed_is_stored_and_shown(value: Any, tmp_path: Path) -> None:
    found = materializer_for(value)(str(tmp_path))
    found.save(value)
    [shown] = saved_visualizations(found, value)
    assert shown.error is None
    assert "Careless object at" in Path(str(shown.uri)).read_text()


@dataclasses.dataclass
class Login:
    user: str
    password: str = dataclasses.field(repr=False)


class Model(pydantic.BaseModel):
    key: pydantic.SecretStr
    figure: Any
    hidden: str = pydantic.Field("x", repr=False)


def test_what_a_class_keeps_from_its_text_is_not_shown(tmp_path: Path) -> None:
    """A password in a configuration does not get onto a page."""
    values = {"login": Login("me", "secret1"), "model": Model(key="secret2", figure=object(), hidden="secret3")}
    materializer = JSONMaterializer(str(tmp_path))
    materializer.save(values)
    [path] = materializer.save_visualizations(values)
    shown = json.loads(Path(path).read_text())
    assert shown["login"] == {"user": "me"}
    assert list(shown["model"]) == ["key", "figure"]
    assert "secret" not in Path(path).read_text()


def test_what_cannot_be_pickled_is_refused_by_its_type(tmp_path: Path) -> None:
    with pytest.raises(InvalidOutput, match=r"A _thread\.lock can't be stored"):
        PickleMaterializer(str(tmp_path)).save(threading.Lock())
    assert list(tmp_path.iterdir()) == []

"""Every materializer keeps its contract: what is saved is loaded, and what it shows is what it says."""

from __future__ import annotations

import csv
import json
import warnings
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from jupyter_viz import registry
from jupyter_viz.enums import ArtifactKind, VisualizationType
from jupyter_viz.errors import InvalidOutput
from jupyter_viz.io import fileio
from jupyter_viz.materializers import BaseMaterializer, base_materializer, materializer_for, materializer_named
from jupyter_viz.materializers.base_materializer import qualified_name
from jupyter_viz.types import CSVString, HTMLString, JSONString, MarkdownString


class Anything:
    """No materializer knows it: the last resort stores it."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Anything)

    __hash__ = None  # type: ignore[assignment]


FRAME = pd.DataFrame({"label": [1, 0], "score": [0.5, 0.25], "name": ["é", "🚀"]})

# One value for each entry point; a new one without a value here fails.
VALUES: dict[str, Any] = {
    "builtins.NoneType": None,
    "builtins.bool": True,
    "builtins.dict": {"a": [1, {"b": None}], "é": 0.1 + 0.2},
    "builtins.float": 0.1 + 0.2,
    "builtins.int": 2**70,
    "builtins.list": [1, "two", 3.5, None, True, {"a": []}],
    "builtins.object": Anything(),
    "builtins.str": "é🚀\r\n```code```\n",
    "jupyter_viz.types.CSVString": CSVString('a,b\n1,"x, y"\n'),
    "jupyter_viz.types.HTMLString": HTMLString("<h1>é</h1>"),
    "jupyter_viz.types.JSONString": JSONString('{"a": [1.0, "é"]}'),
    "jupyter_viz.types.MarkdownString": MarkdownString("# é\r\n"),
    "pandas.DataFrame": FRAME,
    "pandas.core.frame.DataFrame": FRAME,
}


@pytest.fixture(autouse=True)
def only_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test defines is forgotten after it."""
    monkeypatch.setattr(base_materializer, "_defined", dict(base_materializer._defined))


def _check_format(path: str, kind: VisualizationType) -> None:
    with fileio.open(path, "rb") as file:
        text = file.read().decode()
    if kind is VisualizationType.JSON:
        json.loads(text)
    elif kind is VisualizationType.CSV:
        rows = list(csv.reader(text.splitlines()))
        assert {len(row) for row in rows} == {len(rows[0])}
    else:
        assert kind in (VisualizationType.HTML, VisualizationType.MARKDOWN)


@pytest.mark.parametrize("name", registry.found(registry.MATERIALIZERS))
def test_a_value_of_each_type_comes_back_as_it_was(name: str, tmp_path: Path) -> None:
    value = VALUES[name]
    found = registry.load(registry.found(registry.MATERIALIZERS)[name])
    assert issubclass(found, BaseMaterializer)
    assert materializer_for(value) is found
    assert materializer_named(qualified_name(found)) is found
    materializer = found(str(tmp_path / "artifact"))
    materializer.save(value)
    data = [path for path in (tmp_path / "artifact").iterdir() if path.name.startswith("data.")]
    assert data
    for path, kind in materializer.save_visualizations(value).items():
        _check_format(path, kind)
        assert Path(path).parent == tmp_path / "artifact"
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Unpickling")  # said, as it must be: see test_plain
        loaded = found(str(tmp_path / "artifact")).load()
    if isinstance(value, pd.DataFrame):
        pd.testing.assert_frame_equal(loaded, value)
    else:
        assert type(loaded) is type(value)
        assert loaded == value
    description = materializer.describe(value)
    assert (found.KIND is ArtifactKind.TABLE) == bool(description.columns)


class Thing:
    def __init__(self, text: str) -> None:
        self.text = text


@pytest.fixture
def thing_materializer() -> type[BaseMaterializer]:
    class ThingMaterializer(BaseMaterializer):
        ASSOCIATED_TYPES = (Thing,)
        KIND = ArtifactKind.TEXT

        def save(self, data: Thing) -> None:
            with fileio.open(self.path("data.txt"), "w") as file:
                file.write(data.text)

        def load(self, data_type: type | None = None) -> Thing:
            with fileio.open(self.path("data.txt")) as file:
                return Thing(file.read())

    return ThingMaterializer


def test_defining_a_subclass_registers_it(thing_materializer: type[BaseMaterializer]) -> None:
    """As on ZenML's page: write the class, and its type is stored by it; subclasses of the type too."""

    class Special(Thing):
        pass

    assert materializer_for(Thing("a")) is thing_materializer
    assert materializer_for(Special("a")) is thing_materializer
    assert materializer_named(qualified_name(thing_materializer)) is thing_materializer


def test_one_defined_later_replaces_it(thing_materializer: type[BaseMaterializer]) -> None:
    """Running the notebook's cell again takes the new code."""

    class Newer(thing_materializer):  # type: ignore[misc,valid-type]
        ASSOCIATED_TYPES = (Thing,)

    assert materializer_for(Thing("a")) is Newer


def test_a_users_own_goes_before_the_installed() -> None:
    class MyFrames(BaseMaterializer):
        ASSOCIATED_TYPES = (pd.DataFrame,)

    assert materializer_for(FRAME) is MyFrames


def test_a_subclass_without_types_takes_over_nothing(thing_materializer: type[BaseMaterializer]) -> None:
    class Helper(thing_materializer):  # type: ignore[misc,valid-type]
        pass

    assert materializer_for(Thing("a")) is thing_materializer


@pytest.mark.parametrize("name", ["no_such_module.Materializer", "jupyter_viz.materializers.plain.Nothing", "", "x"])
def test_a_materializer_that_is_not_installed_is_named(name: str) -> None:
    """An artifact recorded in another environment says which class is missing."""
    with pytest.raises(InvalidOutput, match="not in this environment") as caught:
        materializer_named(name)
    assert repr(name) in str(caught.value)


def test_an_unfinished_materializer_says_what_it_lacks(tmp_path: Path) -> None:
    class Unfinished(BaseMaterializer):
        pass

    with pytest.raises(NotImplementedError, match=r"Unfinished has no save\(\)"):
        Unfinished(str(tmp_path)).save(1)
    with pytest.raises(NotImplementedError, match=r"Unfinished has no load\(\)"):
        Unfinished(str(tmp_path)).load()

"""Which materializer a value gets, and what a class that a user writes can leave out."""

from __future__ import annotations

import enum
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from jupyter_viz import registry
from jupyter_viz.enums import ArtifactKind, VisualizationType
from jupyter_viz.errors import InvalidOutput
from jupyter_viz.io import fileio
from jupyter_viz.materializers import BaseMaterializer, materializer_for, materializer_named
from jupyter_viz.materializers.base_materializer import qualified_name
from jupyter_viz.materializers.strings import MarkdownMaterializer


class Data(bytes):
    pass


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

    assert materializer_for(pd.DataFrame({"a": [1]})) is MyFrames


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


def test_one_that_only_shows_stores_too(tmp_path: Path) -> None:
    """The materializer of ZenML's page has no save and load; loading what it stored says that it runs code."""

    class Shows(BaseMaterializer):
        ASSOCIATED_TYPES = (Thing,)

        def save_visualizations(self, data: Thing) -> dict[str, VisualizationType]:
            with fileio.open(self.path("thing.md"), "w") as file:
                file.write(data.text)
            return {self.path("thing.md"): VisualizationType.MARKDOWN}

    materializer = materializer_for(Thing("é"))(str(tmp_path))
    assert type(materializer) is Shows
    materializer.save(Thing("é"))
    assert (tmp_path / "data.pkl").exists()
    with pytest.warns(UserWarning, match="runs code"):
        assert Shows(str(tmp_path)).load().text == "é"


def test_one_that_saves_must_load(tmp_path: Path) -> None:
    class Saves(BaseMaterializer):
        def save(self, data: str) -> None:
            (tmp_path / "data.txt").write_text(data)

    Saves(str(tmp_path)).save("a")
    with pytest.raises(NotImplementedError, match=r"Saves has a save\(\), but no load\(\)"):
        Saves(str(tmp_path)).load()


def _cell(code: str) -> dict[str, Any]:
    """Run a notebook's cell: its classes are of `__main__` and carry the same names each time."""
    names: dict[str, Any] = {"__name__": "__main__", "BaseMaterializer": BaseMaterializer}
    exec(code, names)
    return names


CELL = """
class Result: ...

class ResultMaterializer(BaseMaterializer):
    ASSOCIATED_TYPES = (Result,)
"""


def test_running_the_cell_again_replaces() -> None:
    first, second = _cell(CELL), _cell(CELL)
    assert materializer_for(second["Result"]()) is second["ResultMaterializer"]
    # A value of before the cell ran again is stored by the new code too.
    assert materializer_for(first["Result"]()) is second["ResultMaterializer"]


def test_a_type_that_the_cell_no_longer_names_is_given_up() -> None:
    _cell(CELL)
    again = _cell(CELL.replace("(Result,)", "(int,)"))
    assert materializer_for(5) is again["ResultMaterializer"]
    assert materializer_for(again["Result"]()) is not again["ResultMaterializer"]


def test_the_given_one_comes_first(thing_materializer: type[BaseMaterializer]) -> None:
    """As `@step(output_materializers=…)` hands it on; of several outputs each gets the one for its type."""

    class Mine(BaseMaterializer):
        pass

    class ForNumbers(BaseMaterializer):
        ASSOCIATED_TYPES = (float,)

    class ForAnother(thing_materializer):  # type: ignore[misc,valid-type]
        ASSOCIATED_TYPES = (Thing,)

    class Again(thing_materializer):  # type: ignore[misc,valid-type]
        ASSOCIATED_TYPES = (Thing,)

    assert materializer_for(Thing("a")) is Again
    assert materializer_for(Thing("a"), ForAnother) is ForAnother
    assert materializer_for(Thing("a"), [ForNumbers, ForAnother]) is ForAnother
    assert materializer_for(Thing("a"), ForNumbers) is Again
    assert materializer_for(Thing("a"), Mine) is Mine
    assert materializer_for("a", "jupyter_viz.materializers.strings.MarkdownMaterializer") is MarkdownMaterializer


class Colour(str, enum.Enum):
    RED = "red"


class Text(str):
    __slots__ = ()


@pytest.mark.parametrize("value", [Colour.RED, Text("a"), Data(b"a")], ids=repr)
def test_a_subclass_keeps_its_class(value: Any, tmp_path: Path) -> None:
    """An enum whose values are texts comes back as the enum."""
    materializer = materializer_for(value)(str(tmp_path))
    materializer.save(value)
    with pytest.warns(UserWarning, match="Unpickling"):
        loaded = materializer.load()
    assert type(loaded) is type(value)
    assert loaded == value


def test_a_broken_plugin_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint(qualified_name(Thing), "no_such_module:Materializer", registry.MATERIALIZERS)
    monkeypatch.setattr(registry, "found", lambda group: {point.name: point})
    with pytest.raises(InvalidOutput, match="no_such_module"):
        materializer_for(Thing("a"))

"""A recipe in one file, as docs/extend.md walks through it; and files that are none."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from jupyter_viz import visualize
from jupyter_viz.config import load_configuration
from jupyter_viz.errors import UnknownRecipe
from jupyter_viz.models import Principal, RenderRequest
from jupyter_viz.recipes.known import import_all, read_descriptions
from jupyter_viz.rendering.bundles import MIME, PLOTLY
from jupyter_viz.service import Service
from jupyter_viz.still import still_picture

EXTEND = Path(__file__).parents[2] / "docs" / "extend.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", EXTEND.read_text(), re.DOTALL)


@pytest.fixture
def folder(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The walk of docs/extend.md: the file, and the setting that names its folder."""
    monkeypatch.setenv("HOME", str(tmp_path))
    recipes = tmp_path / "recipes"
    recipes.mkdir()
    (recipes / "mean_by_group.py").write_text(blocks("python")[0])
    home.mkdir()
    (home / "config.yaml").write_text(blocks("yaml")[0])
    assert yaml.safe_load(blocks("yaml")[0]) == {"recipe_folders": ["~/recipes"]}
    return recipes


@pytest.fixture
def scores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pd.DataFrame:
    frame = pd.DataFrame({"label": ["a", "b", "a"], "score": [0.25, 1.0, 0.75]})
    for name in ("scores.csv", "other.csv"):
        frame.to_csv(tmp_path / name, index=False)
    monkeypatch.chdir(tmp_path)
    return frame


def test_the_walk_works_as_written(folder: Path, scores: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IPYTHONDIR", str(folder.parent / "ipython"))
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    shell.history_manager.enabled = False
    shell.run_line_magic("load_ext", "jupyter_viz")
    one, help_, several = blocks("python")[1].strip().splitlines()
    try:
        result = shell.run_cell(one)
        with capture_output() as said:
            shell.run_cell(help_).raise_error()
        together = shell.run_cell(several).result
    finally:
        shell.run_line_magic("unload_ext", "jupyter_viz")
        shell.history_manager.end_session()
        shell.restore_sys_module_state()
        InteractiveShell.clear_instance()
    assert result.result.data["mean"].tolist() == [0.5, 1.0]
    assert still_picture(result.result._repr_mimebundle_()[PLOTLY])
    assert "Column of numbers." in said.stdout
    assert together.metrics == {"scores.csv/groups": 2, "other.csv/groups": 2}


async def test_the_server_renders_it_without_importing_it(folder: Path, scores: pd.DataFrame, home: Path) -> None:
    service = Service(load_configuration())
    owner = Principal()
    asked = RenderRequest("mean_by_group", "scores.csv", {"value": "score", "by": "label"})
    try:
        recipes, broken = service.recipes(owner)
        assert not broken
        [info] = [each for each in recipes if each.name == "mean_by_group"]
        assert info.title == "Mean by group"
        made = await service.render(owner, asked)
        await service.wait(made.id, 60)
        found, outputs = service.visualization(owner, made.id)
        assert found.error is None
        assert outputs.outputs[0]["data"][MIME]["metrics"] == {"groups": 2}
        # Changed code: what was made by the old is stale, and rendered anew.
        file = folder / "mean_by_group.py"
        file.write_text(file.read_text().replace('{"groups": len(means)}', '{"rows": 7}'))
        assert service.visualization(owner, made.id)[0].freshness == "stale"
        again = await service.render(owner, asked)
        await service.wait(again.id, 60)
        assert service.visualization(owner, again.id)[1].outputs[0]["data"][MIME]["metrics"] == {"rows": 7}
    finally:
        await service.close()


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("raises", "1 / 0", "ZeroDivisionError: division by zero"),
        ("exits", "raise SystemExit(3)", "SystemExit: 3"),
        ("syntax", "def", "SyntaxError"),
        ("empty", "x = 1", "nothing in it is made by @recipe"),
        ("table", "from jupyter_viz.recipes.data import table", "nothing in it is made by @recipe"),
    ],
)
def test_a_file_that_is_none_is_told_and_nothing_else_stops(
    folder: Path, scores: pd.DataFrame, tmp_path: Path, name: str, text: str, said: str
) -> None:
    (folder / f"{name}.py").write_text(text)
    folders = load_configuration().recipe_folders
    recipes, broken = import_all(folders)
    assert {each.name: each.message for each in broken}[name].count(said) == 1
    assert {"mean_by_group", "table"} <= {each.name for each in recipes}
    elsewhere = read_descriptions(tmp_path / "cache", folders)
    assert elsewhere[1] == broken
    if name != "table":
        with pytest.raises(UnknownRecipe, match=re.escape(said)):
            visualize(name, "scores.csv")


def test_two_of_one_name_and_a_folder_that_is_not_there(folder: Path, home: Path) -> None:
    (folder / "again.py").write_text(blocks("python")[0])
    (folder / "own.py").write_text(blocks("python")[0].replace("def mean_by_group", "def table"))
    _, broken = import_all([*load_configuration().recipe_folders, str(home / "nowhere")])
    said: dict[str, Any] = {each.name: each.message for each in broken}
    assert "already" in said["mean_by_group"]
    assert "already" in said["table"]
    assert "no such folder" in said[str(home / "nowhere")]

"""The server knows the recipes without ever importing one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from jupyter_viz import registry
from jupyter_viz.errors import UnknownRecipe
from jupyter_viz.recipes.known import code_digest, find_recipe, import_all, read_descriptions

READ = """if True:
    import json, sys
    from dataclasses import asdict
    from pathlib import Path
    from jupyter_viz.recipes.known import read_descriptions
    recipes, broken = read_descriptions(Path(sys.argv[1]))
    print(json.dumps({
        "recipes": {each.name: each.title for each in recipes},
        "broken": {each.name: each.message for each in broken},
        "modules": sorted(sys.modules),
    }))
"""
PLUGINS = """\
[jupyter_viz.recipes]
mine = viz_plugin.good:mine
raises = viz_plugin.bad:x
exits = viz_plugin.exits:x
absent = viz_plugin.nowhere:x
no_recipe = viz_plugin.good:not_a_recipe
"""
GOOD = """\
from jupyter_viz.recipes import Rows, Table, recipe
print("hello from a plugin")
not_a_recipe = 5
@recipe(title="Mine {}")
def mine(source: Table) -> Rows:
    "Mine."
"""


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    """A distribution with a recipe that works and four that don't, as pip would have installed it."""
    folder = tmp_path / "site"
    (folder / "viz_plugin").mkdir(parents=True)
    about = folder / "viz_plugin-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: viz-plugin\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(PLUGINS)
    (folder / "viz_plugin" / "__init__.py").touch()
    (folder / "viz_plugin" / "good.py").write_text(GOOD.format(1))
    (folder / "viz_plugin" / "bad.py").write_text("raise RuntimeError('out of order')")
    (folder / "viz_plugin" / "exits.py").write_text("raise SystemExit(3)")
    return folder


def test_reading_descriptions_imports_no_recipe(python: Callable[..., str], tmp_path: Path) -> None:
    """A slow or broken plugin does not slow down or break the server."""
    seen = json.loads(python(READ, str(tmp_path / "cache")))
    points = registry.found(registry.RECIPES)
    assert set(seen["recipes"]) == set(points)
    assert not {point.module for point in points.values()} & set(seen["modules"])
    assert not {"pandas", "ibis", "plotly", "matplotlib", "duckdb"} & set(seen["modules"])


def test_plugins_good_and_broken_and_changed(python: Callable[..., str], tmp_path: Path, plugin: Path) -> None:
    """What works is offered, what doesn't is listed with its reason, and new code is seen without a restart."""

    def read() -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = json.loads(python(READ, str(tmp_path / "cache"), PYTHONPATH=str(plugin)))
        return found

    seen = read()
    assert seen["recipes"]["mine"] == "Mine 1"
    assert "roc_curve" in seen["recipes"]
    assert set(seen["broken"]) == {"raises", "exits", "absent", "no_recipe"}
    assert "out of order" in seen["broken"]["raises"]
    assert "SystemExit" in seen["broken"]["exits"]
    assert "not made by @recipe" in seen["broken"]["no_recipe"]
    assert not any(name.startswith("viz_plugin") for name in seen["modules"])
    (plugin / "viz_plugin" / "good.py").write_text(GOOD.format(2))
    assert read()["recipes"]["mine"] == "Mine 2"
    assert len(list((tmp_path / "cache").iterdir())) == 2


def test_a_description_is_made_once(tmp_path: Path) -> None:
    """The second question is answered from the file, and the file alone is believed."""
    first, _ = read_descriptions(tmp_path)
    [kept] = tmp_path.iterdir()
    kept.write_text(kept.read_text().replace("ROC curve", "Changed"))
    second, _ = read_descriptions(tmp_path)
    assert {info.title for info in second} - {info.title for info in first} == {"Changed"}


def test_what_is_read_is_what_is_imported(tmp_path: Path) -> None:
    """The form of the sidebar and the check in the kernel are of the same recipe."""
    read, imported = read_descriptions(tmp_path), import_all()
    assert json.dumps(read, default=repr) == json.dumps(imported, default=repr)


def test_a_half_written_cache_is_made_again(tmp_path: Path) -> None:
    (tmp_path / f"recipes-{code_digest()}.json").write_text('{"recipes": [')
    recipes, _ = read_descriptions(tmp_path)
    assert recipes


def test_an_unknown_recipe_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownRecipe, match=r"'roc_curv'.*Did you mean 'roc_curve'"):
        find_recipe("roc_curv")

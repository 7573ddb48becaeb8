"""Recipes in single files: each `.py` in a folder that the setting `recipe_folders` names is a plugin."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from ..registry import Broken
from .base import Recipe


def files_in(folders: Sequence[str]) -> tuple[Path, ...]:
    """The files that are imported: not those whose name begins with `_` or `.`."""
    found = [path for folder in folders for path in sorted(Path(folder).glob("*.py"))]
    return tuple(path for path in found if not path.name.startswith(("_", ".")))


def recipes_in(folders: Sequence[str]) -> tuple[dict[str, Recipe], list[Broken]]:
    """The recipes that are defined there, by name, and what can't be imported. Imports them: only in a kernel.

    A file that was changed is imported anew. Of two recipes of one name the first is taken, the other is broken.
    """
    recipes: dict[str, Recipe] = {}
    broken: list[Broken] = []
    for folder in folders:
        if not Path(folder).is_dir():
            broken.append(Broken(folder, "there is no such folder; it is named in the setting `recipe_folders`."))
    for path in files_in(folders):
        about = path.stat()
        found = _imported(path, about.st_mtime_ns, about.st_size)
        if isinstance(found, Broken):
            broken.append(found)
            continue
        for recipe in found:
            if recipe.info.name in recipes:
                broken.append(Broken(recipe.info.name, f"{path}: there is a recipe of this name already."))
            recipes.setdefault(recipe.info.name, recipe)
    return recipes, broken


@lru_cache(maxsize=256)
def _imported(path: Path, _modified: int, _size: int) -> tuple[Recipe, ...] | Broken:
    name = f"jupyter_viz_recipes_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        return Broken(path.stem, f"{path}: Python can't import it.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses and pickles of its own look it up there
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:  # whatever it raises, the others go on
        del sys.modules[name]
        return Broken(path.stem, f"{path}: {type(error).__name__}: {error}")
    made = [value for value in vars(module).values() if isinstance(value, Recipe)]
    own = tuple(recipe for recipe in made if recipe.function and recipe.function.__module__ == name)
    return own or Broken(path.stem, f"{path}: nothing in it is made by @recipe.")

"""Which recipes there are.

In a kernel they are imported. The server only reads their descriptions: made once by `python -m
jupyter_viz.recipes.known` in a process of its own, and kept as JSON under a digest of the recipes' code.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from functools import cache, lru_cache
from importlib.metadata import EntryPoint
from pathlib import Path

from .. import registry
from ..errors import ConfigurationError, UnknownRecipe, did_you_mean
from ..registry import Broken
from .base import Recipe
from .folders import files_in, recipes_in
from .saved import recipe_of, saved_in
from .schema import RecipeInfo

_DESCRIBING_SECONDS = 60
_ALIASES = {"tfdv": "data_statistics", "tfma": "slicing_metrics"}


def own_name(name: str) -> str:
    """What a recipe is called here that Kubeflow calls otherwise."""
    return _ALIASES.get(name, name)


def find_recipe(name: str, folders: Sequence[str] = ()) -> Recipe:
    """A recipe by name, Kubeflow's too, imported: only in a kernel. Raises `UnknownRecipe` with the nearest.

    Args:
        folders: Where recipes in single files are, too (the setting `recipe_folders`).
    """
    name = own_name(name)
    points = registry.found(registry.RECIPES)
    if name not in points:
        recipes, broken = recipes_in(folders)
        cells, unreadable = saved_in(folders)
        if name in recipes:
            return recipes[name]
        if name in cells:
            return recipe_of(cells[name])
        for plugin in (*broken, *unreadable):
            if plugin.name == name:
                raise UnknownRecipe(f"The recipe {name!r} is broken: {plugin.message}")
        raise UnknownRecipe(f"There is no recipe {name!r}.{did_you_mean(name, [*points, *recipes, *cells])}")
    found = registry.load(points[name])
    if isinstance(found, Broken):
        raise UnknownRecipe(f"The recipe {name!r} is broken: {found.message}")
    if not isinstance(found, Recipe):
        raise UnknownRecipe(f"The recipe {name!r} is broken: {points[name].value} is not made by @recipe.")
    return found


def import_all(folders: Sequence[str] = ()) -> tuple[list[RecipeInfo], list[Broken]]:
    """The descriptions of all recipes by name, and the plugins that are broken. Imports them: only in a kernel."""
    return _with_saved(*_imported(folders), folders)


def _imported(folders: Sequence[str]) -> tuple[list[RecipeInfo], list[Broken]]:
    own, broken = recipes_in(folders)
    points = registry.found(registry.RECIPES)
    for name in sorted(own.keys() & points.keys()):
        broken.append(Broken(name, "there is a recipe of this name already; give the one in the folder another."))
    recipes = [recipe.info for name, recipe in own.items() if name not in points]
    for name in points:
        try:
            recipes.append(find_recipe(name).info)
        except UnknownRecipe as error:
            broken.append(Broken(name, str(error)))
    return recipes, broken


def _with_saved(
    recipes: Sequence[RecipeInfo], broken: Sequence[Broken], folders: Sequence[str]
) -> tuple[list[RecipeInfo], list[Broken]]:
    """With the cells that were saved, which are read without running them, all by name."""
    cells, unreadable = saved_in(folders)
    taken = {info.name for info in recipes}
    twice = [
        Broken(name, "there is a recipe of this name already; save it as another.") for name in taken & cells.keys()
    ]
    saved = [cell.info for name, cell in cells.items() if name not in taken]
    return sorted([*recipes, *saved], key=lambda info: info.name), [*broken, *unreadable, *twice]


def read_descriptions(cache: Path, folders: Sequence[str] = ()) -> tuple[list[RecipeInfo], list[Broken]]:
    """The same without importing a recipe here: from `cache`, which another process fills when code has changed."""
    kept = cache / f"recipes-{code_digest(folders)}.json"
    return _with_saved(*_read(kept, tuple(folders), *_state(str(kept))), folders)


@lru_cache(maxsize=4)
def _read(kept: Path, folders: tuple[str, ...], _size: int, _written: int) -> tuple[list[RecipeInfo], list[Broken]]:
    try:
        known = json.loads(kept.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        text = _describe_elsewhere(folders)
        known = json.loads(text)
        kept.parent.mkdir(parents=True, exist_ok=True)
        temporary = kept.with_name(f"{kept.name}.{os.getpid()}")
        temporary.write_text(text, "utf-8")
        os.replace(temporary, kept)
    recipes = [
        RecipeInfo(**{**values, "source_kinds": tuple(values["source_kinds"]), "beside": tuple(values["beside"])})
        for values in known["recipes"]
    ]
    return recipes, [Broken(**values) for values in known["broken"]]


def code_digest(folders: Sequence[str] = ()) -> str:
    """SHA-256 of the code of all recipes, as far as it can be found without importing anything of theirs."""
    files = [*_files(), *map(str, files_in(folders))]
    return _digest_of(tuple((file, *_state(file)) for file in files))


@lru_cache(maxsize=4)
def _digest_of(files: tuple[tuple[str, int, int], ...]) -> str:
    digest = hashlib.sha256(sys.version.encode())
    for name, point in sorted(registry.found(registry.RECIPES).items()):
        digest.update(f"{name}={point.value} {point.dist.version if point.dist else ''}".encode())
    for file, _, _ in files:
        with contextlib.suppress(FileNotFoundError):
            digest.update(Path(file).read_bytes())
    return digest.hexdigest()


def _state(file: str) -> tuple[int, int]:
    """What shows that a file has changed, without reading it: its size and when it was written."""
    try:
        about = os.stat(file)
    except OSError:
        return 0, 0
    return about.st_size, about.st_mtime_ns


@cache
def _files() -> tuple[str, ...]:
    """The files with the recipes' code."""
    plugins = {file for point in registry.found(registry.RECIPES).values() if (file := _file_of(point))}
    return tuple(sorted(plugins | set(map(str, Path(__file__).parent.glob("*.py")))))


def _file_of(point: EntryPoint) -> str | None:
    top, *below = point.module.split(".")
    try:
        spec = importlib.util.find_spec(top)  # of a top-level package: reads no code of it
    except (ImportError, ValueError):
        return None
    for folder in spec.submodule_search_locations if spec and spec.submodule_search_locations else ():
        for path in (Path(folder, *below).with_suffix(".py"), Path(folder, *below, "__init__.py")):
            if path.is_file():
                return str(path)
    return spec.origin if spec and spec.origin and os.path.isfile(spec.origin) else None


def _describe_elsewhere(folders: Sequence[str]) -> str:
    done = subprocess.run(  # noqa: S603 — this interpreter, this module
        [sys.executable, "-m", __name__, *folders],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=_DESCRIBING_SECONDS,
        check=False,
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"the process ended with status {done.returncode}"]
        raise ConfigurationError(f"The recipes could not be read: {said[-1]}")
    return done.stdout


if __name__ == "__main__":
    from jupyter_viz.recipes.known import (
        _imported as _import,  # under its real name, so that classes are one
    )

    with contextlib.redirect_stdout(sys.stderr):  # what a plugin prints at its import is no part of the answer
        _recipes, _broken = _import(sys.argv[1:])
    json.dump({"recipes": [asdict(info) for info in _recipes], "broken": [asdict(b) for b in _broken]}, sys.stdout)

"""Recipes that were cells: `%%viz custom … --save-as NAME` keeps its code, arguments and source in a file of YAML.

They lie in the folder `recipes` of the home, which is its author's. Nothing of them is run where they are only listed;
their code is treated as custom code is, everywhere.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..errors import InvalidArgument
from ..models import Artifact
from ..registry import Broken
from .base import Recipe
from .schema import RecipeInfo

ENDING = ".yaml"
_KINDS = ((bool, "boolean"), (int, "integer"), (float, "number"), (str, "string"))


@dataclass(frozen=True, slots=True)
class Attached:
    """Outputs that a saved recipe is shown of, in every run of their pipeline."""

    project: str
    pipeline: str
    artifact: str

    def fits(self, artifact: Artifact) -> bool:
        return (self.project, self.pipeline, self.artifact) == (artifact.project, artifact.pipeline, artifact.name)


@dataclass(frozen=True, slots=True)
class SavedCell:
    """A cell that became a recipe.

    Attributes:
        source: Of the cell, as it was written; None where it had none.
        arguments: As they were given: the defaults, and the types of what may be given instead.
        columns: Names of those arguments that name a column of the source.
        attached: What it is shown of without being asked for.
    """

    name: str
    code: str
    source: str | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    attached: tuple[Attached, ...] = ()

    @property
    def info(self) -> RecipeInfo:
        properties = {
            name: {**_schema_of(value, name in self.columns), "title": name.replace("_", " "), "default": value}
            for name, value in self.arguments.items()
        }
        return RecipeInfo(
            name=self.name,
            title=self.name.replace("_", " ").capitalize(),
            description=_described(self.code),
            source_required=self.source is not None,
            arguments={"type": "object", "properties": properties, "required": [], "additionalProperties": False},
            saved=self.code,
        )


def save(cell: SavedCell, folder: Path) -> Path:
    """Keep a cell, in place of one that was kept by its name before. Returns the file."""
    import yaml

    values = {
        "source": cell.source,
        "arguments": dict(cell.arguments),
        "columns": list(cell.columns),
        "attached": [{"project": a.project, "pipeline": a.pipeline, "artifact": a.artifact} for a in cell.attached],
        "code": cell.code,
    }
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{cell.name}{ENDING}"
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(yaml.dump(values, Dumper=_readable_dumper(), sort_keys=False, allow_unicode=True), "utf-8")
    os.replace(temporary, path)
    return path


def saved_in(folders: Sequence[str]) -> tuple[dict[str, SavedCell], list[Broken]]:
    """The cells that are kept there, by name, and the files that are none."""
    cells: dict[str, SavedCell] = {}
    broken: list[Broken] = []
    for folder in folders:
        for path in sorted(Path(folder).glob(f"*{ENDING}")):
            if path.name.startswith((".", "_")):
                continue
            about = path.stat()
            found = _read(path, about.st_mtime_ns, about.st_size)
            if isinstance(found, Broken):
                broken.append(found)
            else:
                cells.setdefault(found.name, found)
    return cells, broken


def recipe_of(cell: SavedCell) -> Recipe:
    return Recipe(cell.info, None)


def typed_arguments(arguments: Mapping[str, Any], columns: Sequence[str]) -> tuple[str, ...]:
    """Those of a cell's arguments that name columns of its source.

    Raises `InvalidArgument` for one that no form can show.
    """
    for name, value in arguments.items():
        _schema_of(value, False, name)
    return tuple(name for name, value in arguments.items() if isinstance(value, str) and value in columns)


def _schema_of(value: Any, is_column: bool, name: str = "") -> dict[str, Any]:
    if value is None:
        return {"type": ["string", "number", "boolean", "null"]}
    for kind, word in _KINDS:
        if isinstance(value, kind):
            return {"type": word, **({"format": "column"} if is_column else {})}
    if isinstance(value, list) and value and all(isinstance(each, (str, int, float, bool)) for each in value):
        kinds = {_schema_of(each, False)["type"] for each in value}
        return {"type": "array", "items": {"type": kinds.pop() if len(kinds) == 1 else ["string", "number", "boolean"]}}
    raise InvalidArgument(
        f"Argument {name!r} is {value!r}: an argument of a saved recipe is a text, a number, true or false, or a list."
    )


def _described(code: str) -> str:
    """What its first line says, where it is a comment."""
    first = code.strip().partition("\n")[0]
    return first.lstrip("# ").strip() if first.startswith("#") else "Your own code, saved from a notebook."


@lru_cache(maxsize=256)
def _read(path: Path, _modified: int, _size: int) -> SavedCell | Broken:
    import yaml

    try:
        values = yaml.safe_load(path.read_text("utf-8"))
        attached = tuple(Attached(**each) for each in values.get("attached") or ())
        cell = SavedCell(path.stem, values["code"], values.get("source"), values.get("arguments") or {})
        cell = replace(cell, columns=tuple(values.get("columns") or ()), attached=attached)
        if not isinstance(cell.code, str):
            raise TypeError("its code is no text")
        cell.info  # noqa: B018 — raises for arguments that are none
        return cell
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError, AttributeError, InvalidArgument) as error:
        return Broken(path.stem, f"{path} is no saved recipe: {type(error).__name__}: {error}")


def _readable_dumper() -> Any:
    import yaml

    class Readable(yaml.SafeDumper):
        """Writes texts of several lines as they are."""

    def text(dumper: Any, value: str) -> Any:
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)

    Readable.add_representer(str, text)
    return Readable

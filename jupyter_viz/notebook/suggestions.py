"""What may stand where on a `%viz` line: recipes, options, their values, addresses, variables, files.

Reads nothing that is not on this machine or in the catalog.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from glob import escape, iglob
from itertools import islice
from typing import TYPE_CHECKING, Any

from ..errors import NotFound, VizError
from .options import FLAGS, FRESH, HERE, OPTIONS

if TYPE_CHECKING:
    from ..catalog.names import Names
    from ..recipes.schema import RecipeInfo

COMMANDS = {"recipes": 0, "help": 1, "edit": 1, "status": 0, "runs": 1}
"""What is no recipe, and how many words may follow."""
_MOST_FILES = 500
_WORD = re.compile(r"\S*\Z")
_RUNS = ("latest", "latest~1", "latest~4:", "newest", "highest(", "lowest(")

Found = Iterable[tuple[str, str]]
"""What may come, and what kind of thing it is."""


@dataclass(frozen=True, slots=True)
class Line:
    """A `%viz` line up to the cursor.

    Attributes:
        words: The whole ones.
        begin: Of the one that is being written.
        body: It is a line of YAML below `%%viz`.
    """

    words: Sequence[str]
    begin: str
    body: str | None = None


def line_of(text: str, cell_so_far: str) -> Line | None:
    """The line as `%viz` would read it; None where it is no business of ours.

    Args:
        text: The cursor's line up to the cursor.
        cell_so_far: The cell up to the cursor.
    """
    first, newline, _ = cell_so_far.lstrip("\n").partition("\n")
    body = None
    if newline and first.startswith("%%viz "):
        text, body = first + " ", text
    elif match := re.match(r"\s*%{1,2}viz\s", text):
        text = text[match.end() - 1 :]
    else:
        return None
    found = _WORD.search(text)
    begin = found[0] if found else ""
    try:
        words = shlex.split(text[: len(text) - len(begin)].removeprefix("%%viz"))
    except ValueError:  # within a quotation
        return None
    if body is not None and words[:1] == ["custom"]:  # it is Python
        return None
    return Line(words, begin, body)


class Looking:
    """Looks for what may come."""

    def __init__(self, variables: Mapping[str, Any]) -> None:
        self._variables = variables

    def on_line(self, line: Line) -> tuple[str, Callable[[], Found]]:
        """(what is to be replaced, what finds what may take its place)"""
        begin, words = line.begin, line.words
        if not words:
            return begin, lambda: _beginning(begin, self._first())
        if words[0] in COMMANDS:
            return begin, lambda: _beginning(begin, self._after_command(words))
        before = words[-1].removeprefix("--").replace("-", "_") if words[-1].startswith("--") else None
        if before is not None and "=" not in before and before not in FLAGS:
            return begin, lambda: self._values(words, before, begin)
        if begin.startswith("--") and "=" in begin:
            name, _, value = begin.removeprefix("--").partition("=")
            return value, lambda: self._values(words, name.replace("-", "_"), value)
        if begin.startswith("-"):
            return begin, lambda: _beginning(begin, self._options(words))
        return begin, lambda: self.sources(begin)

    def in_body(self, line: Line) -> tuple[str, Callable[[], Found]]:
        """The same of a line of YAML."""
        name, colon, value = (line.body or "").partition(":")
        if not colon:
            return name, lambda: _beginning(name, ((f"{each}: ", "param") for each in self._arguments(line.words)))
        value = value.lstrip()
        return value, lambda: self._values(line.words, name.strip(), value)

    def _first(self) -> Found:
        from ..config import load_configuration
        from ..registry import RECIPES, found

        yield from ((name, "function") for name in sorted(found(RECIPES)))
        yield from ((name, "keyword") for name in COMMANDS)
        if folders := load_configuration().recipe_places:
            from ..recipes.folders import recipes_in

            yield from ((name, "function") for name in sorted(recipes_in(folders)[0]))
            yield from ((name, "function") for name in self._saved())

    def _saved(self) -> list[str]:
        from ..config import load_configuration
        from ..recipes.saved import saved_in

        return sorted(saved_in(load_configuration().recipe_places)[0])

    def _after_command(self, words: Sequence[str]) -> Found:
        if len(words) > 1:
            return []
        if words[0] == "edit":
            return ((name, "function") for name in self._saved())
        if words[0] == "runs":
            return ((name, "pipeline") for name in self._pipelines(""))
        return ((name, kind) for name, kind in self._first() if kind == "function") if words[0] == "help" else []

    def _recipe(self, words: Sequence[str]) -> RecipeInfo:
        from ..config import load_configuration
        from ..recipes.known import find_recipe

        return find_recipe(words[0], load_configuration().recipe_places).info

    def _arguments(self, words: Sequence[str]) -> list[str]:
        given = {word.removeprefix("--").partition("=")[0].replace("-", "_") for word in words if word.startswith("--")}
        return [name for name in self._recipe(words).arguments.get("properties", {}) if name not in given]

    def _options(self, words: Sequence[str]) -> Found:
        given = {word.removeprefix("--").partition("=")[0] for word in words if word.startswith("--")}
        names = [*self._arguments(words), *(name for name in OPTIONS if name not in given)]
        return ((f"--{name.replace('_', '-')}", "param") for name in names)

    def _values(self, words: Sequence[str], option: str, begin: str) -> Found:
        if option == "kernel":
            return _beginning(begin, ((name, "kernel") for name in (FRESH, HERE, *_kernels())))
        if option == "for":
            return ((name, "pipeline") for name in self._pipelines(begin))
        if option == "runs":
            pipeline = next((word.partition("@")[0] for word in words[1:] if "@" in word), "")
            return self._runs(pipeline, begin)
        schema = self._recipe(words).arguments.get("properties", {}).get(option, {})
        if schema.get("format") == "column":
            return ((_word(name), "column") for name in self._columns(words) if name.startswith(begin))
        if schema.get("items", {}).get("format") == "column":
            done, comma, last = begin.rpartition(",")
            return ((f"{done}{comma}{name}", "column") for name in self._columns(words) if name.startswith(last))
        known = schema.get("enum") or (["true", "false"] if "boolean" in _kinds(schema) else [])
        return _beginning(begin, ((str(value), "value") for value in known if value is not None))

    def _addresses(self, begin: str) -> Found:
        from ..address import Address

        pipeline, _, rest = begin.partition("@")
        run, slash, path = rest.partition("/")
        if not slash:
            yield from ((f"{pipeline}@{name}", kind) for name, kind in self._runs(pipeline, run))
            return
        for name in self._names().artifacts(Address.parse(f"{pipeline}@{run}")):
            # The step may be left out.
            if name.startswith(path):
                yield f"{pipeline}@{run}/{name}", "artifact"
            elif (alone := name.rpartition("/")[2]).startswith(path) and path:
                yield f"{pipeline}@{run}/{alone}", "artifact"

    def _runs(self, pipeline: str, begin: str) -> Found:
        names = self._names()
        if match := re.match(r"(highest|lowest)\((.*)\Z", begin):
            yield from ((f"{match[1]}({name})", "run") for name in names.metrics(pipeline, match[2]))
            return
        yield from _beginning(begin, ((word, "run") for word in _RUNS))
        yield from ((name, "run") for name in names.runs(pipeline, begin))

    def columns(self, source: str) -> list[str]:
        """Of a source: as recorded, of a variable, or of a file of this machine; none where they are not known."""
        from ..address import Address

        if "@" in source:
            return [column.name for column in self._names().columns(Address.parse(source))]
        if source in self._variables:
            return _columns_of(self._variables[source])
        return [] if "://" in source else _columns_in(os.path.expanduser(source))

    def sources(self, begin: str) -> Found:
        """What a source that begins so may be: an address, a variable, a file."""
        if "@" in begin:
            yield from self._addresses(begin)
            return
        yield from ((f"{name}@", "pipeline") for name in self._pipelines(begin))
        variables = ((name, "variable") for name, value in self._variables.items() if _is_source(value))
        yield from _beginning(begin, variables)
        if "://" not in begin:
            yield from _files(begin)

    def _columns(self, words: Sequence[str]) -> list[str]:
        """Of the first source that is named."""
        sources, value = [], False
        for word in words[1:]:
            if word.startswith("--"):
                value = "=" not in word and word.removeprefix("--") not in FLAGS
            elif value:
                value = False
            else:
                sources.append(word)
        return self.columns(sources[0]) if sources else []

    def _pipelines(self, begin: str) -> list[str]:
        try:
            return self._names().pipelines(begin)
        except VizError:  # no catalog: there are files and variables all the same
            return []

    def _names(self) -> Names:
        """Raises `NotFound` where there is no catalog yet: a Tab makes none."""
        from ..catalog import open_catalog
        from ..catalog.engine import sqlite_path
        from ..config import load_configuration

        url = load_configuration().catalog
        path = sqlite_path(url)
        if path is not None and not path.exists():
            raise NotFound("Nothing is recorded here yet.")
        return open_catalog(url).names


def _beginning(begin: str, options: Found) -> Found:
    return ((text, kind) for text, kind in options if text.startswith(begin))


def _word(text: str) -> str:
    """A text as one word of a line."""
    return shlex.quote(text) if re.search(r"\s", text) else text


def _kinds(schema: Mapping[str, Any]) -> Sequence[str]:
    kind = schema.get("type", ())
    return [kind] if isinstance(kind, str) else kind


def _kernels() -> list[str]:
    from jupyter_client.kernelspec import KernelSpecManager

    return sorted(KernelSpecManager().find_kernel_specs())


def _is_source(value: Any) -> bool:
    """Whether it may be a table, told by its class: a value's own attributes may come from elsewhere."""
    from ..artifacts.source import TABULAR

    tabular = isinstance(value, list) and value and isinstance(value[0], Mapping)
    return bool(tabular) or (any(hasattr(type(value), name) for name in TABULAR) and not isinstance(value, type))


def _columns_of(value: Any) -> list[str]:
    if isinstance(value, list):
        return [str(name) for name in value[0]] if value and isinstance(value[0], Mapping) else []
    if hasattr(value, "collect_schema"):  # polars
        return list(value.collect_schema().names())
    names = getattr(value, "column_names", None)  # of an Arrow table `columns` are the values
    return list(map(str, getattr(value, "columns", ()) if names is None else names))


def _columns_in(path: str) -> list[str]:
    """Of a file on a disk, by its beginning or end alone."""
    import csv

    from ..artifacts.formats import CSV, PARQUET

    name = path.lower()
    if not os.path.isfile(path):
        return []
    if name.endswith(PARQUET):
        import pyarrow.parquet as pq

        return list(pq.read_schema(path).names)
    if not name.endswith(CSV) or name.endswith(".gz"):
        return []
    with open(path, encoding="utf-8-sig", newline="", errors="replace") as file:
        head = file.read(1 << 16)
    return next(csv.reader(head.splitlines()[:1], delimiter="\t" if name.endswith(".tsv") else ","), [])


def _files(begin: str) -> Found:
    from ..artifacts.source import kind_of
    from ..enums import ArtifactKind

    for path in islice(iglob(escape(os.path.expanduser(begin)) + "*"), _MOST_FILES):
        shown = begin + path[len(os.path.expanduser(begin)) :]
        if os.path.isdir(path):
            yield f"{shown}/", "path"
        elif kind_of(path) is not ArtifactKind.BINARY:
            yield _word(shown), "path"

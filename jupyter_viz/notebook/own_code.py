"""The user's own code below `%%viz custom`: run in their namespace, kept as a recipe, brought back as a cell."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .. import registry
from ..artifacts.source import Source
from ..config import load_configuration
from ..errors import InvalidArgument, UnknownRecipe, did_you_mean
from ..recipes.folders import recipes_in
from ..recipes.known import own_name
from ..recipes.labels import headings_of
from ..recipes.saved import Attached, SavedCell, save, saved_in, typed_arguments
from ..rendering.headings import show_heading
from .options import Options
from .suggestions import COMMANDS


def run_for_each(shell: Any, code: str, sources: Sequence[Source], arguments: Mapping[str, Any]) -> None:
    """Run code in the user's namespace, once for each source, below a heading where there are several."""
    __tracebackhide__ = True
    if len(sources) < 2:
        return _run(shell, code, sources[0] if sources else None, arguments)
    for source, (label, absent) in zip(sources, headings_of(sources), strict=True):
        show_heading(label, absent)
        if absent is None:
            _run(shell, code, source, arguments)
    return None


def _run(shell: Any, code: str, source: Source | None, arguments: Mapping[str, Any]) -> None:
    """With `source` and `arguments` bound for it alone."""
    namespace, missing = shell.user_ns, object()
    before = {name: namespace.get(name, missing) for name in ("source", "arguments")}
    namespace.update(source=source, arguments=dict(arguments))
    __tracebackhide__ = True
    try:
        with _showing_no_error(shell):
            done = shell.run_cell(code, store_history=False)
    finally:
        for name, value in before.items():
            if value is not missing:
                namespace[name] = value
            else:
                namespace.pop(name, None)
    if error := done.error_before_exec or done.error_in_exec:
        raise error


@contextmanager
def _showing_no_error(shell: Any) -> Iterator[None]:
    """An error of the inner cell is shown once, by the outer one that it makes fail: Run All stops there."""
    own, names = vars(shell), ("showtraceback", "showsyntaxerror")
    before = {name: own[name] for name in names if name in own}
    own.update(dict.fromkeys(names, lambda *_, **__: None))
    try:
        yield
    finally:
        for name in names:
            del own[name]
        own.update(before)


def check_name(name: str) -> None:
    """Raises `InvalidArgument` for what no cell can be saved as."""
    taken = {*registry.found(registry.RECIPES), *COMMANDS, *recipes_in(load_configuration().recipe_places)[0]}
    if not name.isidentifier():
        raise InvalidArgument(f"Option --save-as: {name!r} is not a name: letters, digits and _ are.")
    if name in taken or own_name(name) in taken:
        raise InvalidArgument(
            f"Option --save-as: there is {name!r} already, which is none of your cells. Take another."
        )


def cell_of(
    code: str,
    words: Sequence[str],
    sources: Sequence[Source],
    arguments: Mapping[str, Any],
    options: Options,
) -> SavedCell:
    """The cell as a recipe: the arguments that it was given are its defaults, and say what else may be given.

    Raises `InvalidArgument` where it can't be one, or can't be attached as `--for` says.
    """
    name = options.save_as or ""
    check_name(name)
    columns = [column.name for source in sources for column in source.columns]
    attached: tuple[Attached, ...] = ()
    if options.of_pipeline is not None:
        artifact = sources[0].artifact if len(sources) == 1 else None
        if artifact is None:
            raise InvalidArgument(
                "Option --for shows a recipe of the same output of other runs: name one artifact as the cell's source."
            )
        project, _, pipeline = options.of_pipeline.rpartition("::")
        attached = (Attached(project or artifact.project, pipeline, artifact.name),)
    source = " ".join(map(shlex.quote, words)) or None
    return SavedCell(name, code, source, dict(arguments), typed_arguments(arguments, columns), attached)


def save_cell(cell: SavedCell) -> Path:
    return save(cell, load_configuration().saved_recipes)


def cell_text(name: str) -> str:
    """A saved recipe as the cell that it was. Raises `UnknownRecipe` with the nearest."""
    cells, broken = saved_in(load_configuration().recipe_places)
    for file in broken:
        if file.name == name:
            raise UnknownRecipe(file.message)
    if name not in cells:
        raise UnknownRecipe(f"There is no saved recipe {name!r}.{did_you_mean(name, cells)}")
    cell = cells[name]
    words = [custom_line(cell.source or "", cell.arguments), f"--save-as {name}"]
    for each in cell.attached:
        project = "" if each.project == "default" else f"{each.project}::"
        words.append(f"--for {shlex.quote(project + each.pipeline)}")
    code = cell.code.rstrip("\n")
    return f"{' '.join(words)}\n{code}"


def custom_line(source: str, arguments: Mapping[str, Any]) -> str:
    """The first line of a cell of the user's own code; its arguments stand there, for below it is Python.

    Args:
        source: The words that name it, as a shell would split them; empty for none.
    """
    words = ["%%viz custom", *([source] if source else [])]
    words += [f"--{key.replace('_', '-')} {shlex.quote(as_yaml(value))}" for key, value in arguments.items()]
    return " ".join(words)


def as_yaml(value: Any) -> str:
    """A value as it stands on a line."""
    import yaml

    text: str = yaml.safe_dump(value, default_flow_style=True, width=10**6)
    return text.removesuffix("...\n").strip()

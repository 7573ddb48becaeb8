"""`%viz` and `%%viz`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from IPython.core.error import UsageError
from IPython.core.magic import Magics, line_cell_magic, magics_class, no_var_expand
from IPython.display import display

from ..artifacts.source import Source
from ..client import Client, visualize
from ..config import load_configuration
from ..errors import InvalidArgument, VizError, did_you_mean
from ..recipes.fit import runs_named
from ..recipes.folders import recipes_in
from ..recipes.known import find_recipe, import_all, own_name
from ..recipes.labels import headings_of
from ..rendering.headings import show_heading
from ..service import Service
from .listings import help_text, place_lines, recipes_listing, status_lines

_COMMANDS = {"recipes": 0, "help": 1, "status": 0, "runs": 1}  # and how many words may follow


_HELP = """\
%viz recipes                     the ways to look
%viz help roc_curve              the arguments of one
%viz runs churn                  the newest runs with their metrics
%viz status                      which catalog this kernel sees
%viz roc_curve churn@latest/evaluate/scores --target label --score p
%viz roc_curve churn@latest/evaluate/scores --runs latest~4:     the five newest, together
%viz metric_trend churn                                          over the runs of a pipeline
%%viz roc_curve churn@latest/evaluate/scores
target: label
%%viz custom churn@latest/evaluate/scores
source.table().to_pandas().hist()"""


@magics_class
class VizMagics(Magics):
    """`%viz RECIPE SOURCE --argument value`, `%%viz custom SOURCE`, `%viz recipes|help|status|runs`."""

    @no_var_expand
    @line_cell_magic
    def viz(self, line: str, cell: str | None = None) -> Any:
        """Look at an artifact of a run, a file or a variable: `%viz help` tells how."""
        __tracebackhide__ = True
        try:
            return self._viz(line, cell)
        except VizError as error:
            # IPython shows a UsageError as its sentence alone: the stack of our code would hide it.
            raise UsageError(str(error)) from None

    def _viz(self, line: str, cell: str | None) -> Any:
        from .grammar import parse_body, parse_line, typed, with_runs

        __tracebackhide__ = True
        parsed = parse_line(line)
        if not parsed.words:
            return self._creator()
        name, *words = parsed.words
        if name in _COMMANDS:
            if cell is not None or parsed.options:
                raise InvalidArgument(f"`%viz {name}` takes no options and no body.")
            return self._command(name, words)
        runs = parsed.options.pop("runs", None)
        out = parsed.options.pop("out", None)
        if out is not None and not out.isidentifier():
            raise InvalidArgument(f"Option --out: {out!r} is not a name.")
        recipe = _found(name)
        if recipe.code and out is not None:
            raise InvalidArgument("Option --out keeps a recipe's result; in your own code, assign what you need.")
        arguments = typed(parsed.options, recipe)
        variables = self._shell.user_ns
        if runs is not None:
            words = with_runs(recipe, words, runs, variables)
        sources = Client().open_sources(runs_named(recipe, words), variables) if words else ()
        if recipe.code:
            return self._custom_of_each(cell, sources, arguments)
        body = parse_body(cell) if cell is not None else {}
        if twice := body.keys() & arguments.keys():
            raise InvalidArgument(f"Argument {twice.pop()!r} is given twice, as option and in the body.")
        result = visualize(name, list(sources) or None, **body, **arguments)
        if out is not None:
            variables[out] = result
        return result

    @property
    def _shell(self) -> Any:
        shell: Any = self.shell  # set by IPython when it registers the magics
        return shell

    def _custom_of_each(self, cell: str | None, sources: Sequence[Source], arguments: dict[str, Any]) -> None:
        """Run the body once for each source, below a heading where there are several."""
        __tracebackhide__ = True
        if len(sources) < 2:
            return self._custom(cell, sources[0] if sources else None, arguments)
        for source, (label, absent) in zip(sources, headings_of(sources), strict=True):
            show_heading(label, absent)
            if absent is None:
                self._custom(cell, source, arguments)
        return None

    def _custom(self, cell: str | None, source: Any, arguments: dict[str, Any]) -> None:
        """Run the cell's body in the user's namespace, with `source` and `arguments` bound for it alone."""
        if not (cell or "").strip():
            raise InvalidArgument("`%%viz custom [SOURCE]` needs Python below it.")
        namespace, missing = self._shell.user_ns, object()
        before = {name: namespace.get(name, missing) for name in ("source", "arguments")}
        namespace.update(source=source, arguments=arguments)
        __tracebackhide__ = True
        try:
            with _showing_no_error(self._shell):
                done = self._shell.run_cell(cell, store_history=False)
        finally:
            for name, value in before.items():
                if value is not missing:
                    namespace[name] = value
                else:
                    namespace.pop(name, None)
        if error := done.error_before_exec or done.error_in_exec:
            raise error

    def _command(self, name: str, words: list[str]) -> Any:
        most = _COMMANDS[name]
        if len(words) > most:
            raise InvalidArgument(f"`%viz {name}` takes {'one word' if most else 'no words'} after it, not {words}.")
        if name == "recipes":
            return recipes_listing(*import_all(load_configuration().recipe_folders))
        if name == "help":
            print(help_text(find_recipe(words[0], load_configuration().recipe_folders).info) if words else _HELP)
        elif name == "status":
            print("\n".join(status_lines(Service(load_configuration()))))
        else:
            listed = Client().list_pipeline_runs(words[0] if words else None)
            if not words and not listed:
                print("\n".join(place_lines(Service(load_configuration()))))
            return listed
        return None

    def _creator(self) -> Any:
        if not hasattr(self._shell, "kernel"):
            return recipes_listing(*import_all(load_configuration().recipe_folders))
        from .creator import Creator

        display(Creator())
        return None


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


def _found(name: str) -> Any:
    from .. import registry

    folders = load_configuration().recipe_folders
    own, broken = recipes_in(folders)
    known = [*registry.found(registry.RECIPES), *own, *_COMMANDS]
    if own_name(name) not in (*known, *(plugin.name for plugin in broken)):
        raise InvalidArgument(f"There is no recipe {name!r}.{did_you_mean(name, known)}")
    return find_recipe(name, folders).info

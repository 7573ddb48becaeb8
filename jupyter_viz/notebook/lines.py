"""What a line of `%viz` or `%%viz` asks for, carried out in the IPython where it stands."""

from __future__ import annotations

import os
import sys
from difflib import get_close_matches
from typing import Any

from IPython.display import display

from ..artifacts.source import Source, SourceForm, form_of
from ..client import Client, visualize
from ..config import load_configuration
from ..errors import InvalidArgument, NotFound, did_you_mean
from ..models import RenderRequest
from ..recipes.fit import check_fit, runs_named
from ..recipes.folders import recipes_in
from ..recipes.known import find_recipe, import_all, own_name
from ..recipes.saved import saved_in
from ..recipes.schema import RecipeInfo
from ..rendering.headings import show_heading
from ..rendering.results import Result
from ..service import Service
from .grammar import parse_body, parse_line, typed, with_runs
from .listings import help_text, place_lines, recipes_listing, status_lines
from .options import FRESH, HERE, Options
from .suggestions import COMMANDS

_HELP = """\
%viz recipes                     the ways to look
%viz help roc_curve              the arguments of one
%viz runs churn                  the newest runs with their metrics
%viz status                      which catalog this kernel sees
%viz roc_curve churn@latest/evaluate/scores --target label --score p
%viz roc_curve churn@latest/evaluate/scores --runs latest~4:     the five newest, together
%viz metric_trend churn                                          over the runs of a pipeline
%viz roc_curve churn@latest/evaluate/scores --kernel fresh       in a kernel of its own; the result is kept
%%viz roc_curve churn@latest/evaluate/scores
target: label
%%viz custom churn@latest/evaluate/scores
source.table().to_pandas().hist()
%%viz custom churn@latest/evaluate/scores --bins 10 --save-as hist     the cell becomes the recipe `hist`
%viz edit hist                                                         and comes back as a cell"""


class Lines:
    """Carries out the lines of one IPython."""

    def __init__(self, shell: Any) -> None:
        self._shell = shell

    def carry_out(self, line: str, cell: str | None) -> Any:
        """The value of a line and what is below it. Raises `VizError` with the way out."""
        __tracebackhide__ = True
        parsed = parse_line(line)
        if not parsed.words:
            return self._creator()
        name, *words = parsed.words
        if name in COMMANDS:
            if cell is not None or parsed.options:
                raise InvalidArgument(f"`%viz {name}` takes no options and no body.")
            return self._command(name, words)
        options = parsed.ours()
        recipe = _found(name)
        if (options.save_as or options.of_pipeline) and not recipe.code:
            raise InvalidArgument("Options --save-as and --for are for cells of your own code: `%%viz custom`.")
        if options.of_pipeline and not options.save_as:
            raise InvalidArgument("Option --for needs --save-as NAME: what is shown of each run has a name.")
        if options.save_as and options.kernel != HERE:
            raise InvalidArgument("Option --save-as keeps a cell that ran here; leave out --kernel.")
        arguments = typed(parsed.options, recipe)
        variables = self._shell.user_ns
        if options.runs is not None:
            words = with_runs(recipe, words, options.runs, variables)
        body = parse_body(cell) if cell is not None and not recipe.code else {}
        if twice := body.keys() & arguments.keys():
            raise InvalidArgument(f"Argument {twice.pop()!r} is given twice, as option and in the body.")
        arguments |= body
        if options.kernel != HERE:
            result = self._elsewhere(recipe, words, arguments, cell, options)
        elif recipe.own_code:
            return self._own_code_here(recipe, words, arguments, cell, options)
        else:
            sources = self._opened(recipe, words)
            result = visualize(recipe.name, list(sources) or None, **arguments)
            result.name = options.name
            if options.save:
                Client().keep(result)
        if options.out is not None:
            variables[options.out] = result
        return result

    def _elsewhere(
        self, recipe: RecipeInfo, words: list[str], arguments: dict[str, Any], cell: str | None, options: Options
    ) -> Result:
        """Look in a kernel of its own; an interrupt cancels it."""
        __tracebackhide__ = True
        from . import elsewhere
        from .display import show_before

        request = RenderRequest(
            recipe.name,
            tuple(words) if len(words) > 1 else words[0] if words else None,
            arguments,
            code=_code_of(recipe, cell) if recipe.code else None,
            kernel=None if options.kernel == FRESH else options.kernel,
            refresh=options.refresh,
            name=options.name,
        )
        rendering = elsewhere.start(request, self._shell.user_ns)
        try:
            result = rendering.result()
        except KeyboardInterrupt:
            rendering.cancel()
            rendering.wait()
            raise
        except elsewhere.CodeFailed as error:
            print(error.traceback, file=sys.stderr)
            raise
        result.name = options.name
        show_before(result)
        return result

    def _opened(self, recipe: RecipeInfo, words: list[str]) -> tuple[Source, ...]:
        """The sources that words name. Where one is no file, the error offers the nearest variable or file too."""
        __tracebackhide__ = True
        variables = self._shell.user_ns
        try:
            return Client().open_sources(runs_named(recipe, words), variables) if words else ()
        except NotFound as error:
            known = [*(name for name in variables if not name.startswith("_")), *os.listdir()]
            near = [
                match
                for word in words
                if form_of(word, variables) is SourceForm.PATH and not os.path.exists(word)
                for match in get_close_matches(word, known, n=1)
            ]
            if not near:
                raise
            raise NotFound(f"{error} Did you mean {near[0]!r}?") from None

    def _own_code_here(
        self, recipe: RecipeInfo, words: list[str], arguments: dict[str, Any], cell: str | None, options: Options
    ) -> None:
        """Run the user's own code in their namespace; keep it as a recipe once it has run."""
        __tracebackhide__ = True
        from .own_code import cell_of, run_for_each, save_cell

        if options.out is not None:
            raise InvalidArgument(
                "Option --out keeps a result; in your own code, assign what you need, or add --kernel fresh."
            )
        if options.save:
            raise InvalidArgument("Option --save keeps what a recipe makes; what your own code makes, --kernel fresh.")
        code = _code_of(recipe, cell)
        if recipe.source_required and not words:
            raise InvalidArgument(f"Recipe {recipe.name!r} needs a source: an address, a file or a variable.")
        sources = self._opened(recipe, words)
        saved = cell_of(code, words, sources, arguments, options) if options.save_as else None
        if options.name is not None:
            show_heading(options.name)
        run_for_each(self._shell, code, sources, check_fit(recipe, sources, arguments))
        if saved is not None:
            print(f"Saved as the recipe {saved.name!r} in {save_cell(saved)}")

    def _command(self, name: str, words: list[str]) -> Any:
        most = COMMANDS[name]
        if len(words) > most:
            raise InvalidArgument(f"`%viz {name}` takes {'one word' if most else 'no words'} after it, not {words}.")
        if name == "recipes":
            return recipes_listing(*import_all(load_configuration().recipe_places))
        if name == "help":
            print(help_text(find_recipe(words[0], load_configuration().recipe_places).info) if words else _HELP)
        elif name == "edit":
            from .own_code import cell_text

            if not words:
                raise InvalidArgument("`%viz edit NAME` brings a saved recipe back as a cell: name one.")
            self._shell.set_next_input(cell_text(words[0]))
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
            if not Client().list_pipeline_runs(size=1):
                print("\n".join(place_lines(Service(load_configuration()))))
            return recipes_listing(*import_all(load_configuration().recipe_places))
        from .creator import Creator

        display(Creator())
        return None


def _code_of(recipe: RecipeInfo, cell: str | None) -> str:
    code = (cell or "") if recipe.saved is None else recipe.saved
    if not code.strip():
        raise InvalidArgument("`%%viz custom [SOURCE]` needs Python below it.")
    return code


def _found(name: str) -> RecipeInfo:
    from .. import registry

    folders = load_configuration().recipe_places
    own, broken = recipes_in(folders)
    cells, unreadable = saved_in(folders)
    known = [*registry.found(registry.RECIPES), *own, *cells, *COMMANDS]
    if own_name(name) not in (*known, *(plugin.name for plugin in (*broken, *unreadable))):
        raise InvalidArgument(f"There is no recipe {name!r}.{did_you_mean(name, known)}")
    return find_recipe(name, folders).info

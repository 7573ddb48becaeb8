"""The panel itself: its fields, and what they do."""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets
from IPython import get_ipython
from IPython.display import display

from ...config import load_configuration
from ...errors import InvalidArgument, VizError, did_you_mean
from ...recipes.fit import reads_runs_alone
from ...recipes.known import import_all
from ...recipes.schema import RecipeInfo
from .. import elsewhere
from . import looking
from .arguments import Arguments
from .browse import Browse
from .found import Found
from .front import Front, answer_cancel, cell_id
from .looking import Seen
from .looks import LABEL, ROW, SMALL, WIDE, hidden, status
from .making import Making
from .results import Results
from .threads import Latest, Main
from .wish import Wish

_CODE = "source.table().to_pandas().describe()"


class Creator(widgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """The panel. `Creator()`, or with a source: `Creator(source="churn@latest/evaluate/scores")`.

    Results are an output of the cell that shows the panel, below it: they are saved with the notebook, and are there
    after a reload without a kernel. Addresses and files are rendered in a kernel of their own, so nothing here holds up
    the notebook's.

    Args:
        source: What the field for the source says at first.
        recipe: The type that is chosen at first.

    Raises `InvalidArgument` where there is no such recipe.
    """

    def __init__(self, source: str = "", recipe: str | None = None) -> None:
        known, _ = import_all(load_configuration().recipe_places)
        # Ready-made ones come first; writing code is the way out when nothing else suits.
        listed = sorted(known, key=lambda info: (info.code, info.title.lower()))
        self._recipes: dict[str, RecipeInfo] = {info.name: info for info in listed}
        self._shell = get_ipython()
        self._kernel = getattr(self._shell, "kernel", None)
        self._main = Main(self._kernel)
        self.results = Results()
        self.making = Making(self._main, self.results.add, self._enable)
        self._suggesting = Latest("suggests")
        self._warming = Latest("warms")
        self._seen: Seen | None = Seen()
        self._asked = 0
        if recipe is not None and recipe not in self._recipes:
            raise InvalidArgument(f"The Creator has no type {recipe!r}.{did_you_mean(recipe, self._recipes)}")
        self._make_fields(source, recipe)
        self.making.button.on_click(lambda _: self.generate())
        self._checking = Latest("looks", self.making.failed)
        named = widgets.HBox([self.source, self.browsing], layout=ROW)
        super().__init__(
            [
                *(self.found, self.type, self.about, named, self.browse, self.arguments),
                *(self.code, self.making, self.results),
            ],
            layout={"max_width": "760px"},
        )
        answer_cancel(self._kernel, self.model_id or "", self)
        self.making.stop.add_class("jp-viz-Creator-stop")
        self.making.stop.add_class(f"jp-viz-panel-{self.model_id}")
        self._source_typed()

    def _make_fields(self, source: str, recipe: str | None) -> None:
        self.type = widgets.Dropdown(
            options=[("Choose…", ""), *((info.title, info.name) for info in self._recipes.values())],
            value=recipe or "",
            description="Type",
            style=LABEL,
            layout=WIDE,
        )
        self.about = widgets.HTML()
        self.source = widgets.Combobox(
            value=source,
            description="Source",
            style=LABEL,
            layout={"flex": "1 1 20em", "width": "auto"},
            ensure_option=False,
            continuous_update=True,
        )
        self.browsing = widgets.ToggleButton(
            description="Browse", tooltip="Choose project, pipeline, run, step and artifact", layout=SMALL
        )
        self.browse = Browse(self._main, self._browsed, lambda: self._reads_runs)
        hidden(self.browse, True)
        self.found = Found(self._main, self._connected)
        self.arguments = Arguments(self._changed)
        self.code = widgets.Textarea(
            description="Code", rows=8, style=LABEL, layout=WIDE, tooltip="Python; `source` is the source"
        )
        self.code.placeholder = _CODE
        self.type.observe(lambda _: self._changed(), "value")
        self.type.observe(lambda _: self._warming.ask(elsewhere.warm), "value")
        self.code.observe(lambda _: self._changed(), "value")
        self.source.observe(lambda _: self._source_typed(), "value")
        self.browsing.observe(lambda change: self._browse(change["new"]), "value")

    def _ipython_display_(self, **kwargs: Any) -> None:
        """Show the panel, and reserve the output below it that results are put into."""
        display(widgets.DOMWidget._repr_mimebundle_(self), raw=True)
        self.found.look()
        if self.type.value:
            self._warming.ask(elsewhere.warm)
        self.results.reserve(Front(self._kernel, cell_id(self._kernel)))

    def generate(self) -> None:
        """Draw what the fields say, as the button does. Returns at once; `wait` waits for the end."""
        if (wish := self._wish()) is not None:
            self.browsing.value = False  # what is made comes below, and the lists have done their part
            self.making.begin(wish, self._variables)

    def cancel(self) -> None:
        """Stop what is being rendered, with its kernel. Returns at once; may be called from any thread."""
        self.making.cancel()

    def wait(self, seconds: float = 600) -> bool:
        """Wait until nothing is looked up, rendered or written any more; whether it is so."""
        threads = (self._checking, self._suggesting, self.making, self.found.reading, self.browse.reading)
        return self._main.wait(lambda: not any(each.busy for each in (*threads, self.results.saving)), seconds)

    def close(self) -> None:
        """Take the panel away, and what it holds; its results stay."""
        self.cancel()
        self.making.let_go()
        super().close()

    # What the fields say

    @property
    def _recipe(self) -> RecipeInfo | None:
        return self._recipes.get(self.type.value)

    @property
    def _reads_runs(self) -> bool:
        return self._recipe is not None and reads_runs_alone(self._recipe)

    @property
    def _variables(self) -> dict[str, Any]:
        """As they are now: a thread must not walk through a namespace that code changes meanwhile."""
        return dict(self._shell.user_ns) if self._shell is not None else {}

    def _wish(self) -> Wish | None:
        recipe = self._recipe
        if recipe is None:
            return None
        code = self.code.value if recipe.code else None
        return Wish(recipe, self.source.value.strip(), self.arguments.value, code)

    def _obstacle(self) -> str | None:
        """Why Generate would not work, as far as it is known without a look at the source."""
        wish = self._wish()
        if wish is None:
            return "Choose a type."
        if wish.recipe.source_required and not wish.source:
            return "Name a source."
        if self.arguments.error is not None:
            return "The arguments are not JSON."
        if wish.recipe.code and not (wish.code or "").strip():
            return "Write some Python first."
        try:
            wish.recipe.checked(wish.arguments)
        except VizError as error:
            return looking.told(error, wish)
        return None

    def _source_typed(self) -> None:
        begin, variables = self.source.value, self._variables

        def suggest() -> None:
            found = looking.suggested(begin, variables)
            self._main.call(lambda: setattr(self.source, "options", found))

        self._suggesting.ask(suggest)
        self._changed()

    def _connected(self) -> None:
        self.browsing.value = False  # its lists are read when they are shown
        self.browsing.value = True

    def _browsed(self, address: str) -> None:
        self.source.value = address

    def _browse(self, show: bool) -> None:
        hidden(self.browse, not show)
        if show:
            self.browse.arrange()
            self.browse.read()

    def _changed(self, moved: bool = False) -> None:
        """A field has another value: look whether it can work."""
        recipe, text, variables = self._recipe, self.source.value.strip(), self._variables
        self.making.message.value = ""
        self.about.value = "" if recipe is None else status(recipe.description)
        hidden(self.code, recipe is None or not recipe.code)
        self.source.placeholder = _example(recipe)
        self.browse.arrange()
        self.arguments.show(recipe, self._seen.columns if self._seen else ())
        self._asked += 1
        asked = self._asked
        self._seen = None if text else Seen()

        def look() -> None:
            columns = looking.columns_of(text, variables)
            wish = self._wish()
            seen = Seen(columns) if wish is None else looking.look(wish, variables)
            self._main.call(lambda: self._looked(asked, seen, moved))

        if text:
            self._checking.ask(look)
        self._enable()

    def _looked(self, asked: int, seen: Seen, moved: bool) -> None:
        if asked != self._asked:  # of what the fields said before
            return
        self._seen = seen
        before = self.arguments.value
        self.arguments.show(self._recipe, seen.columns)
        if self.arguments.value != before:  # a column was filled in
            self._changed()
            return
        self._enable()
        if moved:
            self._again()

    def _enable(self) -> None:
        obstacle = self._obstacle()
        if self._seen is not None and self._seen.of_source:
            self.making.allow(self._seen.obstacle)
        elif obstacle is not None:
            self.making.allow(obstacle)
        elif self._seen is None:
            self.making.looking()
        else:
            self.making.allow(self._seen.obstacle)

    def _again(self) -> None:
        """A slider was moved: the newest result follows, and its source is not read again."""
        newest, wish = self.results.newest, self._wish()
        if newest is None or wish is None or not wish.same_but_for_arguments(newest.wish):
            return
        if self._obstacle() is None and (self._seen is None or self._seen.obstacle is None):
            self.making.begin(wish, self._variables, newest)


def _example(recipe: RecipeInfo | None) -> str:
    """What may stand in the field for the source."""
    if recipe is not None and reads_runs_alone(recipe):
        return "churn, or churn@latest~9:"
    if recipe is not None and recipe.least_sources > 1:
        return "churn@latest~1/evaluate/scores churn@latest/evaluate/scores, or two files"
    return "churn@latest/evaluate/scores, data.csv, or a variable"

"""The Visualization Creator: type, source, arguments, Generate."""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets
from IPython import get_ipython
from IPython.display import display

from ..client import Client, visualize
from ..config import load_configuration
from ..errors import InvalidArgument, VizError, did_you_mean
from ..recipes.fit import reads_runs_alone, runs_named
from ..recipes.known import import_all
from ..recipes.schema import RecipeInfo
from .grammar import parse_body, split

_WIDE = {"width": "auto"}  # a full width would push their margins out of the panel
_LABEL = {"description_width": "5.5em"}


class Creator(widgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """The panel. `Creator()`, or with a source: `Creator(source="churn@latest/evaluate/scores")`.

    A result is an output of the cell that shows the panel, below it: it is saved with the notebook, and is there after
    a reload without a kernel.
    """

    def __init__(self, source: str = "", recipe: str | None = None) -> None:
        known, _ = import_all(load_configuration().recipe_folders)
        self._recipes: dict[str, RecipeInfo] = {info.name: info for info in known if not info.code}
        if recipe is not None and recipe not in self._recipes:
            own = " Your own code goes below `%%viz custom [SOURCE]`." if recipe == "custom" else ""
            raise InvalidArgument(f"The Creator has no type {recipe!r}.{own}{did_you_mean(recipe, self._recipes)}")
        self.type = widgets.Dropdown(
            options=[("Choose…", None), *((info.title, info.name) for info in self._recipes.values())],
            value=recipe,
            description="Type",
            style=_LABEL,
            layout=_WIDE,
        )
        self.source = widgets.Combobox(
            value=source,
            options=_newest_tables(),
            description="Source",
            style=_LABEL,
            layout=_WIDE,
            ensure_option=False,
        )
        self.arguments = widgets.Textarea(description="Arguments", rows=4, style=_LABEL, layout=_WIDE)
        self.button = widgets.Button(description="Generate Visualization", button_style="primary", disabled=True)
        self.button.layout.width = "auto"
        self.message = widgets.HTML()
        self.about = widgets.HTML()
        super().__init__(
            [self.type, self.source, self.arguments, self.about, self.button, self.message],
            layout={"max_width": "760px"},
        )
        self._handle: Any = None
        for field in (self.type, self.source):
            field.observe(self._changed, "value")
        self.source.continuous_update = True
        self.button.on_click(lambda _button: self.generate())
        self._changed()

    def _ipython_display_(self, **kwargs: Any) -> None:
        """Show the panel, and reserve the output below it that results are put into."""
        display(widgets.DOMWidget._repr_mimebundle_(self), raw=True)
        self._handle = display({"text/plain": "", "text/html": ""}, raw=True, display_id=True)

    def generate(self) -> None:
        """Draw what the fields say; an error is shown in place."""
        self.button.disabled = True
        self.button.description = "Generating…"
        self.message.value = ""
        try:
            shell = get_ipython()
            recipe, text = self._recipes[self.type.value], self.source.value.strip()
            # A path may have blanks in it: only where several are needed are they set apart by them, as in `%viz`.
            named = runs_named(recipe, split(text) if recipe.least_sources > 1 else text)
            sources = Client().open_sources(named, shell.user_ns if shell else {})
            result = visualize(recipe.name, list(sources), **parse_body(self.arguments.value))
            self._show(result._repr_mimebundle_())
        except VizError as error:
            self._say(str(error))
        except Exception as error:  # a recipe's plugin can raise anything; the panel must not swallow it
            self._say(f"{type(error).__name__}: {error}")
        finally:
            self.button.description = "Generate Visualization"
            self._changed()

    def _show(self, bundle: dict[str, Any]) -> None:
        if self._handle is None:
            self._handle = display(bundle, raw=True, display_id=True)
        else:
            self._handle.update(bundle, raw=True)

    def _say(self, text: str) -> None:
        from html import escape

        self.message.value = f'<div role="alert" style="color:var(--jp-error-color1)">{escape(text)}</div>'

    def _changed(self, _change: Any = None) -> None:
        chosen = self._recipes.get(self.type.value or "")
        self.button.disabled = chosen is None or not self.source.value.strip()
        self.about.value = "" if chosen is None else chosen.description
        self.source.placeholder = _example(chosen)
        self.arguments.placeholder = chosen.placeholder if chosen else "Choose a type to see its arguments"


def _example(recipe: RecipeInfo | None) -> str:
    """What may stand in the field for the source."""
    if recipe is not None and reads_runs_alone(recipe):
        return "churn, or churn@latest~9:"
    if recipe is not None and recipe.least_sources > 1:
        return "churn@latest~1/evaluate/scores churn@latest/evaluate/scores, or two files"
    return "churn@latest/evaluate/scores, data.csv, or a variable"


def _newest_tables() -> list[str]:
    """Addresses to choose from: the tables of each pipeline's latest run."""
    from ..enums import ArtifactKind

    client = Client()
    found = []
    for run in {run.pipeline: run for run in reversed(client.list_pipeline_runs())}.values():
        for step in client.get_pipeline_run(run.id).steps.values():
            for artifact in step.artifacts:
                if artifact.kind is ArtifactKind.TABLE:
                    found.append(artifact.address)
    return found

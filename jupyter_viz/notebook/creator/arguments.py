"""The arguments of a recipe as a form and as JSON, each a view of the other."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ipywidgets as widgets

from ...errors import did_you_mean
from ...recipes.schema import RecipeInfo
from .fields import UNSET, Field, fields_of
from .looks import LABEL, SMALL, WIDE, alert, hidden

_MOST_SEEN = 6
AS_JSON, AS_FORM = "As JSON", "As a form"


class Arguments(widgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """The fields of the chosen recipe.

    Args:
        changed: Called when a value has changed; with True where a slider was moved.
    """

    def __init__(self, changed: Callable[[bool], None]) -> None:
        self._changed = changed
        self._recipe: RecipeInfo | None = None
        self._columns: tuple[str, ...] = ()
        self._values: dict[str, Any] = {}
        self._filling = self._shown = False
        self.fields: dict[str, Any] = {}
        self.error: str | None = None
        self.form = widgets.VBox(layout=WIDE)
        self.json = widgets.Textarea(
            description="JSON", rows=5, style=LABEL, layout=WIDE, tooltip="Arguments as JSON", value="{}"
        )
        self.problem = widgets.HTML()
        self.toggle = widgets.Button(description=AS_JSON, tooltip="The same arguments, as JSON", layout=SMALL)
        self.json.observe(self._json_typed, "value")
        self.toggle.on_click(lambda _: self.show_json(self.form.layout.display != "none"))
        super().__init__([self.form, self.json, self.problem, self.toggle], layout=WIDE)
        self.show_json(False)
        self.show(None, ())

    @property
    def value(self) -> dict[str, Any]:
        """What is given; what is left to its default is not in it."""
        return dict(self._values)

    @value.setter
    def value(self, values: Mapping[str, Any]) -> None:
        self._values = dict(values)
        self._fill()
        self._write_json()
        self._changed(False)

    def show_json(self, as_json: bool) -> None:
        """Turn to the other view; text that is no JSON has no form to go back to."""
        if not as_json and self.error is not None:
            return
        hidden(self.form, as_json)
        hidden(self.json, not as_json)
        self.toggle.description = AS_FORM if as_json else AS_JSON

    def show(self, recipe: RecipeInfo | None, columns: Sequence[str]) -> None:
        """The fields of a recipe, with the columns to choose from; values of arguments that both know stay."""
        if self._shown and recipe is self._recipe and tuple(columns) == self._columns:
            return
        self._shown = True
        other, self._recipe, self._columns = recipe is not self._recipe, recipe, tuple(columns)
        described = [] if recipe is None else fields_of(recipe.arguments)
        if other:
            names = {field.name for field in described}
            self._values = {name: value for name, value in self._values.items() if name in names}
        self._suggest(described)
        self.fields = {field.name: self._control(field) for field in described if not field.foreign}
        self._described = {field.name: field for field in described}
        self._fill()
        self.form.children = tuple(self.fields.values())
        self.json.placeholder = "" if recipe is None else recipe.placeholder
        hidden(self.toggle, recipe is None or not (described or self._takes_more))
        if other:
            self._say(None)
            self.show_json(self._takes_more and not described)
        if self.error is None:  # what is typed stays until it is right
            self._write_json()

    @property
    def _takes_more(self) -> bool:
        return self._recipe is not None and self._recipe.arguments.get("additionalProperties", True) is not False

    def _suggest(self, described: Sequence[Field]) -> None:
        """Fill in a needed column where the source has just one that is called as such columns are."""
        for field in described:
            needed = field.kind == "column" and (field.required or isinstance(field.default, str))
            if not needed or field.default in self._columns:
                continue
            found = [name for name in self._columns if name == field.name] or [
                name for name in self._columns if name.lower() in (field.name, *field.usual)
            ]
            if len(found) == 1:
                self._values.setdefault(field.name, found[0])

    def _control(self, field: Field) -> Any:
        about: dict[str, Any] = {
            "description": f"{field.title} *" if field.required else field.title,
            "tooltip": field.description,
            "style": LABEL,
            "layout": WIDE,
        }
        control: Any
        if field.kind == "column" and self._columns:
            first = field.default in self._columns or not (field.required or isinstance(field.default, str))
            unset = (field.said if field.default in self._columns else "not set") if first else "Choose…"
            control = widgets.Dropdown(options=[(unset, UNSET), *((name, name) for name in self._columns)], **about)
        elif field.kind == "columns" and self._columns:
            rows = min(_MOST_SEEN, len(self._columns))
            control = widgets.SelectMultiple(options=self._columns, rows=rows, **about)
        elif field.kind in ("choice", "boolean"):
            choices = (True, False) if field.kind == "boolean" else field.choices
            named: list[tuple[str, Any]] = [("Choose…" if field.required else field.said, UNSET)]
            named += [(field.text_of(choice), number) for number, choice in enumerate(choices)]
            control = widgets.Dropdown(options=named, **about)
        elif field.range is not None:
            least, most = field.range
            whole = field.kind == "integer"
            made = widgets.IntSlider if whole else widgets.FloatSlider
            kind = int if whole else float
            step = {} if whole else {"step": (most - least) / 100, "readout_format": ".3g"}
            control = made(min=kind(least), max=kind(most), continuous_update=False, **step, **about)
        else:
            control = widgets.Text(placeholder=field.said, **about)
        control.observe(lambda change, field=field: self._chosen(field, change["new"]), "value")
        return control

    def _chosen(self, field: Field, given: Any) -> None:
        if self._filling:
            return
        value = given
        if field.kind in ("choice", "boolean"):
            choices = (True, False) if field.kind == "boolean" else field.choices
            value = UNSET if given is UNSET else choices[given]
        elif isinstance(self.fields[field.name], widgets.Text):
            value = field.value_of(given)
        elif given == ():
            value = UNSET
        elif isinstance(given, tuple):
            value = list(given)
        if value is UNSET:
            self._values.pop(field.name, None)
        else:
            self._values[field.name] = value
        self._write_json()
        self._changed(field.range is not None)

    def _fill(self) -> None:
        """The values into the form's fields."""
        self._filling = True
        try:
            for name, control in self.fields.items():
                field, value = self._described[name], self._values.get(name, UNSET)
                if isinstance(control, widgets.Text):
                    control.value = field.text_of(value)
                elif isinstance(control, widgets.SelectMultiple):
                    chosen = value if isinstance(value, list) else ()
                    control.value = tuple(one for one in chosen if one in self._columns)
                elif field.range is not None:
                    self._slide(control, field, value)
                elif field.kind == "column":
                    control.value = value if value in self._columns else UNSET
                else:
                    choices = (True, False) if field.kind == "boolean" else field.choices
                    same = [at for at, one in enumerate(choices) if one == value and type(one) is type(value)]
                    control.value = same[0] if same else UNSET
        finally:
            self._filling = False

    def _slide(self, control: Any, field: Field, value: Any) -> None:
        least, most = field.range or (0, 0)
        shown = field.default if value is UNSET or not isinstance(value, (int, float)) else value
        if not isinstance(shown, (int, float)):
            shown = least
        control.value = type(control.min)(min(max(shown, least), most))

    def _write_json(self) -> None:
        self._filling = True
        try:
            self.json.value = json.dumps(self._values, ensure_ascii=False, indent=2)
        finally:
            self._filling = False
        self._say(None)

    def _json_typed(self, change: Mapping[str, Any]) -> None:
        if self._filling:
            return
        values, problem = self._read(str(change["new"]))
        self._say(problem)
        if problem is None:
            self._values = values
            self._fill()
        self._changed(False)

    def _read(self, text: str) -> tuple[dict[str, Any], str | None]:
        try:
            values = json.loads(text) if text.strip() else {}
        except ValueError as error:
            return {}, f"Not JSON: {error}"
        if not isinstance(values, dict):
            return {}, 'The arguments are a JSON object, {"name": value}.'
        known = [] if self._recipe is None else list(self._recipe.arguments.get("properties", {}))
        unknown = next((name for name in values if name not in known), None)
        if unknown is not None and not self._takes_more:
            return {}, f"There is no argument {unknown!r}.{did_you_mean(unknown, known)}"
        return values, None

    def _say(self, problem: str | None) -> None:
        self.error = problem
        self.problem.value = alert(problem) if problem else ""

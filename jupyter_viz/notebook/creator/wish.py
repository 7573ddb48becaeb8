"""What the panel's fields ask for: a request, and the cell that asks for the same."""

from __future__ import annotations

import shlex
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...artifacts.source import SourceForm, form_of
from ...models import RenderRequest
from ...recipes.schema import RecipeInfo
from ..grammar import split
from ..own_code import as_yaml, custom_line


@dataclass(frozen=True)
class Wish:
    """A recipe over what a text names.

    Attributes:
        source: As it stands in the field; empty where the recipe needs none.
        code: The user's own, of the recipe that takes it.
    """

    recipe: RecipeInfo
    source: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    code: str | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """The texts of its sources. A path may have blanks in it: only where several are needed they set them apart."""
        text = self.source.strip()
        if self.recipe.least_sources > 1:
            return tuple(split(text))
        return (text,) if text else ()

    def variables(self, names: Container[str]) -> list[str]:
        """Those of its sources that are variables, where these are the names there are."""
        return [word for word in self.words if form_of(word, names) is SourceForm.VARIABLE]

    def request(self) -> RenderRequest:
        words = self.words
        source = None if not words else words[0] if len(words) == 1 else words
        return RenderRequest(self.recipe.name, source, dict(self.arguments), code=self.code)

    def cell(self) -> str:
        """The `%%viz` cell that makes the same."""
        if self.recipe.code:
            line = custom_line(" ".join(map(_word, self.words)), self.arguments)
            return f"{line}\n{(self.code or '').rstrip()}"
        line = " ".join(["%%viz", self.recipe.name, *map(_word, self.words)])
        arguments = self.arguments or self._defaults()
        if not arguments:
            return line.removeprefix("%")  # a cell magic has a body
        return "\n".join([line, *(f"{name}: {as_yaml(value)}" for name, value in arguments.items())])

    def _defaults(self) -> dict[str, Any]:
        described = self.recipe.arguments.get("properties", {}).items()
        return {name: each["default"] for name, each in described if each.get("default") is not None}

    def same_but_for_arguments(self, other: Wish) -> bool:
        return (self.recipe.name, self.source.strip(), self.code) == (
            other.recipe.name,
            other.source.strip(),
            other.code,
        )


def _word(text: str) -> str:
    """A text as one word of a line, in quotes where it needs them."""
    try:
        plain = shlex.split(text) == [text]
    except ValueError:
        plain = False
    return text if plain else shlex.quote(text)

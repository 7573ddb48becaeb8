"""The line after `%viz` and `%%viz`, and the YAML below it, as values."""

from __future__ import annotations

import shlex
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from keyword import iskeyword
from pathlib import Path
from typing import Any

from ..address import Address, RunSelector
from ..artifacts.source import SourceForm, form_of
from ..enums import ArtifactKind
from ..errors import InvalidArgument, did_you_mean
from ..recipes.fit import reads_runs_alone
from ..recipes.schema import RecipeInfo
from .options import FLAGS, OPTIONS, Options


@dataclass(frozen=True, slots=True)
class Line:
    """`RECIPE [SOURCE] [--option value]…`: its words, and its options as they were written."""

    words: list[str]
    options: dict[str, str] = field(default_factory=dict)

    def ours(self) -> Options:
        """The options of every look, taken out. Raises `InvalidArgument` for a value that none of them has."""
        taken: dict[str, Any] = {name: self.options.pop(name) for name in OPTIONS if name in self.options}
        taken |= {name: True for name in FLAGS if name in taken}
        if "for" in taken:
            taken["of_pipeline"] = taken.pop("for")
        options = Options(**taken)
        if options.out is not None and (not options.out.isidentifier() or iskeyword(options.out)):
            raise InvalidArgument(f"Option --out: {options.out!r} is not a name.")
        return options


def split(text: str) -> list[str]:
    """Words as a shell splits them, nothing expanded. Raises `InvalidArgument` for what can't be split."""
    try:
        return shlex.split(text)
    except ValueError as error:
        raise InvalidArgument(f"{text!r} can't be read: {error}. Close the quotation.") from None


def parse_line(text: str) -> Line:
    """The words and options of a line. Raises `InvalidArgument` for what can't be split, or is an option by half."""
    words: list[str] = []
    options: dict[str, str] = {}
    rest = iter(split(text))
    for part in rest:
        if not part.startswith("--"):
            words.append(part)
            continue
        name, equals, value = part[2:].partition("=")
        name = name.replace("-", "_")
        if name in FLAGS:
            if equals:
                raise InvalidArgument(f"Option --{name} takes no value.")
        elif not equals:
            value = next(rest, "")
            if not value or value.startswith("--"):
                raise InvalidArgument(f"Option --{name} needs a value: --{name} VALUE.")
        if name in options:
            raise InvalidArgument(f"Option --{name} is given twice.")
        options[name] = value
    return Line(words, options)


def typed(options: Mapping[str, str], recipe: RecipeInfo) -> dict[str, Any]:
    """Options as values: as the recipe's schema says, otherwise as YAML reads them."""
    properties: Mapping[str, Any] = recipe.arguments.get("properties", {})
    closed = recipe.arguments.get("additionalProperties", True) is False
    values: dict[str, Any] = {}
    for name, text in options.items():
        if closed and name not in properties:
            raise InvalidArgument(
                f"Recipe {recipe.name!r} has no option --{name}.{did_you_mean(name, [*properties, *OPTIONS])}"
            )
        kind = properties.get(name, {}).get("type")
        if kind == "string" or (kind == ["string", "null"] and text != "null"):
            values[name] = text
        elif (
            "array" in (kind or ())
            and not text.lstrip().startswith("[")
            and not ("boolean" in kind and text == "false")
        ):
            values[name] = [part.strip() for part in text.split(",")]
        else:
            values[name] = _yaml(text, f"Option --{name}")
    return values


def with_runs(recipe: RecipeInfo, words: Sequence[str], runs: str, variables: Container[str] = ()) -> list[str]:
    """Addresses with another run: `latest~4:`, `baseline`, or several, set apart by commas.

    Raises:
        InvalidArgument: A word is no address, nor a pipeline's name where the recipe reads runs.
    """
    if not words:
        raise InvalidArgument("Option --runs takes the place of the run in an address; name one before it.")
    texts = []
    for word in words:
        _require_runs(recipe, word, variables)
        address = Address.parse(word)
        for run in filter(None, (part.strip() for part in runs.split(","))):
            texts.append(str(replace(address, run=RunSelector.parse(run))))
    if not texts:
        raise InvalidArgument(f"Option --runs: {runs!r} names no run.")
    return texts


def _require_runs(recipe: RecipeInfo, word: str, variables: Container[str]) -> None:
    if reads_runs_alone(recipe):
        variables = ()
    form = form_of(word, variables)
    reads_runs = not recipe.source_kinds or ArtifactKind.RUN in recipe.source_kinds
    is_pipeline = form is SourceForm.PATH and reads_runs and "/" not in word and not Path(word).is_file()
    if form is SourceForm.ADDRESS or is_pipeline:
        return
    kind = "variable" if form is SourceForm.VARIABLE else "file" if form is SourceForm.PATH else "URI"
    example = "pipeline@run" if reads_runs else "pipeline@run/step/artifact"
    raise InvalidArgument(
        f"Option --runs: {word!r} is read as a {kind}, and a {kind} has no runs. Leave out --runs, or write an address "
        f"instead of the {kind}: {example}."
    )


def parse_body(text: str) -> dict[str, Any]:
    """The YAML arguments below a `%%viz RECIPE SOURCE` line. Raises `InvalidArgument` with the line of the error."""
    values = _yaml(text, "The cell's body")
    if values is None:
        return {}
    if not isinstance(values, dict) or not all(isinstance(name, str) for name in values):
        raise InvalidArgument("The cell's body must be YAML arguments, one a line: `target: label`.")
    return values


def _yaml(text: str, where: str) -> Any:
    import yaml

    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        at = f" in line {mark.line + 1}" if mark is not None else ""
        raise InvalidArgument(f"{where} is not YAML{at}: {getattr(error, 'problem', error)}.") from None

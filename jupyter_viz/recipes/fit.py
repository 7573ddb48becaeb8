"""Whether a request fits its recipe: sources, arguments, code."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from ..address import Address, RunSelector
from ..artifacts.source import Source, SourceForm, form_of
from ..enums import ArtifactKind
from ..errors import CustomDisabled, InvalidAddress, InvalidArgument, NotFound, VizError
from ..models import Principal, RenderRequest
from .schema import RecipeInfo

_READ_BESIDE = 1 << 20  # bytes: what lies beside a source only names things
_RUNS = 50
"""How many of a pipeline's runs are looked at, where only the pipeline is named."""


def reads_runs_alone(recipe: RecipeInfo) -> bool:
    """Whether a name alone is a pipeline's for the recipe, never a file's or variable's."""
    return recipe.source_kinds == (ArtifactKind.RUN.value,)


def runs_named(recipe: RecipeInfo, named: str | Sequence[str]) -> str | Sequence[str]:
    """What names the sources of a recipe: for one that reads runs, a pipeline's name means its newest runs."""
    if not reads_runs_alone(recipe):
        return named
    return _newest_of(named) if isinstance(named, str) else [_newest_of(each) for each in named]


def _newest_of(text: str) -> str:
    if "@" not in text and form_of(text) is SourceForm.PATH and "/" not in text:
        return str(replace(Address.parse(text), run=RunSelector("latest", back=_RUNS - 1, several=True)))
    return text


def check_fit(recipe: RecipeInfo, sources: Sequence[Source], arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The checked arguments of a recipe over its sources, columns too where they are known without reading.

    Of several sources one that fits is enough: what is wrong with the others is said where they are left out.

    Raises:
        InvalidArgument: There are too many sources, too few, or they are of kinds that the recipe doesn't read.
    """
    there = [source for source in sources if source.absent is None]
    if sources:
        _check_number(recipe, sources, there)
    if not there:
        return recipe.checked(arguments)
    wrong: list[VizError] = []
    for source in there:
        try:
            return check_one(recipe, source, arguments)
        except VizError as error:
            wrong.append(error)
    raise wrong[0]


def _check_number(recipe: RecipeInfo, sources: Sequence[Source], there: Sequence[Source]) -> None:
    least, most = recipe.least_sources, recipe.most_sources
    if least == most != len(sources):
        named = "1 is" if len(sources) == 1 else f"{len(sources):,} are"
        raise InvalidArgument(f"Recipe {recipe.name!r} compares {most} sources; {named} named. Name {most}.")
    if most is not None and len(sources) > most:
        raise InvalidArgument(
            f"Recipe {recipe.name!r} shows at most {most} sources together; {len(sources):,} are named. "
            f"Name fewer: a narrower pattern of files, or fewer runs, such as `latest~{most - 1}:`."
        )
    if len(there) < least:
        raise InvalidArgument(
            f"Recipe {recipe.name!r} needs {least} sources; "
            + " ".join(f"{source.text!r} can't be read: {source.absent}" for source in sources if source.absent)
        )


def check_one(recipe: RecipeInfo, source: Source, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """As `check_fit`, of one source."""
    check_kind(recipe, source)
    columns = [column.name for column in source.columns] if source.columns else None
    return recipe.checked(arguments, columns)


def check_kind(recipe: RecipeInfo, source: Source) -> None:
    """Raises `InvalidArgument` or `InvalidAddress` where a recipe does not read such sources."""
    if recipe.source_kinds and source.kind not in recipe.source_kinds:
        if source.kind is ArtifactKind.RUN:
            raise InvalidAddress(f"{source.text!r} names no artifact: write pipeline@run/step/artifact.")
        kinds = " or ".join(recipe.source_kinds)
        is_value = source.path is None and source.value is not None and source.kind is ArtifactKind.BINARY
        what = _a(type(source.value).__name__) if is_value else source.kind
        raise InvalidArgument(f"Recipe {recipe.name!r} reads {_a(kinds)}; {source.text!r} is {what}.")


def _a(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiouAEIOU' else 'a'} {noun}"


def digest_of(recipe: RecipeInfo, sources: Sequence[Source], arguments: Mapping[str, Any]) -> str | None:
    """What tells one content of the sources, and of what is read beside them, from another; None without a source."""
    digests = [source.digest for source in sources]
    if recipe.adapted_in(arguments):
        digests += [_digest_beside(source, name) for source in sources for name in recipe.beside]
    if len(digests) > 1:
        return hashlib.sha256("\n".join(digest or "" for digest in digests).encode()).hexdigest()
    return digests[0] if digests else None


def _digest_beside(source: Source, name: str) -> str | None:
    if source.path is None or source.in_database:
        return None
    with suppress(NotFound):
        return hashlib.sha256(source.beside(name).read(_READ_BESIDE)).hexdigest()
    return None


def check_code(principal: Principal, recipe: RecipeInfo, request: RenderRequest) -> None:
    """Raises where there is code and should be none, the other way round, or who asks may not run any."""
    if recipe.own_code and not principal.may_execute:
        raise CustomDisabled("You may not run code of your own here. Choose another recipe.")
    if (named := recipe.code_in(request.arguments)) and not principal.may_execute:
        raise CustomDisabled(f"You may not run code of your own here: leave out the argument {named[0]!r}.")
    if recipe.code and not (request.code or "").strip():
        raise InvalidArgument(f"Recipe {recipe.name!r} needs code.")
    if request.code is not None and not recipe.own_code:
        raise InvalidArgument(f"Recipe {recipe.name!r} takes no code; that is what 'custom' is for.")
    if recipe.source_required and not request.source:
        raise InvalidArgument(f"Recipe {recipe.name!r} needs a source: an address, or a file.")

"""A recipe over its sources: one view, however many there are. What is left out of several says why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

from ..artifacts.source import Source
from ..errors import VizError
from ..views import View
from .base import Recipe
from .fit import check_one
from .labels import labels_of
from .style import note_of
from .together import put_together


def look(
    recipe: Recipe, sources: Sequence[Source], arguments: Mapping[str, Any], labels: Sequence[str] | None = None
) -> View:
    """What a recipe shows of its sources.

    Args:
        sources: As many as `check_fit` lets through.
        arguments: As it gave them.
        labels: What the sources are called; by default the shortest names that tell them apart.

    Raises:
        VizError: Whatever hinders it, where it hinders it for all sources.
    """
    if len(sources) == 1 and not recipe.takes_all:
        return recipe.look(sources[0], arguments)
    labels = labels or labels_of(sources)
    named = list(zip(labels, sources, strict=True))
    if recipe.takes_all:
        there = [each for each in named if each[1].absent is None]
        with ExitStack() as failures:
            for _, source in there:
                failures.enter_context(source.failures())
            read = recipe.read([source for _, source in there], [label for label, _ in there])
            view = recipe(read, **arguments)
        return _noted(view, [(label, each.absent) for label, each in named if each.absent])
    shown: list[tuple[str, View, Source]] = []
    left: list[tuple[str, str]] = []
    errors: list[VizError] = []
    for label, source in named:
        if source.absent is not None:
            left.append((label, source.absent))
            continue
        try:
            check_one(recipe.info, source, arguments)
            shown.append((label, recipe.look(source, arguments), source))
        except VizError as error:
            left.append((label, str(error)))
            errors.append(error)
    if not shown:
        raise errors[0]
    together = recipe.together or put_together
    of, views, read = zip(*shown, strict=True)
    return _noted(together(of, views, read), left)


def _noted(view: View, left: Sequence[tuple[str, str | None]]) -> View:
    said = [f"{label} is left out: {why}" for label, why in left]
    return replace(view, note=note_of(view.note, *said)) if said else view

"""What the panel finds out about a source before anything is rendered of it. Everything here runs in a thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from ...address import Address, path_of
from ...artifacts.source import Source, SourceForm, form_of, value_source
from ...clock import ago
from ...config import load_configuration
from ...connectors.found import FoundStore, stores_found
from ...connectors.places import Place
from ...connectors.sync import sync
from ...enums import RunStatus
from ...errors import InvalidArgument, MissingColumn, VizError, one_line
from ...models import ColumnInfo
from ...recipes.fit import check_fit, check_kind, runs_named
from ...recipes.schema import RecipeInfo
from ...recorded import OWNER
from ...service import Service
from ..suggestions import Looking
from .fields import fields_of
from .wish import Wish

_MOST = 50


@dataclass(frozen=True)
class Seen:
    """What a look at the source showed.

    Attributes:
        columns: Its names of columns, as far as they are known without reading it.
        obstacle: Why nothing can be made of it; None where nothing is known to be in the way.
        of_source: That is so whatever the arguments are.
    """

    columns: tuple[str, ...] = ()
    obstacle: str | None = None
    of_source: bool = False


def columns_of(text: str, variables: Mapping[str, Any]) -> tuple[str, ...]:
    try:
        return tuple(Looking(variables).columns(text))
    except (VizError, OSError, ValueError):
        return ()


def look(wish: Wish, variables: Mapping[str, Any]) -> Seen:
    """Whether a wish can be fulfilled, as far as that shows without reading what is elsewhere."""
    columns: tuple[str, ...] = ()
    try:
        words = wish.words
        if words:
            columns = columns_of(words[0], variables)
        sources = [source for word in words if (source := _source(wish.recipe, word, variables)) is not None]
        if len(sources) == 1:
            check_kind(wish.recipe, sources[0])
    except (VizError, OSError) as error:
        return Seen(columns, str(error), of_source=True)
    try:
        if len(sources) < len(words):  # what is elsewhere is not looked at: all else is checked
            wish.recipe.checked(wish.arguments, columns or None)
            return Seen(columns)
        if sources and columns and not sources[0].columns:
            sources[0] = replace(sources[0], columns=tuple(ColumnInfo(name, "") for name in columns))
        check_fit(wish.recipe, sources, wish.arguments)
    except (VizError, OSError) as error:
        return Seen(columns, told(error, wish, columns))
    return Seen(columns)


def told(error: Exception, wish: Wish, columns: Sequence[str] = ()) -> str:
    """What somebody who fills in a form is to do about an error: a field that was never touched is not to blame."""
    for field in fields_of(wish.recipe.arguments):
        if field.name in wish.arguments or field.foreign:
            continue
        if isinstance(error, MissingColumn) and columns and field.kind == "column" and isinstance(field.default, str):
            if field.default not in columns:
                return f"Choose {field.title}: the source has no column {field.default!r}."
        elif isinstance(error, InvalidArgument) and field.required:
            return f"Choose {field.title}." if field.kind == "column" else f"Fill in {field.title}."
    return str(error)


def _source(recipe: RecipeInfo, word: str, variables: Mapping[str, Any]) -> Source | None:
    """What a text names; None where that takes a look elsewhere. Of several runs or files the last."""
    service = Service(load_configuration())
    named = runs_named(recipe, word)
    form = form_of(str(named), variables)
    if form is SourceForm.URI:
        return None
    if form is SourceForm.VARIABLE:
        return value_source(word, variables[word])
    if form is SourceForm.ADDRESS and (address := Address.parse(str(named))).artifact is not None:
        found = service.catalog.runs
        if address.run is not None and address.run.several:
            address = address.of_run(found.addressed(address)[-1].name)
        artifact = found.find_artifact(address)
        return Source(artifact.address, artifact.kind, artifact.uri, artifact.columns, artifact.digest, artifact)
    return service.sources(OWNER, named, variables)[-1]


def suggested(begin: str, variables: Mapping[str, Any]) -> tuple[str, ...]:
    """Sources that begin so."""
    try:
        return tuple(text for text, _ in islice(Looking(variables).sources(begin), _MOST))
    except (VizError, OSError, ValueError):
        return ()


def stores() -> Sequence[FoundStore]:
    """What other systems have on this machine; nothing where runs are recorded here."""
    service = Service(load_configuration())
    try:
        return [] if service.catalog.runs.count() else stores_found(service.config.source_root or ".")
    except VizError:
        return []


def connect(store: FoundStore, progress: Callable[[int], None]) -> str:
    """Bring the runs of a store in; what was done, in a line. `progress` is told how many runs were looked at."""
    service = Service(load_configuration())
    place = Place(store.system, store.location, store.python)
    done = sync(service.catalog, service.store, place, service.config.project, lambda each: progress(each.done))
    return one_line(str(done))


def projects() -> Sequence[str]:
    return [name for _, name in Service(load_configuration()).projects(OWNER)]


def pipelines(project: str) -> Sequence[str]:
    return [each.name for each in Service(load_configuration()).pipelines(OWNER) if each.project == project]


def runs(pipeline: Address) -> Sequence[tuple[str, str]]:
    """The newest runs: what is said of each, and how it stands in an address. First come the words that go on meaning
    the right one when there are more."""
    called = "::".join(filter(None, (pipeline.project, pipeline.pipeline)))
    found = Service(load_configuration()).catalog.runs.page(called, _MOST, top=0).runs
    done = [run for run in found if run.status is RunStatus.COMPLETED]
    words = [("latest", "completed", done), ("newest", "begun", found)]
    named = [(f"{word}: the last that was {how}, now {of[0].name}", word) for word, how, of in words if of]
    return named + [(f"{run.name}: {run.status.value}, {ago(run.started_at)}", path_of(run.name)) for run in found]


def artifacts(run: str) -> Sequence[str]:
    """`step/artifact` of all artifacts of a run, as they stand in its address."""
    return Service(load_configuration()).catalog.names.artifacts(Address.parse(run))

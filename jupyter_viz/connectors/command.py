"""`jupyter viz sync`: one place, or all that are known, once or again and again."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, replace

from ..artifacts.store import ArtifactStore
from ..catalog import Catalog
from ..config import Configuration
from ..errors import BadRequest, VizError
from .found import zenml_folder
from .places import Place, configured_places, plain_location, with_credentials
from .sync import Summary, sync

WATCH_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Words:
    """The words of the command line."""

    system: str | None
    location: str | None
    python: str | None
    project: str | None
    watch: bool


def run(catalog: Catalog, store: ArtifactStore, config: Configuration, words: Words) -> int:
    """Returns the exit status: 1 where a place could not be read. Of a single place its error is raised.

    Raises `BadRequest` where nothing is named and nothing was read before.
    """
    places = _places(catalog, config, words)
    alone = len(places) == 1 and not words.watch
    while True:
        failed = False
        for place in places:
            if not alone:
                print(f"{place.system} {plain_location(place.location)}".rstrip(), flush=True)
            try:
                summary = sync(catalog, store, place, config.project, _progress)
            except Exception as error:
                if alone:
                    raise
                failed = True  # one that is away for a moment ends neither the watch nor the others
                said = str(error) if isinstance(error, VizError) else f"{type(error).__name__}: {error}"
                print(f"jupyter viz: {said}", file=sys.stderr, flush=True)
                continue
            if sys.stderr.isatty():
                print("\r\033[K", end="", file=sys.stderr)
            print(summary, flush=True)
        if not words.watch:
            return int(failed)
        time.sleep(WATCH_SECONDS)


def _progress(summary: Summary) -> None:
    if sys.stderr.isatty():
        of = f" of {summary.total:,}" if summary.total else ""
        print(f"\r{summary.done:,}{of} runs", end="", file=sys.stderr, flush=True)


def _places(catalog: Catalog, config: Configuration, words: Words) -> list[Place]:
    if words.system is not None and words.location is None and words.system in config.connectors:
        place = dict(configured_places(config))[words.system]
        return [replace(place, python=words.python or place.python, project=words.project or place.project)]
    if words.system is not None:
        location = words.location or (str(zenml_folder()) if words.system == "zenml" else None)
        if location is None:
            raise BadRequest(f"Where? `jupyter viz sync {words.system} LOCATION`: a folder, a database or a server.")
        return [Place(words.system, location, words.python, words.project)]
    known = [Place(each.system, each.location, each.python) for each in catalog.imported.all()]
    named = [place for _, place in configured_places(config)]
    places = {
        (place.system, plain_location(place.location)): place
        for place in [*(with_credentials(place, config) for place in known), *named]
    }
    if not places:
        raise BadRequest("Nothing was read before. `jupyter viz sync SYSTEM LOCATION` reads a place.")
    return list(places.values())

"""From another system to the catalog: its connector is run, and what it yields is taken in, some runs at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from ..artifacts.store import ArtifactStore
from ..catalog import Catalog
from ..catalog.imported import Sync
from ..catalog.liveness import this_worker
from ..errors import ConnectorFailed, one_line
from ..foreign import ForeignResources, ForeignRun
from ..keeping.removal import delete_run
from ..models import Principal
from .base import End, Skipped, Total, Unchanged
from .places import Place, is_of_machine, plain_location
from .process import Connector

_AT_ONCE = 100  # runs of one transaction: what a killed sync has to read again at most


@dataclass(slots=True)
class Summary:
    """What a sync did: runs by what became of them, and of what was left out how many for which reason."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    total: int | None = None

    left: int = 0
    """Runs that are there and could not be taken in: they are among the skipped, too."""

    @property
    def done(self) -> int:
        """How many runs were looked at."""
        return self.new + self.updated + self.unchanged + self.left

    def __str__(self) -> str:
        lines = [", ".join(f"{number:,} {name}" for name, number in self.counts().items() if name != "skipped")]
        lines += [f"skipped {number:,}: {reason}" for reason, number in self.skipped.most_common()]
        return "\n".join(lines)

    def counts(self) -> dict[str, int]:
        numbers = {name: getattr(self, name) for name in ("new", "updated", "unchanged", "removed")}
        return numbers | {"skipped": self.skipped.total()}


Progress = Callable[[Summary], None]


def sync(
    catalog: Catalog, store: ArtifactStore, place: Place, project: str, progress: Progress = lambda summary: None
) -> Summary:
    """Bring the runs of another system into the catalog, and take out those that were deleted there.

    Args:
        place: What is kept of its location has no credentials.
        project: That the runs are to belong to, where neither the place nor an earlier sync of it says.
        progress: Called when it begins, and after each hundred runs. What it raises ends the sync; what was read until
            then is taken in.

    Raises:
        NotFound: There is no such connector.
        ConnectorFailed: The other system can't be read. What was read until then is taken in.
    """
    location = plain_location(place.location)
    noted = catalog.imported.noted(place.system, location)
    python = place.python or (noted.python if noted else None)
    connector = Connector(replace(place, python=python))
    project = place.project or (noted.project if noted else project)
    reading = _Reading(catalog, store, connector, progress)
    begin = partial(catalog.imported.begin, place.system, location, project, python=python)
    try:
        cursor = reading.whole(lambda behind: begin(store=behind))
    except BaseException as error:
        of = reading.of or begin()
        catalog.imported.end(of, reading.summary.counts(), error=one_line(str(error)) or type(error).__name__)
        raise
    assert reading.of is not None  # noqa: S101 — a whole reading has begun
    catalog.imported.end(reading.of, reading.summary.counts(), cursor=cursor)
    return reading.summary


class _Reading:
    """Takes in what a connector tells."""

    def __init__(self, catalog: Catalog, store: ArtifactStore, connector: Connector, progress: Progress) -> None:
        self._catalog = catalog
        self._store = store
        self._connector = connector
        self._progress = progress
        self._known: dict[str, str] = {}  # the mark of each run by its id there
        self._there: set[str] = set()
        self._waiting: list[ForeignRun] = []
        self._told: set[str] = set()  # the ids there of the runs that were told of as a whole
        self.of: Sync | None = None
        """None before it was said which store is read."""
        self.summary = Summary()

    def whole(self, begin: Callable[[str], Sync]) -> Any:
        """Returns the cursor for the next time. What was read is taken in, however it ends."""

        def begun(behind: str) -> tuple[Any, dict[str, str]]:
            self.of = begin(behind)
            self._known = self._catalog.imported.marks(self.of)
            self._progress(self.summary)  # who was told to stop meanwhile does
            return self.of.cursor, self._known

        end: End | None = None
        resources: ForeignResources | None = None
        try:
            for record, left_out in self._connector.read(begun):
                for each in left_out:
                    self.summary.skipped[each.reason] += 1
                if isinstance(record, End):
                    end = record
                elif isinstance(record, ForeignResources):
                    resources = record
                else:
                    self._take(record)
        finally:
            self._put()
        if end is None or self.of is None:
            raise ConnectorFailed(f"The connector stopped before its end.{self._connector.last_words()}")
        self._remove(self.of)
        if resources is not None:
            self._catalog.imported.put_resources(self.of, resources, self._told)
        self._progress(self.summary)
        return end.cursor

    def _take(self, record: Total | ForeignRun | Unchanged | Skipped) -> None:
        looked_at = self.summary.done
        if isinstance(record, ForeignRun):
            self._there.add(record.id)
            self._told.add(record.id)
            self._waiting.append(record)
        elif isinstance(record, Unchanged):
            others = self._known.keys() - self._there if record.id is None else {record.id}
            self._there |= others
            self.summary.unchanged += len(others)
        elif isinstance(record, Skipped):
            self.summary.skipped[record.reason] += 1
            if record.id is not None:
                self._there.add(record.id)
                self.summary.left += 1
        else:
            self.summary.total = record.runs
        if len(self._waiting) >= _AT_ONCE:
            self._put()
        if self.summary.done // _AT_ONCE > looked_at // _AT_ONCE:
            self._progress(self.summary)

    def _put(self) -> None:
        if not self._waiting or self.of is None:
            return
        waiting, self._waiting = self._waiting, []
        new = self._catalog.imported.put(self.of, waiting)
        self.summary.new += new
        self.summary.updated += len(waiting) - new

    def _remove(self, of: Sync) -> None:
        gone = self._known.keys() - self._there
        is_elsewhere = of.host not in (None, this_worker().host) and is_of_machine(of.location)
        if gone and len(gone) == len(self._known) and is_elsewhere:
            raise ConnectorFailed(
                f"None of the {len(gone):,} runs that were read from {of.location} on {of.host} are there on this "
                "machine. They stay: where several machines share a catalog, a path must lead to the same place on all."
            )
        # What another sync took in meanwhile was not there to be seen: it is not gone.
        for run_id in self._catalog.imported.absent(of, gone):
            delete_run(self._catalog, self._store, Principal(), run_id)
            self.summary.removed += 1

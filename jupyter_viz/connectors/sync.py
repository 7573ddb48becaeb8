"""From another system to the catalog: its connector is run, and what it yields is taken in, some runs at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ..artifacts.store import ArtifactStore
from ..catalog import Catalog
from ..catalog.imported import Sync
from ..errors import ConnectorFailed, one_line
from ..foreign import ForeignRun
from ..keeping.removal import delete_run
from ..models import Principal
from .base import End, Skipped, Total, Unchanged
from .places import Place, plain_location
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

    @property
    def done(self) -> int:
        return self.new + self.updated + self.unchanged

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
        project: That the runs are to belong to, where the place does not say.
        progress: Called after each transaction. What it raises ends the sync; what was read until then is taken in.

    Raises:
        NotFound: There is no such connector.
        ConnectorFailed: The other system can't be read. What was read until then is taken in.
    """
    connector = Connector(place)
    of = catalog.imported.begin(
        place.system, plain_location(place.location), place.project or project, python=place.python
    )
    summary = Summary()
    try:
        cursor = _take_in(catalog, store, of, connector, summary, progress)
    except BaseException as error:
        catalog.imported.end(of, summary.counts(), error=one_line(str(error)) or type(error).__name__)
        raise
    catalog.imported.end(of, summary.counts(), cursor=cursor)
    return summary


def _take_in(
    catalog: Catalog, store: ArtifactStore, of: Sync, connector: Connector, summary: Summary, progress: Progress
) -> Any:
    """Returns the cursor for the next time."""
    there: set[str] = set()
    waiting: list[ForeignRun] = []

    def put() -> None:
        new = catalog.imported.put(of, waiting)
        summary.new += new
        summary.updated += len(waiting) - new
        waiting.clear()
        progress(summary)

    cursor, whole = None, False
    known = catalog.imported.marks(of)
    try:
        for record, left_out in connector.read(of.cursor, known):
            for each in left_out:
                summary.skipped[each.reason] += 1
            if isinstance(record, ForeignRun):
                there.add(record.id)
                waiting.append(record)
            elif isinstance(record, Unchanged):
                others = known.keys() - there if record.id is None else {record.id}
                there |= others
                summary.unchanged += len(others)
            elif isinstance(record, Skipped):
                summary.skipped[record.reason] += 1
                if record.id is not None:
                    there.add(record.id)
            elif isinstance(record, Total):
                summary.total = record.runs
            elif isinstance(record, End):
                cursor, whole = record.cursor, True
            if len(waiting) >= _AT_ONCE:
                put()
    except ConnectorFailed:
        put()
        raise
    put()
    if not whole:
        raise ConnectorFailed(f"The connector {of.system!r} stopped before its end.{connector.last_words()}")
    # What another sync took in meanwhile was not there to be seen: it is not gone.
    for run_id in catalog.imported.absent(of, known.keys() - there):
        delete_run(catalog, store, Principal(), run_id)
        summary.removed += 1
    progress(summary)
    return cursor

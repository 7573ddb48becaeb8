"""From another system to the catalog: its connector is run, and what it yields is taken in, some runs at a time."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from ..artifacts.store import ArtifactStore
from ..catalog import Catalog
from ..catalog.imported import Sync
from ..errors import ConnectorFailed, NotFound, did_you_mean, one_line
from ..foreign import ForeignRun
from ..keeping.removal import delete_run
from ..models import Principal
from ..registry import CONNECTORS, found
from .base import End, Record, Skipped, Total, Unchanged, record_of

_AT_ONCE = 100  # runs of one transaction: what a killed sync has to read again at most
_SECONDS_TO_END = 10
_CREDENTIALS = re.compile(r"//[^/@\s]*@")
_RUNNER = Path(__file__).with_name("runner.py")
_SQLITE = re.compile(r"sqlite(?:\+\w+)?:///")


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
    catalog: Catalog,
    store: ArtifactStore,
    system: str,
    location: str,
    *,
    project: str,
    python: str | None = None,
    progress: Progress = lambda summary: None,
) -> Summary:
    """Bring the runs of another system into the catalog, and take out those that were deleted there.

    Args:
        system: The connector's name.
        location: As the connector takes it. What is kept of it has no credentials.
        project: That the runs are to belong to.
        python: The interpreter that has the connector's library; this one by default.
        progress: Called after each transaction.

    Raises:
        NotFound: There is no such connector.
        ConnectorFailed: The other system can't be read. What was read until then is taken in.
    """
    script = connector_file(system)
    of = catalog.imported.begin(system, plain_location(location), project)
    summary = Summary()
    try:
        cursor = _take_in(catalog, store, of, _Reading(script, python or sys.executable, location), summary, progress)
    except BaseException as error:
        catalog.imported.end(of, summary.counts(), error=one_line(str(error)) or type(error).__name__)
        raise
    catalog.imported.end(of, summary.counts(), cursor=cursor)
    return summary


def connector_file(system: str) -> Path:
    """The file of the connector of that name. Raises `NotFound` with the nearest."""
    points = found(CONNECTORS)
    if system not in points:
        raise NotFound(f"There is no connector {system!r}.{did_you_mean(system, points)}")
    spec = find_spec(points[system].module)
    if spec is None or spec.origin is None:
        raise NotFound(f"The connector {system!r} is broken: there is no file of {points[system].value}.")
    return Path(spec.origin)


def plain_location(text: str) -> str:
    """A location as it is kept: absolute where it is a path, and without credentials."""
    if match := _SQLITE.match(text):
        return f"{match[0]}{Path(text[match.end() :]).absolute()}"
    if "://" not in text:
        return str(Path(text).expanduser().absolute())
    split = urlsplit(text)
    return urlunsplit(split._replace(netloc=split.netloc.rpartition("@")[2], query="", fragment=""))


def _take_in(
    catalog: Catalog, store: ArtifactStore, of: Sync, reading: _Reading, summary: Summary, progress: Progress
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
    request = {"location": reading.location, "cursor": of.cursor, "known": catalog.imported.marks(of)}
    for record, left_out in reading.records(request):
        for each in left_out:
            summary.skipped[each.reason] += 1
        if isinstance(record, ForeignRun):
            there.add(record.id)
            waiting.append(record)
        elif isinstance(record, Unchanged):
            there.add(record.id)
            summary.unchanged += 1
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
    put()
    if not whole:
        raise ConnectorFailed(f"The connector {of.system!r} stopped before its end.{reading.last_words()}")
    for run_id in catalog.imported.absent(of, there):
        delete_run(catalog, store, Principal(), run_id)
        summary.removed += 1
    progress(summary)
    return cursor


class _Reading:
    """A connector at work, in a process of its own."""

    def __init__(self, script: Path, python: str, location: str) -> None:
        self.location = location
        self._words = [python, str(_RUNNER), str(script)]
        self._said = b""

    def records(self, request: Mapping[str, Any]) -> Iterator[tuple[Record, tuple[Skipped, ...]]]:
        """What the connector yields; the process is gone when this ends, however it does."""
        with tempfile.TemporaryFile() as errors:
            try:
                process = subprocess.Popen(  # noqa: S603 — the interpreter that the user names
                    self._words,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    env=_environment(self._words[0]),
                )
            except OSError as error:
                raise ConnectorFailed(f"{self._words[0]!r} can't be started: {error.strerror}.") from None
            with process:
                assert process.stdin is not None  # noqa: S101 — asked for above
                assert process.stdout is not None  # noqa: S101
                try:
                    process.stdin.write(json.dumps(request).encode() + b"\n")
                    process.stdin.close()
                    for line in process.stdout:
                        yield record_of(self._plain(line))
                    with suppress(subprocess.TimeoutExpired):
                        process.wait(_SECONDS_TO_END)
                except BrokenPipeError:
                    pass  # it ended before it read the request: its last words say why
                finally:
                    process.kill()
            errors.seek(0)
            self._said = errors.read()

    def last_words(self) -> str:
        """The last line that the connector's process wrote to stderr."""
        lines = self._said.decode(errors="replace").strip().splitlines()
        return f" Its last words: {one_line(lines[-1])}" if lines else ""

    def _plain(self, line: bytes) -> Mapping[str, Any]:
        try:
            plain = json.loads(line)
        except ValueError:
            raise ConnectorFailed(f"The connector said what is not JSON: {line[:80]!r}.") from None
        kind = plain.get("type") if isinstance(plain, dict) else None
        if kind == "missing":
            raise ConnectorFailed(
                f"{self._words[0]} has no {plain['module']}. Install it there, or name the interpreter that has it: "
                "--python /path/to/python."
            )
        if kind == "error":
            told = _CREDENTIALS.sub("//", one_line(plain["message"]))
            raise ConnectorFailed(f"{plain_location(self.location)} can't be read: {told}")
        return plain if isinstance(plain, dict) else {}


def _environment(python: str) -> dict[str, str]:
    """This process's; for another interpreter without what would give it our packages."""
    ours = () if python == sys.executable else ("PYTHONHOME", "PYTHONPATH")
    return {name: value for name, value in os.environ.items() if name not in ours}

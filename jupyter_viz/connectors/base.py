"""What a connector is: a file with functions that read the runs of another system, and change nothing there.

The file imports the standard library and the other system's, nothing of ours: it is run by `runner`, in the interpreter
that has that library. It knows neither the catalog nor who asked. Each request holds `location`: as the user wrote it,
with credentials if they did.

    def read(request: dict) -> Iterator[dict]   # records about the runs
    def check(request: dict) -> str             # what is there, in a line: "MLflow 3.17, 4 experiments"
    def fetch(request: dict) -> None            # writes what is at request["uri"] to the file request["to"]

To `read`, `request` also holds `cursor` (what the connector said at the end of its last whole reading, else None) and
`known` (the mark of each run that was taken in, by the run's id). The records, by their `type`:

    total      runs: how many there are to come, where that is known early
    run        id, mark, project (where the system has several), pipeline, name, status (running, completed, failed,
               interrupted), started_at, ended_at, error, model, parameters, tags (texts), metrics (numbers by name),
               artifacts of a system without steps, or steps: name, status, started_at, ended_at, error, parameters,
               artifacts.
               Times are microseconds since 1970. A metric may be {"value": 0.9, "format": "PERCENTAGE"}.
               An artifact is name, uri, size; kind where neither tells; fetch: true where `fetch` gives its
               bytes, which else are read where they are; visualizations: what the system itself made to show of it,
               each name, format (html, image, markdown, csv, json), uri, size, fetch.
    unchanged  id: the run is there, and its mark is the known one; without an id: so are all known runs not named
    skipped    what, reason; with an id of a run that is there and could not be read
    end        cursor. Without it the reading was not whole, and nothing counts as deleted
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..artifacts.source import kind_of
from ..enums import ArtifactKind, MetricFormat, RunStatus, VisualizationType
from ..errors import ConnectorFailed, one_line
from ..foreign import FETCHED, ForeignArtifact, ForeignRun, ForeignStep, ForeignVisualization
from ..metric_rules import known_goal
from ..models import Metric

MOST_METRICS = 50
"""Of a run of another system too: a page of runs shows them as columns. More are skipped, and counted."""
LONGEST_METRIC = 64


@dataclass(frozen=True, slots=True)
class Total:
    runs: int


@dataclass(frozen=True, slots=True)
class Unchanged:
    """`id` is None where it is said of all known runs that no other record names."""

    id: str | None


@dataclass(frozen=True, slots=True)
class Skipped:
    """What could not be taken in, and why; `id` where it is a whole run, which is there."""

    what: str
    reason: str
    id: str | None = None


@dataclass(frozen=True, slots=True)
class End:
    cursor: Any


Record = Total | ForeignRun | Unchanged | Skipped | End


def record_of(plain: Mapping[str, Any]) -> tuple[Record, tuple[Skipped, ...]]:
    """A record as it was read from JSON, and what of it is left out.

    Raises `ConnectorFailed` for what is no record.
    """
    try:
        kind = plain["type"]
        if kind == "run":
            return _run(plain)
        if kind == "unchanged":
            return Unchanged(None if plain.get("id") is None else str(plain["id"])), ()
        if kind == "skipped":
            return Skipped(one_line(plain["what"]), one_line(plain["reason"]), plain.get("id")), ()
        if kind == "total":
            return Total(int(plain["runs"])), ()
        if kind == "end":
            return End(plain.get("cursor")), ()
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ConnectorFailed(f"The connector gave a record that can't be read: {error!r}.") from error
    raise ConnectorFailed(f"The connector gave a record of the unknown type {kind!r}.")


def _run(plain: Mapping[str, Any]) -> tuple[ForeignRun, tuple[Skipped, ...]]:
    metrics, skipped = _metrics(plain)
    status, started, ended = RunStatus(plain["status"]), int(plain["started_at"]), plain.get("ended_at")
    artifacts = plain.get("artifacts", ())
    unnamed = {"name": "", "status": status, "started_at": started, "ended_at": ended, "artifacts": artifacts}
    run_id = str(plain["id"])
    run = ForeignRun(
        id=run_id,
        mark=str(plain["mark"]),
        project=_name(plain.get("project") or "") or None,
        pipeline=_name(plain["pipeline"]) or "unnamed",
        name=_name(plain["name"]) or run_id[:8],
        status=status,
        started_at=started,
        ended_at=ended,
        error=plain.get("error"),
        model=plain.get("model") or None,
        parameters=plain.get("parameters", {}),
        tags=tuple(map(str, plain.get("tags", ()))),
        metrics=metrics,
        warnings=tuple(f"{each.what}: {each.reason}" for each in skipped),
        steps=tuple(map(_step, [*([unnamed] if artifacts else []), *plain.get("steps", ())])),
    )
    return run, skipped


def _step(plain: Mapping[str, Any]) -> ForeignStep:
    return ForeignStep(
        name=_name(plain["name"]),
        status=RunStatus(plain["status"]),
        started_at=int(plain["started_at"]),
        ended_at=plain.get("ended_at"),
        error=plain.get("error"),
        parameters=plain.get("parameters", {}),
        artifacts=tuple(map(_artifact, plain.get("artifacts", ()))),
    )


def _artifact(plain: Mapping[str, Any]) -> ForeignArtifact:
    by_name = kind_of(plain["name"])
    kind = plain.get("kind") or (kind_of(plain["uri"]) if by_name is ArtifactKind.BINARY else by_name)
    shown = tuple(map(_visualization, plain.get("visualizations", ())))
    return ForeignArtifact(_name(plain["name"]), _uri(plain), ArtifactKind(kind), int(plain.get("size") or 0), shown)


def _visualization(plain: Mapping[str, Any]) -> ForeignVisualization:
    return ForeignVisualization(
        _name(plain["name"]), VisualizationType(plain["format"]), _uri(plain), int(plain.get("size") or 0)
    )


def _uri(plain: Mapping[str, Any]) -> str:
    uri = str(plain["uri"])
    return FETCHED + uri if plain.get("fetch") else uri


def _metrics(plain: Mapping[str, Any]) -> tuple[tuple[Metric, ...], tuple[Skipped, ...]]:
    """The metrics a run can have here; of too many the first by name, those of the machine last."""
    kept: list[Metric] = []
    skipped: list[Skipped] = []
    of = f"of run {plain['name']!r}"
    given: Mapping[str, Any] = plain.get("metrics", {})
    for name in sorted(given, key=lambda name: (name.startswith("system/"), name)):
        told = given[name] if isinstance(given[name], Mapping) else {"value": given[name]}
        value = float(told["value"])
        if reason := _refused(name, value):
            skipped.append(Skipped(f"metric {name!r} {of}", reason))
        elif len(kept) < MOST_METRICS:
            kept.append(Metric(name, value, MetricFormat(told.get("format", "RAW")), known_goal(name)))
    if more := len(given) - len(skipped) - len(kept):
        skipped.append(Skipped(f"{more:,} more metrics {of}", f"a run has at most {MOST_METRICS} metrics"))
    return tuple(kept), tuple(skipped)


def _refused(name: str, value: float) -> str | None:
    """Why a metric can't be taken in. The names are less strict than those of our own runs: `val/loss` is usual."""
    if not math.isfinite(value):
        return f"{value} is not a finite number"
    if not name.isprintable() or not name.strip() or "," in name:
        return "its name has a comma or a character that can't be shown"
    if len(name) > LONGEST_METRIC:
        return f"its name has more than {LONGEST_METRIC} characters"
    return None


def _name(text: str) -> str:
    """A name as one line that an address can hold."""
    return one_line(str(text).encode(errors="replace").decode())

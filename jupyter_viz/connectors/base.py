"""What a connector is: a file with a function `read`, which yields records about the runs of another system.

The file imports the standard library and the other system's, nothing of ours: it is run by `runner`, in the interpreter
that has that library. It knows neither the catalog nor who asked.

    def read(request: dict) -> Iterator[dict]

`request` holds `location` (as the user wrote it, with credentials if they did), `cursor` (what the connector said at
the end of its last whole reading, else None) and `known` (the mark of each run that was taken in, by the run's id).
The records, by their `type`:

    total      runs: how many there are to come, where that is known early
    run        id, mark, pipeline, name, status (running, completed, failed, interrupted), started_at, ended_at, error,
               model, parameters, tags (texts), metrics (numbers by name), artifacts of a system without steps, or
               steps: name, status, started_at, ended_at, error, artifacts. An artifact is name, uri, size.
               Times are microseconds since 1970.
    unchanged  id: the run is there, and its mark is the known one
    skipped    what, reason; with an id of a run that is there and could not be read
    end        cursor. Without it the reading was not whole, and nothing counts as deleted
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..artifacts.source import kind_of
from ..enums import ArtifactKind, RunStatus
from ..errors import ConnectorFailed, one_line
from ..foreign import ForeignArtifact, ForeignRun, ForeignStep
from ..models import Metric
from ..pipelines.metric_rules import known_goal

MOST_METRICS = 50
"""Of a run of another system too: a page of runs shows them as columns. More are skipped, and counted."""
LONGEST_METRIC = 64


@dataclass(frozen=True, slots=True)
class Total:
    runs: int


@dataclass(frozen=True, slots=True)
class Unchanged:
    id: str


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
            return Unchanged(str(plain["id"])), ()
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
        artifacts=tuple(map(_artifact, plain.get("artifacts", ()))),
    )


def _artifact(plain: Mapping[str, Any]) -> ForeignArtifact:
    kind = ArtifactKind(plain["kind"]) if "kind" in plain else kind_of(plain["name"])
    return ForeignArtifact(_name(plain["name"]), plain["uri"], kind, int(plain.get("size") or 0))


def _metrics(plain: Mapping[str, Any]) -> tuple[tuple[Metric, ...], tuple[Skipped, ...]]:
    """The metrics a run can have here; of too many the first by name, those of the machine last."""
    kept: list[Metric] = []
    skipped: list[Skipped] = []
    of = f"of run {plain['name']!r}"
    given: Mapping[str, float] = plain.get("metrics", {})
    for name in sorted(given, key=lambda name: (name.startswith("system/"), name)):
        value = float(given[name])
        if reason := _refused(name, value):
            skipped.append(Skipped(f"metric {name!r} {of}", reason))
        elif len(kept) < MOST_METRICS:
            kept.append(Metric(name, value, goal=known_goal(name)))
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

"""What a connector is: a file with functions that read the runs of another system, and change nothing there.

The file imports the standard library and the other system's, nothing of ours: it is run by `runner`, in the interpreter
that has that library. It knows neither the catalog nor who asked. Each request holds `location`: as the user wrote it,
with credentials if they did.

    def read(request: dict) -> Iterator[dict]   # records about the runs
    def check(request: dict) -> str             # what is there, in a line: "MLflow 3.17, 4 experiments"
    def fetch(request: dict) -> None            # writes what is at request["uri"] to the file request["to"]
    def store(request: dict) -> str             # only where `location` doesn't say it: which store is there now

To `read`, `request` also holds `cursor` (what the connector said at the end of its last whole reading, else None) and
`known` (the mark of each run that was taken in, by the run's id). The records, by their `type`:

    total      runs: how many there are to come, where that is known early
    run        id, mark, project (where the system has several), pipeline, name, status (running, completed, failed,
               interrupted), started_at, ended_at, error, model, parameters, tags (texts), metrics (numbers by name),
               snapshot (configuration, code_digest, packages, git_commit of its pipeline as it was run),
               artifacts of a system without steps, or steps: name, status, started_at, ended_at, error, parameters,
               artifacts; partial: true where not all of it could be listed: steps and artifacts that are known stay.
               Times are microseconds since 1970. A metric may be {"value": 0.9, "format": "PERCENTAGE"}.
               An artifact is name, uri, size; kind where neither tells; fetch: true where `fetch` gives its
               bytes, which else are read where they are; visualizations: what the system itself made to show of it,
               each name, format (html, image, markdown, csv, json), uri, size, fetch.
    resources  what there is besides runs, told once, as a whole. deployments: name, pipeline, project. curated: what is
               pinned of the visualizations: id (a UUID), uri, fetch, resource_type (pipeline_run, pipeline_snapshot,
               pipeline, model, deployment), resource (a run's id, for a snapshot too; else a name), project, name,
               order, size (full_width, half_width)
    unchanged  id: the run is there, and its mark is the known one; without an id: so are all known runs not named
    skipped    what, reason; with an id of a run that is there and could not be read
    end        cursor. Without it the reading was not whole, and nothing counts as deleted
"""

from __future__ import annotations

import itertools
import math
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from ..artifacts.source import kind_of
from ..enums import ArtifactKind, MetricFormat, RunStatus, VisualizationType
from ..errors import ConnectorFailed, one_line
from ..foreign import (
    FETCHED,
    ForeignArtifact,
    ForeignCurated,
    ForeignDeployment,
    ForeignResources,
    ForeignRun,
    ForeignStep,
    ForeignVisualization,
)
from ..metric_rules import known_goal
from ..models import Metric, NewSnapshot

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


_Named = TypeVar("_Named", ForeignStep, ForeignArtifact, ForeignVisualization)
Record = Total | ForeignRun | ForeignResources | Unchanged | Skipped | End


def record_of(plain: Mapping[str, Any]) -> tuple[Record, tuple[Skipped, ...]]:
    """A record as it was read from JSON, and what of it is left out. A run that can't be understood is skipped.

    Raises `ConnectorFailed` for what is no record.
    """
    try:
        kind = plain["type"]
        if kind == "run":
            run_id = str(plain["id"])
            try:
                return _run(plain, run_id)
            except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
                reason = f"what its connector tells of it can't be understood: {one_line(repr(error))}"
                return Skipped(one_line(str(plain.get("name") or run_id)), reason, run_id), ()
        if kind == "resources":
            return _resources(plain), ()
        if kind == "unchanged":
            return Unchanged(None if plain.get("id") is None else str(plain["id"])), ()
        if kind == "skipped":
            return Skipped(one_line(plain["what"]), one_line(plain["reason"]), plain.get("id")), ()
        if kind == "total":
            return Total(int(plain["runs"])), ()
        if kind == "end":
            return End(plain.get("cursor")), ()
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise ConnectorFailed(f"The connector gave a record that can't be read: {error!r}.") from error
    raise ConnectorFailed(f"The connector gave a record of the unknown type {kind!r}.")


def _run(plain: Mapping[str, Any], run_id: str) -> tuple[ForeignRun, tuple[Skipped, ...]]:
    metrics, skipped = _metrics(plain)
    status, started, ended = RunStatus(plain["status"]), int(plain["started_at"]), plain.get("ended_at")
    artifacts = plain.get("artifacts", ())
    unnamed = {"name": "", "status": status, "started_at": started, "ended_at": ended, "artifacts": artifacts}
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
        parameters=_written(dict(plain.get("parameters") or {})),
        tags=tuple(map(str, plain.get("tags", ()))),
        snapshot=_snapshot(plain.get("snapshot")),
        metrics=metrics,
        warnings=tuple(f"{each.what}: {each.reason}" for each in skipped),
        partial=bool(plain.get("partial")),
        steps=_told_apart(map(_step, [*([unnamed] if artifacts else []), *plain.get("steps", ())])),
    )
    return run, skipped


def _snapshot(plain: Mapping[str, Any] | None) -> NewSnapshot | None:
    if plain is None:
        return None
    return NewSnapshot(
        _written(dict(plain.get("configuration") or {})),
        plain.get("code_digest"),
        dict(plain.get("packages") or {}),
        plain.get("git_commit"),
    )


def _resources(plain: Mapping[str, Any]) -> ForeignResources:
    deployments = tuple(
        ForeignDeployment(_name(each["name"]), each.get("pipeline"), each.get("project"))
        for each in plain.get("deployments", ())
    )
    curated = tuple(
        ForeignCurated(
            id=str(uuid.UUID(each["id"])),
            uri=_uri(each),
            resource_type=str(each["resource_type"]),
            resource=str(each["resource"]),
            project=each.get("project"),
            name=each.get("name"),
            order=None if each.get("order") is None else int(each["order"]),
            size="half_width" if each.get("size") == "half_width" else "full_width",
        )
        for each in plain.get("curated", ())
    )
    return ForeignResources(deployments, curated)


def _step(plain: Mapping[str, Any]) -> ForeignStep:
    return ForeignStep(
        name=_name(plain["name"]),
        status=RunStatus(plain["status"]),
        started_at=int(plain["started_at"]),
        ended_at=plain.get("ended_at"),
        error=plain.get("error"),
        parameters=_written(dict(plain.get("parameters") or {})),
        artifacts=_told_apart(map(_artifact, plain.get("artifacts", ()))),
    )


def _artifact(plain: Mapping[str, Any]) -> ForeignArtifact:
    by_name = kind_of(plain["name"])
    kind = plain.get("kind") or (kind_of(plain["uri"]) if by_name is ArtifactKind.BINARY else by_name)
    shown = _told_apart(map(_visualization, plain.get("visualizations", ())))
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
        try:
            value = float(told["value"])
        except (KeyError, TypeError, ValueError, OverflowError):
            skipped.append(Skipped(f"metric {name!r} {of}", "it is no number, or one that is too large"))
            continue
        if reason := _refused(name, value):
            skipped.append(Skipped(f"metric {name!r} {of}", reason))
        elif len(kept) < MOST_METRICS:
            shown_as = "PERCENTAGE" if str(told.get("format")).upper() == "PERCENTAGE" else "RAW"
            kept.append(Metric(name, value, MetricFormat(shown_as), known_goal(name)))
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


def _told_apart(found: Iterable[_Named]) -> tuple[_Named, ...]:
    """All of them; where several have a name, the later with a number behind it."""
    names: set[str] = set()
    apart = []
    for each in found:
        name = next(name for name in _numbered(each.name) if name not in names)
        names.add(name)
        apart.append(each if name == each.name else replace(each, name=name))
    return tuple(apart)


def _numbered(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name}_{number}" for number in itertools.count(2))


def _written(value: Any) -> Any:
    """What JSON can hold: numbers that are not finite as they are written."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, Mapping):
        return {name: _written(each) for name, each in value.items()}
    return list(map(_written, value)) if isinstance(value, list) else value


def _name(text: str) -> str:
    """A name as one line that an address can hold."""
    return one_line(str(text).encode(errors="replace").decode())

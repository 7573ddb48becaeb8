"""Runs as other systems know them, from a connector to the catalog. Times are microseconds since 1970."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .enums import ArtifactKind, RunStatus, VisualizationType
from .models import Metric, NewSnapshot

FETCHED = "connector:"
"""What the URIs begin with whose bytes the connector gives, as they lie where only the other system's library reads."""


@dataclass(frozen=True, slots=True)
class ForeignVisualization:
    """What the other system made to show of an artifact; `uri` and `size` as of an artifact."""

    name: str
    format: VisualizationType
    uri: str
    size: int = 0


@dataclass(frozen=True, slots=True)
class ForeignArtifact:
    """A file that stays where it is.

    Attributes:
        uri: A path of this machine, or a URI that says where it lies; never with a credential in it. One that begins
            with `FETCHED` is the connector's own.
        size: In bytes, 0 where the other system doesn't tell.
    """

    name: str
    uri: str
    kind: ArtifactKind
    size: int = 0
    visualizations: tuple[ForeignVisualization, ...] = ()


@dataclass(frozen=True, slots=True)
class ForeignStep:
    """A step; the only one of a run has an empty name where the other system has none."""

    name: str
    status: RunStatus
    started_at: int
    ended_at: int | None = None
    error: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    artifacts: tuple[ForeignArtifact, ...] = ()


@dataclass(frozen=True, slots=True)
class ForeignRun:
    """A run with all that is known of it: what an earlier one of the same id had more is gone.

    Attributes:
        id: What the other system calls it, for ever: a name may change.
        project: Where the other system has several, this run's; None for the one that the sync is for.
        mark: Another one as soon as anything else of it is.
        model: Name of the model that the run made.
        warnings: What could not be taken in, e.g. a metric that is not finite.
        partial: Whether what it made could not be listed as a whole: steps, artifacts and model that are known stay.
    """

    id: str
    mark: str
    pipeline: str
    name: str
    status: RunStatus
    started_at: int
    ended_at: int | None = None
    error: str | None = None
    project: str | None = None
    model: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    snapshot: NewSnapshot | None = None
    metrics: tuple[Metric, ...] = ()
    warnings: tuple[str, ...] = ()
    partial: bool = False
    steps: tuple[ForeignStep, ...] = ()


@dataclass(frozen=True, slots=True)
class ForeignDeployment:
    """A deployment; `project` as of a run."""

    name: str
    pipeline: str | None
    project: str | None = None


@dataclass(frozen=True, slots=True)
class ForeignCurated:
    """A visualization that is pinned there.

    Attributes:
        id: A UUID, as what is pinned here has.
        uri: Of the visualization.
        resource_type: pipeline_run, pipeline_snapshot, pipeline, model or deployment.
        resource: What it is pinned to: the id of a run, which may stand for its snapshot; of others the name.
    """

    id: str
    uri: str
    resource_type: str
    resource: str
    project: str | None
    name: str | None
    order: int | None
    size: str


@dataclass(frozen=True, slots=True)
class ForeignResources:
    """What there is besides runs: all deployments, and what is pinned to them, to pipelines and models, and to the runs
    that were told of."""

    deployments: tuple[ForeignDeployment, ...] = ()
    curated: tuple[ForeignCurated, ...] = ()


@dataclass(frozen=True, slots=True)
class SyncState:
    """A place of another system's runs, and how its last sync ended or goes on.

    Attributes:
        location: Without credentials.
        store: Which of several it was that the location can lead to; empty where it leads to one only.
        python: The interpreter that has the system's library; None for ours.
        runs: How many of its runs are in the catalog.
        counts: What the last sync that ended did, by what became of the runs.
        error: Why the last sync ended early.
    """

    id: str
    system: str
    location: str
    store: str
    project: str
    python: str | None
    runs: int
    running: bool
    started_at: datetime
    ended_at: datetime | None
    counts: Mapping[str, int]
    error: str | None

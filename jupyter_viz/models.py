"""Frozen values that travel between the rooms. Their fields are those of `api/openapi.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .address import Address, RunSelector
from .enums import (
    ArtifactKind,
    Freshness,
    MetricFormat,
    Origin,
    RunStatus,
    VisualizationStatus,
    VisualizationType,
)

OWNER = "owner"
INTERPRETER = "interpreter"
"""In a snapshot's configuration: the Python that ran it."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks. `owner` is whoever holds the catalog: every notebook, pipeline and command line of theirs."""

    name: str = OWNER
    may_execute: bool = True


@dataclass(frozen=True, slots=True)
class Failure:
    code: str
    message: str
    traceback: str | None = None


@dataclass(frozen=True, slots=True)
class Metric:
    """A finite number of a run. `goal` is higher, lower or None: then nothing is called better or worse."""

    name: str
    value: float
    format: MetricFormat = MetricFormat.RAW
    goal: str | None = None


@dataclass(frozen=True, slots=True)
class MetricColumn:
    name: str
    format: MetricFormat
    goal: str | None
    minimum: float
    maximum: float
    runs: int


@dataclass(frozen=True, slots=True)
class Pipeline:
    id: str
    name: str
    project: str
    run_count: int


@dataclass(frozen=True, slots=True)
class ColumnInfo:
    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Artifact:
    """One named output of one step of one run.

    `uri` is the folder that holds its bytes; of another system's run (`system`) the file itself, which is never ours to
    remove, and `step` is empty where that system has no steps.
    """

    id: str
    name: str
    index: int
    project: str
    pipeline: str
    run_id: str
    run: str
    step: str
    kind: ArtifactKind
    python_type: str
    materializer: str
    uri: str
    size: int
    digest: str
    rows: int | None
    columns: tuple[ColumnInfo, ...]
    created_at: datetime
    visualization_count: int = 0
    version: int = 1
    system: str | None = None

    @property
    def address(self) -> str:
        """The address pinned to the concrete run."""
        return str(
            Address(
                self.pipeline,
                RunSelector("name", self.run),
                self.step or None,
                self.name,
                self.index or None,
                None if self.project == "default" else self.project,
            )
        )


@dataclass(frozen=True, slots=True)
class NewSnapshot:
    """A pipeline's configuration as it is about to run."""

    configuration: Mapping[str, Any] = field(default_factory=dict)
    code_digest: str | None = None
    packages: Mapping[str, str] = field(default_factory=dict)
    git_commit: str | None = None


@dataclass(frozen=True, slots=True)
class NewRun:
    """What is known of a run when it starts. `name` gets a number where the pipeline has a run of that name."""

    pipeline: str
    name: str
    project: str = "default"
    parameters: Mapping[str, Any] = field(default_factory=dict)
    experiment: str | None = None
    model: str | None = None
    tags: tuple[str, ...] = ()
    snapshot: NewSnapshot | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    id: str
    pipeline_id: str
    number: int
    configuration: Mapping[str, Any]
    code_digest: str | None
    packages: Mapping[str, str]
    git_commit: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Named:
    """A project, experiment, model or deployment."""

    id: str
    name: str
    project: str
    created_at: datetime
    pipeline: str | None = None


@dataclass(frozen=True, slots=True)
class StepInput:
    """An artifact that a step was given, by its parameter."""

    name: str
    artifact_id: str
    address: str


@dataclass(frozen=True, slots=True)
class Step:
    id: str
    name: str
    status: RunStatus
    started_at: datetime
    ended_at: datetime | None
    error: str | None
    traceback: str | None
    artifacts: tuple[Artifact, ...] = ()
    inputs: tuple[StepInput, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Run:
    id: str
    name: str
    project: str
    pipeline: str
    status: RunStatus
    started_at: datetime
    ended_at: datetime | None
    error: str | None
    metrics: Mapping[str, Metric] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    experiment: str | None = None
    model: str | None = None
    tags: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    snapshot_id: str | None = None
    system: str | None = None

    @property
    def address(self) -> str:
        project = None if self.project == "default" else self.project
        return str(Address(self.pipeline, RunSelector("name", self.name), project=project))


@dataclass(frozen=True, slots=True)
class RunPage:
    runs: tuple[Run, ...]
    metric_columns: tuple[MetricColumn, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Amount:
    """How many things, and how many bytes they take."""

    count: int = 0
    bytes: int = 0

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.count + other.count, self.bytes + other.bytes)


@dataclass(frozen=True, slots=True)
class RunRemoval:
    """What goes, or went, with a run. Bytes that lie outside of the artifact store stay, and are not counted."""

    run: Run
    artifacts: Amount
    visualizations: Amount
    renderings: Amount

    @property
    def bytes(self) -> int:
        return self.artifacts.bytes + self.visualizations.bytes + self.renderings.bytes


@dataclass(frozen=True, slots=True)
class SavedVisualization:
    """What a materializer wrote to show an artifact, or why it could not."""

    name: str
    format: VisualizationType
    uri: str | None = None
    size: int = 0
    error: Failure | None = None


@dataclass(frozen=True, slots=True)
class RenderRequest:
    """One wish: this recipe over this source. Everything in it is data; only `code` is ever executed.

    Attributes:
        source: The text of a source, or several of them.
        kernel: A kernelspec to render in; None for the environment of the server.
        refresh: Render again, even where there is a result already.
        name: What the result is called; None: as its recipe.
    """

    recipe: str
    source: str | tuple[str, ...] | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    code: str | None = None
    kernel: str | None = None
    refresh: bool = False
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Visualization:
    id: str
    artifact_id: str | None
    name: str
    format: VisualizationType
    origin: Origin
    recipe: str | None
    status: VisualizationStatus
    freshness: Freshness | None
    size: int | None
    created_at: datetime
    error: Failure | None
    owner: str = OWNER
    uri: str | None = None
    source: str | tuple[str, ...] | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    code: str | None = None
    request_key: str | None = None
    metrics: Mapping[str, float] = field(default_factory=dict)
    provenance: Mapping[str, Any] = field(default_factory=dict)
    started_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoredOutputs:
    """What a rendering left: nbformat outputs, and whether they were cut."""

    outputs: tuple[Mapping[str, Any], ...] = ()
    truncated: bool = False

"""The closed sets of words that travel through code, API and stored rows."""

from __future__ import annotations

from enum import Enum


class _Word(str, Enum):
    def __str__(self) -> str:
        return str(self.value)


class VisualizationType(_Word):
    """The format of what a visualization stores. ZenML's enum, and `notebook` for what a recipe made."""

    HTML = "html"
    IMAGE = "image"
    CSV = "csv"
    MARKDOWN = "markdown"
    JSON = "json"
    NOTEBOOK = "notebook"


class Origin(_Word):
    """Who made a visualization: a materializer while the step ran, or a recipe later."""

    MATERIALIZER = "materializer"
    RECIPE = "recipe"


class RunStatus(_Word):
    """Of a run and of a step. `interrupted` is computed from the beat, never stored."""

    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


class VisualizationStatus(_Word):
    QUEUED = "queued"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"

    @property
    def ended(self) -> bool:
        return self not in (VisualizationStatus.QUEUED, VisualizationStatus.RUNNING)


class Freshness(_Word):
    """Whether a result was made for this request, was there already, or is of a source that changed since."""

    NEW = "new"
    CACHED = "cached"
    STALE = "stale"


class MetricFormat(_Word):
    """How a metric is shown. PERCENTAGE values are fractions: 0.93 is shown as 93.0%."""

    RAW = "RAW"
    PERCENTAGE = "PERCENTAGE"


class ArtifactKind(_Word):
    """What a recipe can do with a source: with the stored bytes of an artifact, or with a run."""

    TABLE = "table"
    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"
    IMAGE = "image"
    STATISTICS = "statistics"
    BINARY = "binary"
    RUN = "run"  # no artifact but what is known of a run: its parameters and metrics

"""Runs as other systems know them, from a connector to the catalog. Times are microseconds since 1970."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .enums import ArtifactKind, RunStatus
from .models import Metric


@dataclass(frozen=True, slots=True)
class ForeignArtifact:
    """A file that stays where it is.

    Attributes:
        uri: A path of this machine, or a URI that says where it lies; never with a credential in it.
        size: In bytes, 0 where the other system doesn't tell.
    """

    name: str
    uri: str
    kind: ArtifactKind
    size: int = 0


@dataclass(frozen=True, slots=True)
class ForeignStep:
    """A step; the only one of a run has an empty name where the other system has none."""

    name: str
    status: RunStatus
    started_at: int
    ended_at: int | None = None
    error: str | None = None
    artifacts: tuple[ForeignArtifact, ...] = ()


@dataclass(frozen=True, slots=True)
class ForeignRun:
    """A run with all that is known of it: what an earlier one of the same id had more is gone.

    Attributes:
        id: What the other system calls it, for ever: a name may change.
        mark: Another one as soon as anything else of it is.
        model: Name of the model that the run made.
        warnings: What could not be taken in, e.g. a metric that is not finite.
    """

    id: str
    mark: str
    pipeline: str
    name: str
    status: RunStatus
    started_at: int
    ended_at: int | None = None
    error: str | None = None
    model: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    metrics: tuple[Metric, ...] = ()
    warnings: tuple[str, ...] = ()
    steps: tuple[ForeignStep, ...] = ()

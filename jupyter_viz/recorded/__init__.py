"""What is recorded, as the objects that users hold: runs, steps, artifacts, visualizations, and pages of them.

Each has the fields of its frozen model as attributes, prints well in a notebook and in a terminal, and completes in
IPython. They are as they were when they were asked for; what is asked of them later is looked up then.
"""

from __future__ import annotations

from .artifact import RecordedArtifact
from .owner import OWNER, asked_here
from .page import Page, listed_named, listed_pipelines
from .run import RecordedRun, RecordedSnapshot, RecordedStep, listed_runs
from .visualization import RecordedVisualization

__all__ = [
    "OWNER",
    "Page",
    "RecordedArtifact",
    "RecordedRun",
    "RecordedSnapshot",
    "RecordedStep",
    "RecordedVisualization",
    "asked_here",
    "listed_named",
    "listed_pipelines",
    "listed_runs",
]

"""Recording runs: `@step`, `@pipeline`, `log_metrics`."""

from __future__ import annotations

from .metrics import log_metrics
from .pipeline import pipeline
from .step import step

__all__ = ["log_metrics", "pipeline", "step"]

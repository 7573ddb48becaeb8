"""Evidently's reports: its own page, which needs no network, and its numbers."""

from __future__ import annotations

from typing import Any

from ..enums import ArtifactKind, VisualizationType
from ..io import fileio
from .base_materializer import BaseMaterializer


class SnapshotMaterializer(BaseMaterializer):
    """`evidently.core.report.Snapshot`: what `Report.run` gives, of Evidently 0.7 and later."""

    KIND = ArtifactKind.JSON

    def save(self, data: Any) -> None:
        with fileio.open(self.path("data.json"), "w") as file:
            file.write(data.dumps())

    def load(self, data_type: type | None = None) -> Any:
        from evidently.core.report import Snapshot

        with fileio.open(self.path("data.json")) as file:
            return Snapshot.loads(file.read())

    def save_visualizations(self, data: Any) -> dict[str, VisualizationType]:
        report, metrics = self.path("report.html"), self.path("metrics.json")
        with fileio.open(report, "w") as file:
            file.write(data.get_html_str(as_iframe=False))
        with fileio.open(metrics, "w") as file:
            file.write(data.json())
        return {report: VisualizationType.HTML, metrics: VisualizationType.JSON}

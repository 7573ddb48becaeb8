"""A home with bytes of every kind."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import pytest

from jupyter_viz import pipeline, step
from jupyter_viz.catalog.tables import curated_visualizations, visualizations
from jupyter_viz.config import load_configuration
from jupyter_viz.enums import VisualizationStatus
from jupyter_viz.keeping.sweep import Sweep
from jupyter_viz.keeping.usage import Usage, usage
from jupyter_viz.models import Amount, Principal, RenderRequest, Run
from jupyter_viz.service import Service
from jupyter_viz.types import HTMLString

DAY = 86_400


@step
def report() -> tuple[Annotated[str, "text"], Annotated[HTMLString, "page"]]:
    return "x" * 1000, HTMLString("<p>" + "y" * 500)


@pipeline
def churn() -> None:
    report()


class House:
    """What a user's home holds, and hands to age it."""

    def __init__(self, url: str | None, **settings: Any) -> None:
        overrides = {**settings, "catalog": url} if url else settings
        self.service = Service(load_configuration(overrides=overrides))
        self.catalog, self.store = self.service.catalog, self.service.store

    def run(self) -> Run:
        return churn()

    def rendering(
        self, artifact_id: str | None = None, *, days: float = 0, size: int = 100, owner: str = "owner"
    ) -> str:
        """The id of a rendering that ended `days` ago and takes `size` bytes."""
        row, _ = self.catalog.visualizations.queue(
            Principal(owner),
            RenderRequest("table", "churn@latest/text"),
            key=uuid4().hex,
            title="Table",
            artifact_id=artifact_id,
            provenance={},
        )
        folder = self.store.rendering_folder(row.id)
        self.store.write(f"{folder}/result.json.gz", b"r" * size)
        self.catalog.visualizations.ended([row.id], VisualizationStatus.COMPLETED, uri=folder, size=size)
        then = int((time.time() - days * DAY) * 1e6)
        self.change(row.id, ended_at=then, beat_at=then)
        return str(row.id)

    def change(self, visualization_id: str, **values: Any) -> None:
        with self.catalog._database.write() as connection:
            mine = visualizations.c.id == visualization_id
            connection.execute(visualizations.update().where(mine).values(**values))

    def pin(self, visualization_id: str) -> None:
        [(project_id, _)] = self.catalog.runs.projects()
        row = {
            "id": str(uuid4()),
            "project_id": project_id,
            "visualization_id": visualization_id,
            "resource_type": "project",
            "resource_id": project_id,
            "layout_size": "full",
            "created_at": 0,
            "updated_at": 0,
        }
        with self.catalog._database.write() as connection:
            connection.execute(curated_visualizations.insert().values(**row))

    def usage(self) -> Usage:
        return usage(self.catalog, self.store, self.service.config)

    def sweep(self, *, dry_run: bool = False, **settings: Any) -> dict[str, Amount]:
        """What went, by the first two words of its kind."""
        config = load_configuration(overrides={"catalog": self.service.config.catalog, **settings})
        swept = list(Sweep(lambda: self.catalog, self.store, config, dry_run).run())
        self.notes = "\n".join(each.note for each in swept)
        return {" ".join(each.kind.split()[:2]): each.amount for each in swept if each.amount.count}

    def files(self) -> set[str]:
        root = Path(self.store.root)
        return {str(path.relative_to(root)) for path in root.rglob("*")}


def aged(path: Path, seconds: float) -> Path:
    """Make a file, or a folder with all in it, as old as if nobody had written to it for so long."""
    then = time.time() - seconds
    for each in (*path.rglob("*"), path):
        os.utime(each, (then, then), follow_symlinks=False)
    return path


@pytest.fixture
def house(home: Path) -> House:
    return House(None)


@pytest.fixture
def house_on_any(url: str, monkeypatch: pytest.MonkeyPatch) -> House:
    """For what the database has to do with."""
    monkeypatch.setenv("JUPYTER_VIZ_CATALOG", url)
    return House(url)

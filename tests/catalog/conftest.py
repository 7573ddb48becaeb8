"""Catalogs with a history, on each database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from jupyter_viz.catalog.catalog import Catalog
from jupyter_viz.catalog.recording import new_id
from jupyter_viz.catalog.tables import runs
from jupyter_viz.clock import now
from jupyter_viz.enums import ArtifactKind, RunStatus
from jupyter_viz.models import Artifact, Metric, NewRun, SavedVisualization


@pytest.fixture(scope="session")
def on_postgres(postgres: Callable[[], str]) -> Iterator[Catalog]:
    opened = Catalog(postgres())
    yield opened
    opened.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def catalog(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Catalog]:
    """An empty catalog, on each database that is supported."""
    if request.param == "sqlite":
        opened = Catalog(f"sqlite:///{tmp_path / 'catalog.db'}")
        yield opened
        opened.close()
        return
    opened = request.getfixturevalue("on_postgres")
    yield opened
    with opened._database.write() as connection:  # a database for each test would cost most of the suite's time
        connection.execute(sa.text("TRUNCATE projects, syncs, visualizations CASCADE"))


class History:
    """Writes runs as a pipeline would, without one."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog

    def run(
        self,
        name: str = "otter",
        *,
        pipeline: str = "churn",
        project: str = "default",
        status: RunStatus | None = RunStatus.COMPLETED,
        metrics: Mapping[str, float] | None = None,
    ) -> str:
        """A run's id; without a status it is left running."""
        run_id, _ = self.catalog.recording.start_run(NewRun(pipeline, name, project))
        if metrics:
            self.catalog.recording.log_metrics(run_id, None, [Metric(key, value) for key, value in metrics.items()])
        if status is not None:
            self.catalog.recording.end_run(run_id, status)
        return run_id

    def artifact(
        self,
        run_id: str,
        step: str = "evaluate",
        name: str = "scores",
        index: int = 0,
        shown: list[SavedVisualization] | None = None,
        step_id: str | None = None,
    ) -> str:
        step_id = step_id or self.catalog.recording.start_step(run_id, step, 0)
        artifact = Artifact(
            id=new_id(),
            name=name,
            index=index,
            project="",
            pipeline="",
            run_id=run_id,
            run="",
            step=step,
            kind=ArtifactKind.TABLE,
            python_type="pandas.DataFrame",
            materializer="x.Y",
            uri="/nowhere",
            size=1,
            digest="d",
            rows=None,
            columns=(),
            created_at=now(),
        )
        self.catalog.recording.add_artifact(step_id, artifact, shown or [])
        return artifact.id

    def change(self, run_id: str, **values: Any) -> None:
        """Rewrite a run's row: what another machine, or time, would have done."""
        with self.catalog._database.write() as connection:
            connection.execute(runs.update().where(runs.c.id == run_id).values(**values))


@pytest.fixture
def history(catalog: Catalog) -> History:
    return History(catalog)

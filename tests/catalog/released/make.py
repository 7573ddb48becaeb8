"""Keeps the catalog of a release, so that every later version is tried on it: run once for each release.

    python tests/catalog/released/make.py 0.1.0

Run by the code of that release, it records something in every table, on SQLite and PostgreSQL, and writes beside
itself `0.1.0.sqlite.sql` and `0.1.0.postgresql.sql` (schema and rows) and `0.1.0.json` (what the release itself read
from them). What is written is never edited: `test_released.py` finds it by its name.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import uuid
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from jupyter_viz.catalog import Catalog
from jupyter_viz.catalog.tables import curated_visualizations, metadata, runs, visualizations
from jupyter_viz.clock import from_microseconds
from jupyter_viz.enums import ArtifactKind, RunStatus, VisualizationStatus, VisualizationType
from jupyter_viz.foreign import ForeignRun
from jupyter_viz.models import (
    Artifact,
    ColumnInfo,
    Failure,
    Metric,
    NewRun,
    NewSnapshot,
    Principal,
    RenderRequest,
    SavedVisualization,
)

HERE = Path(__file__).parent


def record(catalog: Catalog) -> None:
    """Something in every table: runs that ended each way, and one that another machine left."""
    recording = catalog.recording
    snapshot = NewSnapshot({"tags": ["nightly"]}, "c" * 64, {"pandas": "3.1.1"}, "9" * 40)
    ways = [RunStatus.COMPLETED, RunStatus.FAILED, RunStatus.INTERRUPTED, None]
    for number, status in enumerate(ways):
        run_id, _ = recording.start_run(
            NewRun(
                "churn",
                "nightly",
                "team é",
                {"C": 0.1 * number, "solver": "lbfgs", "deep": {"a": [1, None]}},
                experiment="regularization",
                model="churn",
                tags=("nightly", "日本"),
                snapshot=snapshot,
            )
        )
        load = recording.start_step(run_id, "load", 0, {"path": "a.csv"})
        data = _artifact(recording, run_id, load, "data", [SavedVisualization("page", VisualizationType.HTML, "/x", 7)])
        recording.log(load, 0, "reading…\n")
        recording.log(load, 1, "read\n")
        recording.end_step(load, RunStatus.COMPLETED)
        fit = recording.start_step(run_id, "fit", 1, {}, [("frame", data)])
        recording.log_metrics(run_id, fit, [Metric("auc", 0.1 + 0.2 * number, goal="higher"), Metric("loss", 1e-300)])
        failed = SavedVisualization("curve", VisualizationType.IMAGE, error=Failure("f", "no display", "Traceback"))
        _artifact(recording, run_id, fit, "model", [failed])
        recording.warn(run_id, "metric 'a b' was refused")
        if status is not None:
            error = "ValueError: x" if status is RunStatus.FAILED else None
            recording.end_step(fit, status, error, error and f"Traceback\n{error}")
            recording.end_run(run_id, status, error)
        if number == 0:
            _renderings(catalog, data)
    sync = catalog.imported.begin("mlflow", "https://mlflow.example", "team é")
    there = ForeignRun("f00", "m1", "credit", "upset-hound-7", RunStatus.FAILED, 1, 2, metrics=(Metric("auc", 0.5),))
    catalog.imported.put(sync, [there])
    catalog.imported.end(sync, {"new": 1}, cursor={"settled": 3})
    recording.named("deployments", "live", "team é", pipeline_id=catalog.runs.pipelines()[0].id)
    with catalog._database.write() as connection:  # nothing of the machine this was made on
        elsewhere = {"host": "elsewhere", "pid": 1, "born": "1", "beat_at": 1}
        connection.execute(runs.update().values(**elsewhere))
        connection.execute(visualizations.update().where(visualizations.c.host.is_not(None)).values(**elsewhere))


def _artifact(recording: Any, run_id: str, step_id: str, name: str, shown: list[SavedVisualization]) -> str:
    artifact = Artifact(
        id=str(uuid.uuid4()),
        name=name,
        index=0,
        project="",
        pipeline="",
        run_id=run_id,
        run="",
        step="",
        kind=ArtifactKind.TABLE,
        python_type="pandas.DataFrame",
        materializer="jupyter_viz.materializers.tables.DataFrameMaterializer",
        uri=f"/srv/viz/artifacts/runs/{run_id}/{name}",
        size=2**40,
        digest="d" * 64,
        rows=3,
        columns=(ColumnInfo("a", "number"), ColumnInfo("é", "text")),
        created_at=from_microseconds(0),
    )
    recording.add_artifact(step_id, artifact, shown)
    return artifact.id


def _renderings(catalog: Catalog, artifact_id: str) -> None:
    for owner, status in (("owner", VisualizationStatus.COMPLETED), ("user:ann", VisualizationStatus.FAILED)):
        row, _ = catalog.visualizations.queue(
            Principal(owner),
            RenderRequest("table", "churn@latest/data", {"rows": 5}),
            key="k" * 64,
            title="Table",
            artifact_id=artifact_id,
            provenance={"recipe": "table"},
        )
        catalog.visualizations.started(row.id)
        error = None if owner == "owner" else Failure("missing_column", "There is no column 'x'.")
        catalog.visualizations.ended(row.id, status, error=error, uri="/srv/viz/r", size=9, metrics={"rows": 3.0})
        if owner == "owner":
            [(project_id, _)] = catalog.runs.projects()
            place = {"project_id": project_id, "resource_type": "project", "resource_id": project_id}
            shown = {"display_name": "Head", "display_order": 1, "layout_size": "full_width"}
            pinned = {"id": str(uuid.uuid4()), "visualization_id": row.id, "created_at": 1, "updated_at": 2}
            with catalog._database.write() as connection:
                connection.execute(curated_visualizations.insert().values(**pinned, **place, **shown))


def read(catalog: Catalog) -> dict[str, Any]:
    """All that the public queries say, as JSON."""
    page = catalog.runs.page(sort="name")
    whole = [catalog.runs.run(run.id) for run in page.runs]
    artifacts = [artifact for run in whole for step in run.steps for artifact in step.artifacts]
    owners = (Principal(), Principal("user:ann"))
    found = {
        "id": catalog.id,
        "projects": catalog.runs.projects(),
        "pipelines": catalog.runs.pipelines(),
        "named": [catalog.runs.named(kind) for kind in ("experiments", "models", "deployments")],
        "page": page,
        "filtered": catalog.runs.page(filter="auc > 0.4 tag:nightly param.C > 0", sort="-auc"),
        "runs": whole,
        "logs": [catalog.runs.logs(run.id) for run in whole],
        "snapshots": [catalog.runs.snapshot(str(run.snapshot_id)) for run in whole],
        "artifacts": [catalog.runs.artifact(artifact.id) for artifact in artifacts],
        "visualizations": [
            catalog.visualizations.of_artifact(owner, artifact.id) for owner in owners for artifact in artifacts
        ],
    }
    with catalog._database.read() as connection:
        pinned = connection.execute(sa.select(curated_visualizations)).mappings()
        found["curated"] = [dict(row) for row in pinned]
    return {name: _plain(value) for name, value in found.items()}


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value if isinstance(value, (int, float, type(None))) else str(value)


def main(release: str) -> None:
    import pgserver

    with tempfile.TemporaryDirectory() as folder:
        catalog = Catalog(f"sqlite:///{folder}/catalog.db")
        record(catalog)
        with catalog._database.read() as connection:
            for table in metadata.sorted_tables:
                assert connection.execute(sa.select(table)).first() is not None, f"nothing is in {table}"
            assert connection.connection.driver_connection is not None
            dump = "\n".join(connection.connection.driver_connection.iterdump()) + "\n"
        said = {"sqlite": read(catalog)}
        catalog.close()
    with tempfile.TemporaryDirectory() as runtime, tempfile.TemporaryDirectory() as data:
        server = pgserver.get_server(data, cleanup_mode="stop")
        url = server.get_uri()
        catalog = Catalog(url)
        record(catalog)
        said["postgresql"] = read(catalog)
        catalog.close()
        program = Path(pgserver.__file__).parent / "pginstall" / "bin" / "pg_dump"
        words = [str(program), "--no-owner", "--no-acl", "--inserts", url]
        dumped = subprocess.run(words, check=True, capture_output=True, text=True, cwd=runtime).stdout
        server.cleanup()
    (HERE / f"{release}.sqlite.sql").write_text(dump)
    (HERE / f"{release}.postgresql.sql").write_text(dumped)
    (HERE / f"{release}.json").write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])

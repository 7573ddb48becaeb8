"""MLflow: our package moves in beside it, and both record in one process."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import mlflow
from neighbour import recorded_and_seen

from jupyter_viz import load


def test_a_step_logs_to_mlflow_too(home: Path) -> None:
    mlflow.set_tracking_uri(f"sqlite:///{home}/mlflow.db")

    def inside() -> str:
        with mlflow.start_run() as run:
            mlflow.log_metric("auc", 0.75)
        return str(run.info.run_id)

    recorded_and_seen(inside)
    with sqlite3.connect(home / "mlflow.db") as connection:
        logged = connection.execute("select run_uuid, key, value from metrics").fetchall()
    assert logged == [(load("churn@latest/extra"), "auc", 0.75)]

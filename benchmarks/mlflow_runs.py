"""MLflow's side of `runs_page.py`: fills a store of MLflow's own and answers with the time a page takes.

    python benchmarks/mlflow_runs.py STORE.db RUNS METRICS

Run by the interpreter that has mlflow. The rows are written by MLflow's own SQLAlchemy models into MLflow's own schema:
its client would take twelve milliseconds a run. What is read is read by MLflow alone.
"""

from __future__ import annotations

import random
import sys
import time
import uuid
from pathlib import Path
from typing import Any

import mlflow
from mlflow import MlflowClient
from mlflow.store.tracking.dbmodels import models
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

PAGE = 50


def fill(uri: str, experiment_id: str, count: int, metrics: int) -> None:
    rng, now = random.Random(0), int(time.time() * 1000)
    with Session(create_engine(uri)) as session:
        for low in range(0, count, 2000):
            rows: list[list[dict[str, Any]]] = [[], [], []]
            for number in range(low, min(low + 2000, count)):
                run_id = uuid.UUID(int=rng.getrandbits(128)).hex
                rows[0].append(
                    {
                        "run_uuid": run_id,
                        "name": f"run-{number}",
                        "source_type": "UNKNOWN",
                        "user_id": "ann",
                        "status": rng.choice(["FINISHED"] * 9 + ["FAILED"]),
                        "start_time": now - number * 1000,
                        "end_time": now,
                        "lifecycle_stage": "active",
                        "artifact_uri": f"file:///nowhere/{run_id}",
                        "experiment_id": int(experiment_id),
                    }
                )
                for metric in range(metrics):
                    value = {"key": f"m{metric}", "value": rng.random(), "timestamp": now, "step": 0, "is_nan": False}
                    for each in rows[1:]:
                        each.append({**value, "run_uuid": run_id})
            for model, values in zip((models.SqlRun, models.SqlMetric, models.SqlLatestMetric), rows, strict=True):
                session.execute(model.__table__.insert(), values)
        session.commit()


def main() -> None:
    path, count, metrics = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    uri = f"sqlite:///{path}"
    client = MlflowClient(tracking_uri=uri)
    experiment_id = client.create_experiment("p0", artifact_location=str(path.parent))
    fill(uri, experiment_id, count, metrics)
    ways: dict[str, dict[str, Any]] = {
        "newest": {},
        "sorted": {"order_by": ["metrics.m1 DESC"]},
        "filtered": {"filter_string": "metrics.m1 > 0.9", "order_by": ["metrics.m1 DESC"]},
        "rare": {"filter_string": "metrics.m1 > 0.9999"},
        "failed": {"filter_string": "attributes.status = 'FAILED'"},
    }
    for name, way in ways.items():  # warm, and right
        found = client.search_runs([experiment_id], max_results=PAGE, **way)
        assert len(found) == PAGE or name == "rare"
        assert all(len(run.data.metrics) == metrics for run in found)
    print(mlflow.__version__, flush=True)
    for line in sys.stdin:
        began = time.perf_counter()
        client.search_runs([experiment_id], max_results=PAGE, **ways[line.strip()])
        print(time.perf_counter() - began, flush=True)


if __name__ == "__main__":
    main()

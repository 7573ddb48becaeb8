"""How long it takes to bring MLflow's runs in, and to look at them afterwards, beside MLflow itself in the same run.

    python benchmarks/sync.py --mlflow-python PATH [--runs N] [--rounds N]

The store is filled by `mlflow_runs.py`. Each sync is the command as a user gives it, with the start of both processes.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from runs_page import MLflow, taken

from jupyter_viz.catalog import open_catalog

METRICS = 10
WAYS = {
    "newest": {},
    "sorted": {"sort": "-m1"},
    "filtered": {"filter": "m1 > 0.9", "sort": "-m1"},
    "rare": {"filter": "m1 > 0.9999"},
    "failed": {"filter": "status:failed"},
}


def synced(store: Path, home: Path, python: str) -> tuple[float, str]:
    """(seconds, first line of what it said)."""
    words = [sys.executable, "-c", "from jupyter_viz.cli import main; raise SystemExit(main())", "sync"]
    words += ["mlflow", f"sqlite:///{store}", "--python", python]
    environment = os.environ | {"JUPYTER_VIZ_HOME": str(home)}
    began = time.perf_counter()
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=True)
    return time.perf_counter() - began, done.stdout.splitlines()[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mlflow-python", required=True, help="interpreter of an environment with mlflow")
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store, home = Path(folder) / "mlflow.db", Path(folder) / "viz"
        mlflow = MLflow(options.mlflow_python, store, options.runs)
        print(f"MLflow {mlflow.version}, {options.runs:,} runs with {METRICS} metrics, SQLite")
        print(f"first time  {'{:.1f} s: {}'.format(*synced(store, home, options.mlflow_python))}")
        again = [synced(store, home, options.mlflow_python) for _ in range(options.rounds)]
        print(f"unchanged   {statistics.median(seconds for seconds, _ in again):.2f} s: {again[0][1]}")
        with sqlite3.connect(store) as connection:
            connection.execute("UPDATE runs SET name = 'renamed' WHERE name = 'run-7'")
        print(f"one renamed {'{:.1f} s: {}'.format(*synced(store, home, options.mlflow_python))}")
        catalog = open_catalog(f"sqlite:///{home / 'catalog.db'}")
        for name, how in WAYS.items():
            ours, theirs = [], []
            for _ in range(options.rounds + 1):
                ours.append(taken(lambda how=how: catalog.runs.page(limit=50, **how)))  # type: ignore[misc]
                theirs.append(mlflow.seconds(name))
            mine, its = statistics.median(ours[1:]), statistics.median(theirs[1:])
            print(f"{name:11} {mine * 1000:7.1f} ms   MLflow {its * 1000:8.1f} ms   {its / mine:6.0f} times")
        mlflow.close()


if __name__ == "__main__":
    main()

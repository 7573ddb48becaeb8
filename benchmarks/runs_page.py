"""How long a page of the runs list takes over 100,000 runs with a million metrics, beside MLflow's `search_runs`.

    python benchmarks/runs_page.py [--runs N] [--catalog FILE] [--mlflow-python PATH] [--mlflow-runs N] [--rounds N]

A page has 50 runs with two metrics (MLflow's has all ten: it can't leave any out). Four times of the same page, in
milliseconds, median and least of the rounds, warm, by turns:

    SQL      its statements by Python's own sqlite3, all rows fetched
    Python   `catalog.runs.page()`
    HTTP     GET jupyter-viz/runs of a real jupyter_server, over one kept connection
    MLflow   `MlflowClient.search_runs` by the interpreter at PATH, over N runs of its own

A catalog that FILE holds from the last time is used again, for it takes some minutes to fill.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import random
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa

from jupyter_viz.catalog import Catalog
from jupyter_viz.catalog.tables import metrics, runs
from jupyter_viz.models import NewRun

METRICS, PIPELINES, EXPERIMENTS = 10, 20, 3
TOKEN = "benchmark"
MOST_SECONDS = 30  # of one page of MLflow's, in all rounds


@dataclass
class Way:
    title: str
    how: dict[str, str] = field(default_factory=dict)
    mlflow: str | None = None
    times: dict[str, list[float]] = field(default_factory=dict)


WAYS = [
    Way("newest of a pipeline", {"pipeline": "p3"}, "newest"),
    Way("newest of an experiment", {"experiment": "p3 e1"}),
    Way("newest of all"),
    Way("of a pipeline, by a metric", {"pipeline": "p3", "sort": "-m1"}),
    Way("of all, by a metric", {"sort": "-m1"}, "sorted"),
    Way("m1 > 0.9, by it", {"filter": "m1 > 0.9", "sort": "-m1"}, "filtered"),
    Way("m1 > 0.9, newest", {"filter": "m1 > 0.9"}),
    Way("m1 > 0.9999, newest", {"filter": "m1 > 0.9999"}, "rare"),
    Way("status:failed", {"filter": "status:failed"}, "failed"),
    Way("a text of 11 runs", {"filter": "run-9999"}),
]


def fill(catalog: Catalog, count: int) -> None:
    database, rng, now = catalog._database, random.Random(0), int(time.time() * 1e6)
    places = []
    for number in range(PIPELINES):
        for experiment in (None, *(f"p{number} e{each}" for each in range(EXPERIMENTS))):
            run_id, _ = catalog.recording.start_run(NewRun(f"p{number}", "first", experiment=experiment))
            with database.write() as connection:
                row = connection.execute(runs.select().where(runs.c.id == run_id)).one()
                places.append((row.pipeline_id, row.experiment_id))
                connection.execute(runs.delete().where(runs.c.id == run_id))
    for low in range(0, count, 5000):
        rows, values = [], []
        for number in range(low, min(low + 5000, count)):
            run_id, (pipeline_id, experiment_id) = str(uuid.UUID(int=rng.getrandbits(128))), rng.choice(places)
            started = now - number * 10**6
            run = {"id": run_id, "pipeline_id": pipeline_id, "experiment_id": experiment_id, "name": f"run-{number}"}
            run |= {"status": rng.choice(["completed"] * 9 + ["failed"]), "started_at": started}
            run |= {"ended_at": started + rng.randrange(10**9), "parameters": {}, "warnings": []}
            rows.append(run | {"beat_at": 0, "host": "", "pid": 1, "born": ""})
            place = {
                "run_id": run_id,
                "pipeline_id": pipeline_id,
                "experiment_id": experiment_id or "",
                "format": "RAW",
            }
            place["format"] = "RAW"
            values += [place | {"name": f"m{metric}", "value": rng.random()} for metric in range(METRICS)]
        with database.write() as connection:
            connection.execute(runs.insert(), rows)
            connection.execute(metrics.insert(), values)


def by_sql(catalog: Catalog) -> Callable[[Way], Callable[[], object]]:
    """The statements of a page without SQLAlchemy and without anything made of their rows."""
    plain = catalog._database.engine.raw_connection().driver_connection
    assert isinstance(plain, sqlite3.Connection)

    def of(way: Way) -> Callable[[], object]:
        executed: list[tuple[str, Any]] = []

        def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
            if statement.startswith("SELECT"):
                executed.append((statement, parameters))

        sa.event.listen(catalog._database.engine, "before_cursor_execute", note)
        catalog.runs.page(**way.how)
        sa.event.remove(catalog._database.engine, "before_cursor_execute", note)
        return lambda: [plain.execute(*each).fetchall() for each in executed]

    return of


@contextlib.contextmanager
def server(path: Path) -> Iterator[tuple[http.client.HTTPConnection, str]]:
    """A jupyter_server with our extension over the catalog: a connection, and the base of its paths."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as home:
        own = {"HOME": home, "JUPYTER_VIZ_HOME": home, "JUPYTER_VIZ_CATALOG": f"sqlite:///{path}"}
        options = [f"--port={port}", "--no-browser", "--allow-root", f"--IdentityProvider.token={TOKEN}"]
        enabled = "--ServerApp.jpserver_extensions={'jupyter_viz': True}"
        command = [sys.executable, "-m", "jupyter_server", *options, enabled, f"--ServerApp.root_dir={home}"]
        process = subprocess.Popen(
            command, env={**os.environ, **own}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port)
            for _ in range(600):
                with contextlib.suppress(OSError):
                    connection.connect()
                    break
                time.sleep(0.1)
            yield connection, "/"
        finally:
            process.terminate()
            process.wait(30)


def get(connection: http.client.HTTPConnection, path: str) -> bytes:
    connection.request("GET", path, headers={"Authorization": f"token {TOKEN}"})
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, (path, answer.status, body[:500])
    return body


class MLflow:
    """MLflow in a process of its own."""

    def __init__(self, python: str, store: Path, count: int) -> None:
        command = [python, str(Path(__file__).with_name("mlflow_runs.py")), str(store), str(count), str(METRICS)]
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        self._process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.version = self._line()

    def seconds(self, way: str) -> float:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{way}\n")
        self._process.stdin.flush()
        return float(self._line())

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


def taken(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def measure(catalog: Catalog, path: Path, mlflow: MLflow | None, rounds: int) -> tuple[list[float], list[Way]]:
    """Fill the times of `WAYS`. Returns the seconds that a handler of Jupyter's own takes over HTTP, and the first ways
    with less in between, which leaves them the processor's caches: one again and again, and the lists by turns."""
    sql, floor = by_sql(catalog), list[float]()
    with server(path) as (connection, base):
        calls: list[tuple[Way, str, Callable[[], object]]] = []
        for way in WAYS:
            query = f"{base}jupyter-viz/runs?{urlencode({**way.how, 'limit': 50})}"
            calls.append((way, "SQL", sql(way)))
            calls.append((way, "Python", lambda way=way: catalog.runs.page(**way.how)))  # type: ignore[misc]
            calls.append((way, "HTTP", lambda query=query: get(connection, query)))  # type: ignore[misc]
        for _, _, call in calls:
            call()
            call()
        again = Way("one again and again", WAYS[0].how)
        lists = {way.title: Way(f"lists only: {way.title}", way.how) for way in WAYS if "filter" not in way.how}
        for way, name, call in calls:
            if way is WAYS[0]:
                again.times[name] = [taken(call) for _ in range(200)]
        for name in ("SQL", "Python", "HTTP"):
            for _ in range(rounds):
                for way, of, call in calls:
                    if of == name and way.title in lists:
                        lists[way.title].times.setdefault(name, []).append(taken(call))
        for _ in range(rounds):
            floor.append(taken(lambda: get(connection, f"{base}api/status")))
            for way, name, call in calls:
                way.times.setdefault(name, []).append(taken(call))
            for way in WAYS:
                if mlflow and way.mlflow and sum(way.times.get("MLflow", ())) < MOST_SECONDS:
                    way.times.setdefault("MLflow", []).append(mlflow.seconds(way.mlflow))
    return floor, [again, *lists.values()]


def shown(times: list[float]) -> str:
    return f"{statistics.median(times) * 1000:9.2f} ({min(times) * 1000:.2f})".rjust(18)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=100_000)
    parser.add_argument("--catalog", type=Path, help="file to keep the catalog in")
    parser.add_argument("--mlflow-python", help="interpreter of an environment with mlflow")
    parser.add_argument("--mlflow-runs", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=30)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = (options.catalog or Path(folder) / "catalog.db").absolute()
        filled = path.exists()
        catalog = Catalog(f"sqlite:///{path}")
        if not filled:
            fill(catalog, options.runs)
        mlflow = None
        if options.mlflow_python:
            mlflow = MLflow(options.mlflow_python, Path(folder) / "mlflow.db", options.mlflow_runs)
        floor, alone = measure(catalog, path, mlflow, options.rounds)
        catalog.close()
    columns = ["SQL", "Python", "HTTP"]
    heads = [*columns, *([f"MLflow {mlflow.version}", "MLflow / Python"] if mlflow else [])]
    print(f"{'median (least), ms':40s}" + "".join(f"{head:>18s}" for head in heads))
    for way in (*alone, *WAYS):
        print(f"{way.title:40s}" + "".join(shown(way.times[name]) for name in columns), end="")
        if theirs := way.times.get("MLflow"):
            ratio = statistics.median(theirs) / statistics.median(way.times["Python"])
            print(f"{shown(theirs)}{ratio:18.0f}", end="")
        print()
    print(f"{'GET api/status':40s}{'':36s}{shown(floor)}")
    if mlflow:
        mlflow.close()


if __name__ == "__main__":
    main()

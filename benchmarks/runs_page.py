"""How long a page of the runs list takes over 100,000 runs with a million metrics, in SQLite.

    python benchmarks/runs_page.py [RUNS]

Prints the median of 50 calls of each query, warm, in milliseconds.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable

from jupyter_viz.catalog import Catalog
from jupyter_viz.catalog.tables import metrics, runs
from jupyter_viz.models import NewRun

METRICS = 10
PIPELINES = 20


def fill(catalog: Catalog, count: int) -> None:
    database, rng, now = catalog._database, random.Random(0), int(time.time() * 1e6)
    ids = []
    for number in range(PIPELINES):
        run_id, _ = catalog.recording.start_run(NewRun(f"p{number}", "first"))
        with database.write() as connection:
            ids.append(connection.execute(runs.select().where(runs.c.id == run_id)).one().pipeline_id)
            connection.execute(runs.delete().where(runs.c.id == run_id))
    assert len(ids) == PIPELINES
    for low in range(0, count, 5000):
        rows, values = [], []
        for number in range(low, min(low + 5000, count)):
            run = {"id": str(uuid.UUID(int=rng.getrandbits(128))), "pipeline_id": rng.choice(ids)}
            times = {"started_at": now - number * 10**6, "ended_at": now - number * 10**6 + rng.randrange(10**9)}
            rest = {"parameters": {}, "warnings": [], "beat_at": 0, "host": "", "pid": 1, "born": ""}
            status = rng.choice(["completed"] * 9 + ["failed"])
            rows.append(run | times | rest | {"name": f"run-{number}", "status": status})
            place = {"run_id": run["id"], "pipeline_id": run["pipeline_id"], "experiment_id": "", "format": "RAW"}
            values += [place | {"name": f"m{metric}", "value": rng.random()} for metric in range(METRICS)]
        with database.write() as connection:
            connection.execute(runs.insert(), rows)
            connection.execute(metrics.insert(), values)


def median_ms(call: Callable[[], object], times: int = 50) -> float:
    call()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        call()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken) * 1000


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        catalog = Catalog(f"sqlite:///{folder}/catalog.db")
        fill(catalog, count)
        page = catalog.runs.page
        second = page().next_cursor
        for title, call in {
            "first page": lambda: page(),
            "second page": lambda: page(cursor=second),
            "of one pipeline": lambda: page("p3"),
            "sorted by a metric": lambda: page(sort="-m1"),
            "metric filter, sorted by it": lambda: page(filter="m1 > 0.9", sort="-m1"),
            "status:failed": lambda: page(filter="status:failed"),
            "a rare metric value": lambda: page(filter="m1 > 0.9999"),
            "a text": lambda: page(filter="run-9999"),
        }.items():
            print(f"{title:30s} {median_ms(call):8.2f} ms")
        catalog.close()


if __name__ == "__main__":
    main()

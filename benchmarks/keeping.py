"""How long `jupyter viz du` and `jupyter viz gc --dry-run` take over 100,000 artifacts, beside coreutils' `du`.

    python benchmarks/keeping.py [ARTIFACTS]

Each artifact has two files in a local store; a thousand runs, SQLite. Prints seconds, the median of three, warm.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path

from jupyter_viz.catalog.tables import artifacts, runs, steps
from jupyter_viz.config import load_configuration
from jupyter_viz.keeping.sweep import Sweep
from jupyter_viz.keeping.usage import usage
from jupyter_viz.models import NewRun
from jupyter_viz.service import Service

RUNS = 1000


def fill(service: Service, count: int) -> None:
    catalog, store = service.catalog, service.store
    store.claim(catalog.id)
    run_ids = [catalog.recording.start_run(NewRun("churn", f"r{number}"))[0] for number in range(RUNS)]
    step_ids = [catalog.recording.start_step(run_id, "load", 0) for run_id in run_ids]
    with catalog._database.write() as connection:
        pipeline_id = connection.execute(runs.select()).first().pipeline_id  # type: ignore[union-attr]
        connection.execute(runs.update().values(status="completed"))
        connection.execute(steps.update().values(status="completed"))
    plain = {"kind": "text", "python_type": "str", "materializer": "m", "digest": "d", "columns": [], "created_at": 0}
    rows = []
    for number in range(count):
        run_id, artifact_id = run_ids[number % RUNS], str(uuid.uuid4())
        folder = store.artifact_folder(run_id, artifact_id)
        os.makedirs(folder)
        Path(folder, "data.txt").write_text("12345")
        Path(folder, "shown.html").write_text("<p>12345")
        place = {"step_id": step_ids[number % RUNS], "pipeline_id": pipeline_id, "uri": folder, "size": 5}
        rows.append({"id": artifact_id, "name": "n", "number": number, "version": number, **place, **plain})
    with catalog._database.write() as connection:
        connection.execute(artifacts.insert(), rows)


def median(call: Callable[[], object]) -> float:
    taken = []
    for _ in range(3):
        began = time.perf_counter()
        call()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        os.environ["JUPYTER_VIZ_HOME"] = folder
        service = Service(load_configuration())
        fill(service, count)
        catalog, store, config = service.catalog, service.store, service.config
        peer = median(lambda: subprocess.run(["du", "-sb", folder], check=True, stdout=subprocess.DEVNULL))
        print(f"{'du -sb':30s} {peer:6.2f} s")
        for title, call in {
            "jupyter viz du": lambda: usage(catalog, store, config),
            "jupyter viz gc --dry-run": lambda: list(Sweep(lambda: catalog, store, config, dry_run=True).run()),
        }.items():
            taken = median(call)
            print(f"{title:30s} {taken:6.2f} s   {taken / peer:.1f} times du")
        found = usage(catalog, store, config)
        assert found.pipelines[0].artifacts.count == count
        assert found.orphans.count == 0
        catalog.close()


if __name__ == "__main__":
    main()

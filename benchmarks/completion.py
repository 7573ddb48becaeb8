"""How long Tab takes on a `%viz` line over 100,000 runs: milliseconds until IPython has its completions.

    python benchmarks/completion.py [--runs N] [--catalog FILE] [--rounds N]

Median and most of the rounds in one IPython, after the first Tab of each kind, and that first one apart: it imports. A
catalog that FILE holds from the last time, of this or of `runs_page.py`, is used again.
"""

from __future__ import annotations

import argparse
import atexit
import os
import statistics
import sys
import tempfile
import time
import uuid
from pathlib import Path

import pandas as pd
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell
from runs_page import fill

from jupyter_viz.catalog import Catalog
from jupyter_viz.catalog.tables import artifacts, runs, steps
from jupyter_viz.notebook import completion, load_extension

ASKED = {
    "recipes": "%viz ro",
    "options": "%viz roc_curve p3@latest/scores --",
    "values": "%viz slicing_metrics p3@latest/scores --metric ",
    "columns": "%viz roc_curve p3@latest/scores --target ",
    "columns of a variable": "%viz histogram frame --column ",
    "pipelines": "%viz roc_curve p",
    "runs, newest": "%viz roc_curve p3@",
    "runs, by name": "%viz roc_curve p3@run-99",
    "runs, none": "%viz roc_curve p3@nothing",
    "metrics": "%viz roc_curve p3@highest(",
    "steps and artifacts": "%viz roc_curve p3@latest/",
    "steps and artifacts of a run": "%viz roc_curve p3@{run}/ev",
    "a line that is none of ours": "fra",
}


def add_artifact(catalog: Catalog) -> str:
    """An artifact with columns in the newest completed run of the pipeline asked for; gives the run's name."""
    page = catalog.runs.page("p3", limit=1, filter="status:completed")
    run = page.runs[0]
    with catalog._database.write() as connection:
        row = connection.execute(runs.select().where(runs.c.id == run.id)).one()
        if not connection.execute(steps.select().where(steps.c.run_id == run.id)).first():
            step = {"id": str(uuid.uuid4()), "run_id": run.id, "name": "evaluate", "position": 0, "parameters": {}}
            step |= {"status": "completed", "started_at": row.started_at, "ended_at": row.ended_at}
            connection.execute(steps.insert().values(**step))
            made = {"id": str(uuid.uuid4()), "step_id": step["id"], "pipeline_id": row.pipeline_id, "name": "scores"}
            made |= {
                "number": 0,
                "version": 1,
                "kind": "table",
                "python_type": "",
                "materializer": "",
                "uri": "/nowhere",
            }
            made |= {"size": 0, "digest": "", "rows": 1, "created_at": row.started_at}
            made |= {"columns": [{"name": "label", "type": "BIGINT"}, {"name": "score", "type": "DOUBLE"}]}
            connection.execute(artifacts.insert().values(**made))
    return run.name


def tab(shell: InteractiveShell, cell: str) -> tuple[float, int]:
    """(milliseconds, how many completions)"""
    began = time.perf_counter()
    with provisionalcompleter():
        found = list(shell.Completer.completions(cell, len(cell)))
    return (time.perf_counter() - began) * 1000, len(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=100_000)
    parser.add_argument("--catalog", type=Path)
    parser.add_argument("--rounds", type=int, default=30)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = chosen.catalog or Path(folder, "catalog.db")
        fresh = not path.exists()
        catalog = Catalog(f"sqlite:///{path}")
        if fresh:
            fill(catalog, chosen.runs)
        run = add_artifact(catalog)
        catalog.close()
        os.environ |= {"JUPYTER_VIZ_HOME": folder, "JUPYTER_VIZ_CATALOG": f"sqlite:///{path}", "IPYTHONDIR": folder}
        os.chdir(folder)
        completion._SECONDS = 60.0  # what it takes, not when it is given up
        shell = InteractiveShell.instance()
        shell.history_manager.enabled = False
        load_extension(shell)
        shell.user_ns["frame"] = pd.DataFrame({"age": [1], "income": [2]})
        print(f"{'':32} {'first':>8} {'median':>8} {'most':>8}  completions")
        for title, cell in ASKED.items():
            cell = cell.format(run=run)
            first, _ = tab(shell, cell)
            times = [tab(shell, cell) for _ in range(chosen.rounds)]
            each = [milliseconds for milliseconds, _ in times]
            print(f"{title:32} {first:8.1f} {statistics.median(each):8.1f} {max(each):8.1f}  {times[0][1]}")
        shell.history_manager.end_session()
        atexit.unregister(shell.atexit_operations)
        os.chdir("/")


if __name__ == "__main__":
    sys.exit(main())

"""From `pip install` to the right picture of a run that was there before, for each system; in seconds.

    python -m benchmarks.first_picture mlflow=PYTHON zenml=PYTHON kfp=PYTHON

Each PYTHON is an interpreter that has the system's library: it makes a run, as in `tests/browser/made`. In a new
environment that has JupyterLab, jupyter_viz is installed from its wheel. Then for each system: its runs are brought in
by the command, and a notebook with two cells is executed in a new kernel. What people need to read and type is not
counted. The last columns are the AUC in the picture and scikit-learn's.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

ROOT = Path(__file__).parents[1]
MADE = ROOT / "tests" / "browser" / "made"
SCORES = """
from jupyter_viz.client import Client
[run] = Client().list_pipeline_runs()
run = Client().get_pipeline_run(run.id)
tables = [each.address for each in run.outputs.values() if each.kind.value == "table"]
print(next((address for address in tables if "scores" in address), tables[0]))
"""


def main(words: list[str]) -> None:
    interpreters = dict(word.split("=", 1) for word in words)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        table, auc = _scores(place)
        _run(sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", place, ROOT)
        [wheel] = place.glob("*.whl")
        _run(sys.executable, "-m", "venv", place / "venv")
        python = place / "venv" / "bin" / "python"
        pip = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        _run(*pip, "jupyterlab")
        installed, _ = _timed(lambda: _run(*pip, wheel))
        print(
            f"pip install: {installed:.1f} s\n\n| runs of | sync | notebook | from pip install | AUC | scikit-learn |"
        )
        print("|---|---|---|---|---|---|")
        for system in (*interpreters, "folder"):
            home = place / system
            home.mkdir()
            environment = os.environ | {
                "JUPYTER_VIZ_HOME": str(home / "viz"),
                "ZENML_CONFIG_PATH": str(home / "zenml"),
                "ZENML_ANALYTICS_OPT_IN": "false",
            }
            location = _made(system, interpreters.get(system), home, table, environment)
            command = [python.with_name("jupyter"), "viz", "sync", system, location]
            command += ["--python", interpreters[system]] if system in ("mlflow", "zenml") else []
            synced, _ = _timed(lambda: _run(*command, environment=environment))  # noqa: B023 — called at once
            address = _run(python, "-c", SCORES, environment=environment).strip()
            drawn, seen = _timed(lambda: _drawn(python, home, address, environment))  # noqa: B023
            total = installed + synced + drawn
            print(f"| {system} | {synced:.1f} | {drawn:.1f} | {total:.0f} s | {seen:.3f} | {auc:.3f} |", flush=True)


def _scores(place: Path) -> tuple[Path, float]:
    random = np.random.default_rng(7)
    label = random.integers(0, 2, 500)
    score = (label * 0.4 + random.random(500)).round(4)
    pd.DataFrame({"label": label, "score": score}).to_csv(place / "scores.csv", index=False)
    return place / "scores.csv", float(roc_auc_score(label, score))


def _made(system: str, python: str | None, home: Path, table: Path, environment: dict[str, str]) -> str:
    """Where a run is that the system has made."""
    if system == "folder":
        (home / "results" / "first").mkdir(parents=True)
        (home / "results" / "first" / "scores.csv").write_bytes(table.read_bytes())
        return str(home / "results")
    words = [] if system == "zenml" else [str(home)]
    _run(str(python), MADE / f"of_{system}.py", *words, table, environment=environment, folder=home)
    places = {"mlflow": f"sqlite:///{home}/mlflow.db", "zenml": str(home / "zenml"), "kfp": f"{home}/local_outputs"}
    return places[system]


def _drawn(python: Path, home: Path, address: str, environment: dict[str, str]) -> float:
    """The AUC that a notebook shows."""
    cells = ["%load_ext jupyter_viz", f"%viz roc_curve {address} --target label --score score --out result"]
    code = [*cells, "result.metrics"]
    notebook = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
        "cells": [
            {
                "id": str(at),
                "cell_type": "code",
                "source": source,
                "metadata": {},
                "outputs": [],
                "execution_count": None,
            }
            for at, source in enumerate(code)
        ],
    }
    (home / "look.ipynb").write_text(json.dumps(notebook))
    words = ("nbconvert", "--to", "notebook", "--execute", "--inplace", home / "look.ipynb")
    _run(python.with_name("jupyter"), *words, environment=environment)
    [*_, last] = json.loads((home / "look.ipynb").read_text())["cells"]
    shown = "".join(last["outputs"][0]["data"]["text/plain"])
    return float(shown.partition("'auc': ")[2].split(",")[0].rstrip("}"))


def _timed(call: Callable[[], object]) -> tuple[float, object]:
    begun = time.perf_counter()
    found = call()
    return time.perf_counter() - begun, found


def _run(*words: object, environment: dict[str, str] | None = None, folder: Path = ROOT) -> str:
    command = [str(word) for word in words]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=folder, check=False)
    if done.returncode:
        raise SystemExit(f"$ {' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    main(sys.argv[1:])

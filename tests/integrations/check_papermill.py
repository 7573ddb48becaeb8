"""papermill: notebooks that it executed, each in a folder of its own, become runs."""

from __future__ import annotations

from pathlib import Path

import nbformat
import papermill
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from neighbour import FRAME

from jupyter_viz import visualize
from jupyter_viz.client import Client
from jupyter_viz.config import load_configuration
from jupyter_viz.connectors.places import Place
from jupyter_viz.connectors.sync import Summary, sync
from jupyter_viz.enums import RunStatus
from jupyter_viz.service import Service

CELLS = [
    "C = 1.0\nfolder = ''",
    "import csv, json",
    "json.dump({'auc': C}, open(folder + '/metrics.json', 'w'))",
    "assert C < 1, 'C is too large'",
]


def _execute(home: Path, name: str, C: float) -> None:
    cells = [new_code_cell(cell) for cell in CELLS]
    cells[0].metadata["tags"] = ["parameters"]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), home / "train.ipynb")
    folder = home / "results" / name
    folder.mkdir(parents=True)
    FRAME.to_csv(folder / "scores.csv", index=False)
    words = {"C": C, "folder": str(folder)}
    papermill.execute_notebook(str(home / "train.ipynb"), str(folder / "train.ipynb"), words, progress_bar=False)


def _sync(home: Path) -> Summary:
    service = Service(load_configuration())
    return sync(service.catalog, service.store, Place("folder", str(home / "results")), "default")


def test_executed_notebooks_are_runs(home: Path) -> None:
    """With parameters, metrics, times, files; one that failed says why."""
    _execute(home, "small", 0.5)
    with pytest.raises(papermill.PapermillExecutionError):
        _execute(home, "large", 2.0)
    assert str(_sync(home)) == "2 new, 0 updated, 0 unchanged, 0 removed"
    small, large = (Client().get_pipeline_run(f"results@{name}") for name in ("small", "large"))
    assert (small.status, large.status) == (RunStatus.COMPLETED, RunStatus.FAILED)
    assert small.parameters["C"] == 0.5
    assert small.metrics["auc"].value == 0.5
    assert "C is too large" in str(large.error)
    assert small.ended_at > small.started_at
    result = visualize("roc_curve", "results@small/scores.csv", target="label", score="score")
    assert result.metrics["auc"] == pytest.approx(0.75)
    assert str(_sync(home)) == "0 new, 0 updated, 2 unchanged, 0 removed"

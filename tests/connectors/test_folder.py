"""`jupyter viz sync folder PATH`, as anybody can begin."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from jupyter_viz import load, visualize
from jupyter_viz.cli import main
from jupyter_viz.client import Client
from jupyter_viz.enums import ArtifactKind, RunStatus


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two runs of a script and what lies beside them."""
    root = tmp_path / "results"
    for number, rows in enumerate(("0,0.1\n1,0.9\n0,0.4\n1,0.3\n", "0,0.1\n1,0.9\n0,0.2\n1,0.3\n"), 1):
        run = root / f"run {number}"
        (run / "eval").mkdir(parents=True)
        (run / "eval" / "scores.csv").write_text("label,p\n" + rows)
        (run / "metrics.json").write_text(f'{{"auc": {number}, "test": {{"loss": 0.5, "by": "x"}}, "bad": NaN}}')
        (run / "params.json").write_text('{"C": 0.5, "solver": {"name": "lbfgs"}}')
        (run / "notes.md").write_text("**good**")
        (run / ".hidden").write_text("x")
        os.symlink("/etc/passwd", run / "link.txt")
    (root / "loose.txt").write_text("of no run")
    (root / ".git").mkdir()
    return root


def _notebook(path: Path, **papermill: Any) -> None:
    error = {"output_type": "error", "ename": "ValueError", "evalue": "no rows", "traceback": []}
    cells = [{"cell_type": "code", "outputs": [error]}]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"cells": cells, "metadata": {"papermill": papermill}}))


def test_each_folder_is_a_run(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sync", "folder", str(folder)]) == 0
    said = capsys.readouterr().out
    assert said == "2 new, 0 updated, 0 unchanged, 0 removed\nskipped 2: nan is not a finite number\n"
    run = Client().get_pipeline_run("results@run%201")
    assert run.parameters == {"C": 0.5, "solver/name": "lbfgs"}
    assert {name: metric.value for name, metric in run.metrics.items()} == {"auc": 1, "test/loss": 0.5}
    assert set(run.outputs) == {"eval/scores.csv", "metrics.json", "params.json", "notes.md"}
    assert load("results@run%201/notes.md") == "**good**"
    for number, auc in ((1, 0.75), (2, 1.0)):
        result = visualize("roc_curve", f"results@run%20{number}/eval%2Fscores.csv", target="label", score="p")
        assert result.metrics["auc"] == pytest.approx(auc)


def test_what_changes_there_changes_here(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["sync", "folder", str(folder)])
    (folder / "run 1" / "metrics.json").write_text('{"auc": 0.125}')
    (folder / "run 2").rename(folder / "run 3")
    capsys.readouterr()
    assert main(["sync", "folder", str(folder)]) == 0
    assert capsys.readouterr().out.startswith("1 new, 1 updated, 0 unchanged, 1 removed\n")
    assert Client().get_pipeline_run("results@run%201").metrics["auc"].value == 0.125
    main(["sync", "folder", str(folder), "--python", sys.executable])
    assert capsys.readouterr().out == "0 new, 0 updated, 2 unchanged, 0 removed\n"


def test_notebooks_that_papermill_executed(folder: Path) -> None:
    times = {"start_time": "2026-01-31T10:00:00.5+00:00", "end_time": "2026-01-31T10:01:00"}
    _notebook(folder / "a" / "out.ipynb", parameters={"alpha": 2}, exception=None, **times)
    _notebook(folder / "b" / "out.ipynb", parameters={"alpha": 3}, exception=True, **times)
    (folder / "c").mkdir()
    (folder / "c" / "out.ipynb").write_text("{")
    (folder / "c" / "metrics.json").write_text("[1]")
    assert main(["sync", "folder", str(folder), "--project", "notes"]) == 0
    done, failed, broken = (Client().get_pipeline_run(f"notes::results@{name}") for name in "abc")
    assert (done.status, done.parameters) == (RunStatus.COMPLETED, {"alpha": 2})
    assert done.started_at.isoformat() == "2026-01-31T10:00:00.500000+00:00"
    assert (failed.status, failed.error) == (RunStatus.FAILED, "ValueError: no rows")
    assert failed.outputs["out.ipynb"].kind is ArtifactKind.JSON
    assert set(broken.outputs) == {"metrics.json", "out.ipynb"}


def test_no_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sync", "folder", str(tmp_path / "nothing")]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"jupyter viz: {tmp_path}/nothing can't be read: FileNotFoundError")
    assert main(["sync", "folder", str(tmp_path), "--python", "/no/python"]) == 1
    assert "'/no/python' can't be started: No such file or directory." in capsys.readouterr().err
    assert main(["sync", "floder", str(tmp_path)]) == 1
    assert "Did you mean 'folder'?" in capsys.readouterr().err

"""Who has runs elsewhere and none here gets to them from the panel."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from jupyter_viz import Creator
from jupyter_viz.client import Client
from jupyter_viz.connectors import found


@pytest.fixture
def outputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What `kfp.local` left in the notebook's folder; nothing else is on this machine."""
    task = tmp_path / "local_outputs" / "training-2026-11-26-02-33-14-937539" / "judge"
    task.mkdir(parents=True)
    (task / "executor_output.json").write_text(json.dumps({"parameterValues": {"auc": 0.75}}))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JUPYTER_VIZ_HOME", str(tmp_path / "viz"))
    monkeypatch.setattr(found, "zenml_folder", lambda environ: tmp_path / "nowhere")
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    return tmp_path / "local_outputs"


def _shown(panel: Creator) -> str:
    return " ".join(
        str(each.value)
        for row in panel.found.children
        for each in getattr(row, "children", (row,))
        if hasattr(each, "value")
    )


def test_what_is_found_is_offered_and_connected(outputs: Path) -> None:
    panel = Creator()
    panel.found.look()
    assert panel.wait(20)
    assert str(outputs) in _shown(panel)
    assert Client().list_pipeline_runs() == [], "nothing is read before somebody says so"
    panel.found.children[1].children[0].click()
    assert panel.wait(60)
    assert "1 new" in _shown(panel)
    assert [run.pipeline for run in Client().list_pipeline_runs()] == ["training"]
    assert ("training", "training") in panel.browse.pipeline.options
    assert panel.browse.layout.display != "none"
    panel.close()


def test_where_runs_are_nothing_is_offered(recorded_home: Any) -> None:
    panel = Creator()
    panel.found.look()
    assert panel.wait(20)
    assert panel.found.layout.display == "none"
    panel.close()

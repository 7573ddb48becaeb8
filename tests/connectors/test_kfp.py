"""What `kfp.local` and Kubeflow's v1 leave in folders, laid out as seen of the real ones, becomes runs.

`check_kfp` in tests/integrations has the real package make some.
"""

from __future__ import annotations

import io
import json
import os
import tarfile
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from jupyter_viz import load, visualize
from jupyter_viz.client import Client
from jupyter_viz.config import load_configuration
from jupyter_viz.connectors.places import Place
from jupyter_viz.connectors.process import Connector
from jupyter_viz.connectors.sync import Summary, sync
from jupyter_viz.enums import RunStatus
from jupyter_viz.errors import ConnectorFailed, StoreUnavailable
from jupyter_viz.service import Service

RUN = "training-2026-11-26-02-33-14-937539"
CURVE = {
    "confidenceMetrics": [
        {"confidenceThreshold": 1.0, "recall": 0.0, "falsePositiveRate": 0.0},
        {"confidenceThreshold": 0.5, "recall": 0.8, "falsePositiveRate": 0.5},
        {"confidenceThreshold": 0.0, "recall": 1.0, "falsePositiveRate": 1.0},
    ]
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "local_outputs"
    root.mkdir()
    return root


def _task(folder: Path, files: dict[str, bytes], metadata: dict[str, Any], values: dict[str, Any]) -> None:
    folder.mkdir(parents=True)
    artifacts = {}
    for name in (*files, *metadata):
        if name in files:
            (folder / name).write_bytes(files[name])
        about = {"name": name, "uri": str(folder / name), "metadata": metadata.get(name, {})}
        artifacts[name] = {"artifacts": [about]}
    result = {"parameterValues": values, "artifacts": artifacts}
    (folder / "executor_output.json").write_text(json.dumps(result))


def _sync(root: Path) -> Summary:
    service = Service(load_configuration())
    return sync(service.catalog, service.store, Place("kfp", str(root)), "default")


def _age(root: Path, seconds: float) -> None:
    for path in [*root.rglob("*"), root]:
        os.utime(path, (time.time() - seconds,) * 2)


def test_a_local_run_with_its_tasks(root: Path) -> None:
    table = b"label,p\n0,0.1\n1,0.9\n0,0.4\n1,0.3\n"
    _task(root / RUN / "data", {"scores": table}, {}, {})
    _task(
        root / RUN / "judge",
        {
            "report": b" <b>hello</b>",
            "note": "# été".encode(),
            "words": "plain wörds".encode(),
            "blob": b"\x00\xff\x80",
        },
        {"roc": CURVE, "metrics": {"accuracy": 0.9, "name": "best"}},
        {"Output": 0.75, "n": 3, "best": True, "label": "x"},
    )
    for iteration in (0, 1):
        _task(root / RUN / f"for-loop-2-iteration-{iteration}" / "fit", {}, {"metrics": {"loss": iteration}}, {})
    assert str(_sync(root)) == "1 new, 0 updated, 0 unchanged, 0 removed"
    run = Client().get_pipeline_run("training@latest")
    assert run.status is RunStatus.COMPLETED
    assert run.name == RUN.removeprefix("training-")
    assert {name: metric.value for name, metric in run.metrics.items()} == {
        "accuracy": 0.9,
        "judge": 0.75,
        "n": 3.0,
        "for-loop-2-iteration-0/fit/loss": 0.0,
        "for-loop-2-iteration-1/fit/loss": 1.0,
    }
    assert set(run.steps) == {"data", "judge", "for-loop-2-iteration-0/fit", "for-loop-2-iteration-1/fit"}
    kinds = {name: each.kind.value for name, each in run.outputs.items()}
    assert kinds == {
        "scores": "table",
        "report": "html",
        "note": "markdown",
        "words": "text",
        "blob": "binary",
        "roc": "json",
    }
    scores = "training@latest/data/scores"
    assert visualize("roc_curve", scores, target="label", score="p").metrics["auc"] == pytest.approx(0.75)
    assert load("training@latest/judge/roc") == CURVE
    # By hand: 0.5 · 0.8 / 2 + 0.5 · (0.8 + 1) / 2
    drawn = visualize("classification_metrics", "training@latest/judge/roc")
    assert drawn.metrics["auc"] == pytest.approx(0.65)
    assert str(_sync(root)) == "0 new, 0 updated, 1 unchanged, 0 removed"


def test_a_parquet_without_an_ending_is_a_table(root: Path, tmp_path: Path) -> None:
    frame = pd.DataFrame({"label": [0, 1], "p": [0.1, 0.9]})
    frame.to_parquet(tmp_path / "f.parquet")
    _task(root / RUN / "data", {"scores": (tmp_path / "f.parquet").read_bytes()}, {}, {})
    _sync(root)
    pd.testing.assert_frame_equal(load("training@latest/data/scores"), frame)


def test_a_task_without_a_result_runs_and_then_has_failed(root: Path) -> None:
    _task(root / RUN / "data", {"scores": b"a\n1\n"}, {}, {})
    (root / RUN / "fit").mkdir()
    _sync(root)
    run = Client().get_pipeline_run("training@newest")
    assert (run.status, run.ended_at) == (RunStatus.RUNNING, None)
    assert _sync(root).unchanged == 1
    _age(root, 3600)
    _sync(root)
    run = Client().get_pipeline_run("training@newest")
    assert run.status is run.steps["fit"].status is RunStatus.FAILED
    assert run.ended_at is not None
    assert _sync(root).unchanged == 1


def test_a_run_that_is_removed_there_goes_here(root: Path) -> None:
    for name in (RUN, RUN.replace("14", "15")):
        _task(root / name / "data", {"scores": b"a\n1\n"}, {}, {})
    assert _sync(root).new == 2
    (root / RUN).rename(root.parent / "away")
    assert str(_sync(root)) == "0 new, 0 updated, 1 unchanged, 1 removed"
    assert (root.parent / "away").exists()


def _tgz(path: Path, name: str, data: bytes) -> None:
    with tarfile.open(path, "w:gz") as archive:
        about = tarfile.TarInfo(name)
        about.size = len(data)
        archive.addfile(about, io.BytesIO(data))


def test_v1_as_its_artifact_store_keeps_it(root: Path) -> None:
    pod = root / "churn-x7k2p" / "churn-x7k2p-123"
    pod.mkdir(parents=True)
    metrics = {"metrics": [{"name": "accuracy-score", "numberValue": 0.9, "format": "PERCENTAGE"}]}
    _tgz(pod / "mlpipeline-metrics.tgz", "mlpipeline-metrics.json", json.dumps(metrics).encode())
    shown = {"outputs": [{"type": "markdown", "storage": "inline", "source": "# shown"}]}
    (pod / "mlpipeline-ui-metadata.json").write_text(json.dumps(shown))
    _tgz(pod / "scores.csv.tgz", "data", b"label,p\n0,0.1\n1,0.9\n")
    assert str(_sync(root)) == "1 new, 0 updated, 0 unchanged, 0 removed"
    run = Client().get_pipeline_run("churn@churn-x7k2p")
    assert run.metrics["accuracy-score"].value == 0.9
    assert run.metrics["accuracy-score"].format.value == "PERCENTAGE"
    step = "churn-x7k2p-123"
    assert set(run.steps) == {step}
    assert len(load(f"churn@latest/{step}/scores.csv")) == 2
    result = visualize("kubeflow_output", f"churn@latest/{step}/mlpipeline-ui-metadata.json")
    assert "shown" in result.to_html()
    assert load(f"churn@latest/{step}/mlpipeline-metrics") == metrics


@pytest.mark.parametrize("data", [b"", b"no archive", b"\x1f\x8b broken"])
def test_a_broken_archive_is_listed_and_says_so(root: Path, data: bytes) -> None:
    pod = root / "churn-x7k2p" / "pod"
    pod.mkdir(parents=True)
    (pod / "mlpipeline-metrics.tgz").write_bytes(data)
    _sync(root)
    with pytest.raises(StoreUnavailable, match="mlpipeline-metrics"):
        load("churn@latest/pod/mlpipeline-metrics")


def test_what_is_fetched_lies_in_the_folder(root: Path, tmp_path: Path) -> None:
    """Whatever a path in the catalog says."""
    _tgz(tmp_path / "secret.tgz", "secret", b"x")
    (root / "link.tgz").symlink_to(tmp_path / "secret.tgz")
    for uri in ("tgz/../secret.tgz", f"tgz/{tmp_path}/secret.tgz", "tgz/link.tgz"):
        with pytest.raises(ConnectorFailed, match="is not in"):
            Connector(Place("kfp", str(root))).fetch(uri, tmp_path / "to")
    assert not (tmp_path / "to").exists()


def test_a_check_counts(root: Path, tmp_path: Path) -> None:
    (root / RUN).mkdir()
    assert Connector(Place("kfp", str(root))).check() == f"1 run in {root}"

"""ZenML: our package moves in beside it, and both run pipelines in one process."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import pandas as pd
import pytest
import s3fs
import yaml
import zenml
from neighbour import FRAME, recorded_and_seen

os.environ.update(ZENML_ANALYTICS_OPT_IN="false", ZENML_LOGGING_VERBOSITY="WARN")

from zenml import Model, log_metadata, pipeline, step
from zenml.client import Client
from zenml.config.global_config import GlobalConfiguration
from zenml.types import HTMLString, MarkdownString

from jupyter_viz import client as ours
from jupyter_viz import load, visualize
from jupyter_viz.config import load_configuration
from jupyter_viz.connectors.places import Place
from jupyter_viz.connectors.process import Connector
from jupyter_viz.enums import RunStatus
from jupyter_viz.models import Principal
from jupyter_viz.service import Service

JUPYTER_VIZ = [sys.executable, "-c", "import sys; from jupyter_viz.cli import main; sys.exit(main())"]


# ZenML finds a step again by the name of its module.
@step(enable_cache=False)
def theirs() -> int:
    return 5


@pipeline
def their_pipeline() -> None:
    theirs()


@pytest.fixture(autouse=True)
def folder(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """ZenML's configuration and store of this test alone; it keeps what it read at first."""
    monkeypatch.setenv("ZENML_CONFIG_PATH", str(home / "zenml"))
    GlobalConfiguration._reset_instance()
    Client._reset_instance()
    return home / "zenml"


def test_both_run_pipelines() -> None:
    their_pipeline()
    [run] = Client().list_pipeline_runs().items
    recorded_and_seen(lambda: run.steps["theirs"].output.load())
    assert load("churn@latest/extra") == 5


class Unpickled:
    """An artifact that only a pickle holds: whoever loads it, leaves a trace."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (os.environ["TRACE"],)


@step(enable_cache=False)
def scored() -> Annotated[pd.DataFrame, "scores"]:
    return FRAME


@step(enable_cache=False)
def judge(
    scores: pd.DataFrame, threshold: float
) -> tuple[
    Annotated[float, "auc"],
    Annotated[HTMLString, "report"],
    Annotated[MarkdownString, "note"],
    Annotated[dict[str, int], "settings"],
]:
    log_metadata({"threshold": threshold, "losses": {"val": 0.25}, "best": True})
    return 0.75, HTMLString("<b>made by ZenML</b>"), MarkdownString("**note**"), {"a": 1}


@step(enable_cache=False)
def broken() -> None:
    raise ValueError("no luck")


@pipeline(model=Model(name="credit"), tags=["nightly"])
def training(C: float = 0.5) -> None:
    judge(scored(), threshold=0.5)


@pipeline
def failing() -> None:
    broken()


def _sync(folder: Path) -> str:
    done = subprocess.run([*JUPYTER_VIZ, "sync", "zenml", str(folder)], capture_output=True, text=True, timeout=170)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_runs_of_zenml_become_the_right_picture(folder: Path) -> None:
    """Steps, outputs, metadata, what ZenML saved to show; a failed step says why; deletions are followed."""
    training()
    with pytest.raises(RuntimeError, match="broken"):
        failing()
    assert "2 runs in project 'default'" in Connector(Place("zenml", str(folder))).check()
    assert _sync(folder) == "2 new, 0 updated, 0 unchanged, 0 removed"

    run = ours.Client().get_pipeline_run("training@latest")
    assert run.status is RunStatus.COMPLETED
    assert (run.model, run.tags, run.parameters) == ("credit", ("nightly",), {"C": 0.5})
    assert {name: metric.value for name, metric in run.metrics.items()} == {
        "auc": 0.75,
        "threshold": 0.5,
        "losses/val": 0.25,
    }
    assert run.steps["judge"].parameters == {"threshold": 0.5}
    kinds = {name: each.kind.value for name, each in run.outputs.items()}
    assert kinds == {"scores": "table", "auc": "json", "report": "html", "note": "markdown", "settings": "json"}
    result = visualize("roc_curve", "training@latest/scored/scores", target="label", score="score")
    assert result.metrics["auc"] == pytest.approx(0.75)
    pd.testing.assert_frame_equal(load("training@latest/scored/scores"), FRAME)
    assert load("training@latest/judge/settings") == {"a": 1}

    service = Service(load_configuration())
    shown = {each.name: each for each in service.visualizations_of(Principal(), run.outputs["report"].id)}
    assert b"made by ZenML" in service.content(Principal(), shown["output.html"].id)[1]
    sample = {each.format.value for each in service.visualizations_of(Principal(), run.outputs["scores"].id)}
    assert sample == {"csv"}

    failed = ours.Client().get_pipeline_run("failing@newest")
    assert failed.status is failed.steps["broken"].status is RunStatus.FAILED
    assert "no luck" in str(failed.steps["broken"].error)

    assert _sync(folder) == "0 new, 0 updated, 2 unchanged, 0 removed"
    [theirs] = [each for each in Client().list_pipeline_runs().items if each.name.startswith("failing")]
    Client().delete_pipeline_run(theirs.id)
    assert _sync(folder) == "0 new, 0 updated, 1 unchanged, 1 removed"
    training()
    assert _sync(folder).startswith("1 new")


@step(enable_cache=False)
def pickled() -> Annotated[Unpickled, "object"]:
    return Unpickled()


@pipeline
def pickling() -> None:
    pickled()


def test_nothing_is_unpickled(home: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACE", str(home / "trace"))
    pickling()
    assert _sync(folder).startswith("1 new")
    outputs = ours.Client().get_pipeline_run("pickling@latest").outputs
    [pickle] = [each for name, each in outputs.items() if name.endswith(".pkl")]
    assert pickle.kind.value == "binary"
    assert isinstance(load(pickle.address), bytes)
    assert not (home / "trace").exists()


@pytest.fixture
def server(home: Path) -> Iterator[str]:
    """ZenML's own server."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"ZENML_CONFIG_PATH": str(home / "server"), "ZENML_SERVER_AUTO_ACTIVATE": "1"}
    words = [sys.executable, "-m", "uvicorn", "zenml.zen_server.zen_server_api:app", "--port", str(port)]
    with (home / "server.log").open("wb") as log:
        process = subprocess.Popen(words, stdout=log, stderr=log, env=environment)
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 100
        while time.monotonic() < deadline and process.poll() is None:
            try:
                urllib.request.urlopen(f"{address}/health", timeout=5).close()
                break
            except OSError:
                time.sleep(0.2)
        yield address
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def endpoint(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An S3 server, run by the interpreter that our own tests have: it needs packages that ZenML does not live with."""
    root = Path(__file__).parents[2]
    (home / "s3").mkdir()
    words = [str(root / ".venv/bin/python"), str(root / "tests/object_store_server.py"), str(home / "s3"), "0"]
    process = subprocess.Popen([*words, "team:ann:secret-of-ann"], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    address = f"http://127.0.0.1:{int(process.stdout.readline())}"
    try:
        yield address
    finally:
        process.kill()
        process.wait()


def test_a_server_and_a_store_that_only_zenml_reads(
    home: Path, server: str, endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Runs, bytes in a bucket of a stack that is not active here, what is pinned; a key that is refused says so."""
    there = os.environ | {
        "ZENML_CONFIG_PATH": str(home / "theirs"),
        "ZENML_STORE_URL": server,
        "ZENML_STORE_USERNAME": "default",
        "ZENML_STORE_PASSWORD": "",
        "AWS_ACCESS_KEY_ID": "team:ann",
        "AWS_SECRET_ACCESS_KEY": "secret-of-ann",
    }
    s3fs.S3FileSystem(key="team:ann", secret="secret-of-ann", endpoint_url=endpoint).mkdir("zenml-bucket")
    script = str(Path(__file__).with_name("zenml_served.py"))
    done = subprocess.run(
        [sys.executable, script, endpoint, "zenml-bucket"], env=there, capture_output=True, text=True, timeout=200
    )
    assert done.returncode == 0, done.stderr
    key = done.stdout.rpartition("KEY ")[2].strip()

    refused = subprocess.run([*JUPYTER_VIZ, "sync", "zenml", server], capture_output=True, text=True, timeout=100)
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"jupyter viz: {server} can't be read: ")
    assert "Traceback" not in refused.stderr
    monkeypatch.setenv("ZENML_STORE_API_KEY", key)
    assert _sync(server) == "1 new, 0 updated, 0 unchanged, 0 removed"
    assert _sync(server) == "0 new, 0 updated, 1 unchanged, 0 removed"
    address = "training@latest/scored/scores"
    assert visualize("roc_curve", address, target="label", score="score").metrics["auc"] == pytest.approx(0.75)
    run = ours.Client().get_pipeline_run("training@latest")
    assert run.snapshot().packages["zenml"] == zenml.__version__
    assert run.snapshot().configuration["model"]["name"] == "credit"
    service = Service(load_configuration())
    [shown, *_] = service.visualizations_of(Principal(), run.outputs["scores"].id)
    assert b"label" in service.saved_bytes(service.catalog.visualizations.get(Principal(), shown.id))
    with sqlite3.connect(home / "viz" / "catalog.db") as connection:
        pinned = connection.execute("SELECT display_name, display_order FROM curated_visualizations").fetchall()
    assert set(pinned) == {
        ("of the pipeline", 0),
        ("of the pipeline_run", 1),
        ("of the pipeline_snapshot", 2),
        ("of the model", 3),
    }
    assert key.encode() not in b"".join(path.read_bytes() for path in (home / "viz").rglob("*") if path.is_file())


def test_two_projects(folder: Path) -> None:
    """Pipelines of one name in two projects stay two."""
    training()
    Client().create_project("second", "the second")
    Client().set_active_project("second")
    training()
    assert _sync(folder).startswith("2 new")
    runs = ours.Client().list_pipeline_runs()
    assert sorted((run.project, run.pipeline) for run in runs) == [("default", "training"), ("second", "training")]


def test_a_login_to_another_server_removes_no_run(folder: Path, server: str) -> None:
    """The folder of ZenML's configuration leads to another store then."""
    training()
    assert _sync(folder).startswith("1 new")
    configuration = folder / "config.yaml"
    before = configuration.read_text()
    told = yaml.safe_load(before)
    told["store"] = {"type": "rest", "url": server, "username": "default", "password": ""}
    configuration.write_text(yaml.safe_dump(told))
    for _ in range(2):
        done = subprocess.run([*JUPYTER_VIZ, "sync", "zenml", str(folder)], capture_output=True, text=True, timeout=100)
        assert "removed" not in done.stdout or "0 removed" in done.stdout
        assert [run.name for run in ours.Client().list_pipeline_runs(filter="pipeline:training")]
    configuration.write_text(before)
    assert _sync(folder) == "0 new, 0 updated, 1 unchanged, 0 removed"


def test_what_is_no_zenml_is_a_sentence(home: Path) -> None:
    done = subprocess.run([*JUPYTER_VIZ, "sync", "zenml", str(home)], capture_output=True, text=True, timeout=100)
    assert done.returncode == 1
    assert "has no config.yaml of ZenML" in done.stderr
    assert "Traceback" not in done.stderr

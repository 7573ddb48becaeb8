"""MLflow: our package moves in beside it, both record in one process, and its runs are brought into our catalog."""

from __future__ import annotations

import os
import runpy
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import mlflow
import pandas as pd
import pytest
from mlflow import MlflowClient
from mlflow.entities import Metric
from neighbour import FRAME, recorded_and_seen
from proxied import proxied

from jupyter_viz import load, visualize
from jupyter_viz.client import Client
from jupyter_viz.connectors.places import Place
from jupyter_viz.connectors.process import Connector, connector_file
from jupyter_viz.enums import ArtifactKind, RunStatus
from jupyter_viz.errors import StoreUnavailable

JUPYTER_VIZ = [sys.executable, "-c", "import sys; from jupyter_viz.cli import main; sys.exit(main())"]


def _sync(uri: str) -> str:
    done = subprocess.run([*JUPYTER_VIZ, "sync", "mlflow", uri], capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_step_logs_to_mlflow_too(home: Path) -> None:
    mlflow.set_tracking_uri(f"sqlite:///{home}/mlflow.db")

    def inside() -> str:
        with mlflow.start_run() as run:
            mlflow.log_metric("auc", 0.75)
        return str(run.info.run_id)

    recorded_and_seen(inside)
    with sqlite3.connect(home / "mlflow.db") as connection:
        logged = connection.execute("select run_uuid, key, value from metrics").fetchall()
    assert logged == [(load("churn@latest/extra"), "auc", 0.75)]


@pytest.fixture(params=["database", "folder"])
def uri(request: pytest.FixtureRequest, home: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The tracking URI of an empty store of each kind."""
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    uri = f"sqlite:///{home}/mlflow.db" if request.param == "database" else (home / "runs").as_uri()
    mlflow.set_tracking_uri(uri)
    return uri


def _logged(name: str, frame: pd.DataFrame, folder: Path) -> str:
    """A run with a table; returns its id there."""
    path = folder / "scores.csv"
    frame.to_csv(path, index=False)
    with mlflow.start_run(run_name=name) as run:
        mlflow.log_params({"C": 0.5, "solver": "lbfgs"})
        mlflow.log_metrics({"auc": 0.75, "val/loss": 0.2})
        mlflow.log_metric("broken", float("nan"))
        mlflow.log_metric("endless", float("inf"))
        mlflow.set_tag("stage", "nightly")
        mlflow.log_artifact(str(path), "eval")
        mlflow.log_dict({"a": [1]}, "settings.json")
    return str(run.info.run_id)


def test_a_run_of_mlflow_becomes_the_right_picture(uri: str, home: Path) -> None:
    mlflow.set_experiment("credit é/1")
    _logged("first", FRAME, home)
    flipped = FRAME.assign(score=1 - FRAME["score"])
    second = _logged("second", flipped, home)
    said = _sync(uri)
    assert said.splitlines()[0] == "2 new, 0 updated, 0 unchanged, 0 removed"
    assert said.count("is not a finite number") == 2

    address = "credit%20é%2F1@{}/eval%2Fscores.csv"
    for name, auc in (("first", 0.75), ("second", 0.25)):
        result = visualize("roc_curve", address.format(name), target="label", score="score")
        assert result.metrics["auc"] == pytest.approx(auc)
    pd.testing.assert_frame_equal(load(address.format("second")), flipped)
    assert load("credit%20é%2F1@second/settings.json") == {"a": [1]}

    run = Client().get_pipeline_run("credit%20é%2F1@second")
    assert run.status is RunStatus.COMPLETED
    assert run.parameters == {"C": 0.5, "solver": "lbfgs"}
    assert {name: metric.value for name, metric in run.metrics.items()} == {"auc": 0.75, "val/loss": 0.2}
    assert run.tags == ("stage=nightly",)
    assert {name: each.kind for name, each in run.outputs.items()} == {
        "eval/scores.csv": ArtifactKind.TABLE,
        "settings.json": ArtifactKind.JSON,
    }
    assert [each.id for each in Client().list_pipeline_runs(filter='name:second "val/loss" < 0.3')] == [run.id]

    assert _sync(uri) == "0 new, 0 updated, 2 unchanged, 0 removed"
    client = MlflowClient()
    client.set_tag(second, "mlflow.runName", "best")
    assert _sync(uri).splitlines()[0] == "0 new, 1 updated, 1 unchanged, 0 removed"
    assert Client().get_pipeline_run("credit%20é%2F1@best").id == run.id
    client.delete_run(second)
    assert _sync(uri) == "0 new, 0 updated, 1 unchanged, 1 removed"
    files = list(home.rglob("artifacts/eval/scores.csv"))
    assert len(files) == 2, "what MLflow deleted it has still, and so do we leave it"


def test_learning_curves_and_models(uri: str, home: Path) -> None:
    """A metric that was logged at several steps has its course; a model of MLflow 3 has its files beside the run's."""
    from sklearn.linear_model import LogisticRegression

    mlflow.set_experiment("learning")
    with mlflow.start_run(run_name="first"):
        for step in range(10):
            mlflow.log_metrics({"loss": 1 / (step + 1), "val/auc": 0.5 + step / 20}, step=step)
        mlflow.log_metric("loss", 7.0, step=9)  # twice at one step, as after a restart
        mlflow.log_metric("odd", float("nan"), step=3)
        model = LogisticRegression().fit(FRAME[["score"]], FRAME["label"])
        named = {"name": "classifier", "registered_model_name": "churn"}
        mlflow.sklearn.log_model(model, pip_requirements=["scikit-learn"], **named)  # else it looks for them for long
    _sync(uri)
    history = load("learning@first/metric_history")
    assert list(history.columns) == ["step", "loss", "odd", "val/auc"]
    assert list(history["step"]) == [*range(10), 9]
    assert list(history["loss"]) == [*(1 / (step + 1) for step in range(10)), 7.0]
    drawn = visualize("line", "learning@first/metric_history", x="step", y=["val/auc"])
    assert drawn.metrics["last val/auc"] == pytest.approx(0.95)
    run = Client().get_pipeline_run("learning@first")
    assert run.model == "churn"
    assert "sklearn" in load("learning@first/classifier%2FMLmodel").decode()

    MlflowClient().log_metric(_only_run(), "loss", 0.01, step=10)
    assert _sync(uri).splitlines()[0] == "0 new, 1 updated, 0 unchanged, 0 removed"
    assert load("learning@first/metric_history")["loss"].iloc[-1] == 0.01


def _only_run() -> str:
    [run] = MlflowClient().search_runs([MlflowClient().get_experiment_by_name("learning").experiment_id])
    return str(run.info.run_id)


@pytest.fixture
def server(home: Path) -> Iterator[str]:
    """MLflow's own server, which alone reads the store where the files are."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    words += ["--backend-store-uri", f"sqlite:///{home}/served.db", "--artifacts-destination", str(home / "kept")]
    with (home / "server.log").open("wb") as log:
        process = subprocess.Popen(words, stdout=log, stderr=log, start_new_session=True)
    (home / "server.pid").write_text(str(process.pid))
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 100
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"{address}/health", timeout=5).close()
                break
            except OSError:
                time.sleep(0.2)
        yield address
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_files_behind_a_server(server: str, home: Path) -> None:
    """Of names with any characters, of 100 MB; and what is said when the server has gone."""
    mlflow.set_tracking_uri(server)
    mlflow.set_experiment("served")
    run_id = _logged("first", FRAME, home)
    large = home / "large ü.bin"
    with large.open("wb") as file:
        file.truncate(100 << 20)
    MlflowClient().log_artifact(run_id, str(large))
    assert _sync(server).startswith("1 new")
    address = "served@first/eval%2Fscores.csv"
    assert visualize("roc_curve", address, target="label", score="score").metrics["auc"] == pytest.approx(0.75)
    assert len(load("served@first/large%20ü.bin")) == 100 << 20
    with sqlite3.connect(home / "viz" / "catalog.db") as connection:
        connection.execute("UPDATE runs SET mark = mark || 'older'")  # what was kept belongs to another state
    os.killpg(int((home / "server.pid").read_text()), signal.SIGKILL)
    with pytest.raises(StoreUnavailable, match=r"'served@first/eval%2Fscores.csv' can't be read now"):
        load(address)
    assert [run.name for run in Client().list_pipeline_runs()] == ["first"]


def test_what_mlflow_can_hold_and_we_can_not(uri: str, home: Path) -> None:
    """5,000 metrics, any Unicode, a clock that is a day ahead: the run is there, and what is left out is said."""
    mlflow.set_experiment("实验 🚀\u202e")
    client = MlflowClient()
    tomorrow = int((time.time() + 86_400) * 1000)
    [experiment] = [each for each in client.search_experiments() if each.name.startswith("实验")]
    run = client.create_run(experiment.experiment_id, start_time=tomorrow, run_name="日本 🚀/1")
    many = [Metric(f"m{number:04}", number / 5000, tomorrow, 0) for number in range(5000)]
    for at in range(0, 5000, 1000):
        client.log_batch(run.info.run_id, metrics=many[at : at + 1000])
    client.log_param(run.info.run_id, "ключ", "значение")
    client.set_terminated(run.info.run_id)
    said = _sync(uri)
    assert said.startswith("1 new")
    assert "at most 50 metrics" in said
    [found] = Client().list_pipeline_runs()
    found = Client().get_pipeline_run(found.id)
    assert found.name == "日本 🚀/1"
    assert len(found.metrics) == 50
    assert found.parameters == {"ключ": "значение"}
    assert any("4,950 more metrics" in warning for warning in found.warnings)
    assert _sync(uri) == "0 new, 0 updated, 1 unchanged, 0 removed"


def test_files_that_can_not_be_listed_are_tried_again(home: Path) -> None:
    """Each time, though nothing changes in the database: their store may be back."""
    uri = f"sqlite:///{home}/mlflow.db"
    client = MlflowClient(tracking_uri=uri)
    experiment = client.create_experiment("away", artifact_location=(home / "away").as_uri().replace("file", "s3"))
    run = client.create_run(experiment, start_time=1_600_000_000_000, run_name="first")
    client.set_terminated(run.info.run_id, end_time=1_600_000_001_000)
    for counted in ("1 new, 0 updated, 0 unchanged", *["0 new, 0 updated, 1 unchanged"] * 2):
        said = _sync(uri)
        assert said.startswith(counted)
        assert "skipped 1: its files can't be listed" in said


def test_files_that_can_not_be_listed_any_more_stay(home: Path) -> None:
    """A bucket that is away for a moment costs no artifact that is known."""
    uri = f"sqlite:///{home}/mlflow.db"
    mlflow.set_tracking_uri(uri)
    mlflow.set_experiment("moved")
    _logged("first", FRAME, home)
    _sync(uri)
    before = Client().get_pipeline_run("moved@first")
    with sqlite3.connect(home / "mlflow.db") as connection:
        connection.execute("UPDATE runs SET artifact_uri = 's3://away/' || run_uuid")
    assert "its files can't be listed" in _sync(uri)
    after = Client().get_pipeline_run("moved@first")
    assert {name: each.id for name, each in after.outputs.items()} == {
        name: each.id for name, each in before.outputs.items()
    }


def test_a_run_deleted_while_the_others_are_read(home: Path) -> None:
    """Pages of MLflow shift then: the run that slips to the page before is not taken for deleted."""
    uri = f"sqlite:///{home}/mlflow.db"
    client = MlflowClient(tracking_uri=uri)
    experiment = client.create_experiment("many")
    ids = []
    for number in range(6):
        run = client.create_run(experiment, run_name=f"run-{number}", start_time=1_600_000_000_000 + number)
        client.set_terminated(run.info.run_id)
        ids.append(run.info.run_id)
    read = runpy.run_path(str(connector_file("mlflow")))["read"]
    read.__globals__["PAGE"] = 2
    records = read({"location": uri, "cursor": None, "known": dict.fromkeys(ids, "older")})
    seen = [next(records)["id"]]
    client.delete_run(ids[0])
    seen += [record["id"] for record in records if "id" in record]
    assert set(seen) - {ids[0]} == set(ids[1:])
    assert ids[0] not in [record.get("id") for record in read({"location": uri, "cursor": None, "known": {ids[0]: ""}})]


def test_a_database_that_is_gone_removes_nothing(home: Path) -> None:
    """MLflow would make an empty one in its place."""
    uri = f"sqlite:///{home}/mlflow.db"
    client = MlflowClient(tracking_uri=uri)
    client.create_run(client.create_experiment("one"), run_name="first")
    _sync(uri)
    (home / "mlflow.db").rename(home / "away.db")
    words = [*JUPYTER_VIZ, "sync", "mlflow", uri]
    done = subprocess.run(words, capture_output=True, text=True, timeout=100)
    assert done.returncode == 1
    assert "there is no" in done.stderr
    assert not (home / "mlflow.db").exists()
    assert [run.name for run in Client().list_pipeline_runs()] == ["first"]


def test_a_token_that_expires_and_a_server_that_fails_now_and_then(server: str, home: Path) -> None:
    """In between stands what stands before most servers, a proxy that asks for a token and is sometimes overrun."""
    mlflow.set_tracking_uri(server)
    mlflow.set_experiment("served")
    _logged("first", FRAME, home)
    with proxied(server, token="good") as proxy:
        environment = os.environ | {"MLFLOW_TRACKING_TOKEN": "good"}
        words = [*JUPYTER_VIZ, "sync", "mlflow", proxy.address]
        proxy.fails_each = 3
        done = subprocess.run(words, capture_output=True, text=True, timeout=100, env=environment)
        assert done.stdout.startswith("1 new"), done.stderr
        assert proxy.failed
        proxy.token, proxy.fails_each = "another", 0
        done = subprocess.run(words, capture_output=True, text=True, timeout=100, env=environment)
        assert done.returncode == 1
        assert "401" in done.stderr
        assert "good" not in done.stderr
        assert [run.name for run in Client().list_pipeline_runs()] == ["first"]
        environment["MLFLOW_TRACKING_TOKEN"] = "another"
        done = subprocess.run(words, capture_output=True, text=True, timeout=100, env=environment)
        assert done.stdout.startswith("0 new, 0 updated, 1 unchanged, 0 removed"), done.stderr


def test_a_check_tells_what_is_there(uri: str) -> None:
    mlflow.set_experiment("one")
    about = Connector(Place("mlflow", uri)).check()
    assert about.startswith(f"MLflow {mlflow.__version__}, ")
    assert about.endswith(" experiments")


def test_killed_half_way_and_again(home: Path) -> None:
    uri = f"sqlite:///{home}/mlflow.db"
    client = MlflowClient(tracking_uri=uri)
    experiment = client.create_experiment("many")
    for number in range(300):
        run = client.create_run(experiment, run_name=f"run-{number}")
        client.log_metric(run.info.run_id, "auc", number / 300)
        client.set_terminated(run.info.run_id)
    killed = subprocess.Popen([*JUPYTER_VIZ, "sync", "mlflow", uri], start_new_session=True)
    deadline = time.monotonic() + 60
    while (there := _count(home)) == 0:
        assert time.monotonic() < deadline
        time.sleep(0.002)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
    there = _count(home)
    assert _sync(uri) == f"{300 - there} new, 0 updated, {there} unchanged, 0 removed"
    assert _count(home) == 300
    assert _sync(uri) == "0 new, 0 updated, 300 unchanged, 0 removed"


def _count(home: Path) -> int:
    try:
        with sqlite3.connect(home / "viz" / "catalog.db") as connection:
            return int(connection.execute("select count(*) from runs where system = 'mlflow'").fetchone()[0])
    except sqlite3.OperationalError:  # not made yet
        return 0


def test_what_can_not_be_read_is_a_sentence(home: Path) -> None:
    (home / "no.db").write_text("this is no database, whatever its name says " * 100)
    words = [*JUPYTER_VIZ, "sync", "mlflow", f"sqlite:///{home}/no.db"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=100)
    assert done.returncode == 1
    assert done.stderr.startswith(f"jupyter viz: sqlite:///{home}/no.db can't be read: ")
    assert "Traceback" not in done.stderr

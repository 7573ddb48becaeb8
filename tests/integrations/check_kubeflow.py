"""Runs of a cluster with Kubeflow Pipelines are in the catalog, whatever the cluster does meanwhile.

The cluster is a stand-in that answers from the published definition, and takes no request that is not in it.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from kubeflow_cluster import Cluster, Made, Run, Task
from kubeflow_served import serve

from jupyter_viz import load, visualize
from jupyter_viz.client import Client
from jupyter_viz.connectors.places import Place
from jupyter_viz.connectors.process import Connector
from jupyter_viz.enums import ArtifactKind, RunStatus
from jupyter_viz.errors import StoreUnavailable

JUPYTER_VIZ = [sys.executable, "-c", "import sys; from jupyter_viz.cli import main; sys.exit(main())"]
CSV = b"label,score\n0,0.1\n1,0.9\n0,0.4\n1,0.3\n"
CURVE = [
    {"confidenceThreshold": threshold, "recall": recall, "falsePositiveRate": rate}
    for threshold, recall, rate in ((2, 0.0, 0.0), (0.5, 0.5, 0.0), (0.3, 1.0, 0.5), (0.0, 1.0, 1.0))
]
MATRIX = {
    "annotationSpecs": [{"displayName": "no"}, {"displayName": "yes"}],
    "rows": [{"row": [3, 1]}, {"row": [0, 4]}],
}


@pytest.fixture
def cluster(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    monkeypatch.setenv("HOME", str(home))
    for name in ("KFP_EXISTING_TOKEN", "KFP_COOKIES"):
        monkeypatch.delenv(name, raising=False)
    for cluster in serve(Cluster()):
        yield cluster
        assert cluster.faults == []


def _sync(cluster: Cluster, namespace: str = "") -> subprocess.CompletedProcess[str]:
    location = cluster.address + (f"#{namespace}" if namespace else "")
    words = [*JUPYTER_VIZ, "sync", "kubeflow", location]
    done = subprocess.run(words, capture_output=True, text=True, timeout=100)
    assert "Traceback" not in done.stderr
    return done


def _synced(cluster: Cluster, namespace: str = "") -> str:
    done = _sync(cluster, namespace)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def _names() -> list[str]:
    return sorted(run.address for run in Client().list_pipeline_runs())


def _trained(cluster: Cluster, name: str = "first", **values: object) -> Run:
    return cluster.run(
        name,
        Task("load", [Made("données", "Dataset", CSV)], given={"rows": 4}),
        Task(
            "evaluate",
            [
                Made("metrics", "Metrics", metadata={"auc": 0.75, "loss": float("nan")}),
                Made(
                    "curve", "ClassificationMetrics", metadata={"confidenceMetrics": CURVE, "confusionMatrix": MATRIX}
                ),
                Made("page", "HTML", b"<b>good</b>"),
                Made("note", "Markdown", b"**good**"),
                Made("model", "Model", b"\x80\x04 never unpickled"),
            ],
            gave={"Output": 3},
        ),
        parameters={"C": 0.5, "solver": "lbfgs", "layers": [3, 4]},
        **values,
    )


SERVERS = [("tasks", False), ("openshift", False), ("openshift", True), ("classic", True)]


@pytest.mark.parametrize(("kind", "has_store"), SERVERS)
def test_a_run_becomes_the_right_picture(cluster: Cluster, kind: str, has_store: bool) -> None:
    cluster.kind, cluster.has_store, cluster.pipelines["p1"] = kind, has_store, "crédit ✓"
    _trained(cluster, "erster Läuf", pipeline="p1")
    said = _synced(cluster)
    assert said.startswith("1 new, 0 updated, 0 unchanged, 0 removed")
    run = Client().get_pipeline_run("crédit%20✓@erster%20Läuf")
    assert run.status is RunStatus.COMPLETED
    assert run.parameters == {"C": 0.5, "solver": "lbfgs", "layers": [3, 4]}
    assert run.tags == ("experiment=Default",)
    assert (run.ended_at - run.started_at).total_seconds() == 10
    assert list(run.steps) == ["evaluate", "load"]
    address = "crédit%20✓@erster%20Läuf/evaluate/{}"
    if not has_store and kind == "openshift":  # whose artifacts API tells no values
        assert run.metrics == {}
        return
    numbers = {"auc": 0.75} | ({} if kind == "openshift" else {"evaluate": 3})
    assert {name: metric.value for name, metric in run.metrics.items()} == numbers
    assert "skipped 1: nan is not a finite number" in said
    if kind != "openshift":
        assert run.steps["load"].parameters == {"rows": 4}
    assert {name: each.kind for name, each in run.outputs.items()} == {
        "données": ArtifactKind.TABLE,
        "curve": ArtifactKind.JSON,
        "page": ArtifactKind.HTML,
        "note": ArtifactKind.MARKDOWN,
        "model": ArtifactKind.BINARY,
    }
    assert load(address.format("curve")) == {"confidenceMetrics": CURVE, "confusionMatrix": MATRIX}
    assert visualize("classification_metrics", address.format("curve")).metrics["auc"] == pytest.approx(0.875)
    matrix = visualize("classification_metrics", address.format("curve"), show="confusion_matrix")
    assert matrix.metrics["accuracy"] == pytest.approx(7 / 8)


@pytest.mark.parametrize(("kind", "has_store"), [*SERVERS, ("pods", False)])
def test_files_are_read_where_the_server_has_them(
    cluster: Cluster, kind: str, has_store: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster.kind, cluster.has_store, cluster.token = kind, has_store, "secret-1"
    monkeypatch.setenv("KFP_EXISTING_TOKEN", "secret-1")
    cluster.run("first", Task("load", [Made("données", "Dataset", CSV), Made("note", "Markdown", b"**good**")]))
    _synced(cluster)
    address = "Default@first/load/{}"
    if kind == "pods":  # of which only the bytes are to be had
        assert load(address.format("note")).startswith(b"**good**")
        return
    result = visualize("roc_curve", address.format("données"), target="label", score="score")
    assert result.metrics["auc"] == pytest.approx(0.75)
    assert load(address.format("note")) == "**good**"
    if kind == "openshift":
        assert any(path.startswith("/signed/") for path in cluster.asked)


def test_where_nobody_gives_the_bytes_it_says_so(cluster: Cluster) -> None:
    cluster.has_page = False
    run = _trained(cluster)
    _synced(cluster)
    with pytest.raises(StoreUnavailable) as failed:
        load("Default@first/load/données")
    uri = cluster.uri(run, run.tasks[0].made[0])
    assert f"nor does Kubeflow's page give {uri}" in str(failed.value)
    assert f"reads {uri.replace('minio', 's3')}, with AWS_ENDPOINT_URL" in str(failed.value)
    # Whose artifacts no server knows, and whose pods the server no longer does.
    cluster.kind = "pods"
    cluster.run("second", Task("load", [Made("données", "Dataset", CSV)]))
    _synced(cluster)
    cluster.kind = "classic"
    with pytest.raises(StoreUnavailable, match="no artifacts API, and does not read it from the pod's outputs"):
        load("Default@second/load/données")


def test_a_server_that_tells_nothing_of_artifacts(cluster: Cluster) -> None:
    cluster.kind = "classic"
    _trained(cluster, spec="credit")
    said = _synced(cluster).splitlines()
    assert said[0] == "1 new, 0 updated, 0 unchanged, 0 removed"
    assert said[1:] == ["skipped 1: what tasks made is not told: there is no metadata store beside this server"]
    run = Client().get_pipeline_run("credit@first")
    assert set(run.steps) == {"load", "evaluate"}
    assert run.parameters["C"] == 0.5


@pytest.mark.parametrize(("kind", "has_store"), [("tasks", False), ("classic", True), ("classic", False)])
def test_a_failed_run_says_why(cluster: Cluster, kind: str, has_store: bool) -> None:
    cluster.kind, cluster.has_store = kind, has_store
    tasks = [Task("load"), Task("train", state="FAILED", error="OOMKilled: 137")]
    cluster.run("bad", *tasks, state="FAILED", spec="credit")
    cluster.run("stopped", state="CANCELED", spec="credit")
    cluster.run("odd", Task("each"), Task("each"), spec="credit")
    _synced(cluster)
    run = Client().get_pipeline_run("credit@bad")
    assert run.status is RunStatus.FAILED
    assert run.error == "train: OOMKilled: 137"
    assert run.steps["train"].error == "OOMKilled: 137"
    assert Client().get_pipeline_run("credit@stopped").status is RunStatus.INTERRUPTED
    assert list(Client().get_pipeline_run("credit@odd").steps) == ["each", "each-2"]


def test_only_what_may_have_changed_is_read_again(cluster: Cluster, home: Path) -> None:
    old = [cluster.run(f"old-{number}", spec="credit", ago=7200 + number) for number in range(450)]
    fresh = cluster.run("fresh", Task("train"), spec="credit", state="RUNNING", ended=None, created=cluster.now())
    assert _synced(cluster) == "451 new, 0 updated, 0 unchanged, 0 removed"
    assert Client().get_pipeline_run("credit@fresh").status is RunStatus.RUNNING
    assert Client().get_pipeline_run("credit@fresh").ended_at is None
    cluster.asked.clear()
    assert _synced(cluster) == "0 new, 0 updated, 451 unchanged, 0 removed"
    assert {path for path in cluster.asked if "/runs/" in path} == {f"/pipeline/apis/v2beta1/runs/{fresh.id}"}

    fresh.state, fresh.ended = "SUCCEEDED", cluster.now()
    old[0].archived = True
    del cluster.runs[old[1].id]
    assert _synced(cluster) == "0 new, 1 updated, 448 unchanged, 2 removed"
    assert Client().get_pipeline_run("credit@fresh").status is RunStatus.COMPLETED
    assert _count(home) == 449


@pytest.mark.parametrize("ahead", [timedelta(hours=-5), timedelta(hours=5)])
def test_what_comes_late_is_seen_by_whatever_clock(cluster: Cluster, ahead: timedelta) -> None:
    cluster.ahead = ahead
    run = cluster.run("first", Task("train"), spec="credit", ago=60)
    _synced(cluster)
    late = Made("metrics", "Metrics", metadata={"auc": 0.75}, id=1)
    run.tasks[0].made.append(late)
    cluster.made[1] = run, late
    assert _synced(cluster) == "0 new, 1 updated, 0 unchanged, 0 removed"
    assert Client().get_pipeline_run("credit@first").metrics["auc"].value == 0.75
    assert _synced(cluster) == "0 new, 0 updated, 1 unchanged, 0 removed"


def test_namespaces(cluster: Cluster, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cluster.namespaces = ("team", "other")
    cluster.run("ours", Task("load", [Made("données", "Dataset", CSV)]), namespace="team", spec="credit")
    cluster.run("theirs", namespace="other", spec="credit")
    done = _sync(cluster)
    assert done.returncode == 1
    assert "Where Kubeflow has users, name one's namespace: https://host/pipeline#team" in done.stderr
    assert "1 new" in _synced(cluster, "team")
    assert _names() == ["credit@ours"]
    # The place is kept with its namespace: the file is asked for in it.
    assert list(load("credit@ours/load/données").columns) == ["label", "score"]
    assert "1 new" in _synced(cluster, "other")
    assert _names() == ["credit@ours", "credit@theirs"]
    done = _sync(cluster, "third")
    assert done.returncode == 1
    assert "the server refuses (403)" in done.stderr
    assert len(_names()) == 2

    context = home / ".config" / "kfp" / "context.json"
    context.parent.mkdir(parents=True)
    context.write_text(json.dumps({"namespace": "other"}))
    monkeypatch.setenv("JUPYTER_VIZ_HOME", str(home / "another"))
    assert "1 new" in _synced(cluster)
    assert _names() == ["credit@theirs"]

    words = [*JUPYTER_VIZ, "sync", "kubeflow", cluster.address.replace("/pipeline", "/_/pipeline/?ns=team")]
    done = subprocess.run(words, capture_output=True, text=True, timeout=100)
    assert f"no ?: {cluster.address}#team" in done.stderr


def test_a_token_that_expires(cluster: Cluster, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(120):
        cluster.run(f"run-{number}", spec="credit", ago=7200 - number)
    cluster.token = "secret-2"
    for wrong in ("", "secret-1"):
        monkeypatch.setenv("KFP_EXISTING_TOKEN", wrong)
        done = _sync(cluster)
        assert done.returncode == 1
        assert "the server refuses (401). Where a token or a login has expired, renew it" in done.stderr
        assert "secret" not in done.stderr + done.stdout
    monkeypatch.setenv("KFP_EXISTING_TOKEN", "secret-2")
    cluster.expires_after = len(cluster.asked) + 50
    done = _sync(cluster)
    assert done.returncode == 1
    assert "the server refuses (401)" in done.stderr
    there = _count(home)
    assert 0 < there < 120
    cluster.expires_after = None
    assert _synced(cluster) == f"{120 - there} new, 0 updated, {there} unchanged, 0 removed"
    monkeypatch.delenv("KFP_EXISTING_TOKEN")
    (home / "token").write_text("secret-2\n")
    monkeypatch.setenv("KF_PIPELINES_SA_TOKEN_PATH", str(home / "token"))
    assert "120 unchanged" in _synced(cluster)
    with sqlite3.connect(home / "viz" / "catalog.db") as connection:
        assert not [line for line in connection.iterdump() if "secret" in line]


def test_a_login_that_has_ended(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    cluster.cookie = "authservice_session=secret"
    cluster.run("first", spec="credit")
    done = _sync(cluster)
    assert done.returncode == 1
    assert "answers with a page instead of data. Where a login has expired, renew it (KFP_COOKIES" in done.stderr
    monkeypatch.setenv("KFP_COOKIES", cluster.cookie)
    assert "1 new" in _synced(cluster)


def test_a_server_that_fails_now_and_then(cluster: Cluster) -> None:
    for number in range(6):
        cluster.run(f"run-{number}", spec="credit", ago=7200 - number)
    cluster.failing = [503, 500, 502]
    assert "6 new" in _synced(cluster)
    cluster.failing = []
    for run in cluster.runs.values():
        run.state = "FAILED"  # so that each is read again
    cluster.broken = "/runs/run-0002"
    said = _synced(cluster).splitlines()
    assert said == [
        "0 new, 5 updated, 0 unchanged, 0 removed",
        "skipped 1: Kubeflow can't give it now: the server can't be asked now: it answers 500",
    ]
    assert len(_names()) == 6
    cluster.broken = "/runs/"
    for run in list(cluster.runs.values())[3:]:
        run.state = "CANCELED"
    done = _sync(cluster)
    assert done.returncode == 1
    assert "ConnectionError: the server can't be asked now: it answers 500" in done.stderr
    assert len(_names()) == 6


def test_a_store_that_fails_is_asked_again_the_next_time(cluster: Cluster) -> None:
    cluster.kind, cluster.has_store = "classic", True
    for number in range(5):
        _trained(cluster, f"run-{number}", spec="credit")
    cluster.broken = "ml_metadata"
    said = _synced(cluster).splitlines()
    assert said == [
        "5 new, 0 updated, 0 unchanged, 0 removed",
        "skipped 5: what tasks made is not told: the server can't be asked now: it answers 500",
    ]
    cluster.broken = ""
    assert _synced(cluster).startswith("0 new, 5 updated")
    assert Client().get_pipeline_run("credit@run-4").metrics["auc"].value == 0.75
    assert _synced(cluster) == "0 new, 0 updated, 5 unchanged, 0 removed"


def test_what_is_known_stays_until_it_is_said_to_be_gone(cluster: Cluster) -> None:
    """A failure of a moment takes no output away; that there is no such artifact is an answer."""
    cluster.kind = "openshift"
    _trained(cluster, "first", spec="credit")
    _synced(cluster)
    known = {name: each.uri for name, each in Client().get_pipeline_run("credit@first").outputs.items()}
    assert "page" in known
    cluster.runs["run-0001"].name = "renamed"  # so that it is read again
    cluster.broken = "/artifacts/"
    assert "what tasks made is not told: the server can't be asked now: it answers 500" in _synced(cluster)
    outputs = Client().get_pipeline_run("credit@renamed").outputs
    assert {name: each.uri for name, each in outputs.items()} == known
    cluster.broken = ""
    cluster.made.clear()
    assert "1 updated" in _synced(cluster)
    assert _synced(cluster) == "0 new, 0 updated, 1 unchanged, 0 removed"


def test_artifacts_and_pipelines_that_are_not_for_us(cluster: Cluster) -> None:
    cluster.kind, cluster.pipelines["p1"] = "openshift", "credit"
    _trained(cluster, "first", pipeline="p1", spec="credit")
    cluster.forbidden = "/artifacts/|/pipelines/"
    said = _synced(cluster)
    assert said.startswith("1 new")
    assert "the server gives no artifacts (the server refuses (403)" in said
    assert _names() == ["Default@first"]
    cluster.forbidden = ""
    assert _synced(cluster).startswith("0 new, 1 updated")
    assert _names() == ["credit@first"]


def test_a_run_that_is_deleted_while_it_is_read_or_is_odd(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = [cluster.run(f"run-{number}", spec="credit", ago=7200 - number) for number in range(3)]
    given = cluster.run_get

    def get(run_id: str, query: dict[str, str]) -> Any:
        if run_id == runs[0].id:
            return 404
        shape, found = given(run_id, query)
        if run_id == runs[1].id:
            del found["created_at"]
        return shape, found

    monkeypatch.setattr(cluster, "run_get", get)
    assert _synced(cluster).splitlines() == [
        "1 new, 0 updated, 0 unchanged, 0 removed",
        "skipped 1: what Kubeflow gives can't be understood: KeyError",
    ]
    assert _names() == ["credit@run-2"]


@pytest.mark.parametrize(
    ("location", "says"),
    [
        ("http://127.0.0.1:9/pipeline", "the server can't be asked now: NewConnectionError"),
        ("kubeflow.example/pipeline", "that is no address; https://host/pipeline is the form"),
    ],
)
def test_where_there_is_no_server(cluster: Cluster, location: str, says: str) -> None:
    done = _sync(Cluster(address=location))
    assert done.returncode == 1
    assert says in done.stderr


def test_another_address(cluster: Cluster) -> None:
    done = _sync(Cluster(address=f"{cluster.address}/wrong"))
    assert done.returncode == 1
    assert "there is no Kubeflow Pipelines at this address: it answers 400" in done.stderr
    assert len(cluster.faults) == 1
    cluster.faults.clear()


def test_killed_half_way_and_again(cluster: Cluster, home: Path) -> None:
    for number in range(300):
        cluster.run(f"run-{number}", spec="credit", ago=9000 - number)
    words = [*JUPYTER_VIZ, "sync", "kubeflow", cluster.address]
    killed = subprocess.Popen(words, start_new_session=True)
    deadline = time.monotonic() + 60
    while _count(home) == 0:
        assert time.monotonic() < deadline
        time.sleep(0.002)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
    there = _count(home)
    assert _synced(cluster) == f"{300 - there} new, 0 updated, {there} unchanged, 0 removed"
    assert _count(home) == 300


def _count(home: Path) -> int:
    try:
        with sqlite3.connect(home / "viz" / "catalog.db") as connection:
            return int(connection.execute("select count(*) from runs where system = 'kubeflow'").fetchone()[0])
    except sqlite3.OperationalError:  # not made yet
        return 0


def test_what_is_there_is_told_in_a_line(cluster: Cluster) -> None:
    cluster.run("first")
    place = Place("kubeflow", cluster.address)
    assert Connector(place).check() == "Kubeflow Pipelines, no namespace, experiments: 1, runs: 1"

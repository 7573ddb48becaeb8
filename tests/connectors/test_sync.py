"""What another system holds is in the catalog, once, whatever happens to it there or to us here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from jupyter_viz import load, visualize
from jupyter_viz.client import Client
from jupyter_viz.config import load_configuration
from jupyter_viz.connectors.places import plain_location
from jupyter_viz.connectors.process import connector_file
from jupyter_viz.enums import RunStatus
from jupyter_viz.errors import ConnectorFailed, NotFound
from jupyter_viz.keeping.sweep import Sweep
from jupyter_viz.keeping.usage import usage
from jupyter_viz.models import Principal
from jupyter_viz.service import Service

from .conftest import System, a_run

OWNER = Principal()


def test_a_run_with_all_it_has(system: System, tmp_path: Path) -> None:
    (tmp_path / "scores.csv").write_text("label,p\n0,0.1\n1,0.9\n0,0.4\n1,0.3\n")
    artifact = {"name": "eval/scores.csv", "uri": str(tmp_path / "scores.csv"), "size": 40}
    system.says(
        a_run(
            parameters={"C": 0.5, "solver": "lbfgs"},
            tags=["nightly"],
            metrics={"auc": 0.75, "val/loss": 0.1},
            model="credit",
            artifacts=[artifact],
        )
    )
    summary = system.sync()
    assert str(summary) == "1 new, 0 updated, 0 unchanged, 0 removed"
    [found] = Client().list_pipeline_runs(filter="val/loss < 0.2 param.C = 0.5 tag:nightly auc > 0.7")
    run = Client().get_pipeline_run(found.id)
    assert (run.pipeline, run.name, run.status, run.model) == ("credit", "run-1", RunStatus.COMPLETED, "credit")
    assert run.metrics["auc"].goal == "higher"
    address = run.outputs["eval/scores.csv"].address
    assert address == "credit@run-1/eval%2Fscores.csv"  # no step in it, as the system has none
    assert list(load(address).columns) == ["label", "p"]
    assert visualize("roc_curve", address, target="label", score="p").metrics["auc"] == pytest.approx(0.75)
    with pytest.raises(NotFound, match=r"eval%2Fscores\.csv"):
        load("credit@run-1/eval%2Fscore.csv")


def test_a_second_sync_changes_nothing(system: System) -> None:
    system.says(a_run(1), a_run(2))
    assert system.sync().new == 2
    before = [system.service.catalog.runs.run(run.id) for run in system.service.catalog.runs.page().runs]
    assert str(system.sync()) == "0 new, 0 updated, 2 unchanged, 0 removed"
    after = [system.service.catalog.runs.run(run.id) for run in system.service.catalog.runs.page().runs]
    assert before == after


def test_changes_renames_and_moves_are_followed(system: System, tmp_path: Path) -> None:
    files = [{"name": name, "uri": str(tmp_path / name), "size": 1} for name in ("a.csv", "b.csv")]
    system.says(a_run(status="running", ended_at=None, metrics={"auc": 0.5, "old": 1}, artifacts=files))
    system.sync()
    [run] = system.service.catalog.runs.page().runs
    assert run.status is RunStatus.RUNNING  # the other system's word, there is no process of ours to look at
    [step] = system.service.catalog.runs.run(run.id).steps
    ids = {artifact.name: artifact.id for artifact in step.artifacts}
    system.says(a_run(mark="2", name="best", pipeline="loans", metrics={"auc": 0.9}, artifacts=files[:1]))
    assert str(system.sync()) == "0 new, 1 updated, 0 unchanged, 0 removed"
    changed = system.service.catalog.runs.run(run.id)
    assert changed.address == "loans@best"
    assert changed.status is RunStatus.COMPLETED
    assert {name: metric.value for name, metric in changed.metrics.items()} == {"auc": 0.9}
    [artifact] = changed.steps[0].artifacts
    assert (artifact.id, artifact.pipeline) == (ids["a.csv"], "loans")
    assert [pipeline.name for pipeline in system.service.catalog.runs.pipelines()] == ["loans"]


def test_runs_of_one_name_keep_their_numbers(system: System) -> None:
    system.says(*(a_run(number, name="train") for number in (1, 2, 3)))
    system.sync()
    assert system.names() == ["credit@train", "credit@train-2", "credit@train-3"]
    system.says(*(a_run(number, name="train", mark="2") for number in (3, 2, 1)))
    ids = {run.address: run.id for run in system.service.catalog.runs.page().runs}
    assert system.sync().updated == 3
    assert {run.address: run.id for run in system.service.catalog.runs.page().runs} == ids


def test_what_was_deleted_there_goes(system: System) -> None:
    system.says(a_run(1), a_run(2))
    system.sync()
    system.says(a_run(2))
    assert str(system.sync()) == "0 new, 0 updated, 1 unchanged, 1 removed"
    assert system.names() == ["credit@run-2"]


@pytest.mark.parametrize(
    ("last", "says"),
    [
        ({"type": "raise", "message": "token expired"}, "ValueError: token expired"),
        ({"type": "kill", "whom": "self"}, "stopped before its end"),
        ({"type": "import", "module": "no_such_library"}, "has no no_such_library.*--python"),
        ({"type": "nonsense"}, "unknown type 'nonsense'"),
        ({"type": "run", "id": "x"}, "can't be read"),
    ],
)
def test_a_reading_that_breaks_off_removes_nothing(system: System, last: dict[str, Any], says: str) -> None:
    system.says(a_run(1), a_run(2))
    system.sync()
    system.says(a_run(2), last, end=False)
    with pytest.raises(ConnectorFailed, match=says):
        system.sync()
    assert system.names() == ["credit@run-1", "credit@run-2"]


def test_what_was_read_before_it_broke_off_is_kept(system: System) -> None:
    system.says(a_run(1), a_run(2), {"type": "raise", "message": "token expired"}, end=False)
    with pytest.raises(ConnectorFailed, match="token expired"):
        system.sync()
    assert system.names() == ["credit@run-1", "credit@run-2"]


def test_killed_half_way_and_again(system: System) -> None:
    """Whole hundreds of runs are there, and the second time goes on from them."""
    many = [a_run(number) for number in range(1000)]  # more than a pipe holds: the connector waits for us
    system.says(*many, {"type": "kill", "whom": "parent"}, end=False)
    code = """if True:
        import sys
        from pathlib import Path
        from importlib.metadata import EntryPoint
        from jupyter_viz.config import load_configuration
        from jupyter_viz.connectors import process
        from jupyter_viz.connectors.places import Place
        from jupyter_viz.connectors.sync import sync
        from jupyter_viz.service import Service
        sys.path.insert(0, sys.argv[2])
        process.found = lambda group: {"fake": EntryPoint("fake", "fake_connector", group)}
        service = Service(load_configuration())
        sync(service.catalog, service.store, Place("fake", sys.argv[1]), "default")
    """
    words = [sys.executable, "-c", code, str(system.path), str(system.path.parents[1] / "plugin")]
    assert subprocess.run(words, timeout=60, check=False).returncode == -9
    there = system.service.catalog.runs.count()
    assert 0 < there < 1000
    system.says(*many)
    summary = system.sync()
    assert (summary.unchanged, summary.new) == (there, 1000 - there)
    assert system.service.catalog.runs.count() == 1000
    assert system.service.catalog.runs.count(filter="name:run-999") == 1


def test_what_a_run_can_not_have_is_skipped_and_counted(system: System) -> None:
    metrics = {f"m{number:02}": number for number in range(60)}
    odd = {"bad": float("nan"), "worse": float("-inf"), "a,b": 1, "x" * 65: 1, "étalon µ": 2, "system/cpu": 1}
    system.says(a_run(name="日本 \ud800/@", pipeline="\n", metrics={**metrics, **odd}))
    summary = system.sync()
    assert dict(summary.skipped) == {
        "nan is not a finite number": 1,
        "-inf is not a finite number": 1,
        "its name has a comma or a character that can't be shown": 1,
        "its name has more than 64 characters": 1,
        "a run has at most 50 metrics": 1,
    }
    [run] = system.service.catalog.runs.page().runs
    assert run.address == "unnamed@日本%20?%2F%40"
    found = system.service.catalog.runs.run(run.id)
    assert len(found.metrics) == 50
    assert len(found.warnings) == 5
    assert system.service.catalog.runs.find_run(run.address).id == run.id


def test_a_run_that_can_not_be_read_stays(system: System) -> None:
    system.says(a_run(1))
    system.sync()
    system.says({"type": "skipped", "id": "id-1", "what": "run 'run-1'", "reason": "the server answered 500"})
    assert str(system.sync()) == "0 new, 0 updated, 0 unchanged, 0 removed\nskipped 1: the server answered 500"
    assert system.names() == ["credit@run-1"]


def test_files_of_the_other_system_are_never_removed(system: System, tmp_path: Path) -> None:
    """Even where they lie in our own store: by deleting a run, by gc, by a sync."""
    inside = Path(system.service.store.root) / "runs" / "mlruns"
    for folder in (tmp_path / "theirs", inside):
        folder.mkdir(parents=True)
        (folder / "a.csv").write_text("a\n1\n")
    files = [
        {"name": f"{number}.csv", "uri": str(folder / "a.csv"), "size": 4}
        for number, folder in enumerate((tmp_path / "theirs", inside))
    ]
    system.says(a_run(1, artifacts=files), a_run(2, artifacts=files))
    system.sync()
    service = system.service
    found = usage(service.catalog, service.store, service.config)
    assert [each.bytes for each in found.pipelines] == [0]
    assert found.elsewhere.count == 2
    removal = service.delete_run(OWNER, service.catalog.runs.find_run("credit@run-1").id)
    assert (removal.artifacts.count, removal.bytes) == (2, 0)
    system.says()
    assert system.sync().removed == 1
    list(Sweep(lambda: service.catalog, service.store, service.config).run())
    assert all(Path(file["uri"]).exists() for file in files)


def test_on_a_server_only_what_may_be_read(system: System, tmp_path: Path) -> None:
    """Whatever the other system wrote down as the place of a file: below the root, or in the place that was named."""
    root = tmp_path / "root"
    root.mkdir()
    for folder in (root, tmp_path, system.path.parent, system.path.parent / ".ssh"):
        folder.mkdir(exist_ok=True)
        (folder / "secret.txt").write_text("x")
    files = [
        {"name": "inside", "uri": str(root / "secret.txt")},
        {"name": "there", "uri": str(system.path.parent / "secret.txt")},
        {"name": "hidden there", "uri": str(system.path.parent / ".ssh" / "secret.txt")},
        {"name": "out of there", "uri": f"{system.path.parent}/../secret.txt"},
        {"name": "outside", "uri": str(tmp_path / "secret.txt")},
        {"name": "dots", "uri": f"{root}/../secret.txt"},
        {"name": "served", "uri": "mlflow-artifacts:/1/a/artifacts/x.csv"},
        {"name": "database", "uri": "ibis://warehouse/customers"},
        {"name": "http", "uri": "http://169.254.169.254/latest"},
    ]
    system.says(a_run(artifacts=files))
    system.sync()
    served = Service(load_configuration(overrides={"source_root": str(root)}))
    [step] = served.catalog.runs.find_run("credit@run-1").steps
    assert {each.name: served.artifact(OWNER, each.id)[1] for each in step.artifacts} == {
        "inside": True,
        "there": True,
        "hidden there": False,
        "out of there": False,
        "outside": False,
        "dots": False,
        "served": False,
        "database": False,
        "http": False,
    }
    name, file = served.artifact_file(OWNER, step.artifacts[0].id)
    with file:
        assert (name, file.read()) == ("inside", b"x")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("https://ann:secret@host:5000/x?token=1", "https://host:5000/x"),
        ("https://host/pipeline#team", "https://host/pipeline#team"),
        ("https://ann:secret@host/pipeline?token=1#team-2", "https://host/pipeline#team-2"),
        ("https://host/pipeline/#/runs", "https://host/pipeline/"),
        ("https://host/#access_token=secret", "https://host/"),
        ("postgresql://ann:secret@db/mlflow", "postgresql://db/mlflow"),
        ("sqlite:////a/b.db", "sqlite:////a/b.db"),
        ("/a/mlruns", "/a/mlruns"),
    ],
)
def test_no_credential_is_kept_but_a_namespace_is(text: str, kept: str) -> None:
    assert plain_location(text) == kept


def test_an_unknown_connector(system: System) -> None:
    with pytest.raises(NotFound, match=r"There is no connector 'mlflow'\. There is: fake"):
        connector_file("mlflow")

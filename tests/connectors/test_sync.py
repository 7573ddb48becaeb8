"""What another system holds is in the catalog, once, whatever happens to it there or to us here."""

from __future__ import annotations

import subprocess
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from jupyter_viz import load, visualize
from jupyter_viz.client import Client
from jupyter_viz.config import load_configuration
from jupyter_viz.connectors.process import connector_file
from jupyter_viz.enums import RunStatus
from jupyter_viz.errors import ConnectorFailed, NotFound, StoreUnavailable
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


def test_a_number_that_is_taken_off_is_a_new_name(system: System) -> None:
    system.says(a_run(1, name="trial-5"))
    system.sync()
    system.says(a_run(1, name="trial", mark="2"))
    system.sync()
    assert system.names() == ["credit@trial"]


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
        ({"type": "run"}, "can't be read"),
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


def test_what_could_not_be_listed_stays(system: System) -> None:
    """A bucket that is away for a moment costs no artifact, and nothing that was rendered of it."""
    step = {"name": "fit", "status": "completed", "started_at": 1, "artifacts": [{"name": "a.csv", "uri": "/a.csv"}]}
    other = {**step, "name": "check"}
    system.says(a_run(steps=[step, other], model="credit"))
    system.sync()
    before = system.service.catalog.runs.find_run("credit@run-1")
    system.says(a_run(mark="2", metrics={"auc": 0.9}, steps=[{**step, "artifacts": []}], partial=True))
    assert system.sync().updated == 1
    after = system.service.catalog.runs.run(before.id)
    assert [[each.id for each in step.artifacts] for step in after.steps] == [
        [each.id for each in step.artifacts] for step in before.steps
    ]
    assert (after.metrics["auc"].value, after.model) == (0.9, "credit")
    system.says(a_run(mark="3", steps=[{**step, "artifacts": []}]))
    system.sync()
    assert [step.artifacts for step in system.service.catalog.runs.run(before.id).steps] == [()]


def test_another_store_at_the_same_place_removes_nothing(system: System) -> None:
    """ZenML's folder names the active server: after a login to another one its runs are not those from before."""
    system.leads_to("sqlite:///local.db")
    system.says(a_run(1), a_run(2))
    system.sync()
    system.leads_to("https://zen.example")
    system.says(a_run(3, name="there"))
    for _ in range(2):  # not the second time either
        assert system.sync().removed == 0
    assert system.names() == ["credit@run-1", "credit@run-2", "credit@there"]
    system.leads_to("sqlite:///local.db")
    system.says(a_run(1))
    assert str(system.sync()) == "0 new, 0 updated, 1 unchanged, 1 removed"
    states = {state.store: state.runs for state in system.service.catalog.imported.all()}
    assert states == {"sqlite:///local.db": 1, "https://zen.example": 1}


def test_bytes_are_not_fetched_from_another_store(system: System, tmp_path: Path) -> None:
    (tmp_path / "scores.csv").write_text("a\n1\n")
    system.leads_to("https://one")
    system.says(a_run(artifacts=[{"name": "scores.csv", "uri": str(tmp_path / "scores.csv"), "fetch": True}]))
    system.sync()
    system.leads_to("https://two")
    with pytest.raises(StoreUnavailable, match="was read from https://one, and now https://two is there"):
        load("credit@run-1/scores.csv")
    system.leads_to("https://one")
    assert len(load("credit@run-1/scores.csv")) == 1


def test_the_same_path_of_another_machine_removes_nothing(system: System) -> None:
    """Two machines that share a catalog: what one of them has is not gone because the other has none of it."""
    system.says(a_run(1), a_run(2))
    system.sync()
    with system.service.catalog._database.write() as connection:
        connection.exec_driver_sql("UPDATE syncs SET host = 'elsewhere'")
    system.says()
    for _ in range(2):
        with pytest.raises(ConnectorFailed, match=r"None of the 2 runs that were read .* on elsewhere are there"):
            system.sync()
    assert len(system.names()) == 2
    system.says(a_run(2))
    assert system.sync().removed == 1  # the same disk, as it has one of them


def test_two_syncs_at_once_remove_nothing_of_each_other(system: System) -> None:
    system.says(a_run(1), {"type": "sleep", "seconds": 2})
    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(system.sync)
        while not Path(f"{system.path}.children").exists():
            time.sleep(0.01)
        system.says(a_run(1), a_run(2))
        assert system.sync().new == 2
        assert slow.result().removed == 0
    assert system.names() == ["credit@run-1", "credit@run-2"]


def test_reading_again_keeps_the_project_and_the_interpreter(system: System) -> None:
    system.says(a_run(1))
    link = system.path.parent / "python-there"
    link.symlink_to(sys.executable)
    system.sync(project="team", python=str(link))
    system.says(a_run(1), a_run(2))
    system.sync()
    [state] = system.service.catalog.imported.all()
    assert (state.project, state.python, state.runs) == ("team", str(link), 2)
    assert {run.project for run in system.service.catalog.runs.page().runs} == {"team"}


def _pinned(system: System) -> set[tuple[str, str, int | None]]:
    query = "SELECT resource_type, display_name, display_order FROM curated_visualizations"
    with system.service.catalog._database.read() as connection:
        return {tuple(row) for row in connection.exec_driver_sql(query)}


def test_what_there_is_besides_runs(system: System, tmp_path: Path) -> None:
    """Snapshots, deployments, what is pinned to whatever: taken in, changed and removed as it is there."""

    def pinned(number: int, kind: str, resource: str, uri: str = "/x/page.html", **more: Any) -> dict[str, Any]:
        known = {"id": str(uuid.UUID(int=number)), "resource_type": kind, "resource": resource, "uri": uri}
        return {**known, "name": kind, "order": 1, "size": "half_width", **more}

    page = {"name": "page.html", "uri": "/x/page.html", "format": "html"}
    artifact = {"name": "scores", "uri": "/x/scores.csv", "visualizations": [page]}
    snapshot = {"configuration": {"C": 0.5}, "code_digest": "c" * 64, "packages": {"zenml": "0.98"}}
    run = a_run(artifacts=[artifact], model="best", snapshot=snapshot)
    live = {"name": "live", "pipeline": "credit", "project": None}
    everywhere = [
        pinned(1, "pipeline", "credit"),
        pinned(2, "model", "best"),
        pinned(3, "deployment", "live"),
        pinned(4, "pipeline_run", "id-1"),
        pinned(5, "pipeline_snapshot", "id-1"),
    ]
    nowhere = [pinned(6, "pipeline", "other"), pinned(7, "pipeline", "credit", uri="/x/gone"), pinned(8, "moon", "x")]
    system.says(run, {"type": "resources", "deployments": [live], "curated": everywhere + nowhere})
    system.sync()
    kinds = ("pipeline", "model", "deployment", "pipeline_run", "pipeline_snapshot")
    assert _pinned(system) == {(kind, kind, 1) for kind in kinds}
    assert [each.name for each in Client().list_deployments()] == ["live"]
    found = Client().get_pipeline_run("credit@run-1").snapshot()
    assert (found.configuration, found.packages) == ({"C": 0.5}, {"zenml": "0.98"})
    # The run is not told again, so what is pinned to it stays; the rest is told, and is what it is now.
    system.says(run, {"type": "resources", "curated": [pinned(1, "pipeline", "credit", name="better", order=None)]})
    assert system.sync().unchanged == 1
    assert _pinned(system) == {
        ("pipeline", "better", None),
        ("pipeline_run", "pipeline_run", 1),
        ("pipeline_snapshot", "pipeline_snapshot", 1),
    }
    assert Client().list_deployments().total == 0
    system.says({**run, "mark": "2"}, {"type": "resources"})
    system.sync()
    assert _pinned(system) == set()


def test_what_is_pinned_here_stays(system: System) -> None:
    """At the same place, or at the place in the order that the other system's would take."""
    pages = [{"name": f"{number}.html", "uri": f"/x/{number}.html", "format": "html"} for number in (1, 2)]
    run = a_run(artifacts=[{"name": "scores", "uri": "/x/scores.csv", "visualizations": pages}])
    system.says(run)
    system.sync()
    with system.service.catalog._database.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO curated_visualizations SELECT 'mine', project_id, v.id, 'pipeline', p.id, 'mine', 1, "
            "'full_width', 1, 1, NULL FROM visualizations v, pipelines p WHERE v.name = '1.html'"
        )
    known = {"resource_type": "pipeline", "resource": "credit", "order": 1, "name": "theirs"}
    theirs = [{**known, "id": str(uuid.UUID(int=number)), "uri": f"/x/{number}.html"} for number in (1, 2)]
    system.says(run, {"type": "resources", "curated": theirs})
    system.sync()
    assert _pinned(system) == {("pipeline", "mine", 1), ("pipeline", "theirs", None)}
    system.says(run, {"type": "resources"})
    system.sync()
    assert _pinned(system) == {("pipeline", "mine", 1)}


def test_a_reading_shows_how_far_it_is(system: System) -> None:
    """Where nothing changed, too, and where runs are left out."""
    left = [{"type": "skipped", "id": f"id-{number}", "what": "x", "reason": "away"} for number in range(300, 350)]
    system.says({"type": "total", "runs": 350}, *(a_run(number) for number in range(300)), *left)
    for _ in range(2):
        seen: list[tuple[int, int | None]] = []
        system.sync(progress=lambda summary, seen=seen: seen.append((summary.done, summary.total)))
        assert [done for done, _ in seen] == [0, 100, 200, 300, 350]
        assert seen[-1] == (350, 350)


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


def test_an_unknown_connector(system: System) -> None:
    with pytest.raises(NotFound, match=r"There is no connector 'mlflow'\. There is: fake"):
        connector_file("mlflow")

"""Runs of other systems, brought in from the Lab: who may, what is said of it, and that nothing secret is kept."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from jupyter_viz.connectors import found
from jupyter_viz.connectors.places import Place
from jupyter_viz.errors import CatalogUnavailable, Forbidden
from jupyter_viz.models import Principal

Ask = Callable[..., Awaitable[Any]]


@pytest.fixture(autouse=True)
def nothing_stays(service: Any) -> Iterator[None]:
    """The catalog is that of other tests too, which count its runs."""
    before = {run.id for run in service.catalog.runs.page(limit=200).runs}
    yield
    for run in service.catalog.runs.page(limit=200).runs:
        if run.id not in before:
            service.delete_run(Principal(), run.id)
    with service.catalog._database.write() as connection:
        connection.exec_driver_sql("DELETE FROM syncs")


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """A folder of two runs, outside of the server's root."""
    folder = tmp_path / "elsewhere" / "results"
    for name, auc in (("first", 0.5), ("second", 0.75)):
        (folder / name).mkdir(parents=True)
        (folder / name / "metrics.json").write_text(json.dumps({"auc": auc}))
        (folder / name / "scores.csv").write_text("label,p\n0,0.1\n1,0.9\n0,0.4\n1,0.3\n")
    return folder


async def _of(ask: Ask, location: Path) -> list[dict[str, Any]]:
    """The place's line in the list, if there is one: other tests name places too."""
    return [each for each in (await ask("GET", "syncs")).json()["syncs"] if each["location"] == str(location)]


async def _ended(ask: Ask, location: Path) -> dict[str, Any]:
    while True:
        [sync] = await _of(ask, location)
        if not sync["running"]:
            return sync
        await asyncio.sleep(0.05)


async def test_a_place_is_tested_connected_and_seen(ask: Ask, results: Path) -> None:
    place = {"system": "folder", "location": str(results), "python": None}
    checked = await ask("POST", "syncs", {**place, "check": True})
    assert checked.json()["about"] == "2 folders, each a run: first, second"
    assert await _of(ask, results) == []
    begun = await ask("POST", "syncs", place)
    assert (begun.status, begun.json()) == (202, {"begun": True})
    sync = await _ended(ask, results)
    assert (sync["location"], sync["runs"], sync["error"]) == (str(results), 2, None)
    assert sync["counts"]["new"] == 2
    page = (await ask("GET", "runs", filter="pipeline:results")).json()
    assert {run["name"]: run["metrics"]["auc"]["value"] for run in page["runs"]} == {"first": 0.5, "second": 0.75}
    wish = {
        "recipe": "roc_curve",
        "source": "results@second/scores.csv",
        "arguments": {"target": "label", "score": "p"},
    }
    drawn = (await ask("POST", "visualizations", wish, wait="60")).json()
    assert drawn["status"] == "completed", drawn
    assert drawn["metrics"]["auc"] == pytest.approx(0.75)


async def test_what_can_not_be_read_is_said_of_the_place(ask: Ask, results: Path) -> None:
    gone = {"system": "folder", "location": str(results / "nowhere")}
    checked = await ask("POST", "syncs", {**gone, "check": True})
    assert (checked.status, checked.json()["code"]) == (502, "connector_failed")
    assert str(results / "nowhere") in checked.json()["message"]
    await ask("POST", "syncs", gone)
    assert "can't be read" in (await _ended(ask, results / "nowhere"))["error"]


async def test_a_relative_place_begins_where_the_notebooks_are(ask: Ask, service: Any) -> None:
    """Wherever the server was started."""
    root = Path(service.config.source_root)
    (root / "relative" / "first").mkdir(parents=True)
    (root / "relative" / "first" / "metrics.json").write_text('{"auc": 0.5}')
    await ask("POST", "syncs", {"system": "folder", "location": "relative"})
    assert (await _ended(ask, root / "relative"))["runs"] == 1


def test_a_catalog_that_fails_blocks_no_place_for_ever(
    service: Any, results: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*words: Any, **more: Any) -> None:
        raise CatalogUnavailable("away")

    place = Place("folder", str(results))
    with monkeypatch.context() as patched:
        patched.setattr(type(service.catalog.imported), "note", fails)
        with pytest.raises(CatalogUnavailable):
            service.syncing.begin(Principal(), place)
    assert service.syncing.begin(Principal(), place)
    while any(state.running for state, _ in service.syncing.states(Principal())[0]):
        pass


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({"system": "folder"}, 400, "'location'"),
        ({"system": "folder", "location": " "}, 400, "'location' is empty"),
        ({"system": "folder", "location": 3}, 400, "'location' must be a text"),
        ({"system": "folder", "location": "x", "shell": "rm"}, 400, "'shell'"),
        ({"system": "folder", "location": "x", "check": 1}, 400, "'check' must be true or false"),
        ({"system": "mlflo", "location": "x"}, 404, "mlflow"),
        ({"system": "mlflow", "location": "https://ann:secret@host"}, 400, "would not be kept"),
        ({"system": "mlflow", "location": "https://host?token=secret"}, 400, "would not be kept"),
    ],
)
async def test_a_wrong_place_is_refused_by_name(ask: Ask, body: dict[str, Any], status: int, said: str) -> None:
    before = (await ask("GET", "syncs")).json()["syncs"]
    answer = await ask("POST", "syncs", body)
    assert answer.status == status, answer.body
    assert said in answer.json()["message"]
    assert "secret" not in answer.json()["message"]
    assert (await ask("GET", "syncs")).json()["syncs"] == before


def test_who_may_not_execute_starts_no_process(service: Any, results: Path) -> None:
    """An interpreter is named in the request: that is as good as code."""
    nobody = Principal("user:bob", may_execute=False)
    place = Place("folder", str(results), "/bin/sh")
    for call in (service.syncing.check, service.syncing.begin):
        with pytest.raises(Forbidden):
            call(nobody, place)


async def test_what_is_found_is_offered_until_it_is_connected(
    ask: Ask, service: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = Path(service.config.source_root)
    (root / "local_outputs" / "training-2026-11-26-02-33-14-937539" / "data").mkdir(parents=True)
    monkeypatch.setattr(found, "zenml_folder", lambda environ: root / "nowhere")
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    [store] = (await ask("GET", "syncs")).json()["found"]
    expected = {"system": "kfp", "location": str(root / "local_outputs"), "why": "local_outputs"}
    assert store == {**expected, "python": None, "missing": None}
    assert service.syncing.states(Principal("user:bob", may_execute=False))[1] == []  # they could not connect it
    await ask("POST", "syncs", {"system": store["system"], "location": store["location"]})
    await _ended(ask, root / "local_outputs")
    assert (await ask("GET", "syncs")).json()["found"] == []

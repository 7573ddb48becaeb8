"""Bytes that only a connector can read: brought here once, whole or not at all, with the settings' credentials."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from jupyter_viz import load, visualize
from jupyter_viz.client import Client
from jupyter_viz.config import load_configuration
from jupyter_viz.connectors import process
from jupyter_viz.errors import BytesGone, StoreUnavailable
from jupyter_viz.models import Principal
from jupyter_viz.service import Service

from .conftest import System, a_run

TABLE = "label,p\n0,0.1\n1,0.9\n0,0.4\n1,0.3\n"
ADDRESS = "credit@run-1/scores"


@pytest.fixture
def behind(tmp_path: Path) -> Path:
    """A file that is the other system's alone."""
    path = tmp_path / "behind" / "scores.csv"
    path.parent.mkdir()
    path.write_text(TABLE)
    return path


def _has(system: System, uri: str | Path, mark: str = "1", **more: Any) -> None:
    artifact = {"name": "scores", "uri": str(uri), "kind": "table", "fetch": True, **more}
    system.says(a_run(mark=mark, artifacts=[artifact]))
    system.sync()


def _fetched(system: System) -> list[str]:
    log = Path(f"{system.path}.fetched")
    return log.read_text().splitlines() if log.exists() else []


def test_it_is_fetched_once_and_drawn(system: System, behind: Path) -> None:
    _has(system, behind)
    assert not _fetched(system), "nothing is fetched before somebody looks"
    [run] = Client().list_pipeline_runs()
    assert Client().get_pipeline_run(run.id).outputs["scores"].kind.value == "table"
    assert visualize("roc_curve", ADDRESS, target="label", score="p").metrics["auc"] == pytest.approx(0.75)
    behind.unlink()
    assert len(load(ADDRESS)) == 4
    assert len(_fetched(system)) == 1


def test_several_who_look_at_once_wait_for_one(system: System, behind: Path) -> None:
    _has(system, behind)
    with ThreadPoolExecutor(4) as threads:
        assert [len(frame) for frame in threads.map(load, [ADDRESS] * 4)] == [4] * 4
    assert len(_fetched(system)) == 1


def test_what_changed_there_is_fetched_anew(system: System, behind: Path) -> None:
    _has(system, behind)
    assert len(load(ADDRESS)) == 4
    behind.write_text(TABLE + "1,0.8\n")
    _has(system, behind, mark="2")
    assert len(load(ADDRESS)) == 5


def test_what_can_not_be_fetched_says_so_and_leaves_nothing(system: System, behind: Path) -> None:
    _has(system, behind)
    kept = behind.rename(behind.with_name("away"))
    with pytest.raises(StoreUnavailable, match=r"'credit@run-1/scores' can't be read now: .*FileNotFoundError"):
        load(ADDRESS)
    assert [run.name for run in Client().list_pipeline_runs()] == ["run-1"]
    assert not list((system.service.config.home_path / "cache").glob("fetched-*"))
    kept.rename(behind)
    assert len(load(ADDRESS)) == 4


def test_a_system_that_does_not_answer_keeps_nobody_waiting_for_ever(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "_SECONDS_TO_FETCH", 1)
    _has(system, "slow")
    with pytest.raises(StoreUnavailable, match="no answer within 1 seconds"):
        load(ADDRESS)


def test_the_credentials_are_those_of_the_settings(
    system: System, behind: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The catalog keeps none, so who fetches later takes them from the configuration."""
    _has(system, behind)
    home = system.service.config.home_path
    home.mkdir(exist_ok=True)
    location = f"http://ann:secret@localhost{system.path}"
    (home / "config.yaml").write_text(f"connectors: {{ours: {{system: fake, location: '{location}'}}}}")
    with system.service.catalog._database.write() as connection:
        connection.exec_driver_sql("UPDATE syncs SET location = ?", (f"http://localhost{system.path}",))
    assert len(load(ADDRESS)) == 4
    assert _fetched(system) == [f"{location} {behind}"]
    assert b"secret" not in b"".join(path.read_bytes() for path in home.glob("catalog.db*"))
    assert "secret" not in repr(load_configuration())
    assert not [value for value in load_configuration().environment().values() if "secret" in value]


def test_what_the_system_itself_made_to_show_is_shown(system: System, behind: Path, tmp_path: Path) -> None:
    page = tmp_path / "behind" / "report.html"
    page.write_text("<b>made there</b>")
    here = system.path.parent / "note.md"
    here.write_text("**made there**")
    _has(
        system,
        behind,
        visualizations=[
            {"name": "report.html", "format": "html", "uri": str(page), "fetch": True},
            {"name": "note.md", "format": "markdown", "uri": str(here)},
        ],
    )
    [artifact] = system.service.catalog.runs.find_run("credit@run-1").steps[0].artifacts
    shown = {each.name: each for each in system.service.visualizations_of(Principal(), artifact.id)}
    assert set(shown) == {"report.html", "note.md"}
    assert system.service.content(Principal(), shown["report.html"].id)[1] == b"<b>made there</b>"
    _, outputs = system.service.visualization(Principal(), shown["note.md"].id)
    assert "made there" in str(outputs)
    _has(system, behind, mark="2", visualizations=[{"name": "note.md", "format": "markdown", "uri": str(here)}])
    [kept] = system.service.visualizations_of(Principal(), artifact.id)
    assert kept.id == shown["note.md"].id, "what is pinned by its id stays pinned"


def test_looking_at_what_is_done_fetches_nothing(system: System, behind: Path) -> None:
    """It would wait for minutes for a source that nobody needs any more, and call the picture stale without it."""
    _has(system, behind)
    source = system.service.source(Principal(), ADDRESS, bring=False)
    assert not _fetched(system)
    assert source.digest == system.service.source(Principal(), ADDRESS).digest
    assert len(_fetched(system)) == 1


def test_a_hundred_megabytes(system: System, behind: Path) -> None:
    with behind.with_name("large.bin").open("wb") as file:
        file.truncate(100 << 20)
    _has(system, behind.with_name("large.bin"), kind="binary")
    assert len(load(ADDRESS)) == 100 << 20


def test_a_place_that_nobody_knows_any_more(system: System, behind: Path) -> None:
    _has(system, behind)
    with system.service.catalog._database.write() as connection:
        connection.exec_driver_sql("DELETE FROM syncs")
    with pytest.raises(BytesGone, match="nobody knows where its run was read from"):
        load(ADDRESS)


def test_a_server_counts_it_as_there_without_fetching(system: System, behind: Path) -> None:
    _has(system, behind)
    service = Service(load_configuration(overrides={"source_root": str(behind.parents[1])}))
    [artifact] = service.catalog.runs.find_run("credit@run-1").steps[0].artifacts
    assert service.artifact(Principal(), artifact.id)[1]
    assert not _fetched(system)
    name, file = service.artifact_file(Principal(), artifact.id)
    with file:
        assert (name, file.read().decode()) == ("scores", TABLE)

"""The demo keeps to a home of its own, and leaves nothing when it is removed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jupyter_viz import pipeline, step
from jupyter_viz.client import Client
from jupyter_viz.demo import launch


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("JUPYTER_VIZ_HOME")
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


def test_its_home_is_its_own_and_goes_with_it(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = launch.prepare()
    assert folder == data / "viz-demo"
    assert {run.pipeline for run in Client().list_pipeline_runs()} == {"breast_cancer"}
    launch.prepare()  # again: records nothing twice
    assert len(Client().list_pipeline_runs()) == 4
    assert (folder / "demo" / "notebooks" / "demo.ipynb").is_file()
    assert launch.remove() == 0
    assert not folder.exists()
    assert list(data.iterdir()) == []
    assert f"Removed {folder}" in capsys.readouterr().out


def test_removing_nothing_says_so(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert launch.remove() == 0
    assert "nothing to remove" in capsys.readouterr().out


def test_a_home_that_was_there_before_keeps_what_is_somebodys(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """JUPYTER_VIZ_HOME with runs of the user's own: the demo's go, those stay."""
    home.mkdir()
    _mine()
    launch.prepare()
    assert {run.pipeline for run in Client().list_pipeline_runs()} == {"mine", "breast_cancer"}
    assert launch.remove() == 0
    assert [run.pipeline for run in Client().list_pipeline_runs()] == ["mine"]
    assert not (home / "demo").exists()
    assert len(list((home / "artifacts" / "runs").iterdir())) == 1
    assert "was there before" in capsys.readouterr().out


def test_what_a_user_added_to_the_demo_is_kept_until_they_say_all(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """README's minute of use, tried in the demo's notebook, is somebody's work."""
    home = launch.prepare()
    _mine()
    (home / "demo" / "notebooks" / "my_work.ipynb").write_text("mine")
    assert launch.remove() == 0
    said = capsys.readouterr().out
    assert "run mine@" in said
    assert "my_work.ipynb" in said
    assert [run.pipeline for run in Client().list_pipeline_runs()] == ["mine"]
    assert launch.remove(everything=True) == 0
    assert not home.exists()


def _mine() -> None:
    @pipeline
    def mine() -> None:
        step(lambda: 1).with_options(name="one")()

    mine()


def test_starting_again_overwrites_nothing(home: Path) -> None:
    launch._lay_out(home)
    notebook = home / "demo" / "notebooks" / "demo.ipynb"
    notebook.write_text("edited")
    launch._lay_out(home)
    assert notebook.read_text() == "edited"


def test_the_lab_opens_on_the_notebook_with_the_sidebar(home: Path) -> None:
    launch._lay_out(home)
    options = dict(option.split("=", 1) for option in launch._lab_options(home))
    assert options["--LabApp.default_url"] == "/lab/tree/demo.ipynb"
    assert (Path(options["--ServerApp.root_dir"]) / "demo.ipynb").is_file()
    [workspace] = Path(options["--LabApp.workspaces_dir"]).iterdir()
    layout = json.loads(workspace.read_text())["data"]["layout-restorer:data"]
    assert layout["left"]["current"] == "jupyter-viz-sidebar"

"""Stores of other systems are found by their names, and none of them is opened for that."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_viz.connectors import found
from jupyter_viz.connectors.found import interpreter_for, stores_found, zenml_folder
from jupyter_viz.connectors.places import folder_of, has_credentials


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "project"


def _systems(folder: Path, **environ: str) -> list[tuple[str, str]]:
    environ = {"ZENML_CONFIG_PATH": str(folder / "nowhere"), **environ}
    return [(store.system, store.location) for store in stores_found(folder, environ)]


def test_an_empty_machine_has_none(folder: Path) -> None:
    assert _systems(folder) == []
    folder.mkdir()
    (folder / "mlruns").mkdir()  # only the artifacts of a database's runs
    (folder / "local_outputs").mkdir()
    assert _systems(folder) == []


def test_each_store_is_found_where_its_system_puts_it(folder: Path, tmp_path: Path) -> None:
    (folder / "mlruns" / "0").mkdir(parents=True)
    (folder / "mlruns" / "0" / "meta.yaml").touch()
    (folder / "mlflow.db").touch()
    (folder / "local_outputs" / "training-1").mkdir(parents=True)
    (folder / "zenml").mkdir()
    (folder / "zenml" / "config.yaml").touch()
    (tmp_path / "token").touch()
    assert _systems(
        folder,
        ZENML_CONFIG_PATH=str(folder / "zenml"),
        MLFLOW_TRACKING_URI="https://ann:secret@mlflow.example?x=1",
        KF_PIPELINES_SA_TOKEN_PATH=str(tmp_path / "token"),
        KF_PIPELINES_ENDPOINT="http://pipelines.example",
    ) == [
        ("zenml", str(folder / "zenml")),
        ("mlflow", "https://mlflow.example"),
        ("mlflow", f"sqlite:///{folder}/mlflow.db"),
        ("mlflow", str(folder / "mlruns")),
        ("kfp", str(folder / "local_outputs")),
        ("kubeflow", "http://pipelines.example"),
    ]


def test_what_two_ways_lead_to_is_found_once(folder: Path) -> None:
    folder.mkdir()
    (folder / "mlflow.db").touch()
    assert _systems(folder, MLFLOW_TRACKING_URI=f"sqlite:///{folder}/mlflow.db") == [
        ("mlflow", f"sqlite:///{folder}/mlflow.db")
    ]


def test_zenml_is_looked_for_where_it_looks_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    click = pytest.importorskip("click")
    for environ in ({"HOME": str(tmp_path)}, {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "xdg")}):
        monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
        for name, value in environ.items():
            monkeypatch.setenv(name, value)
        assert str(zenml_folder(dict(os.environ))) == click.get_app_dir("zenml")


def test_an_environment_that_has_the_library_is_found_without_being_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(found.LIBRARIES, "mlflow", "no_such_library")
    monkeypatch.setattr(found, "_interpreters", lambda: iter([tmp_path / "venv" / "bin" / "python"]))
    assert interpreter_for("mlflow") == (None, "no_such_library")
    library = tmp_path / "venv" / "lib" / "python3.11" / "site-packages" / "no_such_library"
    library.mkdir(parents=True)
    (library / "__init__.py").write_text("raise SystemExit('it was imported')")
    (tmp_path / "venv" / "bin").mkdir()
    (tmp_path / "venv" / "bin" / "python").write_text("#!/bin/false")
    assert interpreter_for("mlflow") == (str(tmp_path / "venv" / "bin" / "python"), None)
    assert interpreter_for("folder") == (None, None)


@pytest.mark.parametrize(
    ("location", "folder"),
    [
        ("sqlite:////home/ann/mlflow.db", "/home/ann"),
        ("file:///nowhere/mlruns", "/nowhere"),
        ("/nowhere/mlruns", "/nowhere"),
        ("https://mlflow.example/a", None),
        ("postgresql://db/mlflow", None),
    ],
)
def test_the_folder_of_a_place(location: str, folder: str | None) -> None:
    assert folder_of(location) == folder


def test_credentials_are_seen() -> None:
    assert has_credentials("https://ann:secret@host/a")
    assert has_credentials("https://host/a?token=secret")
    assert not has_credentials("https://host/a")
    assert not has_credentials("sqlite:////home/a@b/mlflow.db")


def test_doctor_and_the_command_line_name_what_was_found(tmp_path: Path) -> None:
    (tmp_path / "local_outputs" / "t-1").mkdir(parents=True)
    environment = os.environ | {"JUPYTER_VIZ_HOME": str(tmp_path / "viz"), "ZENML_CONFIG_PATH": str(tmp_path)}
    main = "import sys; from jupyter_viz.cli import main; sys.exit(main(sys.argv[1:]))"

    def said(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", main, *words],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=100,
        )
        return done.stdout + done.stderr

    command = f"jupyter viz sync kfp {tmp_path}/local_outputs"
    assert f"found       local_outputs: {command}" in said("doctor")
    assert "Nothing was read before" in said("sync")
    assert said("sync", "kfp").startswith("jupyter viz: Where?")
    assert said("sync", "kfp", "local_outputs") == "1 new, 0 updated, 0 unchanged, 0 removed\n"
    told = said("doctor")
    assert command not in told
    assert f"runs of     kfp {tmp_path}/local_outputs: 1 runs; read " in told
    assert said("sync").endswith("1 unchanged, 0 removed\n")

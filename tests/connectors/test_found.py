"""Stores of other systems are found by their names, and none of them is opened for that."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_viz.connectors import found
from jupyter_viz.connectors.found import interpreter_for, stores_found, zenml_folder


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


@pytest.mark.parametrize("uri", ["http://[half", "http://host:port", "s3://a\n@b:x", "  "])
def test_a_variable_that_is_no_address_hides_nothing_else(folder: Path, uri: str) -> None:
    folder.mkdir()
    (folder / "mlflow.db").touch()
    assert ("mlflow", f"sqlite:///{folder}/mlflow.db") in _systems(folder, MLFLOW_TRACKING_URI=uri)


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


def test_a_kernel_of_another_language_is_no_interpreter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """R is installed in an environment that has the library: it could not import it."""
    for language in ("R", "python3"):
        kernel = tmp_path / "kernels" / language.lower()
        kernel.mkdir(parents=True)
        program = tmp_path / language / "bin" / language
        program.parent.mkdir(parents=True)
        program.touch()
        argv = [str(program), "-f", "{connection_file}"]
        (kernel / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": language, "language": language}))
        library = tmp_path / language / "lib" / "python3.11" / "site-packages" / "no_such_library"
        library.mkdir(parents=True)
        (library / "__init__.py").touch()
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setitem(found.LIBRARIES, "mlflow", "no_such_library")
    assert interpreter_for("mlflow") == (str(tmp_path / "python3" / "bin" / "python3"), None)


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

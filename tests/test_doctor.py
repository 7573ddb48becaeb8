"""`jupyter viz doctor` names the part that doesn't work, and the way out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import jupyter_viz
from jupyter_viz import doctor
from jupyter_viz.catalog import engine


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Both extensions as an installation leaves them, whatever this checkout was built with."""
    server = tmp_path / "config" / "jupyter_server_config.d"
    server.mkdir(parents=True)
    (server / "jupyter_viz.json").write_text('{"ServerApp": {"jpserver_extensions": {"jupyter_viz": true}}}')
    lab = tmp_path / "data" / "labextensions" / "jupyter-viz"
    lab.mkdir(parents=True)
    (lab / "package.json").write_text(json.dumps({"version": jupyter_viz.__version__}))
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(tmp_path / "config"))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "data"))
    return tmp_path


def _line(title: str) -> str:
    lines, well = doctor.check()
    assert not well
    [line] = [line for line in lines if f" {title}:" in line]
    assert line.startswith("NO ")
    return line


def test_all_is_well(installed: Path, home: Path) -> None:
    lines, well = doctor.check()
    assert well, lines
    parts = ["catalog", "artifact store", "server extension", "Lab extension", "tables", "recipes"]
    assert lines[-6:] == [f"ok  {part}" for part in parts]
    assert not list((home / "artifacts").rglob("*probe*"))  # it leaves nothing


def test_a_catalog_that_cannot_be_used(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_VIZ_CATALOG", "postgresql://ann:geheim@127.0.0.1:1/viz")
    assert "could not be used" in _line("catalog")
    assert "geheim" not in "\n".join(doctor.check()[0])


def test_a_store_that_cannot_be_written(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (installed / "file").touch()
    monkeypatch.setenv("JUPYTER_VIZ_ARTIFACTS", str(installed / "file"))
    assert "Set JUPYTER_VIZ_ARTIFACTS" in _line("artifact store")


def test_a_numpy_that_pyarrow_finds_too_old(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """pip puts the newest pyarrow beside an old NumPy without a word."""

    def absent(name: str) -> None:
        raise ImportError("pyarrow requires NumPy 2.0 or newer, found 1.26.4")

    monkeypatch.setattr(doctor, "import_module", absent)
    assert "found 1.26.4. pip install 'pyarrow<26' works with NumPy 1" in _line("tables")


def test_a_lab_extension_of_another_version(installed: Path) -> None:
    (installed / "data" / "labextensions" / "jupyter-viz" / "package.json").write_text('{"version": "0.0.1"}')
    assert "is of version 0.0.1: install jupyter_viz again" in _line("Lab extension")


def test_a_catalog_that_is_not_the_servers(installed: Path, monkeypatch: pytest.MonkeyPatch, home: Any) -> None:
    monkeypatch.setenv("JUPYTER_VIZ_SERVER_CATALOG", "another")
    lines, well = doctor.check()
    assert not well
    assert any("the sidebar another" in line for line in lines)


def test_a_catalog_on_a_network_file_system(installed: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It works, so nobody would ask why it is slow: the file, the kind of file system and the way out are named."""
    table = installed / "mounts"
    table.write_text(f"/dev/sda1 / ext4 rw 0 0\nserver:/home {home} nfs4 rw 0 0\n")
    monkeypatch.setattr(engine, "MOUNTS", table)
    said = _line("catalog")
    assert f"{home / 'catalog.db'} is on a network file system (nfs4)" in said
    assert "Use PostgreSQL: JUPYTER_VIZ_CATALOG=postgresql://" in said

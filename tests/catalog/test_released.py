"""Every catalog a release wrote is brought up to date with all that is in it. `released/make.py` keeps them."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from jupyter_viz.catalog import engine
from jupyter_viz.catalog.catalog import Catalog
from jupyter_viz.catalog.tables import SCHEMA, metadata
from jupyter_viz.enums import RunStatus
from jupyter_viz.errors import CatalogNewer, StorageFull
from jupyter_viz.models import Metric, NewRun

from .released.make import read

FOLDER = Path(__file__).parent / "released"
RELEASES = sorted(path.stem for path in FOLDER.glob("*.json"))
FIRST = RELEASES[0]


def _load(release: str, url: str) -> None:
    """Fill an empty database with what a release left."""
    backend = sa.make_url(url).get_backend_name()
    text = (FOLDER / f"{release}.{backend}.sql").read_text()
    if backend == "sqlite":
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            connection.executescript(text)
        return
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(text.encode())


def _said(release: str, url: str) -> Any:
    return json.loads((FOLDER / f"{release}.json").read_text())[sa.make_url(url).get_backend_name()]


def _covers(found: Any, said: Any) -> bool:
    """Whether all that was said then is said now; a later version may say more of a thing."""
    if isinstance(said, dict):
        return isinstance(found, dict) and all(key in found and _covers(found[key], said[key]) for key in said)
    if isinstance(said, list):
        return len(found) == len(said) and all(map(_covers, found, said))
    return bool(found == said)


@pytest.mark.parametrize("release", RELEASES)
def test_its_data_reads_the_same(release: str, url: str) -> None:
    """Runs, steps, artifacts, metrics, logs, visualizations: an upgrade costs nothing of them; and it goes on."""
    _load(release, url)
    catalog = Catalog(url)
    found, said = read(catalog), _said(release, url)
    assert {name for name in said if not _covers(found[name], said[name])} == set()
    run_id, name = catalog.recording.start_run(NewRun("churn", "nightly", "team é", experiment="regularization"))
    assert name == "nightly-5"
    catalog.recording.log_metrics(run_id, None, [Metric("auc", 0.9)])
    catalog.recording.end_run(run_id, RunStatus.COMPLETED)
    column = catalog.runs.page(columns=["auc"]).metric_columns[0]
    assert (column.runs, column.maximum) == (5, 0.9)
    catalog.close()


@pytest.mark.parametrize("release", RELEASES)
def test_its_schema_becomes_that_of_a_new_catalog(release: str, url: str) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    _load(release, url)
    catalog = Catalog(url)
    with catalog._database.read() as connection:
        assert connection.scalar(sa.text("SELECT version_num FROM alembic_version")) == SCHEMA
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    catalog.close()


def _revision(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])


@pytest.mark.parametrize("release", RELEASES)
def test_a_copy_of_an_sqlite_catalog_is_kept(release: str, tmp_path: Path) -> None:
    """The way back: the file as it was, beside the new one."""
    path = tmp_path / "catalog.db"
    _load(release, f"sqlite:///{path}")
    before = _revision(path)
    Catalog(f"sqlite:///{path}").close()
    if before == SCHEMA:
        assert list(tmp_path.glob("*backup*")) == []
        return
    assert sorted(each.name for each in tmp_path.glob("*backup*")) == [f"catalog.db.backup-{before}"]
    copy = tmp_path / f"catalog.db.backup-{before}"
    assert _revision(copy) == before
    with closing(sqlite3.connect(copy)) as kept, closing(sqlite3.connect(":memory:")) as original:
        original.executescript((FOLDER / f"{release}.sqlite.sql").read_text())
        assert list(kept.iterdump()) == list(original.iterdump())


def test_processes_that_upgrade_at_once_do_it_once(url: str) -> None:
    """The server and a notebook, both started right after `pip install --upgrade`."""
    _load(FIRST, url)
    code = """if True:
        import sys
        from jupyter_viz.catalog.catalog import Catalog
        from jupyter_viz.catalog import engine
        migrated = []
        migrate = engine._migrate
        engine._migrate = lambda connection: (migrated.append(1), migrate(connection))
        input()
        Catalog(sys.argv[1])
        print(len(migrated))
    """
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    started = [subprocess.Popen([sys.executable, "-c", code, url], text=True, **pipes) for _ in range(3)]
    for process in started:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    answers = [process.communicate(timeout=100) for process in started]
    assert [process.returncode for process in started] == [0, 0, 0], answers
    assert sorted(out.strip() for out, _ in answers) == ["0", "0", "1"]
    catalog = Catalog(url)
    assert _covers(read(catalog)["runs"], _said(FIRST, url)["runs"])
    catalog.close()


def test_an_upgrade_that_fails_changes_nothing(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half-way through, the old version still works; the next try begins again."""
    _load(FIRST, url)
    migrate = engine._migrate

    def fails(connection: sa.Connection) -> None:
        migrate(connection)
        raise RuntimeError("power cut")

    monkeypatch.setattr(engine, "_migrate", fails)
    with pytest.raises(RuntimeError):
        Catalog(url)
    bare = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with bare.connect() as connection:
        assert connection.scalar(sa.text("SELECT version_num FROM alembic_version")) == "0001"
        indexes = {index["name"] for index in sa.inspect(connection).get_indexes("metrics")}
        assert "ix_metrics_pipeline_id_name_value" in indexes
    bare.dispose()
    monkeypatch.setattr(engine, "_migrate", migrate)
    catalog = Catalog(url)
    assert _covers(read(catalog), _said(FIRST, url))
    catalog.close()


def test_an_upgrade_that_finds_no_room_waits_for_it(small_disk: Any) -> None:
    """Without room for the copy nothing is changed, and no half copy is taken for one."""
    path = small_disk.path / "catalog.db"
    _load(FIRST, f"sqlite:///{path}")
    small_disk.fill()
    os.truncate(small_disk.path / "filler", os.path.getsize(small_disk.path / "filler") - 100_000)
    with pytest.raises(StorageFull):
        Catalog(f"sqlite:///{path}")
    assert list(small_disk.path.glob("*backup*")) == []
    small_disk.free()
    catalog = Catalog(f"sqlite:///{path}")
    assert _covers(read(catalog), _said(FIRST, f"sqlite:///{path}"))
    catalog.close()


def test_older_code_on_a_newer_catalog(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Code that knows only the first schema says `catalog_newer` with the way out, and leaves the catalog alone."""
    Catalog(url).close()
    known = tmp_path / "migrations"
    shutil.copytree(Path(engine.__file__).parent / "migrations", known)
    for path in (known / "versions").glob("0*.py"):
        if not path.name.startswith("0001"):
            path.unlink()
    monkeypatch.setattr(engine, "_script_location", lambda: str(known))
    monkeypatch.setattr(engine, "SCHEMA", "0001")
    with pytest.raises(CatalogNewer, match=rf"schema {SCHEMA}, this one knows 0001.*pip install --upgrade") as caught:
        Catalog(url)
    assert caught.value.code == "catalog_newer"
    monkeypatch.undo()
    Catalog(url).close()

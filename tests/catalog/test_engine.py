"""Opening a catalog: on the right terms, by several processes, with a clear word where it can't be."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from jupyter_viz.catalog import engine
from jupyter_viz.catalog.catalog import Catalog
from jupyter_viz.catalog.engine import hidden, on_network_file_system, open_engine
from jupyter_viz.catalog.tables import steps
from jupyter_viz.errors import CatalogNewer, CatalogUnavailable, ConfigurationError
from jupyter_viz.models import NewRun


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "catalog.db"


def test_sqlite_habits(file: Path) -> None:
    """Readers go on while somebody writes (WAL), and a deleted run takes its steps along (foreign keys)."""
    catalog = Catalog(f"sqlite:///{file}")
    with catalog._database.read() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 1
    catalog.close()


def test_a_write_takes_the_lock_at_once_and_a_read_never(file: Path) -> None:
    """Two recordings that both read and then write wait for each other; neither fails half-way."""
    catalog = Catalog(f"sqlite:///{file}")
    with closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as other:
        with catalog._database.read() as connection:
            connection.execute(sa.select(steps)).all()
            other.execute("BEGIN IMMEDIATE")
            other.execute("ROLLBACK")
        with catalog._database.write(), pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
    catalog.close()


def test_a_row_whose_parent_is_missing_is_refused(catalog: Catalog) -> None:
    with pytest.raises(sa.exc.IntegrityError):
        catalog.recording.start_step("00000000-0000-0000-0000-000000000000", "load", 0)


def test_a_block_that_raises_leaves_nothing(catalog: Catalog) -> None:
    """Nothing is stored half."""

    def fail_half_way() -> None:
        with catalog._database.write() as connection:
            connection.execute(sa.text("INSERT INTO projects (id, name, created_at) VALUES ('x', 'half', 0)"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    assert catalog.runs.projects() == []


def test_opening_again_finds_the_same_catalog(url: str) -> None:
    first, second = Catalog(url), Catalog(url)
    assert first.id == second.id
    first.close()
    second.close()


def test_two_catalogs_have_two_ids(tmp_path: Path) -> None:
    first, second = (Catalog(f"sqlite:///{tmp_path / name}.db") for name in "ab")
    assert first.id != second.id
    first.close()
    second.close()


def test_several_processes_may_open_a_fresh_catalog_at_once(url: str) -> None:
    """The server and a notebook, both started on a new machine, see one catalog and neither fails."""
    code = "import sys; from jupyter_viz.catalog import open_catalog; input(); print(open_catalog(sys.argv[1]).id)"
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code, url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for process in started:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    answers = [process.communicate(timeout=60) for process in started]
    assert [process.returncode for process in started] == [0] * 4, answers
    assert len({out for out, _ in answers}) == 1


def test_no_process_is_told_that_a_file_being_made_is_locked(tmp_path: Path) -> None:
    """SQLite lets nobody wait where a new file gets its journal: one attempt in three or so met another's."""
    code = "import sys; from jupyter_viz.catalog.engine import open_engine\n"
    code += "for path in sys.stdin: print(open_engine('sqlite:///' + path.strip()).dialect.name, flush=True)"
    started = [
        subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for attempt in range(15):
        for process in started:
            assert process.stdin is not None
            process.stdin.write(f"{tmp_path / str(attempt)}.db\n")
            process.stdin.flush()
        for process in started:
            assert process.stdout is not None
            assert process.stdout.readline() == "sqlite\n"
    for process in started:
        process.communicate(timeout=60)
        assert process.returncode == 0


def test_several_processes_record_at_once_and_lose_nothing(catalog: Catalog) -> None:
    """Runs started in parallel are all there, each under a name of its own, each with its metric."""
    code = """if True:
        import sys
        from jupyter_viz.catalog import open_catalog
        from jupyter_viz.enums import RunStatus
        from jupyter_viz.models import Metric, NewRun
        recording = open_catalog(sys.argv[1]).recording
        input()
        for number in range(15):
            run, _ = recording.start_run(NewRun("churn", "otter", sys.argv[2]))
            step = recording.start_step(run, "load", 0)
            recording.log_metrics(run, step, [Metric("auc", number)])
            recording.end_step(step, RunStatus.COMPLETED)
            recording.end_run(run, RunStatus.COMPLETED)
    """
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code, catalog._database.url, "team"],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for process in started:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    errors = [process.communicate(timeout=100)[1] for process in started]
    assert [process.returncode for process in started] == [0] * 3, errors
    page = catalog.runs.page("team::churn", 200)
    names = {run.name for run in page.runs}
    assert names == {"otter", *(f"otter-{number}" for number in range(2, 46))}
    assert sorted(run.metrics["auc"].value for run in page.runs) == sorted([*range(15)] * 3)
    assert len(catalog.runs.pipelines()) == 1


def test_a_forked_child_has_connections_of_its_own(url: str, python: Callable[..., str]) -> None:
    """A step that forks (multiprocessing, joblib) does not garble its parent's catalog."""
    code = """if True:
        import os, sys
        from jupyter_viz.catalog import open_catalog
        from jupyter_viz.models import NewRun
        catalog = open_catalog(sys.argv[1])
        engine = catalog._database.engine
        catalog.recording.start_run(NewRun("churn", "before", "p"))
        assert engine.pool.checkedin() == 1
        child = os.fork()
        if not child:
            assert engine.pool.checkedin() == 0
        for _ in range(20):
            catalog.recording.start_run(NewRun("churn", "child" if not child else "parent", "p"))
        if not child:
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        print(len(catalog.runs.page("churn", 200).runs))
    """
    assert python(code, url) == "41"


def test_a_newer_catalog_is_named_with_the_way_out_and_left_alone(url: str) -> None:
    """An old environment on an upgraded catalog says `pip install --upgrade`, and changes nothing."""
    catalog = Catalog(url)
    with catalog._database.write() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(CatalogNewer, match=r"schema 9999.*pip install --upgrade jupyter_viz"):
        Catalog(url)
    with catalog._database.read() as connection:
        assert connection.scalar(sa.text("SELECT version_num FROM alembic_version")) == "9999"
    catalog.close()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("not a url", "not a SQLAlchemy URL"),
        ("nosuchdatabase://x/y", "No database is known"),
        ("oracle+nosuchdriver://x/y", "No database is known"),
        ("sqlite://", "must be a file"),
        ("sqlite:///:memory:", "must be a file"),
    ],
)
def test_what_is_no_catalog_is_refused(url: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        open_engine(url)


def test_a_file_that_is_no_database_is_refused(file: Path) -> None:
    file.write_bytes(b"something else entirely " * 100)
    with pytest.raises(CatalogUnavailable, match=r"not a database.*doctor"):
        open_engine(f"sqlite:///{file}")
    assert file.read_bytes() == b"something else entirely " * 100


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    with pytest.raises(CatalogUnavailable, match="taken"):
        open_engine(f"sqlite:///{tmp_path / 'taken' / 'catalog.db'}")


def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    with pytest.raises(CatalogUnavailable) as caught:
        open_engine("postgresql://ann:geheim@127.0.0.1:1/viz")
    assert "127.0.0.1:1" in str(caught.value)
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize("url", ["postgresql://ann:geheim@host/db", "://ann:geheim@host"])
def test_no_message_shows_a_password(url: str) -> None:
    assert "geheim" not in hidden(url)
    assert "host" in hidden(url)


MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/home /home nfs4 rw 0 0
/dev/sdb1 /home/ann/local ext4 rw 0 0
fuse /mnt/my\\040bucket fuse.gcsfuse rw 0 0
tmpfs /homework tmpfs rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/viz", None),
        ("/home/ann/viz", "nfs4"),
        ("/home/ann/local/viz", None),
        ("/mnt/my bucket/viz", "fuse.gcsfuse"),
        ("/homework/viz", None),
    ],
)
def test_network_file_systems_are_recognised(path: str, kind: str | None) -> None:
    """A catalog on NFS gets a plain journal and a word of warning; one on a local disk doesn't."""
    assert on_network_file_system(Path(path), MOUNTS) == kind


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("server:/x /data nfs rw 0 0", "nfs"),  # an automounter's own entry lies below, at the same point
        ("server:/x /data/tab\\011and\\134slash nfs rw 0 0", None),
    ],
)
def test_of_two_mounts_at_one_point_the_upper_counts(line: str, kind: str | None) -> None:
    assert on_network_file_system(Path("/data/viz"), f"auto /data autofs rw 0 0\n{line}\n") == kind
    deep = on_network_file_system(Path("/data/tab\tand\\slash/viz"), f"auto /data autofs rw 0 0\n{line}\n")
    assert deep == "nfs"


@pytest.fixture
def on_nfs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A catalog's file below a folder that the table of mounts calls NFS."""
    table = tmp_path / "mounts"
    table.write_text(f"/dev/sda1 / ext4 rw 0 0\nserver:/home {tmp_path / 'nfs'} nfs4 rw 0 0\n")
    monkeypatch.setattr(engine, "MOUNTS", table)
    return tmp_path / "nfs" / "catalog.db"


def test_on_a_network_file_system_every_connection_has_a_plain_journal(on_nfs: Path) -> None:
    """WAL needs memory that two machines don't share: there it loses what one of them wrote."""
    first, second = Catalog(f"sqlite:///{on_nfs}"), Catalog(f"sqlite:///{on_nfs}")
    run_id, _ = first.recording.start_run(NewRun("churn", "otter"))
    for catalog in (first, second):
        with catalog._database.read() as one, catalog._database.read() as another:
            for connection in (one, another):
                assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "delete"
                assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # full: no WAL to be replayed
        assert catalog.runs.run(run_id).name == "otter"
    assert [path.name for path in on_nfs.parent.iterdir()] == ["catalog.db"]
    first.close()
    second.close()


def test_a_catalog_moved_to_a_network_file_system_leaves_wal(on_nfs: Path, tmp_path: Path) -> None:
    catalog = Catalog(f"sqlite:///{tmp_path / 'catalog.db'}")
    run_id, _ = catalog.recording.start_run(NewRun("churn", "otter"))
    catalog.close()
    on_nfs.parent.mkdir()
    (tmp_path / "catalog.db").rename(on_nfs)
    moved = Catalog(f"sqlite:///{on_nfs}")
    with moved._database.read() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "delete"
    assert moved.runs.run(run_id).name == "otter"
    moved.close()


def test_no_network_file_system_means_wal(tmp_path: Path) -> None:
    assert on_network_file_system(tmp_path) is None

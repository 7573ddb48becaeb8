"""What all tests share: a home of their own, a recorded run, databases, a Jupyter server."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytest_plugins = ["pytest_jupyter.jupyter_server"]

PREFIX = "JUPYTER_VIZ_"


@contextmanager
def _at_home(folder: Path) -> Iterator[Path]:
    """Make `folder` the home: no other JUPYTER_VIZ_* variable, no catalog left open before or after."""
    from jupyter_viz.catalog import catalog

    before = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith(PREFIX)}
    opened = dict(catalog._open)
    catalog._open.clear()
    os.environ[PREFIX + "HOME"] = str(folder)
    try:
        yield folder
    finally:
        for name in [name for name in os.environ if name.startswith(PREFIX)]:
            del os.environ[name]
        os.environ.update(before)
        for each in catalog._open.values():
            each.close()
        catalog._open.clear()
        catalog._open.update(opened)


@pytest.fixture(autouse=True)
def home(tmp_path: Path) -> Iterator[Path]:
    with _at_home(tmp_path / "viz") as folder:
        yield folder


@pytest.fixture(scope="session")
def at_home() -> Callable[..., object]:
    """For fixtures that live longer than a test: a context manager that makes a folder the home."""
    return _at_home


@pytest.fixture
def python() -> Callable[..., str]:
    """Run code in another process of this environment; gives what it printed."""

    def run(code: str, *args: str, **environment: str) -> str:
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", code, *args],
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    return run


@pytest.fixture(scope="session")
def postgres() -> Iterator[Callable[[], str]]:
    """A real PostgreSQL; each call makes an empty database and gives its URL."""
    runtime = tempfile.mkdtemp()
    data = tempfile.mkdtemp()  # not below pytest's folder: as root the server runs as another user
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", runtime)
        import pgserver

        server = pgserver.get_server(data, cleanup_mode="delete")
        # Nobody needs these databases after a power cut.
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            server.psql(f"ALTER SYSTEM SET {setting} = off;")
        server.psql("SELECT pg_reload_conf();")
        made: list[str] = []

        def new() -> str:
            name = f"viz{len(made)}"
            made.append(name)
            server.psql(f"CREATE DATABASE {name};")
            return str(server.get_uri(name))

        yield new
        server.cleanup()
    shutil.rmtree(runtime, ignore_errors=True)
    shutil.rmtree(data, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty catalog, on each database that is supported."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'catalog.db'}"
    new: Callable[[], str] = request.getfixturevalue("postgres")
    return new()

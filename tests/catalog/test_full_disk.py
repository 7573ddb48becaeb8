"""No space left where the catalog is: said, survived, and over when somebody makes room."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import sql

from jupyter_viz.catalog.catalog import Catalog
from jupyter_viz.enums import RunStatus
from jupyter_viz.errors import StorageFull
from jupyter_viz.models import NewRun


@pytest.fixture(params=["sqlite", "postgresql"])
def catalog(request: pytest.FixtureRequest, small_disk: Any) -> Iterator[Catalog]:
    if request.param == "sqlite":
        url = f"sqlite:///{small_disk.path}/catalog.db"
    else:
        new: Callable[[Path], str] = request.getfixturevalue("postgres")
        (small_disk.path / "tablespace").mkdir()
        url = new(small_disk.path / "tablespace")
    opened = Catalog(url)
    yield opened
    opened.close()
    if request.param == "postgresql":
        _drop(url)


def _drop(url: str) -> None:
    """Before the disk goes: a server that still has something to write there ends with all its other databases."""
    found = sa.make_url(url)
    at_server = found.set(database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(at_server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(str(found.database))))
        connection.execute(sql.SQL("DROP TABLESPACE {}").format(sql.Identifier(f"at_{found.database}")))


def _record_until_it_is_full(catalog: Catalog, step_id: str) -> tuple[int, StorageFull]:
    for number in range(1000):
        try:
            catalog.recording.log(step_id, number, f"{number} " * 20_000)
        except StorageFull as error:
            return number, error
    raise AssertionError("the disk never became full")


def test_a_full_disk_costs_nothing_that_was_recorded(catalog: Catalog, small_disk: Any) -> None:
    """The sentence names the catalog and the way out; all that was acknowledged reads; with room it goes on."""
    run_id, _ = catalog.recording.start_run(NewRun("churn", "otter"))
    step_id = catalog.recording.start_step(run_id, "load", 0)
    small_disk.fill()
    kept, error = _record_until_it_is_full(catalog, step_id)
    assert (error.code, error.status) == ("storage_full", 507)
    assert catalog.location in str(error)
    assert "jupyter viz gc" in str(error)
    assert catalog.runs.logs(run_id).get("load", "") == "".join(f"{number} " * 20_000 for number in range(kept))
    small_disk.free()
    catalog.recording.log(step_id, kept, "after")
    catalog.recording.end_run(run_id, RunStatus.COMPLETED)
    assert catalog.runs.logs(run_id)["load"].endswith("after")
    assert catalog.runs.run(run_id).status is RunStatus.COMPLETED


def test_a_catalog_that_cannot_be_opened_for_want_of_room_says_so(small_disk: Any) -> None:
    """SQLite itself speaks of an I/O error, which sounds like a broken disk."""
    url = f"sqlite:///{small_disk.path}/catalog.db"
    first = Catalog(url)
    run_id, _ = first.recording.start_run(NewRun("churn", "otter"))
    first.close()
    small_disk.fill()
    with pytest.raises(StorageFull):
        Catalog(url)
    small_disk.free()
    again = Catalog(url)
    assert again.runs.run(run_id).name == "otter"
    again.close()


def test_a_catalog_that_finds_no_room_is_made_later(small_disk: Any) -> None:
    """Half a schema is never left: when there is room the same address works."""
    url = f"sqlite:///{small_disk.path}/catalog.db"
    small_disk.fill()
    with pytest.raises(StorageFull):
        Catalog(url)
    small_disk.free()
    opened = Catalog(url)
    assert opened.runs.page().runs == ()
    opened.close()

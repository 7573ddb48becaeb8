"""The tables in the code are the tables in the database."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateTable

from jupyter_viz.catalog.catalog import Catalog
from jupyter_viz.catalog.engine import _script_location
from jupyter_viz.catalog.tables import SCHEMA, metadata


def test_migrations_make_exactly_the_tables_of_the_code(catalog: Catalog) -> None:
    """A column added without a migration would fail on every catalog but a new one."""
    with catalog._database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_in_sqlite_the_metrics_of_a_run_lie_together(tmp_path: Path) -> None:
    """As the code says; no comparison of columns sees it. With a row elsewhere a page of runs reads twice as much."""
    said = str(CreateTable(metadata.tables["metrics"]).compile(dialect=sqlite.dialect()))
    catalog = Catalog(f"sqlite:///{tmp_path / 'catalog.db'}")
    with catalog._database.read() as connection:
        made = connection.scalar(sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'metrics'"))
    catalog.close()
    assert said.split()[-2:] == str(made).split()[-2:] == ["WITHOUT", "ROWID"]


def test_the_schema_named_in_the_code_is_the_newest_migration() -> None:
    assert ScriptDirectory(_script_location()).get_current_head() == SCHEMA

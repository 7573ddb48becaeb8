"""The tables in the code are the tables in the database."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from jupyter_viz.catalog.catalog import Catalog
from jupyter_viz.catalog.engine import _script_location
from jupyter_viz.catalog.tables import SCHEMA, metadata


def test_migrations_make_exactly_the_tables_of_the_code(catalog: Catalog) -> None:
    """A column added without a migration would fail on every catalog but a new one."""
    with catalog._database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_the_schema_named_in_the_code_is_the_newest_migration() -> None:
    assert ScriptDirectory(_script_location()).get_current_head() == SCHEMA

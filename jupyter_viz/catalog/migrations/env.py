"""Alembic's entry: runs the migrations on the connection that `engine.upgrade` holds."""

from __future__ import annotations

from alembic import context

from jupyter_viz.catalog.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # `engine.upgrade` owns the transaction: the lock and the change are one.
    transactional_ddl=False,
)
context.run_migrations()

"""SQLite: the metrics of a run lie beside each other, in the order of the key.

A page of runs reads them by run. Each had an entry in an index of the keys and a row elsewhere, two places of the file
to read; now the row is the entry. PostgreSQL's tables have no such form, and stay.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    kept = "SELECT sql FROM sqlite_master WHERE tbl_name = 'metrics' AND type IN ('index', 'trigger') AND sql <> ''"
    around = list(connection.scalars(sa.text(kept)))
    table = connection.scalar(sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'metrics'"))
    made = table.replace("CREATE TABLE metrics", "CREATE TABLE metrics_by_run", 1)
    op.execute(f"{made} WITHOUT ROWID")
    op.execute("INSERT INTO metrics_by_run SELECT * FROM metrics ORDER BY run_id, name")
    op.execute("DROP TABLE metrics")
    op.execute("ALTER TABLE metrics_by_run RENAME TO metrics")
    for statement in around:
        connection.exec_driver_sql(statement)

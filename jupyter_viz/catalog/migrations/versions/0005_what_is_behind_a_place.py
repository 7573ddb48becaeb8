"""Places of other systems: which store was behind one, and what of it besides runs came from there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # SQLite can't change a constraint: the table is made anew there.
    with op.batch_alter_table("syncs") as table:
        table.add_column(sa.Column("store", sa.Text(), nullable=False, server_default=""))
        table.drop_constraint("uq_syncs_system_location", type_="unique")
        table.create_unique_constraint("uq_syncs_system_location_store", ["system", "location", "store"])
    op.add_column("deployments", sa.Column("sync_id", sa.String(length=36), nullable=True))
    op.add_column("curated_visualizations", sa.Column("sync_id", sa.String(length=36), nullable=True))

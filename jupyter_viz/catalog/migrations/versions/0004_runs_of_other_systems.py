"""Runs of other systems: by which name those know them, and how far each system was read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "syncs",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("system", sa.String(length=40), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("python", sa.Text(), nullable=True),
        sa.Column("cursor", sa.JSON(), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("beat_at", sa.BigInteger(), nullable=False),
        sa.Column("host", sa.Text(), nullable=True),
        sa.Column("pid", sa.Integer(), nullable=True),
        sa.Column("born", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_syncs")),
        sa.UniqueConstraint("system", "location", name=op.f("uq_syncs_system_location")),
    )
    op.add_column("runs", sa.Column("system", sa.String(length=40), nullable=True))
    op.add_column("runs", sa.Column("external_id", sa.Text(), nullable=True))
    op.add_column("runs", sa.Column("mark", sa.Text(), nullable=True))
    op.add_column("runs", sa.Column("sync_id", sa.String(length=36), nullable=True))
    op.create_index("ix_runs_sync_id", "runs", ["sync_id"], unique=False)
    op.create_index("ix_runs_system_external_id", "runs", ["system", "external_id"], unique=True)

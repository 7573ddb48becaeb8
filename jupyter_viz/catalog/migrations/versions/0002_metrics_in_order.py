"""The metrics of a pipeline or experiment in the order of their values, ties included: to sort its runs by them.

The new index of pipelines begins with the one that goes, and serves whatever that one served. Most runs are of no
experiment, so the other leaves those out.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_metrics_pipeline_id_name_value_run_id", "metrics", ["pipeline_id", "name", "value", "run_id"], unique=False
    )
    op.create_index(
        "ix_metrics_experiment_id_name_value_run_id",
        "metrics",
        ["experiment_id", "name", "value", "run_id"],
        unique=False,
        sqlite_where=sa.text("experiment_id <> ''"),
        postgresql_where=sa.text("experiment_id <> ''"),
    )
    op.drop_index("ix_metrics_pipeline_id_name_value", "metrics")

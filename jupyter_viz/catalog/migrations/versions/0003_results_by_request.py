"""Results by request, whoever asked: an equal request of another user is answered with what is there."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_visualizations_request_key", "visualizations", ["request_key"], unique=False)

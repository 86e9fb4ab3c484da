"""Alerts that were shown: each is shown once in a home, whichever of its windows is first."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """CREATE TABLE alerted (
    key TEXT NOT NULL,
    at BIGINT DEFAULT '0' NOT NULL,
    PRIMARY KEY (key)
) WITHOUT ROWID"""
    )


def downgrade() -> None:
    op.execute("DROP TABLE alerted")

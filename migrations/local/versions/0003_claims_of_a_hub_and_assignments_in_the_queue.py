"""Claims of a hub and assignments in the queue."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NEXT = "WHERE stage = 'waiting' AND blocked = 0 AND promised_at IS NULL"


def upgrade() -> None:
    op.execute(
        """CREATE TABLE hub_claim (
    inquiry TEXT NOT NULL,
    claim_no BIGINT DEFAULT '0' NOT NULL,
    expires_at BIGINT DEFAULT '0' NOT NULL,
    pack BIGINT DEFAULT '0' NOT NULL,
    state TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (inquiry)
)
 WITHOUT ROWID"""
    )
    op.execute("DROP INDEX inquiry_next")
    op.execute(f"CREATE INDEX inquiry_next ON inquiry (owner, calling_class, since, id, return_by) {NEXT}")
    op.execute(
        f"CREATE INDEX inquiry_returned ON inquiry (return_by, calling_class, since, id) {NEXT} "
        "AND return_by IS NOT NULL"
    )


def downgrade() -> None:
    op.execute("DROP INDEX inquiry_returned")
    op.execute("DROP INDEX inquiry_next")
    op.execute(f"CREATE INDEX inquiry_next ON inquiry (calling_class, since, id) {NEXT}")
    op.execute("DROP TABLE hub_claim")

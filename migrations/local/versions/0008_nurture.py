"""Nurture."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

COLUMNS = (("wakes_at", "BIGINT"), ("reason", "TEXT DEFAULT '' NOT NULL"), ("consents", "TEXT DEFAULT '' NOT NULL"))
INDEXES = {
    "inquiry_wakes": "inquiry (wakes_at, id) WHERE stage = 'nurture'",
    "inquiry_track": "inquiry (track, wakes_at, id, reviewed_at) WHERE stage = 'nurture'",
    "inquiry_given_back": "inquiry (wakes_at, id) WHERE stage = 'nurture' AND track = '' AND reviewed_at IS NOT NULL",
}


def upgrade() -> None:
    """What is folded into the new columns comes with the next rebuild, which a new version of the fold brings."""
    op.execute(
        """CREATE TABLE track (
    id TEXT NOT NULL,
    "key" TEXT DEFAULT '' NOT NULL,
    name TEXT DEFAULT '' NOT NULL,
    wake_days INTEGER,
    wake_on TEXT DEFAULT '' NOT NULL,
    purpose TEXT DEFAULT '' NOT NULL,
    retired BIGINT DEFAULT '0' NOT NULL,
    PRIMARY KEY (id)
)
 WITHOUT ROWID"""
    )
    for name, kind in COLUMNS:
        op.execute(f"ALTER TABLE inquiry ADD COLUMN {name} {kind}")
    for name, on in INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON {on}")


def downgrade() -> None:
    for name in INDEXES:
        op.execute(f"DROP INDEX {name}")
    for name, _kind in reversed(COLUMNS):
        op.execute(f"ALTER TABLE inquiry DROP COLUMN {name}")
    op.execute("DROP TABLE track")

"""What the hub holds back because its author was revoked is out of the ledger, and kept beside it."""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

COLUMNS = (
    "id, subject, kind, version, body, person, salt, digest, hash, actor, device, device_seq, claim_no, at, wall, seen"
)
TABLE = """CREATE TABLE held_back (
    id TEXT NOT NULL,
    subject TEXT NOT NULL,
    kind TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    person BLOB,
    salt BLOB,
    digest BLOB NOT NULL,
    hash BLOB NOT NULL,
    actor TEXT NOT NULL,
    device TEXT NOT NULL,
    device_seq INTEGER NOT NULL,
    claim_no INTEGER NOT NULL,
    at BIGINT NOT NULL,
    wall BIGINT NOT NULL,
    seen TEXT NOT NULL,
    why TEXT DEFAULT '' NOT NULL,
    held_at BIGINT DEFAULT '0' NOT NULL,
    left_out BIGINT DEFAULT '0' NOT NULL,
    PRIMARY KEY (id)
)
"""


def upgrade() -> None:
    op.execute(TABLE)
    op.execute("CREATE INDEX held_back_subject ON held_back (subject)")


def downgrade() -> None:
    """An older Winnow keeps it in the ledger, and offers it again; nothing is lost."""
    op.execute(
        f"INSERT OR IGNORE INTO ledger (seq, {COLUMNS}) SELECT (SELECT coalesce(max(seq), 0) FROM ledger) + "
        f"row_number() OVER (ORDER BY at, id), {COLUMNS} FROM held_back"
    )
    op.execute("DROP TABLE held_back")

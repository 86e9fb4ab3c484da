"""The desk of a team lead: who holds what and since when, the team as the hub tells it, what was told once."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = (
    """CREATE TABLE member (
    name TEXT NOT NULL,
    role TEXT DEFAULT '' NOT NULL,
    sources TEXT,
    revoked BIGINT DEFAULT '0' NOT NULL,
    PRIMARY KEY (name)
)
 WITHOUT ROWID""",
    """CREATE TABLE presence (
    device TEXT NOT NULL,
    member TEXT DEFAULT '' NOT NULL,
    role TEXT DEFAULT '' NOT NULL,
    seen_at BIGINT DEFAULT '0' NOT NULL,
    online BIGINT DEFAULT '0' NOT NULL,
    doing TEXT DEFAULT '' NOT NULL,
    inquiry TEXT DEFAULT '' NOT NULL,
    since BIGINT,
    held BIGINT DEFAULT '0' NOT NULL,
    PRIMARY KEY (device)
)
 WITHOUT ROWID""",
    """CREATE TABLE absence (
    member TEXT NOT NULL,
    start BIGINT NOT NULL,
    "end" BIGINT NOT NULL,
    PRIMARY KEY (member, start, "end")
)
 WITHOUT ROWID""",
    """CREATE TABLE stroke (
    entry TEXT NOT NULL,
    stroke TEXT DEFAULT '' NOT NULL,
    at BIGINT DEFAULT '0' NOT NULL,
    PRIMARY KEY (entry)
)
 WITHOUT ROWID""",
    "CREATE INDEX stroke_entries ON stroke (stroke)",
    """CREATE TABLE told (
    inquiry TEXT NOT NULL,
    what TEXT NOT NULL,
    since BIGINT DEFAULT '0' NOT NULL,
    PRIMARY KEY (inquiry, what)
)
 WITHOUT ROWID""",
)
INDEXES = {
    "inquiry_ages": "inquiry (source, since) WHERE stage = 'waiting'",
    "inquiry_in_hand": "inquiry (owner, source, since, return_by) WHERE owner <> '' AND stage = 'waiting'",
    "inquiry_held": "inquiry (held_since, id) WHERE held_since IS NOT NULL AND stage = 'waiting'",
    "inquiry_contested": "inquiry (decided_at, id) WHERE contested = 1",
}
COLUMNS = (("inquiry", "held_since", "BIGINT"), ("source", "returns", "INTEGER"))


def upgrade() -> None:
    for table, name, kind in COLUMNS:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind}")  # filled by the rebuild that a new fold brings
    for statement in TABLES:
        op.execute(statement)
    for name, columns in INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON {columns}")


def downgrade() -> None:
    for name in INDEXES:
        op.execute(f"DROP INDEX {name}")
    for table in ("told", "stroke", "absence", "presence", "member"):
        op.execute(f"DROP TABLE {table}")
    for table, name, _kind in COLUMNS:
        op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")

"""A team."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = (
    """CREATE TABLE team (
    "key" TEXT NOT NULL,
    value TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY ("key")
)
 WITHOUT ROWID""",
    """CREATE TABLE arrival (
    subject TEXT NOT NULL,
    unfolded BIGINT DEFAULT '0' NOT NULL,
    newcomer BIGINT DEFAULT '0' NOT NULL,
    PRIMARY KEY (subject)
)
 WITHOUT ROWID""",
    """CREATE TABLE turned_away (
    entry TEXT NOT NULL,
    outcome TEXT DEFAULT '' NOT NULL,
    why TEXT DEFAULT '' NOT NULL,
    at BIGINT DEFAULT '0' NOT NULL,
    PRIMARY KEY (entry)
)
 WITHOUT ROWID""",
    """CREATE TABLE set_aside (
    pos BIGINT NOT NULL,
    entry TEXT DEFAULT '' NOT NULL,
    kind TEXT DEFAULT '' NOT NULL,
    actor TEXT DEFAULT '' NOT NULL,
    why TEXT DEFAULT '' NOT NULL,
    content BLOB NOT NULL,
    at BIGINT DEFAULT '0' NOT NULL,
    PRIMARY KEY (pos)
)
 WITHOUT ROWID""",
)

INDEXES = (
    "CREATE INDEX ledger_pos ON ledger (pos) WHERE pos IS NOT NULL",
    "CREATE INDEX arrival_unfolded ON arrival (subject) WHERE unfolded > 0",
)
NAMES = ("set_aside", "turned_away", "arrival", "team")
CURSORS = ("outbox", "pulled", "persons", "stripped", "skew", "keys", "spread", "in_step_at")


def upgrade() -> None:
    for statement in (*TABLES, *INDEXES):
        op.execute(statement)


def downgrade() -> None:
    """The ledger keeps its stamps; a Winnow that knows no team leaves them alone."""
    op.execute("DROP INDEX ledger_pos")
    for name in NAMES:
        op.execute(f"DROP TABLE {name}")
    op.execute("DELETE FROM cursor WHERE key IN (" + ", ".join(f"'{name}'" for name in CURSORS) + ")")

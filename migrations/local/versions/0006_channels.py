"""Channels to the systems of sales and marketing, and what is to be delivered to each."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = (
    """CREATE TABLE channel (
    name TEXT NOT NULL,
    kind TEXT DEFAULT '' NOT NULL,
    content BLOB NOT NULL,
    enabled BIGINT DEFAULT '0' NOT NULL,
    problem TEXT DEFAULT '' NOT NULL,
    not_before BIGINT DEFAULT '0' NOT NULL,
    PRIMARY KEY (name)
) WITHOUT ROWID""",
    """CREATE TABLE delivery (
    channel TEXT NOT NULL,
    cause TEXT NOT NULL,
    subject TEXT DEFAULT '' NOT NULL,
    decision TEXT DEFAULT '' NOT NULL,
    lead TEXT DEFAULT '' NOT NULL,
    what TEXT DEFAULT '' NOT NULL,
    replaces TEXT DEFAULT '' NOT NULL,
    root TEXT DEFAULT '' NOT NULL,
    made_at BIGINT DEFAULT '0' NOT NULL,
    state TEXT DEFAULT '' NOT NULL,
    attempts BIGINT DEFAULT '0' NOT NULL,
    next_at BIGINT DEFAULT '0' NOT NULL,
    leased_by TEXT DEFAULT '' NOT NULL,
    leased_until BIGINT DEFAULT '0' NOT NULL,
    fence BIGINT DEFAULT '0' NOT NULL,
    body BLOB,
    number TEXT DEFAULT '' NOT NULL,
    problem TEXT DEFAULT '' NOT NULL,
    settled_at BIGINT,
    PRIMARY KEY (channel, cause)
)""",
    "CREATE INDEX delivery_due ON delivery (next_at, made_at) WHERE state IN ('waiting', 'delivering')",
    "CREATE INDEX delivery_subject ON delivery (subject)",
    "CREATE INDEX delivery_replaces ON delivery (replaces, channel) WHERE replaces <> ''",
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("delivery")
    op.drop_table("channel")

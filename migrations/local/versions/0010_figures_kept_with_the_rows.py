"""Figures that are kept with the rows, so that a million who wait are counted in milliseconds."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NEXT = "WHERE stage = 'waiting' AND blocked = 0 AND promised_at IS NULL"
BACK = f"{NEXT} AND return_by IS NOT NULL"
TABLES = {
    "tally_age": """CREATE TABLE tally_age (
    stage TEXT NOT NULL,
    source TEXT NOT NULL,
    span BIGINT NOT NULL,
    n BIGINT DEFAULT '0' NOT NULL,
    PRIMARY KEY (stage, source, span)
)
 WITHOUT ROWID""",
    "tally_next": """CREATE TABLE tally_next (
    owner TEXT NOT NULL,
    calling_class TEXT NOT NULL,
    n BIGINT DEFAULT '0' NOT NULL,
    PRIMARY KEY (owner, calling_class)
)
 WITHOUT ROWID""",
}
FILLED = {
    "tally_age": "SELECT stage, source, since >> 24, count(*) FROM inquiry WHERE stage IN ('waiting', 'objected') "
    "GROUP BY 1, 2, 3",
    "tally_next": f"SELECT owner, calling_class, count(*) FROM inquiry {NEXT} GROUP BY 1, 2",
}
WIDER = {
    "inquiry_next": ("owner, calling_class, since, id, return_by", "source", NEXT),
    "inquiry_returned": ("return_by, calling_class, since, id", "owner, not_before", BACK),
}


def upgrade() -> None:
    """The two indexes of the queue answer by themselves whose somebody is, and from which source."""
    for name, statement in TABLES.items():
        op.execute(statement)
        op.execute(f"INSERT INTO {name} {FILLED[name]}")
    for name, (columns, more, where) in WIDER.items():
        op.execute(f"DROP INDEX {name}")
        op.execute(f"CREATE INDEX {name} ON inquiry ({columns}, {more}) {where}")


def downgrade() -> None:
    for name, (columns, _more, where) in WIDER.items():
        op.execute(f"DROP INDEX {name}")
        op.execute(f"CREATE INDEX {name} ON inquiry ({columns}) {where}")
    for name in TABLES:
        op.execute(f"DROP TABLE {name}")

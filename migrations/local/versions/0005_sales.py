"""Sales."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

COLUMNS = (
    ("lead_return_by", "BIGINT"),
    ("answered_at", "BIGINT"),
    ("step_at", "BIGINT"),
    ("planned_at", "BIGINT"),
    ("planned_step", "TEXT DEFAULT '' NOT NULL"),
)
INDEXES = {
    "inquiry_new_leads": "inquiry (for_member, score, sold_at, id) WHERE stage = 'sell'",
    "inquiry_prospects": "inquiry (for_member, step_at, id) WHERE stage IN ('accepted', 'prospect')",
    "inquiry_closed": "inquiry (for_member, closed_at, id) WHERE stage IN ('won', 'lost')",
    "inquiry_given": "inquiry (lead_return_by, sold_at) WHERE stage = 'sell' AND for_member <> ''",
    "inquiry_sold": "inquiry (sold_at, answered_at) WHERE sold_at IS NOT NULL",
}


def upgrade() -> None:
    """What is folded into the new columns comes with the next rebuild, which a new version of the fold brings."""
    for name, kind in COLUMNS:
        op.execute(f"ALTER TABLE inquiry ADD COLUMN {name} {kind}")
    for name, on in INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON {on}")


def downgrade() -> None:
    for name in INDEXES:
        op.execute(f"DROP INDEX {name}")
    for name, _kind in reversed(COLUMNS):
        op.execute(f"ALTER TABLE inquiry DROP COLUMN {name}")

"""Less work for each row."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


HELD = 8 << 20  # bytes of full text that one connection holds before it writes them; FTS5's own measure is 1 << 20


def upgrade() -> None:
    """Which keys move from `imported_row` the next rebuild says, which a new version of the fold brings."""
    op.execute("ALTER TABLE inquiry ADD COLUMN row_key TEXT DEFAULT '' NOT NULL")
    for index in ("search_words", "search_grams"):
        op.execute(f"INSERT INTO {index}({index}, rank) VALUES('hashsize', {HELD})")


def downgrade() -> None:
    for index in ("search_words", "search_grams"):
        op.execute(f"INSERT INTO {index}({index}, rank) VALUES('hashsize', {1 << 20})")
    op.execute("INSERT OR IGNORE INTO imported_row SELECT row_key, id FROM inquiry WHERE row_key <> ''")
    op.execute("ALTER TABLE inquiry DROP COLUMN row_key")

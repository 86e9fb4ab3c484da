"""Members and their rights, the ledger, its feed, and the functions by which members use them.

The SQL lies in `migrations/hub/first`. In it `"@.owner"` stands for a role of this hub (roles belong to the whole
server, so their names begin with the hub's prefix) and `@database` for the hub's database.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "first"
UP = ("roles", "tables", "rights", "people", "words", "append", "erasing", "feed", "reading", "watching", "closing")
LONGEST = 40  # bytes of a prefix: a role's name has 63


def upgrade() -> None:
    driver, database = _driver()
    prefix = database if len(database.encode()) <= LONGEST else _shortened(database)
    for name in UP:
        _run(driver, name, database, prefix)


def downgrade() -> None:
    driver, database = _driver()
    row = driver.execute("SELECT prefix FROM winnow.state").fetchone()
    _run(driver, "down", database, row[0])


def _driver() -> tuple[Any, str]:
    driver = op.get_bind().connection.driver_connection
    return driver, driver.execute("SELECT current_database()").fetchone()[0]


def _run(driver: Any, name: str, database: str, prefix: str) -> None:
    sql = (SQL / f"{name}.sql").read_text(encoding="utf-8")
    sql = sql.replace("@database", '"' + database.replace('"', '""') + '"')
    sql = sql.replace('"@.', '"' + prefix.replace('"', '""') + ".")
    driver.execute(sql.replace("'@.", "'" + prefix.replace("'", "''") + "."))


def _shortened(database: str) -> str:
    start = database.encode()[: LONGEST - 9].decode(errors="ignore")
    return f"{start}_{hashlib.sha256(database.encode()).hexdigest()[:8]}"

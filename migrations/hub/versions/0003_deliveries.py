"""Leases with fences for couriers.

The SQL lies in `migrations/hub/third`; `"@.owner"` in it stands for a role of this hub.
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "third"


def upgrade() -> None:
    _run("deliveries")


def downgrade() -> None:
    _run("down")


def _run(name: str) -> None:
    driver = op.get_bind().connection.driver_connection
    prefix: str = driver.execute("SELECT prefix FROM winnow.state").fetchone()[0]
    sql = (SQL / f"{name}.sql").read_text(encoding="utf-8")
    driver.execute(sql.replace('"@.', '"' + prefix.replace('"', '""') + "."))

"""Claims with leases and numbers, packs, presence and absences.

The SQL lies in `migrations/hub/second`; `"@.owner"` in it stands for a role of this hub.
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "second"


def upgrade() -> None:
    _run("claims")
    _run("presence")


def downgrade() -> None:
    _run("down")


def _run(name: str) -> None:
    driver = op.get_bind().connection.driver_connection
    prefix: str = driver.execute("SELECT prefix FROM winnow.state").fetchone()[0]
    sql = (SQL / f"{name}.sql").read_text(encoding="utf-8")
    driver.execute(sql.replace('"@.', '"' + prefix.replace('"', '""') + "."))

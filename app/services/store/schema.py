"""The schema of the local store: which revision a file has, and the way to this version's."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from app import paths
from app.services.errors import Refused

if TYPE_CHECKING:
    from app.services.store.connection import Store
    from app.services.store.home_lock import HomeLock

HEAD = "0011"  # the newest revision under migrations/local; a test compares


def revision_of(db: Any) -> str:
    """The revision of an open store; empty when it has no schema yet."""
    try:
        row = db.execute("SELECT version_num FROM alembic_version").fetchone()
    except Exception as error:
        if "no such table" in str(error):
            return ""
        raise
    return str(row[0]) if row else ""


def prepare(store: Store, lock: HomeLock) -> None:
    """Bring the store to this version's schema, alone on the home and with a backup first; nothing to do is cheap.

    Raises:
        Refused: a newer Winnow made the store, or another process has the home open.
    """
    have = revision_of(store.reader())
    if have == HEAD:
        return
    if have > HEAD:
        raise Refused(
            "A newer Winnow has worked in this home.",
            kept="Nothing was changed.",
            todo="Use that version, or update this one.",
        )
    with lock.alone():
        if have:
            from app.services.store import backup

            backup.before_migration(store, have)
        migrate(store, HEAD)


def migrate(store: Store, revision: str) -> None:
    """Run the migrations up to a revision, or down to it, in one transaction."""
    from alembic import command

    with store.writing() as connection:
        config = _config()
        config.attributes["connection"] = connection
        connection.exec_driver_sql("SELECT 1")  # SQLAlchemy is now in a transaction, so Alembic leaves ours alone
        current = revision_of(store.reader())
        if revision == "base" or revision < current:
            command.downgrade(config, revision)
        else:
            command.upgrade(config, revision)


def _config() -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_folder()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _folder() -> Path:
    return paths.migrations() / "local"

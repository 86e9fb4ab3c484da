"""Copies of the encrypted store, made page by page while it is in use."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import sqlcipher3.dbapi2 as driver

from app.services.errors import EnvironmentFailed

if TYPE_CHECKING:
    from app.services.store.connection import Store

KEEP = 3


def before_migration(store: Store, revision: str) -> Path:
    """Copy the store into backups/ under the home; the last three are kept.

    Raises:
        EnvironmentFailed: there is no room, and so nothing was migrated.
    """
    folder = store.path.parent / "backups"
    folder.mkdir(exist_ok=True)
    number = max((int(p.stem.split("-")[1]) for p in folder.glob("before-*-*.db")), default=0) + 1
    target = folder / f"before-{number:05d}-{revision}.db"
    copy(store, target)
    for old in sorted(folder.glob("before-*-*.db"))[:-KEEP]:
        old.unlink()
    return target


def copy(store: Store, target: Path) -> None:
    """An encrypted copy under the same key, whole or not at all.

    Raises:
        EnvironmentFailed: the copy could not be written.
    """
    beside = target.with_suffix(".part")
    beside.unlink(missing_ok=True)
    try:
        copied = store.open_beside(beside)
        try:
            store.reader().backup(copied)
        finally:
            copied.close()
        beside.replace(target)
    except (driver.DatabaseError, OSError) as error:
        beside.unlink(missing_ok=True)
        raise EnvironmentFailed(
            f"No copy of the store could be written to {target.parent}: {error}.",
            kept="The store itself is unchanged.",
            todo="Free some space, then start again.",
        ) from error

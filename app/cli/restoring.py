"""Puts a backup into the place of a home: checked and completed beside it first, then exchanged file by file."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app import bootstrap
from app.services.errors import Refused, ServiceError
from app.services.seat import wall_clock
from app.services.store import backup, vault
from app.services.store.connection import FILE
from app.services.store.home_lock import HomeLock

if TYPE_CHECKING:
    from app.cli.session import Session
    from app.models.entry import Entry

FILES = (FILE, f"{FILE}-wal", f"{FILE}-shm", vault.FILE)


def restore(session: Session, file: Path) -> dict[str, Any]:
    """Restore a backup into the session's home; the one that is there is kept in a folder of it.

    Raises:
        Refused: it is no backup or too old, nothing opens it, or the home is open elsewhere.
        EnvironmentFailed: it cannot be read, or the home not be written.
    """
    home, passphrase = session.path, os.environ.get("WINNOW_PASSPHRASE", "")
    home.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=".winnow-restoring-", dir=home.parent))
    try:
        backup.unpack(file, beside, wall_clock())
        wishes = _wishes(session, home, passphrase)
        with bootstrap.open_home(beside, passphrase=passphrase) as restored:
            from app.services import privacy
            from app.services.restoring import keep_wishes

            erased = keep_wishes(restored.seat, wishes) if wishes else 0
            privacy.erase_due(restored.seat)
            row = restored.seat.store.one("SELECT count(*) FROM inquiry")
            inquiries = int(row[0]) if row else 0
        kept = _exchange(home, beside)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return {"inquiries": inquiries, "home": str(home), "erased": erased, "kept": str(kept) if kept else None}


def _wishes(session: Session, home: Path, passphrase: str) -> list[Entry]:
    """What the home that is there knows; a damaged one, which is why it is restored, is told and passed over."""
    if not bootstrap.exists(home):
        return []
    from app.services.restoring import wishes

    try:
        with bootstrap.open_home(home, passphrase=passphrase) as there:
            return wishes(there.seat)
    except ServiceError as error:
        session.say(f"The home that is there cannot be read, so erasures since the backup are not known: {error}")
        return []


def _exchange(home: Path, beside: Path) -> Path | None:
    """Move the files of the home aside and those of the backup in; nobody else may have the home open."""
    home.mkdir(parents=True, exist_ok=True)
    there = [home / name for name in FILES if (home / name).exists()]
    kept = _free_name(home) if there else None
    lock = HomeLock(home)
    try:
        with lock.alone():
            if kept:
                kept.mkdir()
                for path in there:
                    path.replace(kept / path.name)
            for name in FILES:
                if (beside / name).exists():
                    (beside / name).replace(home / name)
    except Refused as error:
        raise Refused(
            "Another Winnow has this home open.", kept="Nothing was changed.", todo="Close it, then restore again."
        ) from error
    finally:
        lock.close()
    return kept


def _free_name(home: Path) -> Path:
    numbers = (home / f"before-restore-{number}" for number in range(1, 10_000))
    return next(path for path in numbers if not path.exists())

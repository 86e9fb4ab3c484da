"""Copies of the encrypted store, made page by page while it is in use."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import sqlcipher3.dbapi2 as driver

from app.services.errors import EnvironmentFailed, Refused
from app.services.files import whole
from app.services.store import vault

if TYPE_CHECKING:
    from app.services.store.connection import Store

KEEP = 3
DAYS = 30  # then a backup is no longer restored
DAY = 24 * 3_600_000
ABOUT, STORE = "backup.json", "winnow.db"  # names inside the file


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


# one file of the whole home


class Made(msgspec.Struct, frozen=True):
    """What a backup says about itself."""

    made_at: int  # milliseconds UTC
    version: int = 1


def write(store: Store, target: Path, now: int) -> int:
    """Put the encrypted store and its sealed keys into one file, whole or not at all; returns its bytes.

    Raises:
        Refused: the home is a throw-away one, or the target is a file of the home itself.
        EnvironmentFailed: the file cannot be written.
    """
    keys = store.path.parent / vault.FILE
    if not keys.exists():
        raise Refused("The key of a throw-away home is kept nowhere, so no backup of it could be opened.")
    if target.resolve() in {store.path.resolve(), keys.resolve()}:
        raise Refused(f"{target} is a file of the home itself.", todo="Choose another name.")
    if not target.parent.is_dir():
        raise EnvironmentFailed(f"The folder {target.parent} is not there.", kept="No backup was made.")
    copied = target.with_name(f"{target.name}.copy")
    try:
        copy(store, copied)
        with whole(target, "The home is unchanged.") as beside:
            with zipfile.ZipFile(beside, "w", zipfile.ZIP_STORED) as container:
                container.writestr(ABOUT, msgspec.json.encode(Made(now)))
                container.write(keys, vault.FILE)
                container.write(copied, STORE)
            beside.chmod(0o600)
        return target.stat().st_size
    finally:
        for left in (copied, *copied.parent.glob(f"{copied.name}-*")):
            left.unlink(missing_ok=True)


def unpack(file: Path, folder: Path, now: int) -> Made:
    """Take a backup apart into a folder, where it can be opened as a home.

    Raises:
        Refused: it is no backup, or older than 30 days.
        EnvironmentFailed: it cannot be read, or the folder not written.
    """
    try:
        with zipfile.ZipFile(file) as container:
            made = msgspec.json.decode(container.read(ABOUT), type=Made)
            _young_enough(file, made, now)
            folder.mkdir(parents=True, exist_ok=True)
            for name in (vault.FILE, STORE):
                with container.open(name) as packed, (folder / name).open("wb") as out:
                    shutil.copyfileobj(packed, out)
                (folder / name).chmod(0o600)
    except (zipfile.BadZipFile, KeyError, msgspec.MsgspecError) as error:
        raise Refused(f"{file.name} is no backup of Winnow, or a damaged one.", kept="Nothing was changed.") from error
    except OSError as error:
        raise EnvironmentFailed(
            f"{error.filename or file} cannot be used: {error.strerror}.", kept="Nothing was changed."
        ) from error
    return made


def _young_enough(file: Path, made: Made, now: int) -> None:
    """What was erased must be gone everywhere some day: a backup ends after 30 days."""
    days = (now - made.made_at) // DAY
    if days >= DAYS:
        raise Refused(
            f"{file.name} was made {days} days ago; a backup ends after {DAYS} days, so that erased people stay gone.",
            kept="Nothing was changed.",
            todo="Delete it.",
        )

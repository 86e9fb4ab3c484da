"""The one place that finds, makes and opens a home, and builds the seat on it."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from app.models.inquiry import FOLD_VERSION
from app.services.errors import EnvironmentFailed, Refused, ServiceError
from app.services.seat import Seat, wall_clock
from app.services.store import schema, vault
from app.services.store.connection import FILE, Store, connect
from app.services.store.home_lock import HomeLock

if TYPE_CHECKING:
    from collections.abc import Callable


BEING_MADE = "being-made"  # lies in a home until it is whole and its recovery code can be told


def home_path(given: str | None = None) -> Path:
    """The home to work in: as given, else WINNOW_HOME, else the platform's data folder."""
    if given or os.environ.get("WINNOW_HOME"):
        return Path(given or os.environ["WINNOW_HOME"]).expanduser().resolve()
    import platformdirs

    return Path(platformdirs.user_data_dir("winnow", appauthor=False))


class Home:
    """An open home: the seat, and what has to be closed."""

    def __init__(self, path: Path, seat: Seat, lock: HomeLock, *, throw_away: bool = False) -> None:
        self.path, self.seat, self.throw_away = path, seat, throw_away
        self._lock = lock

    def rebuild(self, progress: Callable[[int, int], None] = lambda done, total: None) -> dict[str, int]:
        """Make the folded tables again; returns rows by table.

        Raises:
            Refused: another process has the home open.
        """
        from app.services.store.rebuilding import rebuild

        try:
            with self._lock.alone():
                return rebuild(self.seat.ledger, progress)
        finally:
            self._lock.share()

    def is_alone(self) -> bool:
        """Whether nobody else has this home open at this moment."""
        return self._lock.is_alone()

    def close(self) -> None:
        """Close store and lock; a throw-away home is deleted."""
        from app.services import privacy

        if not self.throw_away:
            with suppress(ServiceError):  # no room to sweep is no reason to stay open; it is tried again next time
                privacy.wipe_the_rest(self.seat)
        self.seat.store.close()
        self._lock.close()
        if self.throw_away:
            import shutil

            shutil.rmtree(self.path, ignore_errors=True)

    def __enter__(self) -> Home:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def exists(path: Path) -> bool:
    """Whether anything of a home is there: then it is opened, and never made anew, whatever is missing of it."""
    return (vault.exists(path) or (path / FILE).exists()) and not (path / BEING_MADE).exists()


def create(
    path: Path, *, passphrase: str = "", use_keyring: bool = True, clock: Callable[[], int] = wall_clock
) -> tuple[Home, str]:
    """Make a home; returns it open, with the recovery code, which nothing shows again.

    Raises:
        Locked: nothing could open the home later. Refused: there is a home, or a part of one.
        EnvironmentFailed: the folder cannot be written.
    """
    _make_folder(path)
    lock = HomeLock(path)
    try:
        with lock.alone():  # of two that begin at once, one makes the key, and nobody opens what is half made
            _clear_what_was_cut_off(path)
            (path / BEING_MADE).touch()
            key, code = vault.create(path, passphrase=passphrase, use_keyring=use_keyring)
            home = _furnished(_opened(path, key, clock, lock))
            (path / BEING_MADE).unlink()
        lock.share()
    except BaseException:
        lock.close()
        raise
    return home, code


def _clear_what_was_cut_off(path: Path) -> None:
    """A home of which nobody was told its recovery code holds nothing yet; any other is left alone.

    Raises:
        Refused: there is a home, or a part of one, under whose key something may be kept.
    """
    if exists(path):
        raise Refused(f"{path} holds a home already.", kept="Nothing was changed.")
    for name in (vault.FILE, FILE, f"{FILE}-wal", f"{FILE}-shm"):
        (path / name).unlink(missing_ok=True)


def open_home(path: Path, *, passphrase: str = "", clock: Callable[[], int] = wall_clock) -> Home:
    """Open a home that is there.

    Raises:
        Locked: nothing that was given opens it. Refused: another process prepares it, or a newer Winnow made it.
        EnvironmentFailed: its store is gone, and an empty one in its place would hide that.
    """
    key, file = vault.unlock(path, passphrase=passphrase), path / FILE
    if not file.exists() or not file.stat().st_size:
        raise EnvironmentFailed(
            f"The store {file} is {'empty' if file.exists() else 'not there'}.",
            kept="Its key is kept.",
            todo="Put the file back, or restore a backup.",
        )
    return _open(path, key, clock)


def throw_away(clock: Callable[[], int] = wall_clock) -> Home:
    """A home for looking around: its key lives in memory, and its files go at the end."""
    import tempfile

    path = Path(tempfile.mkdtemp(prefix="winnow-"))
    return _furnished(_open(path, os.urandom(vault.KEY_BYTES), clock, throw_away=True))


def _furnished(home: Home) -> Home:
    """A new home gets the scripts and scorecards that come with Winnow."""
    from app.services.publishing import publish_shipped

    publish_shipped(home.seat)
    return home


def _open(path: Path, key: bytes, clock: Callable[[], int], *, throw_away: bool = False) -> Home:
    lock = HomeLock(path)
    try:
        home = _opened(path, key, clock, lock, throw_away=throw_away)
        lock.share()
    except BaseException:
        lock.close()
        raise
    return home


def _opened(path: Path, key: bytes, clock: Callable[[], int], lock: HomeLock, *, throw_away: bool = False) -> Home:
    store = _store(path, key, lock)
    seat = Seat(store, device=_device(store), clock=clock, holder=f"{os.getpid()}-{os.urandom(4).hex()}")
    return Home(path, seat, lock, throw_away=throw_away)


def _store(path: Path, key: bytes, lock: HomeLock) -> Store:
    file = path / FILE
    if not file.exists():
        connect(file, key, create=True).close()
    store = Store(file, key)
    try:
        schema.prepare(store, lock)
        _first_things(store, path)
        _rebuild_if_outdated(store, lock)
    except BaseException:
        store.close()
        raise
    return store


def _rebuild_if_outdated(store: Store, lock: HomeLock) -> None:
    """Tables that another version of the fold made are made again, alone on the home."""
    row = store.one("SELECT value FROM cursor WHERE key = 'fold_version'")
    if row and row[0] == FOLD_VERSION:
        return
    from app.services.store.ledger import Ledger
    from app.services.store.rebuilding import rebuild

    with lock.alone():
        rebuild(Ledger(store))


def _first_things(store: Store, path: Path) -> None:
    """A device id and hash key for a new store; a new device id for a copied or restored one."""
    place = _place(path)
    row = dict(store.query("SELECT name, value FROM secret WHERE name IN ('device', 'place')"))
    if row.get("place") == place and row.get("device"):
        return
    from app.models import tables
    from app.services.store.keyed_hashes import KeyRing
    from app.services.store.rebuilding import remember_fold

    with store.writing():
        if "device" not in row:
            KeyRing.make(store)
        store.run(tables.secret.delete().where(tables.secret.c.name.in_(["device", "place"])))
        store.run(
            tables.secret.insert(),
            [{"name": "device", "value": os.urandom(8).hex().encode()}, {"name": "place", "value": place}],
        )
        if "device" not in row:
            _first_settings(store)
            remember_fold(store)


def _first_settings(store: Store) -> None:
    """What this computer says about its owner, until somebody says better."""
    from app.services import settings

    zone = _local_zone()
    settings.put(store, "zone", zone)
    region = _local_region()
    if region:
        settings.put(store, "region", region)


def _local_zone() -> str:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    named = os.environ.get("TZ", "").removeprefix(":")
    link = Path("/etc/localtime")
    if not named and link.is_symlink():
        named = str(link.resolve()).partition("zoneinfo/")[2]
    try:
        return ZoneInfo(named).key if named else "UTC"
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return "UTC"


def _local_region() -> str:
    import locale

    name = locale.getlocale()[0] or os.environ.get("LANG", "")
    region = name.partition(".")[0].partition("_")[2]
    return region if len(region) == 2 and region.isalpha() and region.isupper() else ""


def _place(path: Path) -> bytes:
    """Names this copy of the home: the folder on its disk."""
    import uuid

    status = path.stat()
    return (
        f"{status.st_dev}:{status.st_ino}:{uuid.getnode()}".encode() if sys.platform != "win32" else str(path).encode()
    )


def _device(store: Store) -> str:
    row = store.one("SELECT value FROM secret WHERE name = 'device'")
    assert row is not None
    return bytes(row[0]).decode()


def _make_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
        if sys.platform != "win32":
            path.chmod(0o700)
    except OSError as error:
        raise EnvironmentFailed(
            f"The home {path} cannot be made: {error.strerror}.", todo="Choose another with --home."
        ) from error

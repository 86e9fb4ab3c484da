"""Laptops of the simulator: a real store each, whose process may end between any two steps of its work."""

from __future__ import annotations

import atexit
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.services.seat import Seat
from app.services.store.connection import FILE, Store
from app.services.team.link import HubUnreachable, Link, Page, Receipt
from tests.services.made_up import DAY, KEY, NOON, Clock, new_home

SHM = Path("/dev/shm")
HUNDRED = 100


class Crashed(BaseException):
    """The process ended here."""


class FragileStore(Store):
    """A store whose process ends when its fuse has burnt down: before, inside or after a transaction."""

    fuse: int | None = None

    def burn(self) -> None:
        """One more place at which the process may end."""
        if self.fuse is not None:
            self.fuse -= 1
            if self.fuse < 0:
                self.fuse = None
                raise Crashed

    @contextmanager
    def writing(self, *, late: bool = False, plain: bool = False, durable: bool = True) -> Iterator[Any]:
        if getattr(self._local, "writing", None) is not None:
            with super().writing(late=late, plain=plain, durable=durable) as connection:
                yield connection
            return
        self.burn()
        with super().writing(late=late, plain=plain, durable=durable) as connection:
            yield connection
            self.burn()  # everything is rolled back
        self.burn()


_TEMPLATE: list[Path] = []


def folder_for_stores() -> Path:
    """In memory, where the system has a place for it."""
    return Path(tempfile.mkdtemp(prefix="winnow-sim-", dir=SHM if SHM.is_dir() else None))


def _template() -> Path:
    if not _TEMPLATE:
        made = folder_for_stores()
        atexit.register(shutil.rmtree, made, ignore_errors=True)
        new_home(made / "home", Clock(NOON - DAY)).close()
        _TEMPLATE.append(made / "home" / FILE)
    return _TEMPLATE[0]


class Laptop:
    """Somebody's computer: a store, a clock that may be wrong, a network that may be gone."""

    def __init__(self, folder: Path, member: str, device: str, now: Callable[[], int]) -> None:
        self.folder, self.member, self.device, self._now = folder, member, device, now
        self.skew = 0
        self.online = True
        folder.mkdir()
        if not (folder / FILE).exists():
            shutil.copyfile(_template(), folder / FILE)
        self.start()
        with self.store.writing():
            write = self.store.writer.execute
            write("INSERT OR REPLACE INTO setting(key, value) VALUES('name', ?)", (member,))
            write("UPDATE secret SET value = ? WHERE name = 'device'", (device.encode(),))
            name, key = f"hash-key:1-{device}", device.encode().ljust(32, b".")
            write("UPDATE secret SET name = ?, value = ? WHERE name LIKE 'hash-key:%'", (name, key))
        self.restart()

    def clone(self, folder: Path, device: str) -> Laptop:
        """A copy of this home on another computer, under a device id of its own, or the same one."""
        self.stop()
        shutil.copytree(self.folder, folder)
        self.start()
        made = Laptop.__new__(Laptop)
        made.folder, made.member, made.device, made._now = folder, self.member, device, self._now
        made.skew, made.online = 0, True
        made.start()
        if device != self.device:
            with made.store.writing():
                made.store.writer.execute("UPDATE secret SET value = ? WHERE name = 'device'", (device.encode(),))
        return made

    def start(self) -> None:
        """Open the store, as a new process does."""
        self.store = FragileStore(self.folder / FILE, KEY)
        self.store.writer.execute("PRAGMA synchronous=OFF")
        self.seat = Seat(self.store, device=self.device, clock=self.clock, holder=f"window-{self.device}")

    def stop(self) -> None:
        """End the process."""
        self.store.close()

    def restart(self) -> None:
        """A new process on the same store."""
        self.stop()
        self.start()

    def clock(self) -> int:
        """What this computer thinks the time is."""
        return self._now() + self.skew


class FaultyLink:
    """A conversation over a bad network: cut before or after the hub acts, cut in the middle, repeated, reordered."""

    def __init__(self, link: Link, chance: random.Random, *, percent: int, burn: Callable[[], None]) -> None:
        self._link, self._chance, self._percent, self._burn = link, chance, percent, burn

    def __getattr__(self, name: str) -> Any:
        def said(*given: Any) -> Any:
            self._before()
            answer = getattr(self._link, name)(*given)
            self._after()
            return answer

        return said

    def push(self, entries: list[Any]) -> list[Receipt]:
        """Hands in; the batch may be cut, come twice or in another order."""
        self._before()
        if self._happens():
            self._link.push(entries[: self._chance.randrange(len(entries) + 1)])
            raise HubUnreachable("cut in the middle")
        if self._happens():
            again = list(entries)
            self._chance.shuffle(again)
            self._link.push(again)
        receipts = self._link.push(entries)
        self._after()
        if self._happens():
            self._chance.shuffle(receipts)
        return receipts

    def pull(self, after: int, size: int) -> Page:
        """Reads, in pages of whatever size the network gives."""
        self._before()
        page = self._link.pull(after, self._chance.choice((3, 20, size)))
        self._after()
        return page

    def _happens(self) -> bool:
        return self._chance.randrange(HUNDRED) < self._percent

    def _before(self) -> None:
        self._burn()
        if self._happens():
            raise HubUnreachable("no network")

    def _after(self) -> None:
        if self._happens():
            raise HubUnreachable("the answer was lost")
        self._burn()

"""How sync writes: one small transaction after the other, so that a person's action waits for none of them for long."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from app.models.entries import Id
from app.models.inquiry import Inquiry
from app.services.alerts import Alert, sold
from app.services.seat import Changed, Seat
from app.services.store.ledger import Ledger

TARGET_S = 0.008  # how long one transaction holds others up
ALONE_S = 0.25  # the same, while nobody else has the home open
ASKED_S = 0.25  # so often it is asked whether nobody has
LEAST, MOST = 20, 5000  # entries or inquiries of one transaction
GIVE_WAY_S = 0.001  # between two of them, so that whoever waits for the writer gets it

T = TypeVar("T")
Through = Callable[[Callable[[], Any]], Any]


class Work:
    """Runs transactions, and finds out how much of something takes a few milliseconds here.

    `through` runs a transaction on the thread that owns the writer (a window), and returns what it returned.
    `alone` says whether nobody else has the home open: then more goes into one, since each commit writes whole pages.
    `size` fixes how much goes into one.
    """

    def __init__(
        self, seat: Seat, *, through: Through | None = None, alone: Callable[[], bool] | None = None, size: int = 0
    ) -> None:
        self.seat, self.ledger, self.store = seat, Ledger(seat.store), seat.store
        self.ledger.spreads_later = True
        self._through, self._alone, self._fixed = through, alone, bool(size)
        self._target, self._asked = TARGET_S, 0.0
        self._sizes: dict[str, int] = {}
        self._first = size or 50
        self._ended = 0.0  # the last transaction
        self._inquiries: set[Id] = set()
        self._kinds: set[str] = set()
        self.alert: Callable[[list[Alert]], None] | None = None  # tells new leads, wherever somebody sees them
        self._told: set[str] = set()

    @property
    def is_alone(self) -> bool:
        """Whether nobody else had the home open when it was asked last."""
        return self._target == ALONE_S

    def size(self, what: str) -> int:
        """How much of something goes into one transaction now."""
        return self._sizes.get(what, self._first)

    def do(self, step: Callable[[], T], what: str = "", *, durable: bool = True) -> T:
        """Run one transaction; `what` names work whose size is to be learnt.

        Args:
            durable: it waits for the disk. What the hub would tell again need not: after a power cut the cursors,
                which are of the same transaction, stand where they stood.

        Raises:
            EnvironmentFailed: the disk is full, or others write for too long.
        """
        took = 0.0
        self._give_way()
        self._mind_others()

        def transaction() -> T:
            nonlocal took
            began = time.thread_time()
            with self.store.writing(durable=durable):
                done = step()
            took = time.thread_time() - began  # on a busy computer waiting says nothing about the size
            return done

        done: T = self._through(transaction) if self._through else transaction()
        if what and not self._fixed:
            self._learn(what, took)
        self._ended = time.monotonic()
        return done

    def _give_way(self) -> None:
        """Before the next transaction, and not after the last: somebody may wait for what it brought."""
        rest = GIVE_WAY_S - (time.monotonic() - self._ended)
        if rest > 0 and not (self._through or self._fixed):
            time.sleep(rest)

    def _mind_others(self) -> None:
        """What was learnt alone is too much for whoever has opened the home meanwhile."""
        if self._alone is None or time.monotonic() - self._asked < ASKED_S:
            return
        target, self._asked = ALONE_S if self._alone() else TARGET_S, time.monotonic()
        if target != self._target:
            self._target = target
            self._sizes.clear()

    def _learn(self, what: str, took: float) -> None:
        size = self.size(what)
        if took > self._target:
            size = max(LEAST, size // 2)
        elif took < self._target / 2:
            size = min(MOST, size + size // 2)
        elif took < self._target * 3 / 4:  # what each costs besides is paid less often
            size = min(MOST, size + size // 8)
        self._sizes[what] = size

    # what is told

    def tell_leads(self, inquiries: Iterable[Inquiry]) -> None:
        """New leads among them are marked as told, and told. Inside the transaction that brings them.

        Whoever is killed between the two, or cannot write, hears of them again: nobody misses a lead. One that is
        written in vain again and again, since the disk is full, is told once all the same.
        """
        if self.alert is None:
            return
        found = [alert for alert in sold(self.seat, inquiries) if alert.key not in self._told]
        if found:
            self._told.update([alert.key for alert in found])
            self.alert(found)

    # what changed

    def note(self, inquiries: Iterable[Id], kinds: Iterable[str] = ()) -> None:
        """Remember what a transaction changed."""
        self._inquiries.update(inquiries)
        self._kinds.update(kinds)

    def changed(self) -> Changed:
        """What changed since this was asked last."""
        changed = Changed(frozenset(self._inquiries), frozenset(self._kinds), self.seat.holder)
        self._inquiries.clear()
        self._kinds.clear()
        return changed

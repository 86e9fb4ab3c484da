"""Faults that were put into sync on purpose; the simulator has to find each of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

from app.models import fold
from app.models.entry import Entry
from app.services.store import ledger
from app.services.store.connection import Store
from app.services.store.erasing import erased_among, take_away
from app.services.team import arrivals, state, sync
from app.services.team.link import Page, Receipt
from app.services.team.work import Work
from tests.sync.model_hub import ModelHub, ModelLink, copy


class ForgetfulHub(ModelHub):
    """It does not notice that it has an entry already."""

    def store(self, member: str, entry: Entry) -> Receipt:
        known = entry.id in self.entries
        receipt = super().store(member, entry)
        if known and entry.id not in self.fresh:
            self.fresh.append(entry.id)
        return receipt


class SerialHub(ModelHub):
    """Positions are given when a transaction begins and seen when it ends: a reader in between passes some by."""

    open_until: ClassVar[dict[str, int]] = {}

    def store(self, member: str, entry: Entry) -> Receipt:
        new = entry.id not in self.entries
        receipt = super().store(member, entry)
        if new and receipt.outcome == "stored":
            ModelHub.advance(self)
            self.open_until[entry.id] = self.clock() + int(entry.id[-2:], 16) % 3 * 600_000
        return receipt

    def link(self, member: str) -> SerialLink:
        super().link(member)
        return SerialLink(self, member)


class SerialLink(ModelLink):
    """`WHERE pos > cursor`, of what is committed."""

    def pull(self, after: int, size: int) -> Page:
        page = super().pull(after, size)
        open_until = getattr(self.hub, "open_until", {})
        seen = [entry for entry in page.entries if open_until.get(entry.id, 0) <= self.hub.clock()]
        return copy(page, entries=seen)


@contextmanager
def cursor_saved_before_the_rows() -> Iterator[None]:
    """The position is kept in a transaction of its own, ahead of what it passes."""
    real = arrivals._take

    def take(work: Work, chunk: Sequence[Entry], through: int | None, *, later: bool, told: bool = True) -> int:
        if through is not None:
            work.do(lambda: state.put_cursor(work.store, state.PULLED, through))
        return real(work, chunk, None, later=later, told=told)

    with _instead(arrivals, "_take", take):
        yield


@contextmanager
def what_was_brought_is_passed_over() -> Iterator[None]:
    """What a bundle brought counts as handed in, where everything before it was."""
    real = arrivals._take

    def take(work: Work, chunk: Sequence[Entry], through: int | None, *, later: bool, told: bool = True) -> int:
        offered = state.cursor(work.store, state.OUTBOX) == work.ledger.last_seq()
        new = real(work, chunk, through, later=later, told=told)
        if offered and not told:
            work.do(lambda: state.put_cursor(work.store, state.OUTBOX, work.ledger.last_seq()))
        return new

    with _instead(arrivals, "_take", take):
        yield


@contextmanager
def a_lost_end_is_not_noticed() -> Iterator[None]:
    """In the same epoch the hub is believed to have what it told."""
    with _instead(sync.Exchange, "_end_is_another", lambda self: False):
        yield


@contextmanager
def fold_in_order_of_arrival() -> Iterator[None]:
    """Entries fold as they came into the store."""
    with _instead(Entry, "order", lambda entry: ()):
        yield


@contextmanager
def no_fencing() -> Iterator[None]:
    """The latest decision shows, whatever claim it was made under."""
    with _instead(fold.Folding, "_fenced", lambda self: set()):
        yield


@contextmanager
def whoever_is_joined_is_erased() -> Iterator[None]:
    """An erasure takes the person parts of all who are joined with its subject when a laptop reads it."""
    real = ledger.note_joined

    def note(store: Store, members: Sequence[str]) -> None:
        real(store, members)
        if erased_among(store, members):
            take_away(store, members)

    with _instead(ledger, "note_joined", note):
        yield


@contextmanager
def _instead(owner: Any, name: str, value: Any) -> Iterator[None]:
    real = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, real)

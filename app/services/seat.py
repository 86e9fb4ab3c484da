"""A seat: who works, on which store, by which clock. Every service takes one."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from app.models.entries import KIND_OF, Body, Id, Millis, Person
from app.models.entry import Entry, digest_of, encode, hash_of
from app.models.inquiry import Inquiry
from app.services.store.connection import FILE, Store

if TYPE_CHECKING:
    from app.models.calling_hours import CallingHours
    from app.models.scorecard import Scorecard
    from app.models.script import Script
    from app.services.settings import Settings
    from app.services.store.ledger import Ledger

Clock = Callable[[], Millis]
COUNTER_BITS = 16
SALT, SALTS = 16, 32  # bytes of one, and how many are asked for at once
SKEW_MS = 2000  # a clock that differs less from the hub's is left alone


class Changed(msgspec.Struct, frozen=True):
    """What an action changed; the window tells the pages that show it."""

    inquiries: frozenset[Id] = frozenset()
    kinds: frozenset[str] = frozenset()
    by: str = ""  # the holder that did it
    inquiry: Id = ""  # the one that the action was about


def wall_clock() -> Millis:
    """Now, in milliseconds UTC."""
    return time.time_ns() // 1_000_000


def new_id() -> Id:
    """A UUIDv7: unique for ever, and later ones sort later."""
    import uuid_utils

    return uuid_utils.uuid7().hex


class Seat:
    """Who works (`member`), on which store and device, by which clock."""

    def __init__(self, store: Store, *, device: str, clock: Clock, holder: str) -> None:
        self.store, self.device, self.clock, self.holder = store, device, clock, holder
        self._ledger: Ledger | None = None
        self._settings: Settings | None = None
        self._hours: CallingHours | None = None
        self._script: Script | None = None
        self._scorecard: Scorecard | None = None
        self._skew: Millis | None = None
        self._keys = 0

    @classmethod
    def on(cls, home: Path, key: bytes, *, holder: str, clock: Clock | None = None) -> Seat:
        """A seat on a home that is open already: for a child process or another thread."""
        store = Store(home / FILE, key)
        row = store.one("SELECT value FROM secret WHERE name = 'device'")
        device = bytes(row[0]).decode() if row else ""
        return cls(store, device=device, clock=clock or wall_clock, holder=holder)

    @property
    def ledger(self) -> Ledger:
        """The entries of the store, and what is folded from them; a window reads its queue without."""
        if self._ledger is None:
            from app.services.store.ledger import Ledger

            self._ledger = Ledger(self.store)
        return self._ledger

    @property
    def settings(self) -> Settings:
        """The home's settings, read once; `settings_changed` forgets them."""
        if self._settings is None:
            from app.services.settings import Settings

            self._settings = Settings.read(self.store)
        return self._settings

    def settings_changed(self) -> None:
        """Read settings, hours, script and scorecard again at the next use."""
        self._settings = self._hours = self._script = self._scorecard = self._skew = None

    @property
    def hours(self) -> CallingHours:
        """When people may be called, by the rules and settings of this home."""
        if self._hours is None:
            from app.models.calling_hours import CallingHours, parse_hours
            from app.services.rulebook import load_rules

            self._hours = CallingHours(
                load_rules(),
                parse_hours(self.settings["calling-hours"]),
                self.settings["industry-codes"] == "on",
                self.settings["zone"],
            )
        return self._hours

    @property
    def script(self) -> Script:
        """The script that callers walk now."""
        if self._script is None:
            from app.services.published import current_script

            self._script = current_script(self.store, self.settings["script"])
        return self._script

    @property
    def scorecard(self) -> Scorecard:
        """The scorecard that advises now."""
        if self._scorecard is None:
            from app.services.published import current_scorecard

            self._scorecard = current_scorecard(self.store, self.script)
        return self._scorecard

    @property
    def member(self) -> str:
        """The name under which entries are written."""
        return self.settings.name

    def now(self) -> Millis:
        """The wall clock, put right where it differs from the hub's by more than two seconds."""
        if self._skew is None:
            row = self.store.one("SELECT value FROM cursor WHERE key = 'skew'")
            self.take_skew(int(row[0]) if row else 0)
        return self.clock() + (self._skew or 0)

    def take_skew(self, skew: Millis) -> None:
        """What the hub's clock shows more than this one, as it was measured last."""
        self._skew = skew if abs(skew) > SKEW_MS else 0

    def take_keys(self, count: int) -> None:
        """How often hash keys of the team were added: their ring is read again when that has grown."""
        if count != self._keys and self._ledger is not None:
            self._ledger.forget_ring()
        self._keys = count

    def inquiry(self, inquiry_id: Id) -> Inquiry:
        """The fold of an inquiry.

        Raises:
            NotFound: there is none.
        """
        return self.ledger.inquiry(inquiry_id)

    @contextmanager
    def act(self) -> Iterator[Act]:
        """One action: its entries, the fold and the tables in one transaction, or nothing at all."""
        with self.store.writing(), self.ledger.holding():
            act = Act(self)
            yield act
            act.flush()


_BEFORE = (
    "SELECT key, value FROM cursor WHERE key IN ('device_seq', 'at', 'skew', 'keys') "
    "UNION ALL SELECT key, value FROM team WHERE key = 'role'"
)


class Act:
    """An action under way: collects entries, and appends them at its end or at `flush`."""

    def __init__(self, seat: Seat) -> None:
        self.seat = seat
        self._pending: list[Entry] = []
        self._fresh: list[Entry] = []
        self._fresh_subjects: set[Id] = set()
        self._said: dict[Id, tuple[Body, Person | None]] = {}
        self._inquiries: set[Id] = set()
        self._kinds: set[str] = set()
        self._heads: dict[Id, tuple[Id, ...]] = {}
        self._named = False  # whether an id was given, which somebody else may have made too
        self._about: Id = ""
        self._salts = b""
        row = dict(seat.store.query(_BEFORE))
        self._role = str(row.get("role", ""))
        self._device_seq, self._at = int(row.get("device_seq", 0)), int(row.get("at", 0))
        seat.take_skew(int(row.get("skew", 0)))
        seat.take_keys(int(row.get("keys", 0)))

    def inquiry(self, inquiry_id: Id) -> Inquiry:
        """The inquiry as it is inside this transaction; entries on it will have seen its heads.

        Raises:
            NotFound: there is none.
        """
        self.flush()
        inquiry = self.seat.ledger.inquiry(inquiry_id)
        for subject in inquiry.subjects:
            self._heads[subject] = inquiry.heads
        self._about = inquiry.id
        return inquiry

    def inquiries(self, ids: Iterable[Id]) -> dict[Id, Inquiry]:
        """Many inquiries at once, by the id under which each is shown; what is not known is left out."""
        self.flush()
        found = self.seat.ledger.inquiries(sorted(self.seat.ledger.survivors(ids)))
        for inquiry in found.values():
            for subject in inquiry.subjects:
                self._heads[subject] = inquiry.heads
        return found

    def append(
        self,
        subject: Id,
        body: Body,
        person: Person | None = None,
        *,
        entry_id: Id = "",
        actor: str | None = None,
        claim_no: int = 0,
        fresh: bool = False,
    ) -> Entry:
        """Write one entry about a subject; it is kept when the action ends well.

        `fresh`: nothing is known of the subject yet, which saves looking; so are later entries of this action on it.

        Raises:
            Refused: the team's hub would not take it from this member's role.
        """
        if self._role:
            self._refuse_others_work(KIND_OF[type(body)], actor or "")
        wall = self.seat.now()
        self._device_seq += 1
        self._at = max(self._at + 1, wall << COUNTER_BITS)
        words = encode(person) if person is not None else None
        if words == b"{}":
            words = None
        salt = self._salt() if words else None
        entry = Entry(
            id=entry_id or new_id(),
            subject=subject,
            kind=KIND_OF[type(body)],
            body=encode(body),
            person=words,
            salt=salt,
            digest=digest_of(salt, words) if words and salt else b"",
            actor=self.seat.member if actor is None else actor,
            device=self.seat.device,
            device_seq=self._device_seq,
            claim_no=claim_no,
            at=self._at,
            wall=wall,
            seen=self._heads.get(subject, ()),
        )
        entry.hash = hash_of(entry)
        self._named = self._named or bool(entry_id)
        self._heads[subject] = (entry.id,)
        if fresh:
            self._fresh_subjects.add(subject)
            self._said[entry.id] = (body, person if words else None)
        (self._fresh if subject in self._fresh_subjects else self._pending).append(entry)
        self._kinds.add(entry.kind)
        self._about = self._about or subject
        return entry

    def _salt(self) -> bytes:
        """Sixteen bytes that nobody guesses; the system is asked for those of many entries at once."""
        if not self._salts:
            self._salts = os.urandom(SALT * SALTS)
        salt, self._salts = self._salts[:SALT], self._salts[SALT:]
        return salt

    def _refuse_others_work(self, kind: str, actor: str) -> None:
        """What the hub would turn away is not begun here: a person erased on one laptop alone would be no erasure."""
        from app.models.rights import Role, may_append
        from app.services.errors import Refused

        if not may_append(Role(self._role), kind, actor):
            raise Refused(
                f"As {self._role} of the team you may not do this.",
                kept="Nothing was changed.",
                todo="Ask a team lead or an admin.",
            )

    def flush(self) -> None:
        """Append what is pending, fold, and update the tables."""
        if not self._pending and not self._fresh:
            return
        if self._fresh:
            self._inquiries |= self.seat.ledger.append(self._fresh, fresh=True, said=self._said)
            self._said = {}
        if self._pending:
            self._inquiries |= self.seat.ledger.append(self._pending, absent=not self._named)
        self._pending, self._fresh = [], []
        self._named = False
        self._fresh_subjects.clear()
        self._keep_counters()

    def changed(self) -> Changed:
        """What this action changed so far."""
        self.flush()
        return Changed(frozenset(self._inquiries), frozenset(self._kinds), self.seat.holder, self._about)

    def _keep_counters(self) -> None:
        rows = [("device_seq", self._device_seq), ("at", self._at)]
        self.seat.store.writer.executemany(_COUNT, rows)


_COUNT = "INSERT INTO cursor(key, value) VALUES(?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value"

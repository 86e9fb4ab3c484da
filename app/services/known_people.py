"""Who is known while a list comes in: the store itself, or, for a rehearsal, the store and what the list would add."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from app.models.entries import KIND_OF, Body, Captured, Entry, Id, Merged, Person, encode
from app.models.identity import Name, Sight, compatible, proposes_same
from app.models.inquiry import Inquiry, fold
from app.models.searching import spaced
from app.services.capture import discarded_at
from app.services.matching import Match, find_known, keys_of
from app.services.row_fates import objecting_texts
from app.services.seat import Act, Seat, new_id
from app.services.store.connection import connect
from app.services.store.folded_rows import select_in

PROPOSALS = 500  # how many rows of a file are compared by name and company: it only proposes
SURE = 0.9


class Taking:
    """One batch on its way in: asks who is known, and writes inside one transaction."""

    def __init__(self, seat: Seat, act: Act, budget: list[int]) -> None:
        self.seat, self._act, self._budget = seat, act, budget
        self._blocks = self._anything_blocked()

    def hash(self, text: str) -> str:
        """The keyed hash of a text."""
        return self.seat.ledger.ring.hash(text)

    def rows_here(self, keys: Sequence[str]) -> dict[str, Id]:
        """Which rows are in the store, and as whom."""
        return dict(select_in(self.seat.store, "SELECT key, inquiry FROM imported_row WHERE key IN", list(keys)))

    def find(self, people: Sequence[Person]) -> list[Match]:
        """Who each of some people is."""
        return find_known(self.seat, people)

    def inquiries(self, ids: Sequence[Id]) -> dict[Id, Inquiry]:
        """The folds of known inquiries."""
        return self.seat.ledger.inquiries(ids)

    def discarded_at(self, person: Person) -> int | None:
        """When this person was discarded or erased, if they were."""
        return discarded_at(self.seat, person) if self._blocks else None

    def objected(self, person: Person) -> bool:
        """Whether this person asked not to be called, and was erased since."""
        if not self._blocks:
            return False
        keys = [key for text in objecting_texts(person) for key in self.seat.ledger.ring.hashes(text)]
        sql = "SELECT 1 FROM suppression WHERE reason = 'objection' AND key IN"
        return bool(select_in(self.seat.store, sql, keys))

    def _anything_blocked(self) -> bool:
        return self.seat.store.one("SELECT 1 FROM suppression LIMIT 1") is not None

    def append(self, subject: Id, body: Body, person: Person | None = None, *, fresh: bool = False) -> None:
        """Write one entry."""
        self._act.append(subject, body, person, fresh=fresh)

    def remember_row(self, key: str, inquiry_id: Id) -> None:
        """A row that changed somebody without being another asking is not looked at again."""

    def proposal(self, person: Person) -> str:
        """Who it might be by name and company; a few rows of each file are compared, and nobody is merged by it."""
        if not self._budget[0] or not (person.last_name and person.company):
            return ""
        self._budget[0] -= 1
        mine = _sight(person)
        for inquiry_id in self._alike(person):
            known = self.seat.inquiry(inquiry_id)
            if proposes_same(mine, _sight(known)) >= SURE:
                return f"perhaps the same as {known.name}, {known.company}: name and company agree"
        return ""

    def _alike(self, person: Person) -> list[Id]:
        from app.models.folding import fold_text

        terms = spaced(fold_text(f"{person.last_name} {person.company}")).split()[:3]
        quoted = [term.replace('"', "") for term in terms if any(c.isalnum() for c in term)]
        if not quoted:
            return []
        expression = " AND ".join(f'"{term}"' for term in quoted)
        sql = "SELECT i.id FROM search_words s JOIN inquiry i ON i.num = s.rowid WHERE search_words MATCH ? LIMIT 5"
        return [row[0] for row in self.seat.store.query(sql, (expression,))]


def _sight(person: Person | Inquiry) -> Sight:
    name = Name(person.first_name or "", person.last_name or "")
    phones = frozenset(phone.e164 for phone in person.phones or () if phone.e164)
    return Sight(name, person.company or "", phones, frozenset(person.emails or ()))


class KnownPeople:
    """The store: what is written is known at once."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat
        self._budget = [PROPOSALS]
        seat.store.expect_much()

    @contextmanager
    def taking(self) -> Iterator[Taking]:
        """One batch, in one transaction."""
        with self._seat.act() as act:
            yield Taking(self._seat, act, self._budget)

    def close(self) -> None:
        """The writing connection is as small as before."""
        self._seat.store.expect_little()


class Rehearsal(KnownPeople):
    """The store as it would be: what a list would add lies in a file of its own, encrypted, and goes at the end."""

    def __init__(self, seat: Seat) -> None:
        super().__init__(seat)
        self._folder = tempfile.TemporaryDirectory(prefix="winnow-rehearsal-")
        self._db = connect(Path(self._folder.name) / "rehearsal.db", secrets.token_bytes(32), create=True)
        self._db.execute("PRAGMA synchronous=OFF")
        for statement in (
            "CREATE TABLE row(key TEXT PRIMARY KEY, subject TEXT) WITHOUT ROWID",
            "CREATE TABLE mark(mark TEXT, subject TEXT, first TEXT, last TEXT, PRIMARY KEY(mark, subject)) WITHOUT ROWID",
            "CREATE TABLE entry(subject TEXT, content BLOB)",
            "CREATE INDEX entry_subject ON entry(subject)",
        ):
            self._db.execute(statement)

    @contextmanager
    def taking(self) -> Iterator[Taking]:
        """One batch, on a snapshot of the store."""
        self._db.execute("BEGIN")
        with self._seat.store.snapshot():
            yield _Rehearsed(self._seat, self._db, self._budget)
        self._db.execute("COMMIT")

    def close(self) -> None:
        """Forget everything."""
        super().close()
        self._db.close()
        self._folder.cleanup()


class _Rehearsed(Taking):
    """A batch that writes beside the store."""

    def __init__(self, seat: Seat, db: Any, budget: list[int]) -> None:
        self.seat, self._db, self._budget = seat, db, budget
        self._blocks = self._anything_blocked()

    def rows_here(self, keys: Sequence[str]) -> dict[str, Id]:
        return super().rows_here(keys) | dict(self._select("SELECT key, subject FROM row WHERE key IN", list(keys)))

    def find(self, people: Sequence[Person]) -> list[Match]:
        marks = {mark for person in people for mark in _marks(person)}
        rows = self._select("SELECT mark, subject, first, last FROM mark WHERE mark IN", sorted(marks))
        found: dict[str, list[tuple[Id, Name]]] = {}
        for mark, subject, first, last in rows:
            found.setdefault(mark, []).append((subject, Name(first, last)))
        return [
            _with_rehearsed(match, person, found) for match, person in zip(super().find(people), people, strict=True)
        ]

    def inquiries(self, ids: Sequence[Id]) -> dict[Id, Inquiry]:
        ahead: dict[Id, list[Entry]] = {}
        for subject, content in self._select("SELECT subject, content FROM entry WHERE subject IN", list(ids)):
            ahead.setdefault(subject, []).append(msgspec.msgpack.decode(content, type=Entry))
        found = super().inquiries([i for i in ids if i not in ahead])
        for subject, entries in ahead.items():
            found[subject] = fold([*self.seat.ledger.entries(subject), *entries])
        return found

    def append(self, subject: Id, body: Body, person: Person | None = None, *, fresh: bool = False) -> None:
        if isinstance(body, Merged):
            return  # shown in the row's reason; the rehearsal keeps both
        now = self.seat.now()
        entry = Entry(
            id=new_id(), subject=subject, kind=KIND_OF[type(body)], body=encode(body),
            person=encode(person) if person else None, at=now << 16, wall=now,
        )  # fmt: skip
        self._db.execute("INSERT INTO entry VALUES(?, ?)", (subject, msgspec.msgpack.encode(entry)))
        if isinstance(body, Captured) and body.row_key:
            self._db.execute("INSERT OR IGNORE INTO row VALUES(?, ?)", (body.row_key, subject))
        if person and fresh:
            rows = [(mark, subject, person.first_name or "", person.last_name or "") for mark in _marks(person)]
            self._db.executemany("INSERT OR IGNORE INTO mark VALUES(?, ?, ?, ?)", rows)

    def _select(self, sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = []
        for start in range(0, len(values), 400):
            chunk = values[start : start + 400]
            found += self._db.execute(f"{sql} ({','.join('?' * len(chunk))})", chunk).fetchall()
        return found


def _marks(person: Person) -> list[str]:
    numbers, emails = keys_of(person)
    return [f"n{number}" for number in numbers] + [f"e{address}" for address in emails]


def _with_rehearsed(match: Match, person: Person, found: dict[str, list[tuple[Id, Name]]]) -> Match:
    """What the store knows of somebody, and what earlier rows of the list say."""
    name = Name(person.first_name or "", person.last_name or "")
    pairs = [(mark, subject, other) for mark in _marks(person) for subject, other in found.get(mark, ())]
    same = {subject: mark for mark, subject, other in pairs if compatible(other, name)}
    if not pairs:
        return match
    others = {subject for mark, subject, _ in pairs if mark[0] == "n"} - set(same)
    by = match.by or ("e-mail" if any(mark[0] == "e" for mark in same.values()) else "number" if same else "")
    return Match(
        same=tuple(sorted({*match.same, *same})), by=by, colleagues=tuple(sorted({*match.colleagues, *others}))
    )

"""Who is known while a list comes in: the store itself, or, for a rehearsal, the store and what the list would add."""

from __future__ import annotations

import secrets
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from app.models.emails import email_key
from app.models.entries import KIND_OF, Body, Captured, Corrected, Id, Merged, Person
from app.models.entry import Entry, encode
from app.models.fold import fold
from app.models.folding import fold_text
from app.models.identity import Name, Sight, proposes_same
from app.models.inquiry import Inquiry
from app.models.searching import spaced
from app.services.matching import Keys, Known, Match, find_known, keys_of, look_up, match_of
from app.services.seat import COUNTER_BITS, Act, Seat, new_id
from app.services.store.connection import connect
from app.services.store.folded_rows import select_in
from app.services.store.keyed_hashes import texts_that_return

if TYPE_CHECKING:
    from app.services.reading import ImportedRow

_MARK = "SELECT mark, subject, first, last FROM mark"
_BY = {"n": "number", "e": "e-mail"}
# An objection blocks the return of whoever was erased; of others it is known who they are.
_GONE = (
    "SELECT s.key, s.reason, s.at FROM suppression s JOIN inquiry i ON i.id = s.inquiry "
    "WHERE (s.reason <> 'objection' OR i.stage IN ('discarded', 'erased')) AND s.key IN"
)
_ALIKE = (
    "SELECT i.first_name, i.last_name, i.company, "
    "(SELECT coalesce(group_concat(p.number, ' '), '') FROM phone p WHERE p.inquiry = i.id), "
    "(SELECT coalesce(group_concat(e.address, ' '), '') FROM email e WHERE e.inquiry = i.id) "
    "FROM search_words s JOIN inquiry i ON i.num = s.rowid WHERE search_words MATCH ? LIMIT 5"
)
# In a large file what changes lies far apart: more rows than these change more pages than the cache holds, and each of
# the rest would go to the log twice, whose sums are then all made anew.
LARGE, TOGETHER_IF_LARGE = 512 << 20, 5_000
PROPOSALS = 500  # how many rows of a file are compared by name and company: it only proposes
SURE = 0.9


class Comer(NamedTuple):
    """A row on its way in, and what identifies its person."""

    row: ImportedRow
    keys: Keys


def comer_of(row: ImportedRow) -> Comer:
    """The row with its keys, which are looked for once."""
    return Comer(row, keys_of(row.person))


def keys_met(comer: Comer) -> set[str]:
    """What two rows share when they may be one person, or are the same row twice."""
    row, (numbers, emails) = comer
    if numbers or emails:
        return {*numbers, *emails}
    return {phone.raw for phone in row.person.phones or ()} | {email_key(e) for e in row.person.emails or ()}


class Blocked(msgspec.Struct, frozen=True):
    """Somebody who was discarded or erased, as far as keyed hashes tell."""

    at: int  # milliseconds UTC, of the last time
    reason: str  # discard, erasure
    objected: bool  # and had asked not to be called


class Taking:
    """One batch on its way in: asks who is known, and writes inside one transaction."""

    def __init__(self, seat: Seat, act: Act, budget: list[int]) -> None:
        self.seat, self._act, self._budget = seat, act, budget

    def hash(self, text: str) -> str:
        """The keyed hash of a text."""
        return self.seat.ledger.ring.hash(text)

    def hashes(self, text: str) -> list[str]:
        """The keyed hashes of a text under every key, the newest last."""
        return self.seat.ledger.ring.hashes(text)

    def rows_here(self, keys: Sequence[str]) -> set[str]:
        """Which rows are in the store, besides those that a match names."""
        return {row[0] for row in select_in(self.seat.store, "SELECT key FROM imported_row WHERE key IN", keys)}

    def find(self, comers: Sequence[Comer], *, folded: bool) -> list[Match]:
        """Who each of some people is; `folded`: the folds of those who are known are asked for next."""
        people, keys = [comer.row.person for comer in comers], [comer.keys for comer in comers]
        return find_known(self.seat, people, keys, self.inquiries if folded else None)

    def inquiries(self, ids: Sequence[Id]) -> dict[Id, Inquiry]:
        """The folds of known inquiries."""
        return self.seat.ledger.inquiries(ids)

    def blocks(self, people: Sequence[Person]) -> list[Blocked | None]:
        """Which of some people were discarded or erased."""
        if not people or not self.seat.store.one("SELECT 1 FROM suppression LIMIT 1"):
            return [None] * len(people)
        asked = [self._hashes(person) for person in people]
        keys = list({key for returns, objects in asked for key in (*returns, *objects)})
        said: dict[str, list[tuple[str, int]]] = {}
        for key, reason, at in select_in(self.seat.store, _GONE, keys):
            said.setdefault(key, []).append((reason, at))
        return [_blocked(returns, objects, said) for returns, objects in asked]

    def _hashes(self, person: Person) -> tuple[list[str], list[str]]:
        """Of what says that somebody comes back, and of what an objection blocks; a role address blocks nobody."""
        ring = self.seat.ledger.ring
        returning = [key for text in texts_that_return(person) for key in ring.hashes(text)]
        numbers = [phone.e164 or phone.raw for phone in person.phones or ()]
        return returning, returning + [key for number in numbers for key in ring.hashes(f"p:{number}")]

    def append(self, subject: Id, body: Body, person: Person | None = None, *, fresh: bool = False) -> None:
        """Write one entry."""
        self._act.append(subject, body, person, fresh=fresh)

    def flush(self) -> None:
        """What was written is known."""
        self._act.flush()

    def merge(self, survivor: Id, others: Sequence[Id]) -> Inquiry:
        """Make one inquiry of several."""
        for other in others:
            self.append(survivor, Merged(other=other))
        self.flush()
        return self.inquiries([survivor])[survivor]

    def proposal(self, comer: Comer) -> str:
        """Who it might be by name and company; a few rows of each file are compared, and nobody is merged by it."""
        person, (numbers, emails) = comer.row.person, comer.keys
        if not self._budget[0] or not (person.last_name and person.company):
            return ""
        self._budget[0] -= 1
        name = Name(person.first_name or "", person.last_name)
        mine = Sight(name, person.company, frozenset(numbers), frozenset(emails))
        for known in self._alike(person.last_name, person.company):
            if proposes_same(mine, known) >= SURE:
                theirs = f"{known.name.first} {known.name.last}".strip()
                return f"perhaps the same as {theirs}, {known.company}: name and company agree"
        return ""

    def _alike(self, last_name: str, company: str) -> list[Sight]:
        terms = spaced(fold_text(f"{last_name} {company}")).split()[:3]
        quoted = [term.replace('"', "") for term in terms if any(c.isalnum() for c in term)]
        if not quoted:
            return []
        expression = " AND ".join(f'"{term}"' for term in quoted)
        return [
            Sight(Name(first, last), firm, frozenset(numbers.split()), frozenset(emails.split()))
            for first, last, firm, numbers, emails in self.seat.store.query(_ALIKE, (expression,))
        ]


class KnownPeople:
    """The store: what is written is known at once."""

    def __init__(self, seat: Seat, alone: Callable[[], bool] | None = None) -> None:
        self._seat, self._alone = seat, alone
        self._budget = [PROPOSALS]

    def open(self) -> None:
        """A list is to come in."""
        self._seat.store.expect_much()

    @contextmanager
    def together(self) -> Iterator[int]:
        """How many rows may share one transaction, since nobody would wait for its end; it spans them.

        0: each batch has its own, since somebody else has the home open.
        """
        if self._alone is None or not self._alone():
            yield 0
            return
        large = self._seat.store.path.stat().st_size > LARGE
        with self._seat.store.writing():
            yield TOGETHER_IF_LARGE if large else sys.maxsize

    @contextmanager
    def taking(self, *, patient: bool = False) -> Iterator[Taking]:
        """One batch, in one transaction, which holds others up only while it writes; a patient one from its beginning.

        Raises:
            Overtaken: somebody else wrote before it did, so that everything has to be decided anew.
        """
        with self._seat.store.writing(late=not patient), self._seat.ledger.holding():
            act = Act(self._seat)
            yield Taking(self._seat, act, self._budget)
            act.flush()

    def close(self) -> None:
        """The writing connection is as small as before."""
        self._seat.store.expect_little()


class Rehearsal(KnownPeople):
    """The store as it would be: what a list would add lies in a file of its own, encrypted, and goes at the end."""

    def open(self) -> None:
        """A list is to be tried."""
        self._folder = tempfile.TemporaryDirectory(prefix="winnow-rehearsal-")
        self._db = connect(Path(self._folder.name) / "rehearsal.db", secrets.token_bytes(32), create=True)
        self._db.execute("PRAGMA synchronous=OFF")
        for statement in (
            "CREATE TABLE row(key TEXT PRIMARY KEY) WITHOUT ROWID",
            "CREATE TABLE mark(mark, subject, first, last, PRIMARY KEY(mark, subject)) WITHOUT ROWID",
            "CREATE INDEX mark_subject ON mark(subject)",
            "CREATE TABLE entry(subject TEXT, content BLOB)",
            "CREATE INDEX entry_subject ON entry(subject)",
            "CREATE TABLE joined(subject TEXT PRIMARY KEY, inquiry TEXT) WITHOUT ROWID",
            "CREATE INDEX joined_inquiry ON joined(inquiry)",
        ):
            self._db.execute(statement)
        last = self._seat.store.one("SELECT value FROM cursor WHERE key = 'at'")
        self._clock = count(max(self._seat.now() << COUNTER_BITS, int(last[0]) if last else 0) + 1)

    @contextmanager
    def together(self) -> Iterator[int]:
        """Each batch looks at the store anew."""
        yield 0

    @contextmanager
    def taking(self, *, patient: bool = False) -> Iterator[Taking]:
        """One batch, on a snapshot of the store."""
        self._db.execute("BEGIN")
        with self._seat.store.snapshot():
            rehearsed = _Rehearsed(self._seat, self._db, self._clock, self._budget)
            yield rehearsed
            rehearsed.flush()
        self._db.execute("COMMIT")

    def close(self) -> None:
        """Forget everything."""
        self._db.close()
        self._folder.cleanup()


class _Rehearsed(Taking):
    """A batch that writes beside the store."""

    def __init__(self, seat: Seat, db: Any, clock: Iterator[int], budget: list[int]) -> None:
        self.seat, self._db, self._clock, self._budget = seat, db, clock, budget
        self._told: set[Id] = set()  # known before, and something was said about them since

    def rows_here(self, keys: Sequence[str]) -> set[str]:
        return super().rows_here(keys) | {row[0] for row in self._select("SELECT key FROM row WHERE key IN", keys)}

    def find(self, comers: Sequence[Comer], *, folded: bool) -> list[Match]:
        marks = {mark for comer in comers for mark in _marks(comer.keys)}
        ahead: dict[str, list[Known]] = {}
        for mark, subject, first, last in self._select(f"{_MARK} WHERE mark IN", sorted(marks)):
            ahead.setdefault(mark, []).append(Known(subject, Name(first, last), _BY[mark[0]]))
        stored = look_up(self.seat, [comer.keys for comer in comers])
        ids = sorted({known.id for found in stored for known in found})
        moved = {row[0] for row in self._select("SELECT DISTINCT subject FROM entry WHERE subject IN", ids)}
        moved |= {row[0] for row in self._select("SELECT subject FROM joined WHERE subject IN", ids)}
        return [
            msgspec.structs.replace(
                match_of(
                    comer.row.person,
                    [known for known in found if known.id not in moved]
                    + [known for mark in _marks(comer.keys) for known in ahead.get(mark, ())],
                ),
                rows=tuple({row for known in found for row in known.rows}),
            )
            for comer, found in zip(comers, stored, strict=True)
        ]

    def inquiries(self, ids: Sequence[Id]) -> dict[Id, Inquiry]:
        survivors = {i: i for i in ids}
        survivors |= dict(self._select("SELECT subject, inquiry FROM joined WHERE inquiry IN", ids))
        ahead: dict[Id, list[Entry]] = {}
        for subject, content in self._select("SELECT subject, content FROM entry WHERE subject IN", list(survivors)):
            ahead.setdefault(survivors[subject], []).append(msgspec.msgpack.decode(content, type=Entry))
        found = super().inquiries([i for i in ids if i not in ahead])
        for inquiry_id, entries in ahead.items():
            members = [subject for subject, survivor in survivors.items() if survivor == inquiry_id]
            before = [entry for member in members for entry in self.seat.ledger.entries(member)]
            found[inquiry_id] = fold([*before, *entries], members)
        return found

    def append(self, subject: Id, body: Body, person: Person | None = None, *, fresh: bool = False) -> None:
        entry = Entry(
            id=new_id(), subject=subject, kind=KIND_OF[type(body)], body=encode(body),
            person=encode(person) if person else None, at=next(self._clock), wall=self.seat.now(),
        )  # fmt: skip
        self._db.execute("INSERT INTO entry VALUES(?, ?)", (subject, msgspec.msgpack.encode(entry)))
        if isinstance(body, Captured | Corrected) and body.row_key:
            self._db.execute("INSERT OR IGNORE INTO row VALUES(?)", (body.row_key,))
        if isinstance(body, Merged):
            self._db.execute("UPDATE joined SET inquiry = ? WHERE inquiry = ?", (subject, body.other))
            self._db.execute("INSERT OR REPLACE INTO joined VALUES(?, ?)", (body.other, subject))
            self._db.execute("DELETE FROM mark WHERE subject = ?", (body.other,))
        if fresh and person:
            self._mark(subject, person)
        else:
            self._told.add(subject)

    def flush(self) -> None:
        told, self._told = self._told, set()
        for subject, inquiry in self.inquiries(sorted(told)).items():
            self._db.execute("DELETE FROM mark WHERE subject = ?", (subject,))
            self._mark(subject, inquiry)

    def _mark(self, subject: Id, person: Person | Inquiry) -> None:
        rows = [(mark, subject, person.first_name or "", person.last_name or "") for mark in _marks(keys_of(person))]
        self._db.executemany("INSERT OR IGNORE INTO mark VALUES(?, ?, ?, ?)", rows)

    def _select(self, sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        marks = ",".join("?" * len(values))  # a batch's keys, far fewer than SQLite allows
        return list(self._db.execute(f"{sql} ({marks})", values)) if values else []


def _marks(keys: Keys) -> list[str]:
    numbers, emails = keys
    return [f"n{number}" for number in numbers] + [f"e{address}" for address in emails]


def _blocked(returns: list[str], objects: list[str], said: dict[str, list[tuple[str, int]]]) -> Blocked | None:
    gone = [(at, reason) for key in returns for reason, at in said.get(key, ()) if reason != "objection"]
    objected = any(reason == "objection" for key in objects for reason, _ in said.get(key, ()))
    if not gone and not objected:
        return None
    at, reason = max(gone, default=(0, "erasure"))
    return Blocked(at, reason, objected)

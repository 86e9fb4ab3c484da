"""The ledger: the only writer of entries, and of the tables that are folded from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from app.models.entries import Entry, Id, Merged, Split, Undone
from app.models.inquiry import Inquiry, fold
from app.services.errors import NotFound
from app.services.store.keyed_hashes import KeyRing
from app.services.store.projection import Projection, project

if TYPE_CHECKING:
    from app.services.store.connection import Store

ENTRY_COLUMNS = (
    "id", "subject", "kind", "version", "body", "person", "salt", "digest", "hash", "actor", "device", "device_seq",
    "claim_no", "at", "wall", "seen", "received_at", "pos", "brought_by",
)  # fmt: skip
_SELECT = f"SELECT {', '.join(ENTRY_COLUMNS)} FROM ledger"
PEOPLE = frozenset({
    "captured", "corrected", "called", "skipped", "disposed", "reviewed", "closed", "reassigned", "objected", "lifted",
    "merged", "split", "settled", "undone", "erased",
})  # fmt: skip
OTHERS = frozenset({"source_defined", "source_cost", "script_published", "scorecard_published"})
RARE = "kind NOT IN ('captured', 'called', 'disposed', 'corrected')"  # as the index ledger_rare says
CHILDREN = ("attempt", "phone", "email", "suppression", "imported_row")


class Ledger:
    """Reads entries, appends them, and folds what they touch, all inside the store's transactions."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._ring: KeyRing | None = None

    @property
    def ring(self) -> KeyRing:
        """The keys of the hashes that outlive an erasure."""
        if self._ring is None:
            self._ring = KeyRing(self._store)
        return self._ring

    # reading

    def survivor(self, subject: Id) -> Id:
        """The id under which a subject is shown: of a merged one, the lowest."""
        row = self._store.one("SELECT inquiry FROM joined WHERE subject = ?", (subject,))
        return str(row[0]) if row else subject

    def members(self, inquiry: Id) -> list[Id]:
        """All subjects that fold into one inquiry."""
        rows = self._store.query("SELECT subject FROM joined WHERE inquiry = ? ORDER BY subject", (inquiry,))
        return [str(row[0]) for row in rows] or [inquiry]

    def entries(self, subject: Id) -> list[Entry]:
        """Every entry about an inquiry, of all its joined subjects, in the order of the fold."""
        found = self._entries_of(self.members(self.survivor(subject)))
        return sorted(found, key=Entry.order)

    def inquiry(self, subject: Id) -> Inquiry:
        """The fold of an inquiry, as of now.

        Raises:
            NotFound: nothing is known about it.
        """
        found = self._entries_of(self.members(self.survivor(subject)))
        if not any(entry.kind in PEOPLE for entry in found):
            raise NotFound(f"There is no inquiry {subject}.")
        return fold(found)

    def entry(self, entry_id: Id) -> Entry | None:
        """One entry."""
        row = self._store.one(f"{_SELECT} WHERE id = ?", (entry_id,))
        return _entry(row) if row else None

    def of_kind(self, kind: str) -> list[Entry]:
        """Every entry of one of the rarer kinds."""
        rows = self._store.query(f"{_SELECT} INDEXED BY ledger_rare WHERE kind = ? AND {RARE}", (kind,))
        return [_entry(row) for row in rows]

    def is_current(self, inquiry_id: Id) -> bool:
        """Whether the rows of an inquiry are what its entries add up to."""
        members = self.members(inquiry_id)
        marks = ",".join("?" * len(members))
        row = self._store.one(f"SELECT min(seq) FROM ledger WHERE subject IN ({marks})", members)
        inquiry = fold(self._entries_of(members))
        made = project(inquiry, row[0] if row else 0, number_objected=self._number_objected(inquiry))
        have = self._store.one(f"SELECT {', '.join(made.inquiry)} FROM inquiry WHERE id = ?", (inquiry_id,))
        if have != tuple(made.inquiry.values()):
            return False
        text = self._store.one("SELECT words, digits FROM search WHERE num = ?", (made.inquiry["num"],))
        return text == (made.words, made.digits) and all(
            set(self._children_of(name, inquiry_id)) == children(made, name) for name in CHILDREN
        )

    def _children_of(self, name: str, inquiry_id: Id) -> list[tuple[Any, ...]]:
        from app.models import tables

        columns = ", ".join(column.name for column in tables.metadata.tables[name].columns)
        return self._store.query(f"SELECT {columns} FROM {name} WHERE inquiry = ?", (inquiry_id,))

    def _entries_of(self, subjects: Sequence[Id]) -> list[Entry]:
        marks = ",".join("?" * len(subjects))
        return [_entry(row) for row in self._store.query(f"{_SELECT} WHERE subject IN ({marks})", subjects)]

    # writing

    def append(self, entries: Sequence[Entry], *, fresh: bool = False) -> set[Id]:
        """Keep the entries and fold what they touch; returns the inquiries that changed. Inside `writing()`.

        `fresh`: every subject is new to this store, which saves looking.
        """
        new = list(entries) if fresh else [entry for entry in entries if not self._known(entry)]
        if not new:
            return set()
        new = [self._without_erased_person(entry, fresh) for entry in new]
        first = self._insert(new)
        changed: set[Id] = set()
        people: dict[Id, list[Entry]] = {}
        for entry in new:
            if entry.kind in OTHERS:
                self._keep_other(entry)
            else:
                people.setdefault(entry.subject, []).append(entry)
        if fresh:
            numbers = {entry.subject: first + index for index, entry in reversed(list(enumerate(new)))}
            self._project_new([(fold(found), numbers[subject]) for subject, found in people.items()])
            return set(people)
        if any(entry.kind in {"merged", "split", "undone"} for entry in new):
            changed |= self._join(new)
        for subject in people:
            changed.add(self.survivor(subject))
        self.refold(changed)
        return changed

    def _known(self, entry: Entry) -> bool:
        return self._store.one("SELECT 1 FROM ledger WHERE id = ?", (entry.id,)) is not None

    def _without_erased_person(self, entry: Entry, fresh: bool) -> Entry:
        if fresh or entry.person is None:
            return entry
        subjects = self.members(self.survivor(entry.subject))
        marks = ",".join("?" * len(subjects))
        gone = self._store.one(f"SELECT 1 FROM ledger WHERE kind = 'erased' AND subject IN ({marks})", subjects)
        return msgspec.structs.replace(entry, person=None, salt=None) if gone else entry

    def _insert(self, entries: Sequence[Entry]) -> int:
        from app.models import tables

        row = self._store.one("SELECT coalesce(max(seq), 0) FROM ledger")
        first = int(row[0]) + 1 if row else 1
        self._store.run(tables.ledger.insert(), [_row(entry, first + i) for i, entry in enumerate(entries)])
        return first

    def refold(self, inquiries: Iterable[Id]) -> None:
        """Fold inquiries anew and bring their rows up to date."""
        again: set[Id] = set()
        for inquiry_id in inquiries:
            again |= self._refold_one(inquiry_id)
        for inquiry_id in again:
            self._refold_one(inquiry_id)

    def _refold_one(self, inquiry_id: Id) -> set[Id]:
        """Returns who shares a number whose objection came or went."""
        members = self.members(inquiry_id)
        entries = self._entries_of(members)
        if not entries:
            self._remove(inquiry_id)
            return set()
        marks = ",".join("?" * len(members))
        row = self._store.one(f"SELECT min(seq) FROM ledger WHERE subject IN ({marks})", members)
        inquiry = fold(entries)
        if not any(entry.kind == "captured" for entry in entries):
            self._remove(inquiry_id)  # only its echo has arrived so far
            return set()
        before = self._objection_keys(inquiry_id)
        had = {r[0] for r in self._store.query("SELECT number FROM phone WHERE inquiry = ?", (inquiry_id,))}
        self._update(project(inquiry, row[0] if row else 0, number_objected=self._number_objected(inquiry)))
        if before == self._objection_keys(inquiry_id):
            return set()
        numbers = had | {phone.e164 for phone in inquiry.phones if phone.e164}
        return self._sharing(numbers) - {inquiry_id}

    def _objection_keys(self, inquiry_id: Id) -> set[str]:
        sql = "SELECT key FROM suppression WHERE inquiry = ? AND reason = 'objection'"
        return {row[0] for row in self._store.query(sql, (inquiry_id,))}

    def _sharing(self, numbers: set[str]) -> set[Id]:
        found: set[Id] = set()
        for number in numbers:
            found |= {r[0] for r in self._store.query("SELECT inquiry FROM phone WHERE number = ?", (number,))}
        return found

    def _number_objected(self, inquiry: Inquiry) -> bool:
        number = inquiry.number
        if number is None:
            return False
        keys = set(self.ring.hashes(f"p:{number.e164}"))
        if any(block.key in keys and block.reason == "objection" for block in inquiry.blocks):
            return True
        sql = "SELECT 1 FROM suppression WHERE key = ? AND reason = 'objection' AND inquiry <> ?"
        return any(self._store.one(sql, (key, inquiry.id)) for key in keys)

    # joined subjects

    def _join(self, entries: Sequence[Entry]) -> set[Id]:
        """Bring `joined` up to date after merges and splits; returns the inquiries that came or went."""
        touched: set[Id] = set()
        for entry in entries:
            body = entry.facts()
            if isinstance(body, Merged):
                touched |= {entry.subject, body.other}
            elif isinstance(body, Split | Undone):
                touched.add(entry.subject)
        members = {member for subject in touched for member in self.members(self.survivor(subject))} | touched
        before = {self.survivor(member) for member in members}
        groups = components(members, self._entries_of(sorted(members)))
        self._drop_joined(members)
        for group in groups:
            if len(group) > 1:
                self._add_joined(group)
        after = {min(group) for group in groups}
        for gone in before - after:
            self._remove(gone)
        return before | after if before != after else set()

    def _drop_joined(self, members: set[Id]) -> None:
        from app.models import tables

        self._store.run(tables.joined.delete().where(tables.joined.c.subject.in_(sorted(members))))

    def _add_joined(self, group: set[Id]) -> None:
        from app.models import tables

        lowest = min(group)
        self._store.run(tables.joined.insert(), [{"subject": s, "inquiry": lowest} for s in sorted(group)])

    # rows

    def _project_new(self, folded: list[tuple[Inquiry, int]]) -> None:
        from app.models import tables

        made = [project(inquiry, num, number_objected=self._number_objected(inquiry)) for inquiry, num in folded]
        self._store.run(tables.inquiry.insert(), [p.inquiry for p in made])
        for name in CHILDREN:
            rows = [row for p in made for row in children(p, name)]
            if rows:
                self._store.run(tables.metadata.tables[name].insert(), _named(name, rows))
        self._index([(p.inquiry["num"], p.words, p.digits) for p in made])

    def _update(self, projection: Projection) -> None:
        from app.models import tables

        row = projection.inquiry
        old = self._store.one("SELECT num FROM inquiry WHERE id = ?", (row["id"],))
        if old is None:
            self._store.run(tables.inquiry.insert(), row)
        else:
            table = tables.inquiry
            if old[0] != row["num"]:
                self._unindex(old[0])
            self._store.run(table.update().where(table.c.id == row["id"]), row)
        for name in CHILDREN:
            self._update_children(name, row["id"], children(projection, name), known=old is not None)
        self._reindex(row["num"], projection.words, projection.digits)

    def _update_children(self, name: str, inquiry_id: Id, rows: set[tuple[Any, ...]], *, known: bool) -> None:
        from app.models import tables

        table = tables.metadata.tables[name]
        columns = [column.name for column in table.columns]
        have = set(self._children_of(name, inquiry_id)) if known else set()
        keys = [column.name for column in table.primary_key]
        for gone in have - rows:
            values = dict(zip(columns, gone, strict=True))
            statement = table.delete()
            for key in keys:
                statement = statement.where(table.c[key] == values[key])
            self._store.run(statement)
        if rows - have:
            self._store.run(table.insert(), _named(name, sorted(rows - have)))

    def _remove(self, inquiry_id: Id) -> None:
        from app.models import tables

        row = self._store.one("SELECT num FROM inquiry WHERE id = ?", (inquiry_id,))
        if row is None:
            return
        self._unindex(row[0])
        for name in CHILDREN:
            table = tables.metadata.tables[name]
            self._store.run(table.delete().where(table.c.inquiry == inquiry_id))
        self._store.run(tables.inquiry.delete().where(tables.inquiry.c.id == inquiry_id))

    # full text: external content, so the old words have to be said when they go

    def _index(self, rows: list[tuple[int, str, str]]) -> None:
        writer = self._store.writer
        writer.executemany("INSERT INTO search(num, words, digits) VALUES(?, ?, ?)", rows)
        writer.executemany("INSERT INTO search_words(rowid, words) VALUES(?, ?)", [r[:2] for r in rows])
        writer.executemany("INSERT INTO search_grams(rowid, words, digits) VALUES(?, ?, ?)", rows)

    def _reindex(self, num: int, words: str, digits: str) -> None:
        old = self._store.one("SELECT words, digits FROM search WHERE num = ?", (num,))
        if old == (words, digits):
            return
        if old is not None:
            self._unindex(num)
        self._index([(num, words, digits)])

    def _unindex(self, num: int) -> None:
        old = self._store.one("SELECT words, digits FROM search WHERE num = ?", (num,))
        if old is None:
            return
        writer = self._store.writer
        writer.execute("INSERT INTO search_words(search_words, rowid, words) VALUES('delete', ?, ?)", (num, old[0]))
        writer.execute(
            "INSERT INTO search_grams(search_grams, rowid, words, digits) VALUES('delete', ?, ?, ?)", (num, *old)
        )
        writer.execute("DELETE FROM search WHERE num = ?", (num,))

    # sources, scripts and scorecards

    def _keep_other(self, entry: Entry) -> None:
        from app.services.store.publications import keep

        keep(self._store, entry)


def components(members: set[Id], entries: Iterable[Entry]) -> list[set[Id]]:
    """Who is joined with whom: merges that nobody split or took back connect."""
    facts = [(entry, entry.facts()) for entry in entries]
    ended = {body.merge for _, body in facts if isinstance(body, Split)}
    ended |= {body.entry for _, body in facts if isinstance(body, Undone)}
    group = {member: {member} for member in members}
    for entry, body in facts:
        if isinstance(body, Merged) and entry.id not in ended:
            group.setdefault(body.other, {body.other})
            both = group[entry.subject] | group[body.other]
            for member in both:
                group[member] = both
    return list({id(found): found for found in group.values()}.values())


def children(projection: Projection, name: str) -> set[tuple[Any, ...]]:
    """The rows that an inquiry has in one of `CHILDREN`."""
    rows: dict[str, set[Any]] = {
        "attempt": projection.attempts,
        "phone": projection.phones,
        "email": projection.emails,
        "suppression": projection.blocks,
        "imported_row": projection.rows,
    }
    return rows[name]


def _named(name: str, rows: Iterable[tuple[Any, ...]]) -> list[dict[str, Any]]:
    from app.models import tables

    columns = [column.name for column in tables.metadata.tables[name].columns]
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _row(entry: Entry, seq: int) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(entry, name) for name in ENTRY_COLUMNS}
    row["seq"], row["seen"] = seq, " ".join(entry.seen)
    return row


def _entry(row: tuple[Any, ...]) -> Entry:
    values = dict(zip(ENTRY_COLUMNS, row, strict=True))
    values["seen"] = tuple(values["seen"].split())
    return Entry(**values)


def stream(store: Store, *, size: int = 2000) -> Iterator[tuple[int, Entry]]:
    """Every entry with its seq, by subject; memory stays flat."""
    cursor = store.reader().execute(f"SELECT seq, {', '.join(ENTRY_COLUMNS)} FROM ledger ORDER BY subject, seq")
    while rows := cursor.fetchmany(size):
        for row in rows:
            yield row[0], _entry(row[1:])

"""The ledger: the only writer of entries, and of the tables that are folded from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from app.models.deliveries import DECIDES
from app.models.entries import Body, Captured, Id, Person
from app.models.entry import Entry
from app.models.fold import fold
from app.models.inquiry import Inquiry
from app.services.errors import NotFound
from app.services.store import deliveries, entry_rows, joins, publications
from app.services.store.erasing import erased_among, note_joined, take_away, without_erased_people
from app.services.store.folded_rows import CHILDREN, CHUNK, FoldedRows, children, insert_of, select_in
from app.services.store.histories import Histories
from app.services.store.keyed_hashes import KeyRing
from app.services.store.objections import Objections, numbers_of, said_in
from app.services.store.projection import COLUMNS, Newcomer, Projection, newcomer, number_of, project
from app.services.store.unchanged import only_brought, same_rows

if TYPE_CHECKING:
    from app.services.store.connection import Store

PEOPLE = frozenset({
    "captured", "corrected", "called", "skipped", "disposed", "reviewed", "closed", "reassigned", "objected", "lifted",
    "merged", "split", "settled", "undone", "erased", "planned", "lead_assigned", "rescheduled", "woken", "consented",
    "delivered", "mailed",
})  # fmt: skip
OTHERS = frozenset({
    "source_defined", "source_cost", "script_published", "scorecard_published", "lead_rules_published", "track_defined",
})  # fmt: skip
REDEFINED = frozenset({"source_defined", "track_defined"})  # whose row is what all entries on its subject add up to
JOINS = frozenset({"merged", "split", "undone"})  # may change who is one person
SPREAD = "spread"  # the cursor that says: an objection came, and every number has yet to be compared with its hash
Heard = Callable[[list[Inquiry]], None]


class Ledger:
    """Reads entries, appends them, and folds what they touch, all inside the store's transactions."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._rows = FoldedRows(store)
        self._ring: KeyRing | None = None
        self._histories = Histories(store)
        self._objections = Objections(store, lambda: self.ring)
        self.spreads_later = False  # looking at every number takes seconds: whoever takes much in does it at its end

    @property
    def store(self) -> Store:
        """Where the entries are."""
        return self._store

    @property
    def ring(self) -> KeyRing:
        """The keys of the hashes that outlive an erasure."""
        if self._ring is None:
            self._ring = KeyRing(self._store)
        return self._ring

    def forget_ring(self) -> None:
        """Read the keys again at the next use: there are more of them now."""
        self._ring = None

    # reading

    def survivor(self, subject: Id) -> Id:
        """The id under which a subject is shown: of a merged one, the lowest."""
        return joins.survivor(self._store, subject)

    def members(self, inquiry: Id) -> list[Id]:
        """All subjects that fold into one inquiry."""
        return joins.members(self._store, inquiry)

    def entries(self, subject: Id) -> list[Entry]:
        """Every entry about an inquiry, of all its joined subjects, in the order of the fold."""
        found = entry_rows.about(self._store, self.members(self.survivor(subject)))
        return sorted(found, key=Entry.order)

    def inquiry(self, subject: Id) -> Inquiry:
        """The fold of an inquiry, as of now.

        Raises:
            NotFound: nothing is known about it.
        """
        survivor = self.survivor(subject)
        history = self._histories.of([survivor])[survivor]
        if not any(entry.kind in PEOPLE for _, entry in history.pairs):
            raise NotFound(f"There is no inquiry {subject}.")
        history.shown = history.fold()
        return history.shown

    def entry(self, entry_id: Id) -> Entry | None:
        """One entry."""
        return entry_rows.one(self._store, entry_id)

    def of_kind(self, kind: str) -> list[Entry]:
        """Every entry of one of the rarer kinds."""
        return entry_rows.of_kind(self._store, kind)

    def is_current(self, inquiry_id: Id) -> bool:
        """Whether the rows of an inquiry are what its entries add up to."""
        made = self._projections([inquiry_id])[0]
        have = self._store.one(f"SELECT {', '.join(COLUMNS)} FROM inquiry WHERE id = ?", (inquiry_id,))
        if have != made.inquiry:
            return False
        text = self._store.one("SELECT words, digits FROM search WHERE num = ?", (made.num,))
        return text == (made.words, made.digits) and all(
            self._rows.children_of(name, [inquiry_id]).get(inquiry_id, set()) == children(made, name)
            for name in CHILDREN
        )

    def inquiries(self, ids: Sequence[Id]) -> dict[Id, Inquiry]:
        """The folds of many inquiries, by the id under which each is shown; unknown ones are left out."""
        found = {i: history for i, history in self._histories.of(ids).items() if history.pairs}
        for history in found.values():
            history.shown = history.fold()
        return {i: history.fold() for i, history in found.items()}

    def holding(self) -> AbstractContextManager[None]:
        """Entries that were read are held in memory, and those that are written with them. Inside `writing()`."""
        return self._histories.holding()

    # writing

    def append(
        self, entries: Sequence[Entry], *, fresh: bool = False, later: bool = False, absent: bool = False,
        noted: Set[Id] = frozenset(), said: Mapping[Id, tuple[Body, Person | None]] | None = None,
        heard: Heard | None = None,
    ) -> set[Id]:  # fmt: skip
        """Keep the entries and fold what they touch; returns the inquiries that changed. Inside `writing()`.

        `fresh`: every subject is new to this store and objects to nothing, which saves looking.
        `said`: what fresh entries say, by id, where that is known already.
        `later`: their rows are made by `fold_arrivals`, since more is to come about the same inquiries.
        `noted`: of these the caller has noted that already.
        `absent`: none of them is here, as the caller has seen.
        `heard`: gets what the inquiries add up to now, before their rows are made, which takes longer.
        """
        if fresh:
            return self._append_fresh(entries, said or {})
        once = {entry.id: entry for entry in entries}.values()
        asked = [] if absent else [entry.id for entry in once]
        known = {row[0] for row in select_in(self._store, "SELECT id FROM ledger WHERE id IN", asked)}
        new = [entry for entry in once if entry.id not in known]
        new = without_erased_people(self._store, new, self._histories.not_erased())
        if not new:
            return set()
        self._insert(new)
        kinds, people, joined, erased = {entry.kind for entry in new}, new, set[Id](), set[Id]()
        if not kinds.isdisjoint(OTHERS):
            for entry in [entry for entry in new if entry.kind in OTHERS]:
                self._keep_other(entry)
            people = [entry for entry in new if entry.kind not in OTHERS]
        if not kinds.isdisjoint(JOINS):
            joined = self._join(new)
        changed = joined | self.survivors({entry.subject for entry in people})
        now = self.survivors(changed) if joined else changed
        if "erased" in kinds:
            erased = {entry.subject for entry in new if entry.kind == "erased"}
            take_away(self._store, erased)
            beside = "UPDATE held_back SET person = NULL, salt = NULL WHERE subject = ?"
            self._store.writer.executemany(beside, [(subject,) for subject in erased])
        for inquiry_id in self.survivors(joined | erased):
            note_joined(self._store, self.members(inquiry_id))
        if later:
            rows = [(inquiry_id,) for inquiry_id in now - noted]
            self._store.writer.executemany(
                "INSERT INTO arrival(subject, unfolded) VALUES(?, 1) "
                "ON CONFLICT(subject) DO UPDATE SET unfolded = 1 WHERE unfolded = 0",
                rows,
            )
        else:
            with self.holding():
                if heard is not None:
                    about = self._histories.of(list(now)).values()
                    heard([history.fold() for history in about if history.was_captured()])
                self.refold(self._not_as_before(now))
        self._note_deliveries(new)
        return changed

    def _note_deliveries(self, entries: Sequence[Entry]) -> None:
        """What these entries mean for the systems of sales and marketing; who came after a decision counts too."""
        channels = deliveries.channels(self._store)
        if not channels:
            return
        about = {entry.subject for entry in entries if entry.kind in DECIDES}
        late = {e.subject for e in entries if e.received_at is not None and e.kind in {"captured", "merged", "split"}}
        sql = "SELECT subject FROM ledger WHERE kind IN ('disposed', 'reviewed') AND subject IN"
        about |= {row[0] for row in select_in(self._store, sql, sorted(late - about))}
        for inquiry_id in {self.survivor(subject) for subject in about}:
            deliveries.note(self._store, channels, self.members(inquiry_id), self.entries(inquiry_id))
        for entry in entries:
            if entry.kind == "delivered":
                deliveries.hear(self._store, entry)

    def _append_fresh(self, entries: Sequence[Entry], said: Mapping[Id, tuple[Body, Person | None]]) -> set[Id]:
        """Folds before it writes, so that others wait for the writing alone."""
        first = self._next_seq()
        people: dict[Id, list[tuple[int, Entry]]] = {}
        for seq, entry in enumerate(entries, first):
            people.setdefault(entry.subject, []).append((seq, entry))
        newcomers: list[tuple[int, Entry, Captured, Person]] = []
        folded: list[tuple[Inquiry, int]] = []
        for found in people.values():
            seq, entry = found[0]
            body, person = said.get(entry.id) or (entry.facts(), entry.who())
            if len(found) == 1 and person is not None and isinstance(body, Captured):
                newcomers.append((seq, entry, body, person))
            else:
                folded.append((fold([e for _, e in found]), seq))
        made, rows = self._projected(folded), self._newcomers(newcomers)
        self._insert(entries)
        self._rows.add(made)
        self._rows.enter(rows)
        return set(people)

    def take_out(self, entries: Sequence[Entry]) -> set[Id]:
        """Entries that are not to count are no longer in the ledger; returns the inquiries that changed.

        Whoever takes them out keeps them. Inside `writing()`.
        """
        people = [entry for entry in entries if entry.kind not in OTHERS]
        before = self.survivors({entry.subject for entry in people})
        self._store.writer.executemany("DELETE FROM ledger WHERE id = ?", [(entry.id,) for entry in entries])
        # Its numbers are given again: what comes next lies behind the cursor of what was offered.
        end = "UPDATE cursor SET value = min(value, (SELECT coalesce(max(seq), 0) FROM ledger)) WHERE key = 'outbox'"
        self._store.writer.execute(end)
        if any(entry.kind in JOINS for entry in people):
            before |= self._join(people)
        self.refold(self.survivors(before))
        for entry in entries:
            if entry.kind in OTHERS:
                self._drop_other(entry)
        return before

    def _drop_other(self, entry: Entry) -> None:
        publications.drop(self._store, entry)
        rest = [other for other in self.entries(entry.subject) if other.kind == entry.kind]
        if rest and entry.kind in REDEFINED:
            self._keep_other(rest[-1])

    def _newcomers(self, captured: Sequence[tuple[int, Entry, Captured, Person]]) -> list[Newcomer]:
        numbers = {
            entry.subject: number.e164 for _, entry, _, person in captured if (number := number_of(person)) is not None
        }
        objected = self._objections.reach_from_others(numbers) if self._objections.anybody() else set()
        return [
            newcomer(entry, body, person, seq, number_objected=entry.subject in objected)
            for seq, entry, body, person in captured
        ]

    def is_erased(self, subject: Id) -> bool:
        """Whether a subject itself is erased, so that no person part of it is kept."""
        return bool(erased_among(self._store, [subject]))

    def is_hidden(self, subject: Id) -> bool:
        """Whether an erasure hides a subject: its own, or that of one that it is joined with."""
        return bool(erased_among(self._store, self.members(self.survivor(subject))))

    def survivors(self, subjects: Iterable[Id]) -> set[Id]:
        """The ids under which some subjects are shown."""
        held = {subject: self._histories.survivor(subject) for subject in subjects}
        found = {subject: shown or subject for subject, shown in held.items()}
        unknown = [subject for subject, shown in held.items() if shown is None]
        found |= dict(select_in(self._store, "SELECT subject, inquiry FROM joined WHERE subject IN", unknown))
        return set(found.values())

    def _insert(self, entries: Sequence[Entry]) -> None:
        first = self._next_seq()
        self._store.writer.executemany(
            insert_of("ledger"), [entry_rows.row_of(entry, first + i) for i, entry in enumerate(entries)]
        )
        self._histories.grow(entries, first)

    def _next_seq(self) -> int:
        return self.last_seq() + 1

    def last_seq(self) -> int:
        """The seq of what came into this store last; 0: nothing."""
        row = self._store.one("SELECT coalesce(max(seq), 0) FROM ledger")
        return int(row[0]) if row else 0

    def make(self, inquiries: Iterable[Id]) -> None:
        """As `refold`, where most have no rows yet: whoever was captured, and no more, needs no fold."""
        with self.holding():
            new = self._histories.of(list(dict.fromkeys(inquiries)))
            known = {row[0] for row in select_in(self._store, "SELECT id FROM inquiry WHERE id IN", list(new))}
            captured = []
            for inquiry_id, history in new.items():
                alone = len(history.pairs) == 1 and inquiry_id not in known
                seq, entry = history.pairs[0] if alone else (0, None)
                if entry is None or entry.subject != inquiry_id:
                    continue
                body, person = entry.facts(), entry.who()
                if person is not None and isinstance(body, Captured):
                    captured.append((seq, entry, body, person))
            self._rows.enter(self._newcomers(captured))
            self.refold(set(new) - {entry.subject for _, entry, _, _ in captured})

    def _not_as_before(self, inquiries: Iterable[Id]) -> list[Id]:
        """Those whose rows may differ now; the others have theirs, and the imported rows that are told of them."""
        found, brought = list[Id](), set[tuple[str, str]]()
        for inquiry_id, history in self._histories.of(list(inquiries)).items():
            shown = history.shown if history.was_captured() else None
            rows = only_brought(shown, history.fold()) if shown is not None else None
            if rows is None:
                found.append(inquiry_id)
            else:
                history.shown = history.fold()
                brought |= rows
        self._rows.bring(brought)
        return found

    def refold(self, inquiries: Iterable[Id]) -> None:
        """Fold inquiries anew and bring their rows up to date, and those of whoever shares an objected number."""
        ids = list(dict.fromkeys(inquiries))
        before = self._objections.of(ids)
        made = self._projections(ids)
        self._rows.remove(set(ids) - {p.id for p in made})
        self._rows.put(made)
        after = said_in(made)
        if before == after:
            return
        said = {of: history.people() for of, history in self._histories.of(ids).items()}
        numbers, came = before.numbers.union(*map(numbers_of, said.values())), after.keys - before.keys
        # A number that nobody names here is known by its hash alone: of somebody erased, withheld, or joined meanwhile.
        # Nearly always it is theirs who object: they are looked at first.
        unknown = {row[0] for row in came}
        objectors = {row[1] for row in came}
        for of in sorted(said, key=objectors.__contains__, reverse=True):
            unknown -= self._objections.hashes_of(said[of]) if unknown else unknown
        if unknown:
            if self.spreads_later:
                sql = "INSERT INTO cursor(key, value) VALUES(?, 0) ON CONFLICT(key) DO UPDATE SET value = value + 1"
                self._store.writer.execute(sql, (SPREAD,))
            else:
                numbers |= self._objections.numbers_hashed_in(unknown)
        again = self._objections.on(numbers)
        if before.keys - after.keys:
            again |= self._objected_by_others()
        self._rows.put(self._projections(sorted(again)))

    def _objected_by_others(self) -> set[Id]:
        """Who is not called because of others: when one of those objects no more, nobody knows by whose number."""
        sql = "SELECT id FROM inquiry INDEXED BY inquiry_objected WHERE blocked = 2"
        return {row[0] for row in self._store.query(sql)}

    def spread_objections(self) -> None:
        """Nobody is called on a number on which somebody objected: for a rebuild, which has not looked.

        Every number is looked at where one is known by its hash alone, as that of an erased objector.
        """
        keys_of = self._objections.by_inquiry()
        numbers, unknown, objectors = set[str](), set[str](), sorted(keys_of)
        for start in range(0, len(objectors), CHUNK):
            for inquiry, history in self._histories.of(objectors[start : start + CHUNK]).items():
                numbers |= numbers_of(history.people())
                unknown |= keys_of[inquiry] - self._objections.hashes_of(history.people())
        self.refold(sorted(self._objections.on(numbers | self._objections.numbers_hashed_in(unknown))))

    def _projections(self, ids: Sequence[Id]) -> list[Projection]:
        """What the rows of inquiries should be; of a subject only whose echo has arrived so far there are none."""
        found = [history for history in self._histories.of(ids).values() if history.was_captured()]
        made = self._projected([(history.fold(), min([seq for seq, _ in history.pairs])) for history in found])
        for history, projection in zip(found, made, strict=True):
            shown, history.shown = history.shown, history.fold()
            projection.same = same_rows(shown, history.shown) if shown is not None else frozenset()
        return made

    def _projected(self, folded: Sequence[tuple[Inquiry, int]]) -> list[Projection]:
        objected = self._objections.reach([inquiry for inquiry, _ in folded])
        return [project(inquiry, num, number_objected=inquiry.id in objected) for inquiry, num in folded]

    def with_numbers_in(self, keys: set[str]) -> set[Id]:
        """Whose number is among these hashes; looks at every number there is."""
        return self._objections.on(self._objections.numbers_hashed_in(keys))

    def under_keys(self, names: Iterable[str]) -> set[Id]:
        """Fold whoever is on a number that somebody objected on under one of these keys, which was not known before."""
        keys: set[str] = set()
        for name in names:
            sql = "SELECT key FROM suppression WHERE reason = 'objection' AND key >= ? AND key < ?"
            keys |= {row[0] for row in self._store.query(sql, (f"{name}:", f"{name};"))}
        found = self.with_numbers_in(keys) if keys else set()
        self.refold(found)
        return found

    def _join(self, entries: Sequence[Entry]) -> set[Id]:
        """Bring `joined` up to date after merges and splits; returns the inquiries that came or went."""
        before, after = joins.regroup(self._store, entries)
        objected = self._objected_by_others() if self._objections.of(sorted(before)).keys else set[Id]()
        self._rows.remove(before)  # rows that change hands never stand in two places
        return before | after | objected  # whoever objected may do so no more

    # sources, scripts and scorecards

    def refold_other(self, entry_id: Id) -> None:
        """What is folded from the subject of an entry about a source and the like, made again; or one cost."""
        entry = self.entry(entry_id)
        if entry is not None and entry.kind == "source_cost":
            self._drop_other(entry)
            self._keep_other(entry)
        elif entry is not None and entry.kind in REDEFINED:
            self._keep_other(entry)

    def _keep_other(self, entry: Entry) -> None:
        publications.keep(self._store, entry, self.entries(entry.subject))

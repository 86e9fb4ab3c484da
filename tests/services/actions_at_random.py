"""Whatever people and other devices may do to a home, chosen at random; and the tables as they must then be."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

from hypothesis import strategies as st

from app.models import tables
from app.models.entries import (
    Body,
    Captured,
    Disposed,
    Disposition,
    Erased,
    Lifted,
    Merged,
    Objected,
    Outcome,
    Person,
    Phone,
    Settled,
    Split,
    Undone,
    Verdict,
)
from app.models.entry import Entry
from app.models.fold import fold
from app.models.inquiry import Inquiry, Stage
from app.services import calling, capture, handoff, privacy
from app.services.errors import Refused
from app.services.handoff import Choice
from app.services.nurture import consents, waking
from app.services.sales import assigning, selling
from app.services.seat import Seat
from app.services.store.entry_rows import stream
from app.services.store.keyed_hashes import texts_that_object, texts_that_return
from app.services.store.ledger import OTHERS
from app.services.store.projection import project
from app.services.uncapturing import uncapture
from tests.models.histories_at_random import make
from tests.services.made_up import DAY, HOUR, MINUTE, Clock, berlin, form

steps = st.tuples(st.integers(0, 99), st.integers(0, 9), st.integers(0, 9))


class Shift:
    """Works a home by numbers: each step is (what, who, how)."""

    def __init__(self, seat: Seat, clock: Clock) -> None:
        self.seat, self.clock, self.counter = seat, clock, count(1)
        self.known: list[str] = []  # subjects
        self.last: capture.CaptureResult | None = None
        self.written: list[Entry] = []  # by the other device
        kinds = [self.capture, self.call, self.dispose, self.edit, self.objects, self.lift, self.erase, self.undo]
        kinds += [self.skip, self.review, self.close, self.wait, self.due, self.merge, self.split, self.foreign]
        kinds += [self.plan, self.assign, self.take_back, self.undo_of_sales]
        kinds += [self.wake, self.put_off, self.consent, self.mistake]
        self.kinds: list[Callable[[int, int], None]] = [*kinds, self.capture, self.call, self.dispose, self.merge]

    def step(self, what: int, who: int, how: int) -> None:
        """Do one thing; a refusal changes nothing, and is as good as anything else."""
        try:
            self.kinds[what % len(self.kinds)](who, how)
        except Refused:
            return

    def one(self, who: int) -> str:
        if not self.known:
            raise Refused("nobody")
        return self.known[who % len(self.known)]

    def capture(self, who: int, how: int) -> None:
        number = berlin(how % 3) if how % 4 else "12"
        mail = f"person{who % 4}@werk.example" if how % 5 else "info@werk.example"
        made = capture.capture(self.seat, form(who, phone=number, email=mail))
        self.known.append(made.inquiry_id)
        self.last = made

    def mistake(self, who: int, how: int) -> None:
        if self.last is not None:
            uncapture(self.seat, self.last.entries)

    def call(self, who: int, how: int) -> None:
        outcome = list(Outcome)[how % len(Outcome)]
        back = self.clock.now + HOUR if outcome is Outcome.CALLBACK else None
        calling.log_call(self.seat, self.one(who), outcome, note="said so", back_at=back, answers={"need": "problem"})

    def dispose(self, who: int, how: int) -> None:
        choice = Choice(reason="it is so", note="n", answers={"need": "growth"} if how % 2 else {})
        handoff.dispose(self.seat, self.one(who), list(Disposition)[how % 3], choice)

    def edit(self, who: int, how: int) -> None:
        changes = [{"phone": berlin(how % 4)}, {"company": "Other"}, {"email": "new@werk.example"}, {"phone": ""}]
        capture.edit(self.seat, self.one(who), changes[how % 4])

    def objects(self, who: int, how: int) -> None:
        privacy.object_to_calls(self.seat, self.one(who))

    def lift(self, who: int, how: int) -> None:
        privacy.lift(self.seat, self.one(who), "a misunderstanding")

    def erase(self, who: int, how: int) -> None:
        privacy.erase(self.seat, self.one(who))

    def undo(self, who: int, how: int) -> None:
        handoff.undo(self.seat)

    def skip(self, who: int, how: int) -> None:
        calling.skip(self.seat, self.one(who), "later")

    def review(self, who: int, how: int) -> None:
        selling.review(self.seat, self.one(who), list(Verdict)[how % 5], reason="so")

    def close(self, who: int, how: int) -> None:
        selling.close(self.seat, self.one(who), won=bool(how % 2), amount="10", reason="so")

    def plan(self, who: int, how: int) -> None:
        step = selling.Step(text="Visit", at=self.clock.now + HOUR)
        if how % 3:
            selling.review(self.seat, self.one(who), Verdict.PROSPECT, step=step)
        else:
            selling.plan(self.seat, self.one(who), step if how else None)

    def assign(self, who: int, how: int) -> None:
        assigning.assign(self.seat, [self.one(who)], ["Tom", "turn", "common"][how % 3])

    def take_back(self, who: int, how: int) -> None:
        assigning.take_back_due(self.seat)

    def undo_of_sales(self, who: int, how: int) -> None:
        selling.undo(self.seat)

    def wait(self, who: int, how: int) -> None:
        self.clock.on([MINUTE, 11 * MINUTE, HOUR, DAY][how % 4])

    def due(self, who: int, how: int) -> None:
        privacy.erase_due(self.seat)
        waking.wake_due(self.seat)

    def wake(self, who: int, how: int) -> None:
        waking.wake(self.seat, [self.one(who)])

    def put_off(self, who: int, how: int) -> None:
        if how % 2:
            waking.move(self.seat, [self.one(who)], "No budget yet")
        else:
            waking.put_off(self.seat, [self.one(who)], self.clock.now + HOUR if how % 3 else None, reason="so")

    def consent(self, who: int, how: int) -> None:
        purpose = ("calls", "e-mail", "newsletter")[how % 3]
        consents.record(self.seat, self.one(who), purpose, given=bool(how % 2), how="said so")

    def merge(self, who: int, how: int) -> None:
        self.arrive(Merged(other=self.one(how)), self.one(who))

    def split(self, who: int, how: int) -> None:
        merges = [entry for entry in self.written if entry.kind == "merged"]
        if merges:
            self.arrive(Split(merge=merges[how % len(merges)].id), self.one(who))

    def foreign(self, who: int, how: int) -> None:
        """Something that another device wrote, which knew nothing of what happened here."""
        subject, now = self.one(who), self.clock.now
        mine = self.seat.ledger.entries(subject)
        named = mine[how % len(mine)].id
        like = Inquiry(id="", last_name="Abendroth", phones=(Phone(raw="1", e164=berlin(who % 3)),), emails=())
        ring = self.seat.ledger.ring
        bodies: list[Body | bytes] = [
            Captured(source="Web", captured_at=now, row_key=f"row{how % 2}"),
            Disposed(disposition=Disposition.SELL, decided_at=now),
            Disposed(disposition=Disposition.DISCARD, decided_at=now, erase_at=now + MINUTE,
                     keys=tuple(map(ring.hash, texts_that_return(like)))),
            Objected(objected_at=now, keys=tuple(map(ring.hash, texts_that_object(like)))),
            Lifted(objection=named), Settled(decisions=(named, mine[0].id)), Undone(entry=named),
            b'{"hold":true}', b"[]", Erased(),
        ]  # fmt: skip
        body = bodies[how]
        person = Person(first_name="Zoë", phones=(Phone(raw="1", e164=berlin(who % 3)),), note="n")
        self.arrive(body, subject, "dreamt" if isinstance(body, bytes) else "", person)

    def arrive(self, body: Body | bytes, subject: str, kind: str = "", person: Person | None = None) -> None:
        number = next(self.counter)
        entry = make(
            body, f"{number:032x}", subject=subject, kind=kind, person=person, device="other", device_seq=number,
            at=self.clock.now << 16, received_at=self.clock.now << 16 if number % 2 else None, wall=self.clock.now,
        )  # fmt: skip
        self.written.append(entry)
        with self.seat.store.writing():
            self.seat.ledger.append([entry, entry])


def tables_now(seat: Seat) -> dict[str, list[tuple[Any, ...]]]:
    """What is in the tables of people."""
    return {name: sorted(seat.store.query(f"SELECT * FROM {name}"), key=repr) for name in _NAMES}


_NAMES = ("inquiry", "attempt", "phone", "email", "joined", "suppression", "imported_row", "search")


def tables_as_they_should_be(seat: Seat) -> dict[str, list[tuple[Any, ...]]]:
    """Slow and obvious: fold everything from the ledger, and write down what follows."""
    entries = [(seq, entry) for seq, entry in stream(seat.store) if entry.kind not in OTHERS]
    group = {entry.subject: {entry.subject} for _, entry in entries}
    for subject, other in _merges([entry for _, entry in entries]):
        both = group.setdefault(subject, {subject}) | group.setdefault(other, {other})
        group.update(dict.fromkeys(both, both))
    folded: list[tuple[int, Inquiry]] = []
    for together in {min(found): found for found in group.values()}.values():
        theirs = [(seq, entry) for seq, entry in entries if entry.subject in together]
        if any(entry.kind == "captured" for _, entry in theirs):
            folded.append((min(seq for seq, _ in theirs), fold([e for _, e in theirs], together)))
    objections = {b.key for _, inquiry in folded for b in inquiry.blocks if b.reason == "objection"}
    rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in _NAMES}
    columns = [column.name for column in tables.inquiry.columns]
    for num, inquiry in folded:
        number = inquiry.number
        objected = bool(number and objections & set(seat.ledger.ring.hashes(f"p:{number.e164}")))
        made = project(inquiry, num, number_objected=objected and inquiry.stage not in {Stage.DISCARDED, Stage.ERASED})
        rows["inquiry"].append(tuple(made.named()[name] for name in columns))
        for name in ("attempts", "phones", "emails", "blocks", "rows"):
            table = {"attempts": "attempt", "phones": "phone", "emails": "email", "blocks": "suppression"}
            rows[table.get(name, "imported_row")] += getattr(made, name)
        rows["search"].append((num, made.words, made.digits))
    rows["joined"] = [(s, min(found)) for s, found in group.items() if len(found) > 1]
    return {name: sorted(found, key=repr) for name, found in rows.items()}


def _merges(entries: list[Entry]) -> list[tuple[str, str]]:
    """What takes back a merge or a split is said about its own subject."""
    undone = {(entry.subject, b.entry) for entry, b in ((e, e.facts()) for e in entries) if isinstance(b, Undone)}
    facts = [(entry, entry.facts()) for entry in entries if (entry.subject, entry.id) not in undone]
    split = {body.merge for _, body in facts if isinstance(body, Split)}
    return [(entry.subject, b.other) for entry, b in facts if isinstance(b, Merged) and entry.id not in split]

"""One exchange with the hub: read what it tells, hand in what is new here, until both have the same.

Reading never waits for handing in, nor the other way round: they take turns, batch by batch. Everything may break off
anywhere and be begun again; what was said twice counts once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import msgspec

from app.models.entries import Captured, Id, Millis
from app.models.entry import Entry
from app.services.seat import Changed, Seat
from app.services.store import stamps
from app.services.store.folded_rows import select_in
from app.services.store.keyed_hashes import KeyRing
from app.services.store.ledger import OTHERS
from app.services.team import offers, scope, state
from app.services.team.arrivals import fold_arrivals, spread_objections, take_page, take_some
from app.services.team.holding import give_back, hear_of_held
from app.services.team.link import HubRefused, Link, Welcome
from app.services.team.newcomers import join_newcomers
from app.services.team.work import Work

PAGE = 1000  # entries that are asked for at once
WIDE_PAGE = 2000  # the same while far more are to come; larger ones take memory that a window has not to spare
ALONE_PAGE = 5000  # the same for whoever has the home alone: a page is one transaction then, and fewer cost less
BATCH = 2000  # entries that are handed in at once
BEHIND = 5000  # positions: from here on rows are made once, after everything has arrived
NEWEST = 5000  # positions that a first exchange looks at before all others: who is worked with now
NEWEST_PART = 100  # of a shorter feed as many as one of so many, since all about them is read a second time
SUBJECTS = 100  # inquiries that are asked for at once
FOLDING_S = 0.25  # for so long rows are made between two looks at what is new
SKEW_STEP_MS = 500  # a change of the measured skew below this is the network's
IN_STEP_MS = 60_000  # how exactly it is remembered when both had the same
SLOW_MS = 10_000  # an answer that took longer measures no clock

Progress = Callable[[int, int], None]


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What one exchange did."""

    pushed: int  # entries that the hub has taken
    pulled: int  # entries that were new here
    turned_away: int  # entries that the hub did not take, with their reasons in the store
    seconds: float
    trouble: str = ""  # why something is not in step, though the hub answers
    welcome: Welcome
    changed: Changed = Changed()
    tells: bool = False  # the hub says with every page whether what it said in the greeting holds


def sync_once(
    seat: Seat, link: Link, progress: Progress | None = None, *, work: Work | None = None,
    between: Callable[[Welcome], None] | None = None, welcome: Welcome | None = None,
) -> Report:  # fmt: skip
    """Exchange everything with the hub; `progress` is called with positions done and in all.

    `between` is called after every page and batch: what else is said to the hub waits no longer for a long exchange.
    `welcome` is what it said some moments ago in this same conversation: while nothing else holds, it is not greeted.

    Raises:
        HubUnreachable: the network or the server failed; what was exchanged so far is kept.
        HubRefused: this member is not let in. EnvironmentFailed: the disk is full.
    """
    return Exchange(work or Work(seat), link, progress, between).run(welcome)


def bring_up_to_date(work: Work, link: Link, inquiries: Sequence[Id]) -> Changed:
    """Fetch everything about some inquiries, whose history may not have arrived yet; before they are called.

    Raises:
        HubUnreachable, HubRefused: as the link.
    """
    members = sorted({member for i in inquiries for member in work.ledger.members(work.ledger.survivor(i))})
    for start in range(0, len(members), SUBJECTS):
        take_some(work, link.subjects(members[start : start + SUBJECTS]))
    return work.changed()


class Exchange:
    """One exchange, from the greeting until both sides have the same."""

    def __init__(
        self, work: Work, link: Link, progress: Progress | None = None, between: Callable[[Welcome], None] | None = None
    ) -> None:
        self._work, self._link = work, link
        self._progress, self._between = progress or _silent, between
        self._pushed = self._pulled = self._away = 0
        self._trouble = ""
        self._head = self._unfolded = 0
        self._welcome: Welcome
        self._tells = False

    def run(self, welcome: Welcome | None = None) -> Report:
        """Everything."""
        began = time.monotonic()
        try:
            if welcome is None:
                self._welcome = self._greet()
                self._newest_first()
            else:  # whoever waits for what is new here hears of it first
                self._welcome = welcome
                self._hand_in()
            while self._turn():
                self._tell()
        finally:
            spread_objections(self._work)  # whoever objected is not called, though the conversation broke off
        seconds = round(time.monotonic() - began, 3)
        return Report(
            pushed=self._pushed, pulled=self._pulled, turned_away=self._away, seconds=seconds, trouble=self._trouble,
            welcome=self._welcome, changed=self._work.changed(), tells=self._tells,
        )  # fmt: skip

    def _tell(self) -> None:
        if self._between:
            self._between(self._welcome)

    # the greeting

    def _greet(self) -> Welcome:
        seat, store = self._work.seat, self._work.store
        sent = seat.clock()
        welcome = self._link.hello(seat.device)
        self._measure_skew(sent, seat.clock(), welcome.now)
        self._head = welcome.head
        if state.word(store, state.EPOCH) != welcome.epoch or self._end_is_another():
            self._enter_epoch(welcome)
        scope.enter(self._work, welcome)
        share_keys(self._work, self._link)
        hear_of_held(self._work, self._link)
        return welcome

    def _measure_skew(self, sent: Millis, heard: Millis, now: Millis) -> None:
        if not 0 <= heard - sent <= SLOW_MS:
            return
        skew = now - (sent + heard) // 2
        store = self._work.store
        if abs(skew - (state.cursor(store, "skew") or 0)) > SKEW_STEP_MS:
            self._work.do(lambda: state.put_cursor(store, "skew", skew))
        self._work.seat.take_skew(state.cursor(store, "skew") or 0)

    def _end_is_another(self) -> bool:
        """Whether the hub has lost the end of what it told here, in the same epoch: by a disk that did not keep it."""
        store = self._work.store
        after = state.cursor(store, state.PULLED) or 0
        if not after:
            return False
        page = self._link.pull(after - 1, 1)
        here = store.one("SELECT id, received_at FROM ledger WHERE pos = ?", (after,))
        return page.head < after or (
            here is not None and [(e.id, e.received_at) for e in page.entries] != [(here[0], here[1])]
        )

    def _enter_epoch(self, welcome: Welcome) -> None:
        """Another hub, or one that was restored: offer what is above its head, read from 0, adopt its stamps."""
        work, store = self._work, self._work.store
        while work.do(lambda: self._unstamp_above(welcome.head), "people"):
            pass

        def step() -> None:
            state.put_word(store, state.EPOCH, welcome.epoch)
            for key in (state.OUTBOX, state.PULLED):
                state.put_cursor(store, key, 0)
            for table in ("set_aside", "turned_away"):
                store.writer.execute(f"DELETE FROM {table}")

        work.do(step)
        while give_back(work):
            pass

    def _unstamp_above(self, head: int) -> bool:
        work = self._work
        rows = work.store.query("SELECT id FROM ledger WHERE pos > ? LIMIT ? + 0", (head, work.size("people")))
        moved = stamps.unstamp(work.ledger, [row[0] for row in rows])
        work.ledger.refold(moved)
        work.note(moved, ("reassigned",) if moved else ())
        return bool(rows)

    # reading and handing in, in turns

    def _newest_first(self) -> None:
        """On a first exchange with a large hub: who was worked with last comes before the history of all others."""
        pulled = state.cursor(self._work.store, state.PULLED) or 0
        if pulled or self._head - pulled <= 2 * NEWEST:
            return
        newest = min(NEWEST, max(PAGE, self._head // NEWEST_PART))
        page = self._link.pull(self._head - newest, newest)
        subjects = list(dict.fromkeys(e.subject for e in page.entries if e.kind not in OTHERS))
        for start in range(0, len(subjects), SUBJECTS):
            self._pulled += take_some(self._work, self._link.subjects(subjects[start : start + SUBJECTS]))
            self._progress(min(start + SUBJECTS, len(subjects)), self._head)

    def _turn(self) -> bool:
        """One page and one batch, and when both are through, what follows from them; False: everything is done."""
        pulled = self._pulled
        reading = self._read()
        if self._pulled > pulled:
            self._tell()
        if self._hand_in() or reading:
            return True
        work = self._work
        if self._fold() or scope.strip(work) or scope.fill(work, self._link) or spread_objections(work):
            return True
        if not self._trouble and join_newcomers(work):
            return True
        if not self._trouble:
            self._note_in_step()
        return False

    def _fold(self) -> bool:
        """Make rows for a while, then look again what the hub tells; False: all are made."""
        began, folded = time.monotonic(), 0
        while time.monotonic() - began < FOLDING_S and (some := fold_arrivals(self._work)):
            folded += some
            self._unfolded = max(0, self._unfolded - some) or state.unfolded(self._work.store)  # counting looks at all
            self._progress(self._head, self._head + self._unfolded)
        return folded > 0

    def _note_in_step(self) -> None:
        """Not at every look: another process would read everything again for nothing."""
        work, now = self._work, self._work.seat.now()
        before = state.cursor(work.store, state.IN_STEP) or 0
        if self._pulled or self._pushed or not 0 <= now - before < IN_STEP_MS:
            work.do(lambda: state.put_cursor(work.store, state.IN_STEP, now), durable=False)

    def _read(self) -> bool:
        store = self._work.store
        after = state.cursor(store, state.PULLED) or 0
        wide = ALONE_PAGE if self._work.is_alone else WIDE_PAGE
        page = self._link.pull(after, wide if self._head - after > BEHIND else PAGE)
        self._tells = page.told is not None
        if self._tells and page.told != (self._welcome.epoch, self._welcome.scope):
            self._welcome = self._greet()  # it was restored, or this member may read others than before
            return True
        self._head = max(self._head, page.head)
        if page.through <= after:
            if page.head > after:
                self._trouble = f"The hub is at {page.head:,} and tells nothing behind {after:,}."
            return False
        self._learn_keys(page.entries)
        self._ask_for_the_rest(page.entries)
        later = page.head - after > BEHIND
        self._pulled += take_page(self._work, page.entries, page.through, later=later)
        self._progress(page.through, page.head)
        return page.through < page.head

    def _hand_in(self) -> bool:
        if self._trouble:
            return False
        offer = offers.next_offer(self._work, BATCH)
        if offer is None:
            return False
        try:
            receipts = self._link.push(offer.entries)
        except HubRefused as error:
            self._trouble = str(error)  # reading goes on
            return False
        away = offers.settle(self._work, offer, receipts)
        self._away += away
        self._pushed += len(receipts) - away
        if (state.cursor(self._work.store, state.OUTBOX) or 0) <= offer.after:
            self._trouble = "The hub gives no receipt for what is handed in."
        return not self._trouble

    def _learn_keys(self, entries: Sequence[Entry]) -> None:
        """Somebody joined since the greeting: their hashes are read with their key."""
        known = self._work.ledger.ring.keys()
        hashed = [entry for entry in entries if b'"keys"' in entry.body]
        if any(name not in known for entry in hashed for name in _key_names(entry)):
            share_keys(self._work, self._link)

    def _ask_for_the_rest(self, entries: Sequence[Entry]) -> None:
        """Whoever was captured from a source that may be read is read from the beginning on, also what came before."""
        work = self._work
        captured = [entry for entry in entries if entry.kind == "captured"]
        sources = state.sources_of(work.store) if captured else None
        if sources is None:
            return
        subjects = sorted({entry.subject for entry in captured if _source(entry) in sources})
        sql = "SELECT DISTINCT subject FROM ledger WHERE person IS NULL AND digest <> x'' AND subject IN"
        found = [row[0] for row in select_in(work.store, sql, subjects)]
        withheld = [subject for subject in found if not work.ledger.is_erased(subject)]
        for start in range(0, len(withheld), SUBJECTS):
            take_some(work, self._link.subjects(withheld[start : start + SUBJECTS]))


def share_keys(work: Work, link: Link) -> None:
    """This store's hash keys join the team's, and the team's come here: a hash says the same on every laptop."""
    mine, team = work.ledger.ring.keys(), link.hash_keys()
    if lacking := {name: key for name, key in mine.items() if name not in team}:
        link.add_hash_keys(lacking)
    new = {name: key for name, key in team.items() if name not in mine}
    if not new:
        return

    def step() -> set[Id]:
        KeyRing.adopt(work.store, new)
        count = (state.cursor(work.store, state.KEYS) or 0) + 1
        state.put_cursor(work.store, state.KEYS, count)
        work.seat.take_keys(count)
        work.ledger.forget_ring()
        return work.ledger.under_keys(new)

    changed = work.do(step)
    work.note(changed)


def _source(entry: Entry) -> str | None:
    try:
        body = entry.facts()
    except msgspec.DecodeError:
        return None
    return body.source if isinstance(body, Captured) else None


def _key_names(entry: Entry) -> set[str]:
    """The ids of the keys by which an entry's hashes were made."""
    try:
        hashes = getattr(entry.facts(), "keys", ())
    except msgspec.DecodeError:
        return set()
    return {text.partition(":")[0] for text in hashes}


def _silent(done: int, total: int) -> None:
    pass

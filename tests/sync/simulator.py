"""A team at random: people work, laptops and the network fail, the hub is restored; and what must hold all the same.

A seed decides everything, and replays it. Time is virtual.
"""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import uuid_utils

from app.models.entries import (
    Captured,
    Corrected,
    Disposed,
    Disposition,
    Merged,
    Outcome,
    Person,
    Settled,
    Split,
    Undone,
)
from app.models.entry import Entry
from app.models.fold import fold
from app.models.inquiry import Stage
from app.models.rights import Role
from app.services import calling, capture, handoff, privacy, sources
from app.services.carrying import carry_in, carry_out
from app.services.desk import reassigning
from app.services.errors import ServiceError
from app.services.handoff import Choice
from app.services.store.entry_rows import stream
from app.services.store.ledger import SPREAD
from app.services.team import state
from app.services.team.arrivals import take_page
from app.services.team.link import HubUnreachable
from app.services.team.sync import Report, sync_once
from app.services.team.work import Work
from tests.models.histories_at_random import make
from tests.services.actions_at_random import tables_as_they_should_be, tables_now
from tests.services.made_up import DAY, HOUR, MINUTE, NOON, berlin, form
from tests.sync.laptops import Crashed, FaultyLink, Laptop, folder_for_stores
from tests.sync.model_hub import ModelHub
from tests.sync.model_hub import Person as Member

FAR = 2_303_700_000_000 * 2  # a year in the next century
MEMBERS = ("Anna", "Bo", "Chen")
AT_THE_FAIR = "Dora"  # whose laptop no network reaches any more: what she writes comes on sticks, or not at all
LOST = "Eve"  # whose work the hub loses after others have read it
SOURCES = ("Fair", "Web")
SHIPPED = "actor = 'winnow' AND kind IN ('script_published', 'scorecard_published')"  # in every home, and nobody's news
ROUNDS = 12  # within which everybody is in step once all faults have ended


class World:
    """A hub, some laptops, and what has happened so far."""

    def __init__(self, seed: int, *, hub: type[ModelHub] = ModelHub, steps: int = 90) -> None:
        self.seed, self.steps = seed, steps
        self.chance = random.Random(seed)
        self.now = NOON
        self.folder = folder_for_stores()
        self.hub = hub(lambda: self.now, epoch=f"{seed:032x}")
        self.numbers = count(1)
        self.created: dict[str, bytes] = {}  # id -> hash, of everything that any laptop ever kept
        self.poisonous: set[str] = set()
        self.alerts: Counter[str] = Counter()  # sells that a listener at the hub was told of
        self.heard = (self.hub.epoch, 0)
        self.backup: dict[str, object] | None = None
        self.claims: dict[str, list[int]] = {}
        self.bundles: list[Path] = []
        self.trace: list[str] = []
        self.laptops = [self.laptop(member) for member in MEMBERS]
        for member in MEMBERS:
            self.hub.people[member] = Member(role=Role.CALLER if member == MEMBERS[-1] else Role.LEAD)
        self.booth = self.laptop(AT_THE_FAIR)
        sync_once(self.booth.seat, self.hub.link(AT_THE_FAIR))
        kinds: list[tuple[int, Callable[[Laptop], None]]] = [
            (16, self.capture), (14, self.call), (8, self.decide), (8, self.decide_under_a_claim), (4, self.undo),
            (3, self.objects), (6, self.edit), (4, self.reassign), (4, self.settle), (3, self.erase), (4, self.due),
            (3, self.join), (4, self.part), (5, self.mistake),
            (2, self.something_unknown), (3, self.source), (30, self.sync), (4, self.jump), (3, self.partition),
            (2, self.copy_hub), (2, self.restore_hub), (2, self.lose_end), (1, self.copied_home), (1, self.clone),
            (2, self.rescope), (2, self.poison), (3, self.carry_out), (4, self.fair), (9, self.carry_in),
        ]  # fmt: skip
        self.kinds = [kind for weight, kind in kinds for _ in range(weight)]

    def __enter__(self) -> World:
        self._uuid7 = uuid_utils.uuid7
        uuid_utils.uuid7 = self.uuid7  # type: ignore[assignment]
        return self

    def __exit__(self, *_: object) -> None:
        uuid_utils.uuid7 = self._uuid7
        for laptop in (*self.laptops, self.booth):
            laptop.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def uuid7(self) -> Any:
        """Ids that the seed decides; later ones sort later."""
        return SimpleNamespace(hex=f"{self.now:012x}7{next(self.numbers):07x}{self.chance.getrandbits(48):012x}")

    def laptop(self, member: str) -> Laptop:
        """One more laptop."""
        number = next(self.numbers)
        return Laptop(self.folder / f"home{number}", member, f"{number:016x}", lambda: self.now)

    # running

    def run(self) -> None:
        """Everything that the seed holds, then peace, then the last look."""
        for step in range(self.steps):
            self.now += self.chance.choice((1, 1000, MINUTE, 7 * MINUTE, HOUR))
            laptop = self.chance.choice(self.laptops)
            kind = self.chance.choice(self.kinds)
            self.trace.append(f"{step}: {kind.__name__} on {laptop.device[-2:]}")
            try:
                kind(laptop)
            except ServiceError:
                continue
            except Crashed:
                self.trace.append("   crashed")
                laptop.restart()
            finally:
                laptop.store.fuse = None
                for each in self.laptops:
                    self.take_note(each)
            self.listen()
            if step % 5 == 0:
                check_at_any_time(self)
        self.peace()
        check_at_the_end(self)

    def peace(self) -> None:
        """No more faults: everybody comes into step, discards are completed, and everybody comes into step again."""
        for laptop in self.laptops:
            laptop.online, laptop.skew = True, 0
        for hours in (0, 24, 0):
            self.now += hours * HOUR
            for laptop in self.laptops:
                privacy.erase_due(laptop.seat, sweep_up_to=0)
            for _ in range(ROUNDS):
                self.now += MINUTE
                reports = [self._exchange(laptop, faults=0) for laptop in self.laptops]
                for laptop in self.laptops:
                    self.take_note(laptop)
                if not any(report.pulled or report.pushed for report in reports):
                    break
            else:
                raise AssertionError("nobody comes into step")
            assert not [report.trouble for report in reports if report.trouble]
            self.listen()

    def take_note(self, laptop: Laptop) -> None:
        """What was committed is remembered, and never changes."""
        for entry_id, digest in laptop.store.query(f"SELECT id, hash FROM ledger WHERE NOT ({SHIPPED})"):
            assert self.created.setdefault(entry_id, digest) == digest, "an entry changed"

    def listen(self) -> None:
        """A listener at the hub hears of every sell once, whatever happens to the feed."""
        self.hub.advance()
        epoch, after = self.heard
        after = after if epoch == self.hub.epoch else 0
        if epoch != self.hub.epoch:
            self.alerts = Counter(dict.fromkeys(self.alerts, -1))  # each may be told once more
        for at, entry_id in enumerate(self.hub.feed[after:], after):
            if _sells(self.hub.entries[entry_id]) and self.hub.feed.index(entry_id) == at:
                self.alerts[entry_id] = max(1, self.alerts[entry_id] + 1)
        self.heard = (self.hub.epoch, len(self.hub.feed))

    # what people do

    def one(self, laptop: Laptop) -> str:
        """Somebody whom this laptop knows."""
        ids = [row[0] for row in laptop.store.query("SELECT id FROM inquiry ORDER BY id")]
        if not ids:
            raise ServiceError("nobody")
        return str(self.chance.choice(ids))

    def capture(self, laptop: Laptop, source: str = "") -> None:
        who = self.chance.randrange(8)
        number = berlin(who) if self.chance.randrange(4) else ""
        mail = f"person{who}@werk{who}.example" if not number or self.chance.randrange(3) else ""
        made = form(who, phone=number, email=mail, source=source or self.chance.choice(SOURCES))
        capture.capture(laptop.seat, made)

    def call(self, laptop: Laptop) -> None:
        outcome = self.chance.choice([o for o in Outcome if o is not Outcome.DO_NOT_CALL])
        back = laptop.seat.now() + HOUR if outcome is Outcome.CALLBACK else None
        calling.log_call(laptop.seat, self.one(laptop), outcome, note=f"note {next(self.numbers)}", back_at=back)

    def decide(self, laptop: Laptop) -> None:
        choice = Choice(reason="it is so", answers={"need": "growth"} if self.chance.randrange(2) else {})
        handoff.dispose(laptop.seat, self.one(laptop), self.chance.choice(list(Disposition)), choice)

    def decide_under_a_claim(self, laptop: Laptop) -> None:
        """A claim that the hub gave, perhaps lost since: the decision is kept, and the younger claim shows."""
        inquiry = self.one(laptop)
        self.hub.claim_no += 1
        numbers = self.claims.setdefault(inquiry, [])
        numbers.append(self.hub.claim_no)
        disposition = self.chance.choice((Disposition.SELL, Disposition.NURTURE))
        with laptop.seat.act() as act:
            found = act.inquiry(inquiry)
            if found.stage in {Stage.ERASED, Stage.DISCARDED}:
                raise ServiceError("gone")
            body = Disposed(disposition=disposition, decided_at=laptop.seat.now())
            act.append(found.id, body, claim_no=self.chance.choice(numbers))

    def undo(self, laptop: Laptop) -> None:
        handoff.undo(laptop.seat)

    def objects(self, laptop: Laptop) -> None:
        privacy.object_to_calls(laptop.seat, self.one(laptop))

    def edit(self, laptop: Laptop) -> None:
        changes = [{"company": f"Werk {self.chance.randrange(9)}"}, {"phone": berlin(self.chance.randrange(8))}]
        capture.edit(laptop.seat, self.one(laptop), self.chance.choice(changes))

    def reassign(self, laptop: Laptop) -> None:
        reassigning.reassign(laptop.seat, [self.one(laptop)], self.chance.choice(MEMBERS))

    def settle(self, laptop: Laptop) -> None:
        rows = laptop.store.query("SELECT id FROM inquiry WHERE contested = 1 ORDER BY id")
        for (inquiry,) in rows[:1]:
            with laptop.seat.act() as act:
                found = act.inquiry(inquiry)
                decisions = [e.id for e in laptop.seat.ledger.entries(found.id) if e.kind == "disposed"]
                if len(decisions) > 1:
                    first, second = self.chance.sample(decisions, 2)
                    act.append(found.id, Settled(decisions=(first, second)))

    def join(self, laptop: Laptop) -> str:
        """Somebody says that two are one person, rightly or not."""
        there = "SELECT id FROM inquiry WHERE stage NOT IN ('erased', 'discarded') ORDER BY id"
        ids = [row[0] for row in laptop.store.query(there)]
        if len(ids) < 2:
            raise ServiceError("nobody to join")
        first, second = self.chance.sample(ids, 2)
        with laptop.seat.act() as act:
            return act.append(act.inquiry(first).id, Merged(other=second)).id

    def mistake(self, laptop: Laptop) -> None:
        """Two are joined by mistake; somebody, who may know of it, erases one of them; then they are parted."""
        merge = laptop.seat.ledger.entry(self.join(laptop))
        assert merge is not None
        self._some_exchange()
        with suppress(ServiceError):
            privacy.erase(self.chance.choice(self.laptops).seat, merge.subject)
        self._some_exchange()
        with laptop.seat.act() as act:
            act.inquiry(merge.subject)
            act.append(merge.subject, Split(merge=merge.id))

    def _some_exchange(self) -> None:
        for laptop in self.laptops:
            if laptop.online and self.chance.randrange(2):
                self._exchange(laptop, faults=0)

    def part(self, laptop: Laptop) -> None:
        """A join was a mistake, or taking it back was one."""
        ledger = laptop.seat.ledger
        joins, splits = ledger.of_kind("merged"), ledger.of_kind("split")
        if not joins:
            raise ServiceError("nobody is joined")
        what = self.chance.choice([*joins, *joins, *splits])
        with laptop.seat.act() as act:
            act.inquiry(what.subject)
            act.append(what.subject, Split(merge=what.id) if what.kind == "merged" else Undone(entry=what.id))

    def source(self, laptop: Laptop) -> None:
        sources.define(laptop.seat, self.chance.choice(SOURCES), limit_hours=self.chance.randrange(1, 90))

    def erase(self, laptop: Laptop) -> None:
        privacy.erase(laptop.seat, self.one(laptop))

    def due(self, laptop: Laptop) -> None:
        privacy.erase_due(laptop.seat, sweep_up_to=0)

    def something_unknown(self, laptop: Laptop) -> None:
        """What a newer Winnow on the same desk writes."""
        subject, number = self.one(laptop), next(self.numbers)
        entry = make(
            b'{"hold":true}' if number % 2 else b"[1]", f"{number:032x}", subject=subject, kind="dreamt", version=9,
            device=laptop.device, device_seq=number, at=laptop.clock() << 16, person=Person(note="n"),
            actor=laptop.member,
        )  # fmt: skip
        with laptop.store.writing():
            laptop.seat.ledger.append([entry])

    # what is carried by hand

    def carry_out(self, laptop: Laptop) -> None:
        """What the hub has not got goes onto a stick, which lies about for days."""
        bundle = self.folder / f"bundle{next(self.numbers)}"
        carry_out(laptop.seat, bundle)
        self.bundles.append(bundle)

    def fair(self, _laptop: Laptop) -> None:
        """Somebody works where no network is, on people whom everybody may read.

        A bringer who may not read them lets them go: to a hub that lost everything nobody could hand them in again.
        """
        self.capture(self.booth, SOURCES[0])
        with suppress(ServiceError):
            self.chance.choice((self.call, self.decide, self.edit, self.objects, self.erase))(self.booth)
        self.carry_out(self.booth)

    def carry_in(self, laptop: Laptop) -> None:
        """Some stick is taken in, perhaps for the second time, perhaps where it was written."""
        if not self.bundles:
            raise ServiceError("no stick")
        if self.chance.randrange(3) == 0:
            laptop.store.fuse = self.chance.randrange(1, 12)
        carry_in(laptop.seat, self.chance.choice((self.bundles[-1], *self.bundles)))

    # what happens to laptops, network and hub

    def sync(self, laptop: Laptop) -> None:
        if not laptop.online:
            raise HubUnreachable("no network")
        if self.chance.randrange(3) == 0:
            laptop.store.fuse = self.chance.randrange(1, 40)
        self._exchange(laptop, faults=self.chance.choice((0, 5, 20)))

    def _exchange(self, laptop: Laptop, *, faults: int) -> Report:
        link = self.hub.link(laptop.member)
        faulty = FaultyLink(link, self.chance, percent=faults, burn=laptop.store.burn) if faults else link
        work = Work(laptop.seat, size=self.chance.choice((2, 7, 50)))
        return sync_once(laptop.seat, faulty, work=work)  # type: ignore[arg-type]

    def jump(self, laptop: Laptop) -> None:
        """The clock of a laptop is changed."""
        laptop.skew = self.chance.choice((0, 0, 1500, -2 * HOUR, DAY, -DAY, FAR - NOON))

    def partition(self, laptop: Laptop) -> None:
        laptop.online = not laptop.online

    def copy_hub(self, laptop: Laptop) -> None:
        self.backup = self.hub.backup()

    def restore_hub(self, laptop: Laptop) -> None:
        """The hub breaks, and is put back as it was, or begins from nothing."""
        empty: dict[str, object] = {"entries": {}, "feed": [], "fresh": [], "keys": {}, "quarantine": [], "gone": set()}
        self.hub.restore(self.backup or empty)
        self.hub.epoch = f"{self.seed:016x}{next(self.numbers):016x}"

    def lose_end(self, laptop: Laptop) -> None:
        """Somebody has their work told before it is on the hub's disk; some have read it when the power is cut."""
        self.hub.advance()
        kept = len(self.hub.feed)
        self.hub.people.setdefault(LOST, Member())
        for _ in range(self.chance.randrange(1, 4)):
            number = next(self.numbers)
            body = Captured(source=self.chance.choice(SOURCES), captured_at=1)
            self.hub.store(LOST, make(body, f"{number:032x}", subject=f"{number:032x}", actor=LOST, device="eve"))
        for each in self.laptops:
            if each.online and self.chance.randrange(2) and state.word(each.store, state.EPOCH) == self.hub.epoch:
                page = self.hub.link(each.member).pull(state.cursor(each.store, state.PULLED) or 0, 10**6)
                take_page(Work(each.seat), page.entries, page.through)
        self.hub.lose_from(kept)
        self.heard = (self.hub.epoch, min(self.heard[1], kept))

    def copied_home(self, laptop: Laptop) -> None:
        """A home is copied to another computer, which notices and takes a device id of its own."""
        self._copied(laptop, f"{next(self.numbers):016x}")

    def clone(self, laptop: Laptop) -> None:
        """A home is copied, and nothing notices."""
        self._copied(laptop, laptop.device)

    def _copied(self, laptop: Laptop, device: str) -> None:
        if len(self.laptops) < 5:
            self.laptops.append(laptop.clone(self.folder / f"copy{next(self.numbers)}", device))

    def rescope(self, laptop: Laptop) -> None:
        self.hub.link(laptop.member)
        role, sources = self.chance.choice(((Role.CALLER, None), (Role.CALLER, ("Fair",)), (Role.LEAD, None)))
        self.hub.rescope(laptop.member, role, sources)

    def poison(self, laptop: Laptop) -> None:
        """Somebody hands in what no Winnow wrote."""
        number = next(self.numbers)
        body = b'{"field":' if number % 2 else Corrected(country="DE")
        entry = make(body, f"{number:032x}", subject=f"{number:032x}", kind="corrected", actor="Anna")
        if number % 2 == 0:
            entry.hash = b"x" * 32
        self.hub.store("Anna", entry)
        self.poisonous.add(entry.id)


# what must hold


def check_at_any_time(world: World) -> None:
    """What holds even in the middle of faults."""
    hub = world.hub
    twice = {entry_id for entry_id, times in Counter(hub.feed).items() if times > 1 + (entry_id in hub.confirmed)}
    assert not twice, "an entry is in the feed twice"
    last = {entry_id: pos for pos, entry_id in enumerate(hub.feed, 1)}  # what was confirmed is told once more
    assert {i: hub.entries[i].pos for i in last} == last, "the feed has a gap"
    for laptop in world.laptops:
        store = laptop.store
        if not state.unfolded(store) and state.cursor(store, SPREAD) is None:
            now, right = tables_now(laptop.seat), tables_as_they_should_be(laptop.seat)
            assert now["inquiry"] == right["inquiry"], "the tables are not what the ledger adds up to"
        if state.word(store, state.EPOCH) == hub.epoch:
            _cursor_passes_nothing(world, laptop)
        _nobody_comes_back(laptop)


def _cursor_passes_nothing(world: World, laptop: Laptop) -> None:
    pulled = state.cursor(laptop.store, state.PULLED) or 0
    here = dict(laptop.store.query("SELECT id, pos FROM ledger"))
    here |= dict(laptop.store.query("SELECT entry, pos FROM set_aside"))
    feed = world.hub.feed
    last = [entry_id for entry_id, pos in here.items() if pos and pos == pulled]
    if pulled > len(feed) or (pulled and last not in ([], [feed[pulled - 1]])):
        return  # the hub has lost what was read last; the laptop sees so when it says hello
    for pos, entry_id in enumerate(feed[:pulled], 1):
        have = here.get(entry_id)
        told = have is not None and feed[have - 1] == entry_id
        assert told, f"the cursor of {laptop.device} passed {pos}, which is not here"


def _nobody_comes_back(laptop: Laptop) -> None:
    erased = "SELECT subject FROM ledger WHERE kind = 'erased'"
    left = laptop.store.query(f"SELECT id FROM ledger WHERE person IS NOT NULL AND subject IN ({erased})")
    assert not left, "somebody erased is here again"


ALSO: list[Callable[[World], None]] = []  # what else must hold once everybody is in step


def check_at_the_end(world: World) -> None:
    """What holds once everybody is in step."""
    check_at_any_time(world)
    for check in ALSO:
        check(world)
    hub = world.hub
    made = set(world.created) - (hub.in_vain - set(hub.entries))
    assert set(hub.entries) - world.poisonous == made, "the hub has other entries than were made"
    assert not hub.quarantine
    _only_who_is_erased_has_lost_their_details(world)
    for laptop in world.laptops:
        assert not state.turned_away(laptop.store)
        _the_ledger_is_the_hubs(world, laptop)
        assert tables_now(laptop.seat) == tables_as_they_should_be(laptop.seat)
        _fenced_decisions_do_not_show(laptop)
    _everybody_sees_the_same(world)
    sells = {e.id for e in hub.entries.values() if _sells(e)}
    assert world.alerts == dict.fromkeys(sells, 1), "a sell was told not once"


def _sells(entry: Entry) -> bool:
    body = entry.facts() if entry.kind == "disposed" else None
    return isinstance(body, Disposed) and body.disposition is Disposition.SELL


def _the_ledger_is_the_hubs(world: World, laptop: Laptop) -> None:
    hub, aside = world.hub, {row[0] for row in laptop.store.query("SELECT entry FROM set_aside")}
    shipped = {row[0] for row in laptop.store.query(f"SELECT id FROM ledger WHERE {SHIPPED}")}
    here = {entry.id: entry for _, entry in stream(laptop.store) if entry.id not in shipped}
    assert here.keys() | aside == hub.entries.keys()
    captured_by = {e.subject for e in here.values() if e.kind == "captured" and e.actor == laptop.member}
    for entry in here.values():
        there = hub.entries[entry.id]
        assert (entry.pos, entry.received_at, entry.hash) == (there.pos, there.received_at, there.hash)
        assert entry.brought_by == there.brought_by
        assert not entry.brought_by or entry.actor in {AT_THE_FAIR, LOST}, (
            "its author was there, and has not confirmed it"
        )
        assert entry.order() == there.order(), "the same automatic entry has two moments"
        assert entry.verifies()
        if entry.person is None:
            assert there.person is None or not hub.may_read(laptop.member, there), "somebody was not filled in"
        else:
            own = entry.actor == laptop.member or entry.subject in captured_by
            assert own or hub.may_read(laptop.member, there), "somebody stayed who may not be read"
            assert there.person == entry.person or there.person is None


def _only_who_is_erased_has_lost_their_details(world: World) -> None:
    """Each by an erasure of their own, whoever they were ever joined with; none of whom an erasure reaches is left."""
    entries = world.hub.entries.values()
    erased = {entry.subject for entry in entries if entry.kind == "erased"}
    for entry in entries:
        assert not (entry.person and entry.subject in erased), "the hub has somebody erased"
        lost = entry.digest and entry.person is None and entry.subject not in erased
        assert not lost, "somebody has lost their details who was not erased"


def _fenced_decisions_do_not_show(laptop: Laptop) -> None:
    for (inquiry_id,) in laptop.store.query("SELECT id FROM inquiry WHERE contested = 1"):
        entries = laptop.seat.ledger.entries(inquiry_id)
        if any(e.kind in {"settled", "undone"} for e in entries):
            continue
        inquiry = fold(entries)
        by_id = {e.id: e for e in entries}
        shown = by_id.get(inquiry.decision)
        if shown is None or not shown.claim_no:
            continue
        past, waiting = set[str](), [shown.id]
        while waiting:
            for parent in by_id[waiting.pop()].seen:
                if parent in by_id and parent not in past:
                    past.add(parent)
                    waiting.append(parent)
        for other in entries:
            younger = other.kind == "disposed" and other.claim_no > shown.claim_no
            if younger and other.id not in past and shown.id not in _past(by_id, other.id):
                raise AssertionError("a decision under a lost claim shows")


def _past(by_id: dict[str, Entry], entry_id: str) -> set[str]:
    past, waiting = set[str](), [entry_id]
    while waiting:
        for parent in by_id[waiting.pop()].seen:
            if parent in by_id and parent not in past:
                past.add(parent)
                waiting.append(parent)
    return past


def _everybody_sees_the_same(world: World) -> None:
    """Whoever may read everybody has the same tables; that others have the same facts was looked at before."""
    first: dict[str, Any] = {}
    known = [laptop.store.query("SELECT * FROM source ORDER BY id") for laptop in world.laptops]
    assert all(rows == known[0] for rows in known), "sources differ between laptops"
    for laptop in world.laptops:
        if world.hub.people[laptop.member].sources is not None:
            continue
        found = tables_now(laptop.seat)
        shown = {
            name: sorted([row[1:] for row in rows] if name in {"inquiry", "search"} else rows, key=repr)
            for name, rows in found.items()
        }
        first = first or shown
        for name, rows in shown.items():
            assert rows == first[name], f"{name} differs between laptops"


def run(seed: int, **options: Any) -> None:
    """One seed; a failure names it, with what happened."""
    with World(seed, **options) as world:
        try:
            world.run()
        except (AssertionError, Exception) as error:
            steps = "\n".join(world.trace)
            raise AssertionError(f"seed {seed}: {error}\n{steps}") from error

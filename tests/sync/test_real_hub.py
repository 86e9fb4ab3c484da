"""The same over a real PostgreSQL; and the hub in memory, on which the simulator rests, does what the real one does."""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from app.models.entries import (
    AUTOMATIC,
    Body,
    Called,
    Captured,
    Corrected,
    Disposed,
    Disposition,
    Erased,
    Merged,
    Objected,
    Outcome,
    Person,
    Split,
)
from app.models.entry import Entry, hash_of
from app.models.rights import Role
from app.services import calling, capture, handoff, privacy
from app.services.handoff import Choice
from app.services.seat import Seat
from app.services.team import state
from app.services.team.link import Link
from app.services.team.sync import bring_up_to_date, sync_once
from app.services.team.work import Work
from tests.hub.conftest import hub_name, server, team
from tests.hub.server import Server
from tests.hub.team import Team
from tests.models.histories_at_random import make
from tests.services.made_up import Clock, form
from tests.sync.model_hub import ModelHub
from tests.sync.simulator import SHIPPED
from tests.sync.test_sync import same

__all__ = ["hub_name", "server", "team"]  # fixtures
ROUNDS = int(os.environ.get("WINNOW_ROUNDS", "8"))


@pytest.fixture
def clock(server: Server) -> Clock:
    """The hub's own time."""
    with server.admin("postgres") as admin:
        row = admin.execute("SELECT (extract(epoch from clock_timestamp()) * 1000)::bigint").fetchone()
    assert row is not None
    return Clock(row[0])


def sync(seat: Seat, team: Team, role: str = "lead", **options: list[str]) -> object:
    link = team.link(seat.member, role, device=seat.device, **options)  # type: ignore[arg-type]
    try:
        return sync_once(seat, link)
    finally:
        link.close()


def test_three_laptops_share_through_a_real_hub(laptop, team: Team, clock: Clock) -> None:  # type: ignore[no-untyped-def]
    anna, bo, chen = laptop("Anna"), laptop("Bo"), laptop("Chen")
    first = capture.capture(anna, form(1)).inquiry_id
    capture.capture(bo, form(1))
    other = capture.capture(bo, form(2)).inquiry_id
    third = capture.capture(chen, form(3)).inquiry_id
    for _ in range(2):
        for seat in (anna, bo, chen):
            sync(seat, team)
    assert anna.ledger.survivor(first) in {row[1] for row in anna.store.query("SELECT * FROM joined")}
    calling.log_call(anna, other, Outcome.DO_NOT_CALL)
    handoff.dispose(bo, bo.ledger.survivor(first), Disposition.SELL, Choice(reason="so"))
    privacy.erase(chen, third)
    for _ in range(2):
        for seat in (anna, bo, chen):
            sync(seat, team)
    same(anna, bo, chen)
    assert [state.turned_away(seat.store) for seat in (anna, bo, chen)] == [[], [], []]
    assert all(entry.person is None for entry in anna.ledger.entries(third))
    assert team.root.execute("SELECT count(*) FROM winnow.entry WHERE person IS NOT NULL AND subject = %s",
                             (third,)).fetchone() == (0,)  # fmt: skip


def test_who_may_read_one_source_gets_the_facts_of_all_and_the_people_of_that_one(  # type: ignore[no-untyped-def]
    laptop, team: Team, clock: Clock
) -> None:
    anna, bo = laptop("Anna"), laptop("Bo")
    fair = capture.capture(anna, form(1, source="Fair")).inquiry_id
    web = capture.capture(anna, form(2, source="Web")).inquiry_id
    sync(anna, team)
    sync(bo, team, "caller", sources=["Fair"])
    assert bo.inquiry(fair).last_name and not bo.inquiry(web).last_name
    team.admin.execute("SELECT winnow.set_scope('Bo', ARRAY['Web'])")
    sync(bo, team, "caller")
    assert bo.inquiry(web).last_name and not bo.inquiry(fair).last_name
    team.admin.execute("SELECT winnow.set_scope('Bo', NULL)")
    sync(bo, team, "caller")
    same(anna, bo)


def test_an_inquiry_is_brought_up_to_date_before_the_feed_has_come_that_far(laptop, team: Team, clock: Clock) -> None:  # type: ignore[no-untyped-def]
    anna, bo = laptop("Anna"), laptop("Bo")
    one, two = (capture.capture(anna, form(number)).inquiry_id for number in (1, 2))
    sync(anna, team)
    link = team.link("Bo", "caller", device=bo.device)
    changed = bring_up_to_date(Work(bo), link, [two])
    assert changed.inquiries == {two} and bo.inquiry(two).last_name
    assert not bo.store.query("SELECT 1 FROM inquiry WHERE id = ?", (one,))
    sync(bo, team, "caller")
    same(anna, bo)


def test_a_hub_restored_from_yesterday_gets_back_what_it_has_forgotten(  # type: ignore[no-untyped-def]
    laptop, team: Team, clock: Clock, server: Server, tmp_path: Path
) -> None:
    anna, bo = laptop("Anna"), laptop("Bo")
    first = capture.capture(anna, form(1)).inquiry_id
    sync(anna, team)
    kept = team.root.execute("SELECT pos FROM winnow.state").fetchone()
    calling.log_call(anna, first, Outcome.BUSY)
    second = capture.capture(anna, form(2)).inquiry_id
    sync(anna, team)
    sync(bo, team)
    privacy.erase(bo, second)
    with team.root.transaction():  # as if the backup of before were put back
        team.root.execute(
            "CREATE TEMP TABLE later AS SELECT unnest(ids) AS entry FROM winnow.feed WHERE pos > %s", kept
        )
        team.root.execute("DELETE FROM winnow.feed WHERE pos > %s", kept)
        team.root.execute("DELETE FROM winnow.entry WHERE id IN (SELECT entry FROM later)")
        team.root.execute("UPDATE winnow.state SET pos = %s, epoch = gen_random_uuid()", kept)
    for _ in range(2):
        for seat in (bo, anna):
            sync(seat, team)
    same(anna, bo)
    ids = {row[0].hex for row in team.root.execute("SELECT id FROM winnow.entry").fetchall()}
    assert ids == {row[0] for row in anna.store.query(f"SELECT id FROM ledger WHERE NOT ({SHIPPED})")}
    assert anna.inquiry(first).attempts == 1 and anna.inquiry(second).erased


# the hub in memory and the real one


class Conversation:
    """Says the same to both hubs, and compares what they answer."""

    def __init__(self, team: Team, clock: Clock, chance: random.Random) -> None:
        self.chance, self.model, self.root = chance, ModelHub(clock), team.root
        self.links: dict[str, tuple[Link, Link]] = {}
        for name, role, sources in (("Anna", "lead", None), ("Bo", "caller", ["Fair"]), ("Chen", "admin", None)):
            real = team.link(name, role, sources=sources)
            model = self.model.link(name)
            self.model.people[name].role = Role(role)
            self.model.people[name].sources = tuple(sources) if sources else None
            self.links[name] = (real, model)
        self.made: list[Entry] = []

    def step(self) -> None:
        name = self.chance.choice(list(self.links))
        real, model = self.links[name]
        if self.chance.randrange(8) == 0:  # as if the server's clock had been put back since that device spoke
            ahead = "UPDATE winnow.clock SET received = received + (60000::bigint << 16) WHERE device = %s"
            self.root.execute(ahead, (f"d-{self.chance.choice(list(self.links))}",))
        batch = [self.entry(name) for _ in range(self.chance.randrange(1, 6))]
        batch = list({entry.id: entry for entry in batch}.values())
        said = [[(r.id, r.outcome) for r in link.push(batch)] for link in (real, model)]
        assert said[0] == said[1], batch
        reader = self.links[self.chance.choice(list(self.links))]
        after, size = self.chance.randrange(0, len(self.made) + 2), self.chance.choice((1, 5, 1000))
        whole = [shown(link.pull(0, 1000).entries) for link in reader]
        assert whole[0] == whole[1]
        pages = [link.pull(after, size) for link in reader]
        assert shown(pages[0].entries) == shown(pages[1].entries)
        assert (pages[0].through, pages[0].head) == (max(after, pages[1].through), pages[1].head)
        people = [shown(link.persons(0, 1000).entries) for link in reader]
        assert people[0] == people[1]
        subjects = [f"{number:032x}" for number in range(1, 4)]
        about = [shown(link.subjects(subjects)) for link in reader]
        assert about[0] == about[1]

    def entry(self, name: str) -> Entry:
        """Something new, something old again, something that somebody else wrote, or something forged."""
        if self.made and self.chance.randrange(4) == 0:
            again = self.chance.choice(self.made)
            may = name != "Bo" or again.kind != "erased"  # a caller's are refused, which the one in memory leaves out
            forges = self.chance.randrange(3) == 0 and may
            return self._forged(again) if forges else again
        number = len(self.made) + 1
        subject, other = (f"{self.chance.randrange(1, 5):032x}" for _ in range(2))
        merges = [e.id for e in self.made if e.kind == "merged"]
        causes = [e.id for e in self.made if e.kind in {"erased", "disposed"}]
        bodies: list[Body | bytes] = [
            Captured(source=self.chance.choice(("Fair", "Web")), captured_at=1),
            Called(outcome=Outcome.BUSY, called_at=1), Corrected(country="DE"), Objected(objected_at=1),
            Merged(other=other), b'{"hold":true}',
            *([Erased()] if name != "Bo" and self.chance.randrange(4) == 0 else []),
            Disposed(disposition=self.chance.choice((Disposition.DISCARD, Disposition.SELL)), decided_at=1),
            *([Split(merge=self.chance.choice(merges))] if merges else []),
            *([Erased(disposition=self.chance.choice(causes))] if causes else []),
        ]  # fmt: skip
        body = self.chance.choice(bodies)
        automatic = isinstance(body, Merged) and self.chance.randrange(2) == 0
        automatic |= isinstance(body, Erased) and body.disposition != ""
        author = self.chance.choice(("Anna", "Chen")) if self.chance.randrange(4) == 0 and name == "Chen" else name
        made = make(
            body, f"{number:032x}", subject=subject, kind="dreamt" if isinstance(body, bytes) else "",
            person=Person(note="n") if self.chance.randrange(2) else None, device=f"d-{name}", device_seq=number,
            at=number, actor=AUTOMATIC if automatic else author,
        )  # fmt: skip
        self.made.append(made)
        return made

    def _forged(self, entry: Entry) -> Entry:
        made = msgspec.structs.replace(entry, wall=entry.wall + 1)
        made.hash = hash_of(made)
        return made


def shown(entries: Sequence[Entry]) -> list[tuple[object, ...]]:
    """What both must say alike; each has a clock of its own."""
    return [(e.id, e.pos, e.kind, e.hash, e.person, e.brought_by, e.received_at is not None) for e in entries]


@pytest.fixture(params=range(2))
def chance(request: pytest.FixtureRequest) -> random.Random:
    """One seed each."""
    return random.Random(request.param)


def test_the_hub_in_memory_answers_as_the_real_one_does(team: Team, clock: Clock, chance: random.Random) -> None:
    conversation = Conversation(team, clock, chance)
    for _ in range(ROUNDS * 5):
        conversation.step()

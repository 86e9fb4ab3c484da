"""Claims at random: laptops crash, clocks jump, answers get lost, and nobody is ever called by two at once.

A seed decides everything. `WINNOW_SEEDS=1000` tries more than usual.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Sequence

import pytest

from app.models.entries import Disposition, Outcome
from app.services import calling, capture, handoff, queue, working
from app.services.errors import ServiceError
from app.services.handoff import Choice
from app.services.team import claims, packs
from app.services.team.sync import sync_once
from app.services.team.work import Work
from tests.services.made_up import DAY, HOUR, MINUTE, NOON, berlin, form
from tests.sync.laptops import Crashed, FaultyLink, Laptop, folder_for_stores
from tests.sync.model_claims import Device, ModelClaims
from tests.sync.model_hub import ModelHub

SEEDS = int(os.environ.get("WINNOW_SEEDS", "25"))
MEASURED_MS = 2500  # a clock that differs by less from the hub's is right
PEOPLE, STEPS = 12, 90


class Team:
    """Three callers on one hub."""

    def __init__(self, seed: int, kind: type[ModelClaims] = ModelClaims) -> None:
        self.chance, self.now = random.Random(seed), NOON
        self.folder = folder_for_stores()
        self.hub = ModelHub(lambda: self.now)
        self.hub.claims = kind(lambda: self.now, self.hub.next_claim_no)
        self.laptops = [Laptop(self.folder / name, name, f"dev-{name}", lambda: self.now) for name in ("A", "B", "C")]
        for laptop in self.laptops:
            sync_once(laptop.seat, self.hub.link(laptop.member))
        for number in range(PEOPLE):
            capture.capture(self.laptops[0].seat, form(number, phone=berlin(number % 9)))
        for laptop in self.laptops:
            sync_once(laptop.seat, self.hub.link(laptop.member))
        self.actions = [self.tend] * 5 + [self.work] * 6 + [self.share] * 3 + [self.leave, self.take, self.give_back]
        self.actions += [self.jump, self.restart, self.pick, self.restore_claims]

    def __enter__(self) -> Team:
        return self

    def __exit__(self, *_: object) -> None:
        for laptop in self.laptops:
            laptop.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self) -> None:
        """Everything that the seed holds; after each step nobody has whom another has."""
        for _ in range(STEPS):
            self.now += self.chance.choice((1, 1, 1000, 1000, MINUTE, MINUTE, 4 * MINUTE, 11 * MINUTE, HOUR))
            laptop = self.chance.choice(self.laptops)
            if self.chance.randrange(6) == 0:
                laptop.store.fuse = self.chance.randrange(1, 25)
            try:
                self.chance.choice(self.actions)(laptop)
            except ServiceError:
                pass
            except Crashed:
                laptop.restart()
            finally:
                laptop.store.fuse = None
            self.look()

    def link(self, laptop: Laptop) -> FaultyLink:
        link = self.hub.link(laptop.member)
        link.device = laptop.device
        return FaultyLink(link, self.chance, percent=self.chance.choice((0, 0, 15)), burn=laptop.store.burn)

    # what people and laptops do

    def tend(self, laptop: Laptop) -> None:
        claims.tend(laptop.seat, self.link(laptop), work=Work(laptop.seat, size=50))  # type: ignore[arg-type]

    def work(self, laptop: Laptop) -> None:
        queue.keep_claims(laptop.seat)
        one = working.go_on(laptop.seat).opened
        if one is None:
            return
        if not claims.check(laptop.seat, self.link(laptop), one.id):  # type: ignore[arg-type]
            return
        what = self.chance.randrange(4)
        if what == 0:
            choice = Choice(reason="it is so")
            handoff.dispose(laptop.seat, one.id, self.chance.choice((Disposition.SELL, Disposition.NURTURE)), choice)
        elif what == 1:
            calling.skip(laptop.seat, one.id, "later")
        elif what == 2:
            calling.log_call(laptop.seat, one.id, Outcome.NO_ANSWER)

    def share(self, laptop: Laptop) -> None:
        sync_once(laptop.seat, self.link(laptop), work=Work(laptop.seat, size=50))  # type: ignore[arg-type]

    def leave(self, laptop: Laptop) -> None:
        working.leave(laptop.seat)

    def take(self, laptop: Laptop) -> None:
        packs.take(laptop.seat, self.link(laptop), 2, self.chance.choice((0.01, 1)))  # type: ignore[arg-type]

    def give_back(self, laptop: Laptop) -> None:
        packs.give_back(laptop.seat, self.link(laptop))  # type: ignore[arg-type]

    def pick(self, laptop: Laptop) -> None:
        inquiry = self.chance.choice([row[0] for row in laptop.store.query("SELECT id FROM inquiry ORDER BY id")])
        claims.claim_now(laptop.seat, self.link(laptop), inquiry)  # type: ignore[arg-type]

    def jump(self, laptop: Laptop) -> None:
        laptop.skew = self.chance.choice((0, 0, -HOUR, HOUR, DAY))

    def restart(self, laptop: Laptop) -> None:
        laptop.restart()

    def restore_claims(self, laptop: Laptop) -> None:
        """The same laptop asks anew for everybody: its answer was lost."""
        offered, _ = claims.candidates(laptop.seat, None, 20)
        self.link(laptop).claim_first(offered, 1, claims.LEASE_MS)

    # what must hold

    def look(self) -> None:
        """No person and no number is in the hands of two whose clocks are right."""
        by: dict[str, str] = {}
        for laptop in self.laptops:
            if abs(laptop.seat.now() - self.now) > MEASURED_MS:
                continue
            rows = laptop.store.query(
                "SELECT inquiry FROM hub_claim WHERE state = 'held' AND expires_at > ?", (laptop.seat.now(),)
            )
            things = {row[0] for row in rows}
            for inquiry in list(things):
                sql = "SELECT number FROM phone WHERE inquiry = ?"
                things |= {row[0] for row in laptop.store.query(sql, (inquiry,))}
            for thing in things:
                assert by.setdefault(thing, laptop.device) == laptop.device, f"{thing} is in the hands of two"


class Unfenced(ModelClaims):
    """A hub that takes a number for the inquiry, whoever has it by now."""

    def take(self, *given: object, **named: object) -> list:  # type: ignore[type-arg,override]
        got = super().take(*given, **named)  # type: ignore[arg-type]
        self.__dict__.setdefault("ever", {}).update({claim.claim_no: claim.inquiry for claim in got})
        return got

    def release(self, by: Device, numbers: Sequence[int]) -> None:
        ever = self.__dict__.get("ever", {})
        for inquiry in {ever[number] for number in numbers if number in ever}:
            self.held[inquiry].by, self.held[inquiry].expires_at = None, 0

    def renew(self, by: Device, numbers: Sequence[int], until: int) -> list[int]:
        ever = self.__dict__.get("ever", {})
        return [number for number in numbers if number in ever and self.live(ever[number])]


class Eager(ModelClaims):
    """A hub that looks at inquiries alone, and not at numbers."""

    def take(self, by, role, candidates, want, until, pack):  # type: ignore[no-untyped-def]
        bare = [type(each)(each.inquiry) for each in candidates]
        return super().take(by, role, bare, want, until, pack)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_nobody_is_in_the_hands_of_two(seed: int) -> None:
    with Team(seed) as team:
        team.run()


@pytest.mark.parametrize("kind", [Unfenced, Eager])
def test_a_hub_without_fencing_and_one_that_ignores_numbers_are_found(kind: type[ModelClaims]) -> None:
    for seed in range(60):
        with Team(seed, kind) as team:
            try:
                team.run()
            except AssertionError:
                return
    raise AssertionError("not found")


def test_a_laptop_that_outlives_its_lease_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "MARGIN_MS", -5 * MINUTE)
    for seed in range(60):
        with Team(seed) as team:
            try:
                team.run()
            except AssertionError:
                return
    raise AssertionError("not found")

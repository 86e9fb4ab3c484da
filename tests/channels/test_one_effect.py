"""Whatever fails, whenever, and whoever delivers: each lead has one effect at a receiver that knows its key."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.models.entries import Disposition
from app.services import capture, handoff, privacy
from app.services.errors import Refused
from app.services.handoff import Choice
from app.services.seat import Seat
from app.services.team import courier, deliveries, settling
from app.services.team.channels import configured
from app.services.team.channels.wire import Heard, Unreached, Wire
from app.services.team.leases import LEASE
from tests.services.made_up import DAY, MINUTE, Clock, beside, form, new_home, profile

ANSWERS = ("ok", "ok", "ok", "500", "429", "lost", "lost after the effect", "dies before", "dies after the effect")


class Died(BaseException):
    """The process was killed."""


class Ledger:
    """The receiver: by `webhook-id` the second time of the same has no effect. It keeps what stands for each lead."""

    def __init__(self) -> None:
        self.seen: dict[str, bytes] = {}
        self.effects: list[dict[str, Any]] = []
        self.standing: dict[str, str] = {}

    def take(self, head: dict[str, str], body: bytes) -> None:
        import json

        if head["webhook-id"] in self.seen:
            assert self.seen[head["webhook-id"]] == body, "the same id says other words"
            return
        self.seen[head["webhook-id"]] = body
        document = json.loads(body)
        self.effects.append(document)
        self.standing[document["data"]["id"]] = document["data"]["what"]


class Faulty(Wire):
    """The network: what happens to each request was chosen at random before."""

    def __init__(self, there: Ledger, faults: list[str]) -> None:
        super().__init__()
        self.there, self.faults = there, faults

    def send(self, method: str, url: str, head: Any, body: bytes, **_: Any) -> Heard:
        fault = self.faults.pop() if self.faults else "ok"
        if fault == "dies before":
            raise Died
        if fault in {"ok", "lost after the effect", "dies after the effect"}:
            self.there.take(dict(head), body)
        if fault == "dies after the effect":
            raise Died
        if fault.startswith("lost"):
            raise Unreached("no answer")
        code = {"500": 500, "429": 429}.get(fault, 200)
        return Heard(code, {"retry-after": "30"} if code == 429 else {}, b"")


steps = st.lists(
    st.tuples(st.sampled_from(["sell", "nurture", "undo", "erase", "first", "second", "second", "wait", "late"]),
              st.integers(0, 3)),
    min_size=4, max_size=16,
)  # fmt: skip


@profile(25, 400)
@given(steps=steps, faults=st.lists(st.sampled_from(ANSWERS), max_size=20))
def test_each_lead_has_one_effect_under_any_faults_and_two_couriers(
    steps: list[tuple[str, int]], faults: list[str]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        clock = Clock()
        with new_home(Path(folder) / "home", clock) as home:
            _work(home.seat, clock, steps, list(faults))


def _work(seat: Seat, clock: Clock, steps: list[tuple[str, int]], faults: list[str]) -> None:
    there = Ledger()
    wire = Faulty(there, faults)
    configured.add(seat, "CRM", "webhook", {"url": "https://crm.example.com/x"}, dispositions=("sell", "nurture"))
    people = [capture.capture(seat, form(number)).inquiry_id for number in range(4)]
    other = beside(seat)
    for what, who in steps:
        clock.on(1)
        try:
            if what in {"sell", "nurture"}:
                handoff.dispose(seat, people[who], Disposition(what), Choice(reason="so"))
            elif what == "undo":
                handoff.undo(seat)
            elif what == "erase":
                privacy.erase(seat, people[who])
            elif what == "wait":
                clock.on((0, 6_000, LEASE, DAY)[who])
            elif what == "late":
                _late(seat, other, wire)
            else:
                courier.deliver_due(seat if what == "first" else other, wire=wire, chance=lambda: 0.0)
        except (Refused, Died):
            continue
    wire.faults.clear()
    for _ in range(14):  # everything that was planned comes to its end
        clock.on(DAY + MINUTE)
        courier.deliver_due(seat, wire=wire, chance=lambda: 0.0)
    _judge(seat, there, people)
    other.store.close()


def _late(seat: Seat, other: Seat, wire: Faulty) -> None:
    """A courier sends, sleeps longer than its lease, and settles after another has delivered."""
    found: list[Any] = []
    kept = settling.settle

    def asleep(*what: Any) -> settling.Settled:
        found.append(what)
        return settling.Settled()

    courier.settle = asleep
    try:
        courier.deliver_due(seat, wire=wire, stop=lambda: bool(found), chance=lambda: 0.0)
    finally:
        courier.settle = kept
    seat.clock.on(LEASE + 1)  # type: ignore[attr-defined]
    courier.deliver_due(other, wire=wire, chance=lambda: 0.0)
    for each in found:
        kept(*each)


def _judge(seat: Seat, there: Ledger, people: list[str]) -> None:
    rows = seat.store.query("SELECT cause, state FROM delivery")
    assert not [state for _, state in rows if state in {"waiting", "delivering"}]
    assert seat.store.one("SELECT count(*) FROM delivery WHERE body IS NOT NULL AND state <> 'failed'") == (0,)
    effects = Counter(document["data"]["decision"] for document in there.effects)
    assert all(count == 1 for count in effects.values())
    delivered = {cause for cause, state in rows if state == "delivered"}
    assert delivered <= set(effects), "something is said to be received that never arrived"
    said = Counter(
        body.decision
        for person in people
        for body in (entry.facts() for entry in seat.ledger.entries(person) if entry.kind == "delivered")
        if body.received  # type: ignore[attr-defined]
    )
    assert said == dict.fromkeys(delivered, 1)
    for person in people:
        _stands_as_it_should(seat, there, person)


def _stands_as_it_should(seat: Seat, there: Ledger, person: str) -> None:
    """In the end the receiver knows what is so here, unless something was given up."""
    if any(one.state == "failed" for one in deliveries.of_inquiry(seat, person)):
        return
    inquiry = seat.inquiry(person)
    stands = there.standing.get(person, "nothing")
    if inquiry.erased:
        assert stands in {"nothing", "erase"}
    elif inquiry.disposition in {Disposition.SELL, Disposition.NURTURE}:
        assert stands == inquiry.disposition.value
    else:
        assert stands in {"nothing", "withdrawn"}

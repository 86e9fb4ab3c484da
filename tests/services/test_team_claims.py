"""What a laptop does with claims of a hub: ahead, offline, after a crash, with a wrong clock, in a pack."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.models.entries import Disposition, Outcome
from app.models.rights import Role
from app.services import calling, capture, drafts, handoff, privacy, queue, working
from app.services.desk import reassigning
from app.services.errors import NobodyCallable, Refused
from app.services.handoff import Choice
from app.services.team import claims, packs, presence
from app.services.team.link import HubUnreachable
from app.services.team.sync import sync_once
from tests.services.made_up import DAY, HOUR, MINUTE, Clock, form
from tests.sync.laptops import Laptop
from tests.sync.model_hub import ModelHub, ModelLink

WHY = Choice(reason="it is so")


class Desk:
    """One caller's laptop and its conversation with the hub."""

    def __init__(self, folder: Path, hub: ModelHub, name: str, clock: Clock) -> None:
        self.laptop = Laptop(folder, name, f"device-{name}", clock)
        self.name, self.hub = name, hub
        self.link: ModelLink = hub.link(name)
        self.link.hello(self.laptop.device)

    @property
    def seat(self):  # type: ignore[no-untyped-def]
        return self.laptop.seat

    def sync(self) -> None:
        sync_once(self.seat, self.link)

    def tend(self) -> claims.Kept:
        return claims.tend(self.seat, self.link)

    def rows(self) -> dict[str, str]:
        return dict(self.seat.store.query("SELECT inquiry, state FROM hub_claim"))


class Cut(ModelLink):
    """The network is gone."""

    def __getattribute__(self, name: str) -> object:
        if name.startswith("_"):
            return super().__getattribute__(name)
        raise HubUnreachable("no network")


Make = Callable[..., Desk]


@pytest.fixture
def hub(clock: Clock) -> ModelHub:
    return ModelHub(clock)


@pytest.fixture
def desk(tmp_path: Path, hub: ModelHub, clock: Clock) -> Iterator[Make]:
    made: list[Desk] = []

    def make(name: str, folder: str = "") -> Desk:
        made.append(Desk(tmp_path / (folder or name), hub, name, clock))
        return made[-1]

    yield make
    for each in made:
        each.laptop.stop()


@pytest.fixture
def two(desk: Make) -> tuple[Desk, Desk, list[str]]:
    """Ada and Ben with the same eight people."""
    ada, ben = desk("Ada"), desk("Ben")
    ada.sync()
    ids = [capture.capture(ada.seat, form(n)).inquiry_id for n in range(8)]
    ada.sync()
    ben.sync()
    return ada, ben, ids


def test_one_in_hand_and_one_ahead_are_held_and_a_colleague_gets_others(two) -> None:  # type: ignore[no-untyped-def]
    ada, ben, ids = two
    with pytest.raises(NobodyCallable, match="Nobody is claimed from the hub yet"):
        queue.claim_next(ada.seat)
    assert (ada.tend().held, ben.tend().held) == (2, 2)
    assert queue.claim_next(ada.seat) == ids[0]
    assert queue.peek_next(ada.seat, without=ids[0]) == ids[1]
    assert queue.claim_next(ben.seat) == ids[2]
    assert ada.tend().held == 2
    assert set(ada.rows()) == {ids[0], ids[1]}


def test_what_is_written_under_a_claim_carries_its_number_and_the_next_is_held_at_once(two) -> None:  # type: ignore[no-untyped-def]
    ada, _, ids = two
    ada.tend()
    step = working.go_on(ada.seat)
    assert (step.opened.id, step.ahead.id) == (ids[0], ids[1])
    number = ada.hub.claims.held[ids[0]].claim_no
    step = working.log_and_next(ada.seat, ids[0], Outcome.NO_ANSWER, shown=ids[1])
    assert ada.seat.ledger.entries(ids[0])[-1].claim_no == number > 0
    assert step.ahead is None and step.lost == ""  # the network thread has not asked yet
    assert ada.rows()[ids[0]] == "released"
    ada.tend()
    assert ada.hub.claims.live(ids[0]) is not None, "the hub hears of it only after the call was handed in"
    ada.sync()
    ada.tend()
    assert ada.hub.claims.live(ids[0]) is None
    assert working.look_ahead(ada.seat, ids[1]).ahead.id == ids[2]
    handoff.dispose(ada.seat, ids[1], Disposition.NURTURE, WHY)
    entries = ada.seat.ledger.entries(ids[1])
    assert entries[-1].claim_no == ada.hub.claims.held[ids[1]].claim_no
    calling.skip(ada.seat, ids[2], "lunch")
    assert ada.seat.ledger.entries(ids[2])[-1].claim_no == ada.hub.claims.held[ids[2]].claim_no


def test_whoever_was_called_a_moment_ago_by_a_colleague_is_not_called_again(two) -> None:  # type: ignore[no-untyped-def]
    ada, ben, ids = two
    ben.tend()
    calling.log_call(ben.seat, queue.claim_next(ben.seat), Outcome.NO_ANSWER)
    ben.sync()
    ben.tend()
    assert ada.seat.ledger.entries(ids[0])[-1].kind == "captured", "Ada has not heard of it"
    ada.tend()
    assert queue.claim_next(ada.seat) == ids[2] or queue.claim_next(ada.seat) == ids[3]
    assert ada.seat.ledger.entries(ids[0])[-1].kind == "called"
    assert ada.hub.claims.live(ids[0]) is None


def test_without_the_network_only_whom_the_laptop_holds_can_be_called(two, clock: Clock) -> None:  # type: ignore[no-untyped-def]
    ada, _, ids = two
    ada.tend()
    assert calling.log_call(ada.seat, queue.claim_next(ada.seat), Outcome.NO_ANSWER)
    assert calling.log_call(ada.seat, queue.claim_next(ada.seat), Outcome.NO_ANSWER)
    with pytest.raises(NobodyCallable, match="only somebody of a pack"):
        queue.claim_next(ada.seat)
    step = working.go_on(ada.seat)
    assert step.opened is None and "from the hub" in step.why_none
    with pytest.raises(HubUnreachable):
        claims.tend(ada.seat, Cut(ada.hub, "Ada"))
    with pytest.raises(queue.NotHeld):
        queue.claim(ada.seat, ids[5])
    assert working.open_one(ada.seat, ids[5]).opened.locked


def test_a_lease_that_ran_out_is_told_and_the_decision_kept_and_contested(two, clock: Clock) -> None:  # type: ignore[no-untyped-def]
    ada, ben, ids = two
    ada.tend()
    working.go_on(ada.seat)
    queue.keep_claims(ada.seat)
    clock.on(claims.LEASE_MS + 1)
    ben.tend()
    assert queue.claim_next(ben.seat) == ids[0]
    handoff.dispose(ben.seat, ids[0], Disposition.NURTURE, WHY)
    ben.sync()
    assert "run out" in queue.lost(ada.seat, ids[0])
    assert not claims.check(ada.seat, ada.link, ids[0])
    step = working.decide_and_next(ada.seat, ids[0], Disposition.SELL, WHY)
    assert "run out" in step.lost
    ada.sync()
    ben.sync()
    for desk in (ada, ben):
        inquiry = desk.seat.inquiry(ids[0])
        assert inquiry.contested
        assert {e.kind for e in desk.seat.ledger.entries(ids[0])} >= {"disposed"}
        assert inquiry.disposition is Disposition.NURTURE, "the younger claim shows"
    assert ada.rows().get(ids[0]) is None


def test_a_sign_of_life_keeps_the_lease_and_says_whom_somebody_lost(two, clock: Clock) -> None:  # type: ignore[no-untyped-def]
    ada, ben, ids = two
    ada.tend()
    working.go_on(ada.seat)
    for _ in range(6):
        clock.on(claims.HEARTBEAT_MS)
        queue.keep_claims(ada.seat)
        assert ada.tend().lost == ()
    assert claims.check(ada.seat, ada.link, ids[0])
    for held in ada.hub.claims.held.values():
        held.expires_at = 0  # the hub was restored
    ben.tend()
    clock.on(claims.HEARTBEAT_MS)
    queue.keep_claims(ada.seat)
    kept = ada.tend()
    assert set(kept.lost) == {ids[0], ids[1]}
    assert queue.lost(ada.seat, ids[0])
    assert ada.rows()[ids[0]] == "lost"


@pytest.mark.parametrize("skew", [-DAY, -HOUR, HOUR, DAY])
def test_a_laptop_with_a_wrong_clock_never_thinks_that_it_holds_longer_than_the_hub(two, clock: Clock, skew) -> None:  # type: ignore[no-untyped-def]
    ada, _, ids = two
    ada.laptop.skew = skew
    ada.sync()
    ada.tend()
    for _ in range(14):
        assert queue.peek_next(ada.seat) == ids[0]
        clock.on(MINUTE)
    clock.on(MINUTE - 1)
    assert ada.hub.claims.live(ids[0])
    assert queue.peek_next(ada.seat) is None
    assert not claims.check(ada.seat, None, ids[0])


@pytest.mark.parametrize("jump", [-DAY, -HOUR, HOUR, DAY])
def test_a_clock_that_jumps_is_corrected_before_it_harms(two, clock: Clock, jump) -> None:  # type: ignore[no-untyped-def]
    ada, _, ids = two
    ada.sync()
    ada.tend()
    ada.laptop.skew = jump
    ada.tend()  # not measured yet: at worst nobody is held, or others
    ada.sync()
    ada.tend()
    assert queue.peek_next(ada.seat) is not None
    for _ in range(20):
        here = {place.id for place in queue.held_in_order(queue.View(ada.seat))}
        assert here <= {i for i in ids if (held := ada.hub.claims.live(i)) and held.by == ("Ada", "device-Ada")}
        clock.on(MINUTE)


def test_after_a_crash_the_same_laptop_takes_its_own_claims_up_again(two, clock: Clock) -> None:  # type: ignore[no-untyped-def]
    ada, ben, ids = two
    ada.tend()
    working.go_on(ada.seat)
    drafts.save(ada.seat, ids[0], drafts.Draft(note="half"))
    ada.laptop.restart()
    ada.seat.holder = "window-after"
    ben.tend()
    step = working.start(ada.seat)
    assert (step.opened.id, step.ahead.id) == (ids[0], ids[1])
    assert step.opened.view.draft.note == "half"
    assert set(ben.rows()) == {ids[2], ids[3]}


def test_an_answer_that_got_lost_leaves_nobody_held_for_nothing(two) -> None:  # type: ignore[no-untyped-def]
    ada, ben, ids = two
    offered, _ = claims.candidates(ada.seat, None, 20)
    ada.link.claim_first(offered, 2, claims.LEASE_MS)  # …and the laptop dies here
    ada.laptop.restart()
    ben.tend()
    ada.tend()
    assert queue.claim_next(ada.seat) == ids[0]
    assert set(ben.rows()) == {ids[2], ids[3]}


def test_letting_go_survives_a_crash_and_is_told_once_the_network_is_back(two) -> None:  # type: ignore[no-untyped-def]
    ada, ben, ids = two
    ada.tend()
    working.go_on(ada.seat)
    working.leave(ada.seat)
    ada.laptop.restart()
    with pytest.raises(HubUnreachable):
        claims.tend(ada.seat, Cut(ada.hub, "Ada"))
    assert set(ada.rows()) == {ids[0], ids[1]}
    ada.tend()
    ben.tend()
    held = {i for i in ids if ada.hub.claims.live(i)}
    assert len(held) == 4 and held == set(ada.rows()) | set(ben.rows())


def test_whoever_was_let_go_and_not_told_yet_can_be_taken_up_again(two) -> None:  # type: ignore[no-untyped-def]
    ada, _, ids = two
    ada.tend()
    working.go_on(ada.seat)
    working.decide_and_next(ada.seat, ids[0], Disposition.NURTURE, WHY)
    step = working.undo(ada.seat)
    assert (step.opened.id, step.opened.locked) == (ids[0], "")
    assert ada.rows()[ids[0]] == "held"


def test_who_is_picked_is_claimed_from_the_hub_if_the_team_allows_it(two, hub: ModelHub) -> None:  # type: ignore[no-untyped-def]
    ada, ben, ids = two
    ben.tend()
    claims.claim_now(ada.seat, ada.link, ids[6])
    assert working.open_one(ada.seat, ids[6]).opened.locked == ""
    with pytest.raises(Refused, match="on the line"):
        claims.claim_now(ada.seat, ada.link, ids[0])
    hub.may_pick = False
    late = [capture.capture(ada.seat, form(n)).inquiry_id for n in range(20, 45)]
    with pytest.raises(Refused, match="in the order of the queue"):
        claims.claim_now(ada.seat, ada.link, late[-1])
    hub.people["Ada"].role = Role.LEAD
    claims.claim_now(ada.seat, ada.link, late[-1])


def test_two_who_share_a_number_are_never_called_by_two_at_once(desk: Make) -> None:
    ada, ben = desk("Ada"), desk("Ben")
    ada.sync()
    one = capture.capture(ada.seat, form(1)).inquiry_id
    same = capture.capture(ada.seat, form(2, phone=form(1).phone)).inquiry_id
    assert one != same
    ada.sync()
    ben.sync()
    assert ada.tend().held == 1
    assert ben.tend().held == 0


def test_a_pack_is_worked_for_days_without_a_network_and_given_back(two, clock: Clock) -> None:  # type: ignore[no-untyped-def]
    ada, ben, ids = two
    pack = packs.take(ada.seat, ada.link, 3, 2)
    assert pack == ids[:3] and [i for i, _ in packs.held(ada.seat)] == sorted(pack)
    ben.tend()
    assert not set(ben.rows()) & set(pack)
    clock.on(DAY)
    ada.laptop.restart()
    first = queue.claim_next(ada.seat)
    assert first == ids[0]
    calling.log_call(ada.seat, first, Outcome.NO_ANSWER)  # they wait for the next try, and stay in the pack
    assert ada.rows()[first] == "held"
    assert ada.seat.ledger.entries(first)[-1].claim_no == ada.hub.claims.held[first].claim_no
    second = queue.claim_next(ada.seat)
    handoff.dispose(ada.seat, second, Disposition.NURTURE, WHY)
    assert ada.rows()[second] == "released"
    ada.sync()
    assert packs.give_back(ada.seat, ada.link) == sorted([ids[0], ids[2]])
    assert ada.rows() == {} and not any(ada.hub.claims.live(i) for i in pack)
    with pytest.raises(Refused, match="at most 14 days"):
        packs.take(ada.seat, ada.link, 1, 15)


def test_a_pack_ends_with_its_lease_and_a_late_result_is_kept_and_contested(two, clock: Clock) -> None:  # type: ignore[no-untyped-def]
    ada, ben, ids = two
    packs.take(ada.seat, ada.link, 1, 1)
    assert queue.claim_next(ada.seat) == ids[0]
    clock.on(DAY + 1)
    ben.tend()
    assert queue.claim_next(ben.seat) == ids[0]
    handoff.dispose(ben.seat, ids[0], Disposition.NURTURE, WHY)
    ben.sync()
    handoff.dispose(ada.seat, ids[0], Disposition.NURTURE, WHY)
    ada.sync()
    assert ada.seat.inquiry(ids[0]).contested
    assert packs.held(ada.seat) == []


def test_a_pack_holds_also_those_who_may_be_called_only_later(  # type: ignore[no-untyped-def]
    two, hub: ModelHub, clock: Clock
) -> None:
    ada, _, ids = two
    hub.people["Ada"].role = Role.LEAD
    ada.sync()
    ada.tend()
    calling.log_call(ada.seat, queue.claim_next(ada.seat), Outcome.CALLBACK, back_at=clock.now + 5 * HOUR)
    reassigning.reassign(ada.seat, [ids[5]], "Ben")
    ada.sync()
    ada.tend()
    clock.on(6 * HOUR)  # at night nobody can be called
    with pytest.raises(NobodyCallable):
        queue.claim_next(ada.seat)
    pack = packs.take(ada.seat, ada.link, 20, 3)
    assert pack[0] == ids[0] and ids[5] not in pack and len(pack) == 7


def test_a_promise_that_is_missed_opens_to_all_also_in_a_team(two, clock: Clock) -> None:  # type: ignore[no-untyped-def]
    ada, ben, ids = two
    ada.tend()
    calling.log_call(ada.seat, queue.claim_next(ada.seat), Outcome.CALLBACK, back_at=clock.now + HOUR)
    ada.sync()
    ben.sync()
    clock.on(HOUR)
    ben.tend()
    assert ids[0] not in ben.rows()
    clock.on(15 * MINUTE)
    ben.tend()
    assert queue.claim_next(ben.seat) == ids[0]


def test_a_callback_that_falls_due_comes_before_whoever_is_held_ahead(two, clock: Clock) -> None:  # type: ignore[no-untyped-def]
    ada, _, ids = two
    ada.tend()
    calling.log_call(ada.seat, queue.claim_next(ada.seat), Outcome.CALLBACK, back_at=clock.now + HOUR)
    ada.sync()
    ada.tend()
    working.go_on(ada.seat)
    clock.on(HOUR - MINUTE)
    ada.tend()
    queue.keep_claims(ada.seat)
    clock.on(MINUTE)
    assert claims.needs_another(ada.seat)
    ada.tend()
    assert not claims.needs_another(ada.seat)
    assert queue.peek_next(ada.seat) == ids[0]


def test_more_are_offered_while_colleagues_hold_the_head_of_the_queue(desk: Make, hub: ModelHub) -> None:
    ada, ben = desk("Ada"), desk("Ben")
    ada.sync()
    ids = [capture.capture(ada.seat, form(n)).inquiry_id for n in range(120)]
    ada.sync()
    ben.sync()
    packs.take(ben.seat, ben.link, 100, 1)
    assert ada.tend().held == 2
    assert set(ada.rows()) == set(ids[100:102])


def test_a_home_without_a_team_asks_nobody(seat, take) -> None:  # type: ignore[no-untyped-def]
    one = take(1)
    assert queue.claim_next(seat) == one
    calling.log_call(seat, one, Outcome.NO_ANSWER)
    assert seat.ledger.entries(one)[-1].claim_no == 0
    assert seat.store.query("SELECT * FROM hub_claim") == []
    assert claims.check(seat, None, one)


def test_the_team_hears_who_is_on_a_call_with_whom(two, clock: Clock) -> None:  # type: ignore[no-untyped-def]
    ada, _, ids = two
    assert presence.doing(ada.seat) == ("away", "", None)
    ada.tend()
    working.go_on(ada.seat)
    assert presence.doing(ada.seat).what == "between"
    drafts.save(ada.seat, ids[0], drafts.Draft(dialled_at=clock.now))
    assert presence.doing(ada.seat) == ("call", ids[0], clock.now)
    telling = presence.Telling()
    assert telling.tell(ada.seat, ada.link) and not telling.tell(ada.seat, ada.link)
    clock.on(telling.EVERY_MS)
    assert telling.tell(ada.seat, ada.link)
    presence.hear(ada.seat, ada.link)


def test_somebody_who_objected_while_held_ahead_is_given_back(two) -> None:  # type: ignore[no-untyped-def]
    ada, ben, ids = two
    ada.tend()
    privacy.object_to_calls(ben.seat, ids[0])
    ben.sync()
    ada.sync()
    ada.tend()
    assert set(ada.rows()) == {ids[1], ids[2]} and ada.hub.claims.live(ids[0]) is None

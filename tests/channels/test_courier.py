"""Decisions reach the receiver once in effect; what goes wrong is tried again, shown, and can be replayed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from app.models.entries import Delivered, Verdict
from app.services import handoff, privacy
from app.services.history import history
from app.services.sales import selling
from app.services.seat import Seat
from app.services.team import courier, deliveries
from app.services.team.channels import configured
from app.services.team.channels.wire import Wire
from app.services.team.leases import SCHEDULE
from tests.channels.receiver import Receiver, fine, status
from tests.services.made_up import DAY, MINUTE, Clock, beside

Decide = Callable[..., str]


def add(seat: Seat, receiver: Receiver, name: str = "CRM", **options: object) -> None:
    configured.add(seat, name, "webhook", {"url": receiver.url()}, **options)  # type: ignore[arg-type]


def run(seat: Seat, **options: object) -> courier.Tally:
    return courier.deliver_due(seat, chance=lambda: 0.0, **options)  # type: ignore[arg-type]


def test_a_sell_is_delivered_once_and_the_inquiry_says_so(seat: Seat, receiver: Receiver, decide: Decide) -> None:
    add(seat, receiver)
    inquiry = decide()
    assert [one.state in deliveries.OPEN for one in deliveries.of_inquiry(seat, inquiry)] == [True]
    assert run(seat) == courier.Tally(delivered=1)
    assert run(seat) == courier.Tally()
    (got,) = receiver.got
    data = got.json["data"]
    assert got.json["type"] == "lead.sold" and data["id"] == inquiry
    assert (data["last_name"], data["note"], data["next_step"]) == ("Abendroth", "wants a quote", "send a quote")
    assert data["answers"][0]["points"] and data["reasons"] and data["history"]
    assert any("Sent to CRM" in row.text and "received" in row.text for row in history(seat, inquiry))
    assert not any(one.state in deliveries.OPEN for one in deliveries.of_inquiry(seat, inquiry))
    assert seat.store.one("SELECT count(*) FROM delivery WHERE body IS NOT NULL") == (0,)


def test_only_what_the_rule_names_goes_to_a_channel(seat: Seat, receiver: Receiver, decide: Decide) -> None:
    add(seat, receiver, "Mailings", dispositions=("nurture",), sources=("fair",), countries=("Germany",))
    decide(0)
    there = decide(1, "nurture")
    decide(2, "nurture", source="Web")
    decide(3, "nurture", country="FR", phone="+33199000123")
    assert run(seat).delivered == 1
    assert receiver.got[0].json["data"]["id"] == there


def test_what_was_decided_before_a_channel_was_added_stays_here(seat: Seat, receiver: Receiver, decide: Decide,
                                                                  clock: Clock) -> None:  # fmt: skip
    decide(0)
    clock.on(MINUTE)
    add(seat, receiver)
    decide(1)
    assert run(seat).delivered == 1


def test_what_is_taken_back_before_it_is_sent_is_never_sent(seat: Seat, receiver: Receiver, decide: Decide) -> None:
    add(seat, receiver)
    inquiry = decide()
    handoff.undo(seat)
    assert run(seat) == courier.Tally()
    assert receiver.got == []
    assert [one.state for one in deliveries.of_inquiry(seat, inquiry)] == ["gone", "gone"]


def test_what_is_taken_back_afterwards_is_corrected_and_may_be_sold_again(seat: Seat, receiver: Receiver,
                                                                          decide: Decide) -> None:  # fmt: skip
    add(seat, receiver)
    inquiry = decide()
    run(seat)
    handoff.undo(seat)
    run(seat)
    handoff.dispose(seat, inquiry, handoff.Disposition.SELL, handoff.Choice(reason="yes, it is"))
    run(seat)
    sold, back, again = (got.json for got in receiver.got)
    assert [each["type"] for each in (sold, back, again)] == ["lead.sold", "lead.withdrawn", "lead.sold"]
    assert back["data"]["correction"] and back["data"]["replaces"] == sold["data"]["decision"]
    assert again["data"]["correction"] and again["data"]["replaces"] == back["data"]["decision"]
    assert {each["data"]["root"] for each in (sold, back, again)} == {sold["data"]["decision"]}
    entries = [entry.facts() for entry in seat.ledger.entries(inquiry) if entry.kind == "delivered"]
    assert [body.correction for body in entries if isinstance(body, Delivered)] == [False, True, True]


def test_a_lead_that_sales_returns_is_corrected_with_the_reason(seat: Seat, receiver: Receiver, decide: Decide) -> None:
    add(seat, receiver)
    inquiry = decide()
    run(seat)
    selling.review(seat, inquiry, Verdict.NURTURE, reason="no budget this year")
    run(seat)
    assert receiver.got[-1].json["type"] == "lead.withdrawn"
    assert receiver.got[-1].json["data"]["reason"] == "no budget this year"


def test_one_that_changes_its_category_on_a_channel_of_both_is_one_correction(seat: Seat, receiver: Receiver,
                                                                              decide: Decide) -> None:  # fmt: skip
    add(seat, receiver, dispositions=("sell", "nurture"))
    inquiry = decide()
    run(seat)
    selling.review(seat, inquiry, Verdict.NURTURE, reason="no budget this year")
    run(seat)
    assert [got.json["type"] for got in receiver.got] == ["lead.sold", "lead.nurtured"]
    assert receiver.got[-1].json["data"]["correction"]


def test_an_erasure_asks_the_receiver_to_erase_and_leaves_no_body_here(seat: Seat, receiver: Receiver,
                                                                       decide: Decide) -> None:  # fmt: skip
    add(seat, receiver)
    told, waits = decide(0), decide(1)
    first = {one.subject: one for one in deliveries.of_inquiry(seat, told)}
    receiver.behave = lambda got: fine(got) if told in got.body.decode() else (500, {}, b"")
    run(seat)
    privacy.erase(seat, told)
    privacy.erase(seat, waits)
    assert seat.store.one("SELECT count(*) FROM delivery WHERE body IS NOT NULL") == (0,)
    receiver.behave = fine
    seat.clock.on(DAY)  # type: ignore[attr-defined]
    run(seat)
    erased = [got.json["data"] for got in receiver.got if got.json["type"] == "lead.erased"]
    assert {each["id"] for each in erased} == {told, waits}  # the second may have arrived, for all that is known
    assert not any("last_name" in each or "phones" in each or "history" in each for each in erased)
    assert first[told].state == "waiting"


def test_one_who_was_never_told_of_is_not_erased_there(seat: Seat, receiver: Receiver, decide: Decide) -> None:
    add(seat, receiver)
    privacy.erase(seat, decide())
    assert run(seat) == courier.Tally()
    assert receiver.got == []


def test_attempts_follow_the_schedule_say_the_same_words_and_end_as_a_dead_letter(
    seat: Seat, receiver: Receiver, decide: Decide, clock: Clock
) -> None:
    add(seat, receiver)
    receiver.behave = status(500)
    inquiry = decide()
    waits = []
    for attempt in range(1, len(SCHEDULE) + 1):
        tally = run(seat)
        assert len(receiver.got) == attempt
        (one,) = deliveries.of_inquiry(seat, inquiry)
        if one.state == "failed":
            break
        assert tally == courier.Tally(waiting=1)
        waits.append(one.next_at - clock.now)
        clock.on(waits[-1] - 1)
        assert run(seat) == courier.Tally(waiting=1) and len(receiver.got) == attempt
        clock.on(1)
    assert (0, *waits) == SCHEDULE
    assert tally == courier.Tally(failed=1)
    assert len({got.body for got in receiver.got}) == len({got.head["webhook-id"] for got in receiver.got}) == 1
    assert len({got.head["webhook-timestamp"] for got in receiver.got}) == len(SCHEDULE)
    assert [letter.cause for letter in deliveries.given_up(seat.store)] == [one.cause]
    assert any("given up" in row.text for row in history(seat, inquiry))

    receiver.behave = fine
    assert deliveries.replay(seat, "CRM") == 1
    assert run(seat) == courier.Tally(delivered=1)
    assert receiver.got[-1].head["webhook-id"] == receiver.got[0].head["webhook-id"]


def test_a_redirect_is_a_failure_and_nobody_is_followed(seat: Seat, receiver: Receiver, decide: Decide) -> None:
    add(seat, receiver)
    receiver.behave = status(307, Location=receiver.url("/elsewhere"))
    decide()
    assert run(seat) == courier.Tally(waiting=1)
    assert [got.path for got in receiver.got] == ["/leads"]


def test_gone_switches_the_channel_off_and_keeps_what_waits(seat: Seat, receiver: Receiver, decide: Decide) -> None:
    add(seat, receiver)
    receiver.behave = status(410)
    decide(0), decide(1)
    assert run(seat) == courier.Tally(waiting=2)
    (standing,) = configured.standings(seat.store)
    assert not standing.enabled and "410" in standing.problem and len(receiver.got) == 1
    receiver.behave = fine
    seat.clock.on(DAY)  # type: ignore[attr-defined]
    assert run(seat).delivered == 0
    configured.switch(seat, "crm", True)
    assert run(seat).delivered == 2


@pytest.mark.parametrize(
    ("after", "wait"), [("90", 90_000), ("Tue, 10 Mar 2026 15:02:00 GMT", 120_000), ("soon", 5000)]
)
def test_who_asks_to_wait_is_left_in_peace(
    seat: Seat, receiver: Receiver, decide: Decide, clock: Clock, after: str, wait: int
) -> None:
    add(seat, receiver)
    receiver.behave = status(429, Retry_After=after)
    decide(0), decide(1)
    assert run(seat) == courier.Tally(waiting=2)
    assert len(receiver.got) == 1, "a receiver that is busy is not asked about the next"
    receiver.behave = fine
    clock.on(wait - 1)
    assert run(seat).delivered == 0 and len(receiver.got) == 1
    clock.on(5001)
    assert run(seat).delivered == 2


@pytest.mark.parametrize("how", ["hang", "drip", "close", "reset", "garbage"])
def test_a_receiver_that_does_not_answer_gets_the_same_words_again(
    seat: Seat, receiver: Receiver, decide: Decide, clock: Clock, how: str
) -> None:
    add(seat, receiver)
    receiver.behave = lambda _: how
    decide()
    with Wire(timeout=0.4) as wire:
        assert run(seat, wire=wire) == courier.Tally(waiting=1)
        receiver.behave = fine
        clock.on(6000)
        assert run(seat, wire=wire) == courier.Tally(delivered=1)
    assert len({(got.head["webhook-id"], got.body) for got in receiver.got}) == 1


def test_one_channel_that_is_down_keeps_no_other_waiting(seat: Seat, receiver: Receiver, decide: Decide) -> None:
    configured.add(seat, "Down", "webhook", {"url": "http://127.0.0.1:9/nobody"})
    add(seat, receiver)
    for number in range(30):
        decide(number)
    assert run(seat) == courier.Tally(delivered=30, waiting=30)
    assert "reached" in configured.standings(seat.store)[1].problem or configured.standings(seat.store)[1].problem


def test_a_courier_that_dies_in_the_middle_leaves_its_work_to_the_next(seat: Seat, receiver: Receiver, decide: Decide,
                                                                       clock: Clock) -> None:  # fmt: skip
    add(seat, receiver)
    decide()

    class Died(BaseException):
        pass

    def dies(*_: object, **__: object) -> object:
        raise Died

    wire = Wire()
    wire.send = dies  # type: ignore[method-assign,assignment]
    with pytest.raises(Died):
        run(seat, wire=wire)
    other = beside(seat)
    assert run(other) == courier.Tally(waiting=1), "the lease still runs"
    clock.on(5 * MINUTE)
    assert run(other) == courier.Tally(delivered=1)
    assert len(receiver.got) == 1
    other.store.close()


def test_a_removed_channel_forgets_its_secret_and_delivers_nothing(seat: Seat, receiver: Receiver,
                                                                   decide: Decide) -> None:  # fmt: skip
    add(seat, receiver)
    decide()
    assert configured.remove(seat, "crm") == 1
    assert run(seat) == courier.Tally()
    assert seat.store.query("SELECT name FROM secret WHERE name LIKE 'channel:%'") == []


def test_an_erasure_says_who_was_told(seat: Seat, receiver: Receiver, decide: Decide, tmp_path: Path) -> None:
    add(seat, receiver)
    configured.add(seat, "Later", "webhook", {"url": "http://127.0.0.1:9/nobody"})
    inquiry = decide()
    run(seat)
    assert deliveries.who_was_told(seat, inquiry) == {"CRM": False}
    said = privacy.erase(seat, inquiry).sentences
    assert "CRM was told of them, and is asked to erase them." in said
    assert not any("Nobody else" in sentence or "Later" in sentence for sentence in said)


def test_as_a_caller_of_a_team_one_is_told_who_delivers(seat: Seat) -> None:
    from app.models.rights import Role
    from app.services.errors import Refused
    from app.services.team import membership, state
    from app.services.team.postgres_deliveries import leases_of

    ours = membership.Membership(options={}, login="w:ada", member="Ada", role=Role.CALLER, joined_at=0)
    with seat.store.writing():
        membership._write(seat, membership.MEMBERSHIP, msgspec.json.encode(ours))
        state.put_word(seat.store, state.ROLE, Role.CALLER.value)
    with pytest.raises(Refused, match="as caller you do not"), leases_of(seat):
        pass

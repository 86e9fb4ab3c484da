"""HubSpot: everything about a lead is made there once, whatever fails in between, as its API describes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app.models.entries import Verdict
from app.services import handoff, privacy
from app.services.sales import selling
from app.services.seat import Seat
from app.services.team import courier, trying
from app.services.team.channels import configured
from app.services.team.channels.wire import Wire
from tests.channels.hubspot_there import SPECIFICATION, HubSpotThere
from tests.channels.receiver import Got, Receiver
from tests.services.made_up import DAY, Clock

Decide = Callable[..., str]


@pytest.fixture
def there(receiver: Receiver) -> Iterator[HubSpotThere]:
    made = HubSpotThere()
    receiver.behave = made
    yield made
    assert made.flaws == []


def add(seat: Seat, receiver: Receiver, **settings: Any) -> None:
    url = receiver.url("").rstrip("/")
    on = ("sell", "nurture")
    configured.add(seat, "HubSpot", "hubspot", {"url": url, **settings}, {"token": "pat-na1-secret"}, dispositions=on)


def run(seat: Seat, **options: Any) -> courier.Tally:
    return courier.deliver_due(seat, chance=lambda: 0.0, **options)


def properties(there: HubSpotThere, kind: str) -> dict[str, str]:
    (one,) = there.of(kind)
    found: dict[str, str] = one["properties"]
    return found


def test_a_sell_is_a_contact_a_company_a_deal_a_note_and_a_task_tied_together(
    seat: Seat, receiver: Receiver, there: HubSpotThere, decide: Decide
) -> None:
    if not SPECIFICATION.exists():
        pytest.skip("the specification is not here; the other tests check the rest")
    add(seat, receiver, owner="77", stage="qualifiedtobuy")
    decide()
    assert run(seat) == courier.Tally(delivered=1)
    contact, company, deal = (there.of(kind)[0] for kind in ("contacts", "companies", "deals"))
    assert (
        contact["properties"]["email"] == "person0@werk0.example" and contact["properties"]["lastname"] == "Abendroth"
    )
    assert company["properties"]["domain"] == "werk0.example"
    assert deal["properties"]["dealstage"] == "qualifiedtobuy" and deal["properties"]["hubspot_owner_id"] == "77"
    assert set(deal["ties"]) == {contact["id"], company["id"]}
    assert "wants a quote" in properties(there, "notes")["hs_note_body"]
    assert set(there.of("notes")[0]["ties"]) == {contact["id"], company["id"], deal["id"]}
    assert properties(there, "tasks")["hs_task_body"] == "send a quote"
    (row,) = seat.store.query("SELECT number FROM delivery")
    assert row == (contact["id"],)


def test_who_and_what_is_there_already_is_found_and_never_made_twice(
    seat: Seat, receiver: Receiver, there: HubSpotThere, decide: Decide
) -> None:
    there.make("contacts", email="person0@werk0.example", lifecyclestage="customer", city="Bonn")
    there.make("companies", name="Werk 0", domain="werk0.example")
    add(seat, receiver)
    decide()
    run(seat)
    assert properties(there, "contacts")["lifecyclestage"] == "customer"
    assert properties(there, "contacts")["city"] == "Bonn", "what is empty here overwrites nothing there"
    assert len(there.of("companies")) == 1


def test_a_nurture_is_no_deal_and_no_task(seat: Seat, receiver: Receiver, there: HubSpotThere, decide: Decide) -> None:
    add(seat, receiver)
    decide(0, "nurture", email="")
    assert run(seat).delivered == 1
    assert (there.of("deals"), there.of("tasks")) == ([], [])
    assert properties(there, "contacts")["winnow_id"]


@pytest.mark.parametrize("step", range(8))
def test_a_connection_that_breaks_after_any_step_leaves_one_of_each(
    seat: Seat, receiver: Receiver, there: HubSpotThere, decide: Decide, clock: Clock, step: int
) -> None:
    add(seat, receiver)
    decide()
    seen: list[Got] = []

    def breaks(got: Got) -> str | None:
        seen.append(got)
        return "close" if len(seen) == step + 1 else None

    there.after = breaks
    with Wire(timeout=2) as wire:
        first = run(seat, wire=wire)
        there.after = lambda got: None
        clock.on(DAY)
        assert first.delivered + run(seat, wire=wire).delivered == 1
    assert {kind: len(there.of(kind)) for kind in there.objects} == dict.fromkeys(
        ("contacts", "companies", "deals", "notes", "tasks"), 1
    )


def test_of_two_who_make_it_at_once_one_finds_what_the_other_made(
    seat: Seat, receiver: Receiver, there: HubSpotThere, decide: Decide
) -> None:
    add(seat, receiver)
    decide()

    def somebody_is_faster(got: Got) -> None:
        if got.method == "POST" and got.path.endswith("/deals") and not there.of("deals"):
            there.make("deals", **got.json["properties"])

    there.before = somebody_is_faster
    assert run(seat).delivered == 1
    assert len(there.of("deals")) == 1


def test_what_is_taken_back_closes_the_deal_and_selling_again_opens_it(
    seat: Seat, receiver: Receiver, there: HubSpotThere, decide: Decide
) -> None:
    add(seat, receiver)
    inquiry = decide()
    run(seat)
    handoff.undo(seat)
    run(seat)
    assert properties(there, "deals")["dealstage"] == "closedlost"
    handoff.dispose(seat, inquiry, handoff.Disposition.SELL, handoff.Choice(reason="yes"))
    run(seat)
    assert properties(there, "deals")["dealstage"] == "appointmentscheduled"
    assert len(there.of("notes")) == 3


@pytest.mark.parametrize("way", ["task", "delete"])
def test_an_erasure_asks_the_owner_or_erases(
    seat: Seat, receiver: Receiver, there: HubSpotThere, decide: Decide, way: str
) -> None:
    add(seat, receiver, erase=way)
    inquiry = decide()
    run(seat)
    privacy.erase(seat, inquiry)
    assert run(seat).delivered == 1
    assert len(there.of("contacts")) == (1 if way == "task" else 0)
    assert any("Erase" in one["properties"]["hs_task_subject"] for one in there.of("tasks")) is (way == "task")


def test_a_wrong_token_waits_and_says_so(seat: Seat, receiver: Receiver, there: HubSpotThere, decide: Decide) -> None:
    there.token = "another"
    add(seat, receiver)
    decide()
    assert run(seat) == courier.Tally(waiting=1)
    assert "token" in configured.standings(seat.store)[0].problem
    assert "pat-na1" not in configured.standings(seat.store)[0].problem


def test_what_hubspot_refuses_for_good_is_given_up_at_once(
    seat: Seat, receiver: Receiver, there: HubSpotThere, decide: Decide
) -> None:
    add(seat, receiver)
    decide()
    there.before = lambda got: (400, {}, b'{"message":"Property values were not valid"}')
    assert run(seat) == courier.Tally(failed=1)


def test_a_lead_that_sales_returns_to_nurture_is_one_correction(
    seat: Seat, receiver: Receiver, there: HubSpotThere, decide: Decide
) -> None:
    add(seat, receiver)
    inquiry = decide()
    run(seat)
    selling.review(seat, inquiry, Verdict.NURTURE, reason="no budget")
    assert run(seat).delivered == 1
    assert "Correction" in there.of("notes")[1]["properties"]["hs_note_body"]
    assert properties(there, "deals")["dealstage"] == "closedlost"


def test_the_preview_shows_every_request_and_no_token(seat: Seat, receiver: Receiver, there: HubSpotThere,
                                                      decide: Decide) -> None:  # fmt: skip
    add(seat, receiver)
    shown = trying.preview(seat, "hubspot", decide()).shown
    assert [one.to.partition(" ")[2].rpartition("objects/")[2] for one in shown] == [
        "contacts/batch/upsert", "companies", "deals", "notes", "tasks",
    ]  # fmt: skip
    assert "pat-na1" not in repr(shown) and receiver.got == []

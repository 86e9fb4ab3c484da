"""A template fills method, address, headers and body with the lead, and says the same key at each attempt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.services.errors import Refused
from app.services.seat import Seat
from app.services.team import courier, trying
from app.services.team.channels import configured
from tests.channels.receiver import Receiver, fine, status
from tests.services.made_up import Clock

Decide = Callable[..., str]


def add(seat: Seat, receiver: Receiver, **settings: Any) -> None:
    usual = {"url": receiver.url("/api/leads/{id}?by={first_name}"), "headers": {"Authorization": "Bearer {token}"}}
    configured.add(seat, "CRM", "http", usual | settings, {"token": "s3cr3t"})


def test_fields_go_where_the_template_names_them(seat: Seat, receiver: Receiver, decide: Decide) -> None:
    body = {"lead": {"name": "{first_name} {last_name}", "points": "{score}", "hot": True, "tags": ["{source}", 1],
                     "mails": "{emails}", "said": "{answers}"}}  # fmt: skip
    receiver.behave = lambda _: (201, {}, b'{"data":{"id":4711}}')
    add(seat, receiver, method="put", body=body, number_at="data.id")
    inquiry = decide(0, first_name='A"b/ü')
    assert courier.deliver_due(seat).delivered == 1
    (got,) = receiver.got
    lead = got.json["lead"]
    assert got.method == "PUT" and got.path == f"/api/leads/{inquiry}?by=A%22b%2F%C3%BC"
    assert lead["name"] == 'A"b/ü Abendroth' and isinstance(lead["points"], int) and lead["hot"] is True
    assert lead["tags"] == ["Fair", 1] and lead["mails"] == ["person0@werk0.example"] and ":" in lead["said"]
    assert got.head["authorization"] == "Bearer s3cr3t"
    assert seat.store.one("SELECT number FROM delivery") == ("4711",)


def test_the_key_is_the_same_at_each_attempt(seat: Seat, receiver: Receiver, decide: Decide, clock: Clock) -> None:
    add(seat, receiver)
    decide()
    receiver.behave = status(503)
    courier.deliver_due(seat)
    receiver.behave = fine
    clock.on(6000)
    assert courier.deliver_due(seat).delivered == 1
    first, second = receiver.got
    assert first.head["idempotency-key"] == second.head["idempotency-key"] and first.body == second.body


def test_what_is_refused_for_good_is_not_said_again(seat: Seat, receiver: Receiver, decide: Decide) -> None:
    add(seat, receiver)
    receiver.behave = status(422)
    decide()
    assert courier.deliver_due(seat) == courier.Tally(failed=1)


@pytest.mark.parametrize(
    "settings",
    [{"body": {"a": "{nobody}"}}, {"url": "https://{company}.example.com/"}, {"method": "DELETE"},
     {"headers": {"A b": "c"}}, {"headers": {"X": "a\r\nHost: b"}}, {"headers": {"X": "{email}"}},
     {"url": "https://crm.example.com/{token}"}, {"url": "http://crm.example.com/"}],
)  # fmt: skip
def test_a_template_that_cannot_be_filled_is_refused_at_once(
    seat: Seat, receiver: Receiver, settings: dict[str, Any]
) -> None:
    with pytest.raises(Refused):
        add(seat, receiver, **settings)


def test_what_the_preview_shows_is_what_arrives_but_for_the_token(seat: Seat, receiver: Receiver,
                                                                  decide: Decide) -> None:  # fmt: skip
    add(seat, receiver)
    inquiry = decide()
    (shown,) = trying.preview(seat, "CRM", inquiry).shown
    courier.deliver_due(seat)
    (got,) = receiver.got
    assert shown.body.encode() == got.body and "s3cr3t" not in repr(shown)
    head = {name.lower(): value for name, value in shown.head}
    assert {**head, "authorization": "Bearer s3cr3t"} == {n: v for n, v in got.head.items() if n != "connection"}

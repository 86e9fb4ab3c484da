"""Webhooks as the Standard Webhooks specification has them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from standardwebhooks.webhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from app.models.deliveries import Channel
from app.services.errors import Refused
from app.services.seat import Seat, wall_clock
from app.services.store.deliveries import channels
from app.services.team import courier, trying
from app.services.team.channels import configured
from app.services.team.channels.base import Letter
from app.services.team.channels.packet import Happened, Packet, sample
from app.services.team.channels.webhook import MOST, carrier, new_secret
from tests.channels.receiver import Receiver

SHARED = Path(os.environ.get("WINNOW_SHARED") or Path(__file__).parents[2] / ".." / "shared")
VECTORS = SHARED / "data" / "webhooks" / "standard_webhooks_vectors.json"


def letter(body: bytes, at: int) -> Letter:
    return Letter(channel="CRM", cause="0" * 32, lead="1" * 32, what="sell", body=body, at=at)


def channel(url: str = "https://crm.example.com/in") -> Channel:
    return Channel(name="CRM", kind="webhook", settings={"url": url})


@pytest.mark.skipif(not VECTORS.exists(), reason="the vectors are not here")
def test_signatures_are_those_of_the_vectors() -> None:
    seen = 0
    for vector in json.loads(VECTORS.read_text("utf-8"))["vectors"]:
        if not vector["valid"] or " " in vector["signature"]:
            continue
        made = carrier(channel(), {"secret": vector["secret"]})
        head = dict(made.preview(letter(vector["payload"].encode(), int(vector["timestamp"]) * 1000))[0].head)
        at = datetime.fromtimestamp(int(vector["timestamp"]), UTC)
        assert Verifier(vector["secret"]).sign(vector["id"], at, vector["payload"]) == vector["signature"]
        own = Verifier(vector["secret"]).sign(head["webhook-id"], at, vector["payload"])
        assert head["webhook-signature"] == own
        seen += 1
    assert seen == 2


def test_a_receiver_verifies_with_the_library_also_while_the_secret_changes(
    seat: Seat, receiver: Receiver, decide: Callable[..., str]
) -> None:
    seat.clock.now = wall_clock()  # type: ignore[attr-defined]
    configured.add(seat, "CRM", "webhook", {"url": receiver.url()})
    old = configured.secrets_of(seat, "CRM")["secret"]
    decide(0)
    courier.deliver_due(seat)
    new = configured.rotate(seat, "crm")
    decide(1)
    courier.deliver_due(seat)
    configured.end_rotation(seat, "CRM")
    decide(2)
    courier.deliver_due(seat)
    first, both, last = receiver.got
    for secret, got in ((old, first), (old, both), (new, both), (new, last)):
        assert Verifier(secret).verify(got.body, got.head)["type"] == "lead.sold"
    for secret, got in ((new, first), (old, last)):
        with pytest.raises(WebhookVerificationError):
            Verifier(secret).verify(got.body, got.head)
    assert len(both.head["webhook-signature"].split()) == 2


def test_a_secret_is_long_enough_or_refused(seat: Seat) -> None:
    assert 24 <= len(Verifier(new_secret())._whsecret) <= 64
    for short in ("whsec_AAAA", "whsec_", "hello there"):
        with pytest.raises(Refused):
            configured.add(seat, "CRM", "webhook", {"url": "https://crm.example.com"}, {"secret": short})
    assert channels(seat.store) == []


@pytest.mark.parametrize("lines", [0, 10, 400])
def test_a_payload_stays_small_and_keeps_who_it_is_about(seat: Seat, lines: int) -> None:
    import msgspec

    long = Happened(at="2026-03-10T15:00:00Z", by="me", text="said “so” " * 40)
    made: Packet = msgspec.structs.replace(sample(seat), history=(long,) * lines, note="ü" * 30_000, test=False)
    body = carrier(channel(), {"secret": new_secret()}).freeze(made, letter(b"", 0))
    data = json.loads(body)["data"]
    assert len(body) < MOST and data["shortened"]
    assert (data["id"], data["last_name"], data["phones"]) == (made.id, "Test", ["+12025550123"])


def test_what_the_preview_shows_is_what_arrives(seat: Seat, receiver: Receiver, decide: Callable[..., str]) -> None:
    configured.add(seat, "CRM", "webhook", {"url": receiver.url()})
    inquiry = decide()
    (shown,) = trying.preview(seat, "CRM", inquiry).shown
    courier.deliver_due(seat)
    (got,) = receiver.got
    assert shown.body.encode() == got.body
    assert {name.lower(): value for name, value in shown.head} == {
        name: value for name, value in got.head.items() if name != "connection"
    }


def test_the_sample_is_nobody_and_says_so(seat: Seat, receiver: Receiver) -> None:
    configured.add(seat, "CRM", "webhook", {"url": receiver.url()})
    tried = trying.send_sample(seat, "crm")
    assert tried.reply is not None and tried.reply.outcome == "received"
    assert receiver.got[0].json["type"] == "lead.test"


def test_secrets_are_in_no_row_that_is_shown(seat: Seat) -> None:
    settings = {"url": "https://crm.example.com/x", "headers": {"Authorization": "Bearer {token}"}}
    configured.add(seat, "CRM", "http", settings, {"token": "s3cr3t-token"})
    assert configured.secrets_of(seat, "CRM") == {"token": "s3cr3t-token"}
    assert "s3cr3t" not in repr(seat.store.query("SELECT * FROM channel"))
    assert "s3cr3t" not in repr(trying.preview(seat, "CRM"))

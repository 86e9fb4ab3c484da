"""By a clock that was ahead nothing has happened after the hub heard of it; what is promised stays as it was said."""

from __future__ import annotations

import msgspec
import pytest

from app.models.entries import (
    KIND_OF,
    KINDS,
    Body,
    Called,
    Captured,
    Disposed,
    Disposition,
    Millis,
    Outcome,
    Planned,
    Reviewed,
    Skipped,
    Verdict,
)
from app.models.entry import PAST, Entry, encode

NOW = 1_773_154_800_000
IN_2099 = NOW + 73 * 365 * 86_400_000
HOUR = 3_600_000
FUTURE = {"back_at", "retry_at", "until", "return_by", "erase_at"}  # what is to come
PLANNED = {("planned", "at"), ("woken", "woken_at")}  # a promise; a day that is the same on every device


def written(body: Body, clock: Millis, received: Millis | None = NOW) -> Entry:
    return Entry(
        id="1" * 32, subject="2" * 32, kind=KIND_OF[type(body)], body=encode(body), at=clock << 16, wall=clock,
        received_at=None if received is None else received << 16,
    )  # fmt: skip


def test_every_moment_of_the_vocabulary_is_either_past_or_to_come() -> None:
    moments = {
        (kind, field.name)
        for kind, struct in KINDS.items()
        for field in msgspec.structs.fields(struct)
        if field.name == "at" or field.name.endswith(("_at", "until", "_by"))
    }
    limited = {(KIND_OF[struct], name) for struct, names in PAST.items() for name in names}
    assert {each for each in moments - limited - PLANNED if each[1] not in FUTURE} == set()
    assert limited <= moments


@pytest.mark.parametrize("struct", list(PAST), ids=lambda struct: KIND_OF[struct])
def test_what_has_happened_is_limited_to_when_the_hub_heard_of_it(struct: type[Body]) -> None:
    needed = {
        "source": "s", "outcome": Outcome.BUSY, "disposition": Disposition.SELL, "verdict": Verdict.ACCEPT, "won": True,
        "name": "s", "amount": "1", "currency": "EUR", "purpose": "p", "given": True, "channel": "c",
        "decision": "3" * 32, "received": True, "template": "t",
    }  # fmt: skip
    fields = {field.name for field in msgspec.structs.fields(struct)}
    given = {name: value for name, value in needed.items() if name in fields}
    body = struct(**given, **dict.fromkeys(PAST[struct], IN_2099))
    for name in PAST[struct]:
        assert getattr(written(body, IN_2099).facts(), name) == NOW
        assert getattr(written(body, IN_2099, None).facts(), name) == IN_2099, "no hub has heard of it"
        assert getattr(written(body, NOW + 30_000).facts(), name) == IN_2099, "its clock was right"


def test_what_winnow_reckons_from_it_moves_along_and_what_people_promise_does_not() -> None:
    call = Called(outcome=Outcome.BUSY, called_at=IN_2099, retry_at=IN_2099 + 2 * HOUR, back_at=IN_2099 + HOUR)
    facts = written(call, IN_2099).facts()
    assert isinstance(facts, Called)
    assert (facts.called_at, facts.retry_at, facts.back_at) == (NOW, NOW + 2 * HOUR, IN_2099 + HOUR)
    discard = Disposed(disposition=Disposition.DISCARD, decided_at=IN_2099, erase_at=IN_2099 + 600_000)
    facts = written(discard, IN_2099).facts()
    assert isinstance(facts, Disposed) and facts.erase_at == NOW + 600_000
    look = Reviewed(verdict=Verdict.NURTURE, reviewed_at=IN_2099, until=IN_2099)
    facts = written(look, IN_2099).facts()
    assert isinstance(facts, Reviewed) and (facts.reviewed_at, facts.until, facts.erase_at) == (NOW, IN_2099, None)
    for body in (Planned(at=IN_2099), Skipped(until=IN_2099)):
        assert written(body, IN_2099).facts() == body


def test_what_lies_before_the_hub_heard_of_it_stays_and_the_bytes_do_too() -> None:
    body = Captured(source="s", captured_at=NOW - HOUR)
    entry = written(body, IN_2099)
    before = entry.body
    assert entry.facts() == body and entry.body == before

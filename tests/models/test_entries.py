"""An entry says who wrote it, and proves that nobody changed it since."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.models.entries import KINDS, Captured, Disposed, Erased, Objected, Person, Unknown
from app.models.entry import Entry, encode, hash_of
from tests.models.histories_at_random import histories, make

ENVELOPE = ("id", "subject", "kind", "version", "actor", "device", "device_seq", "claim_no", "at", "wall", "seen")


def other(value: object) -> object:
    if isinstance(value, int):
        return value + 1
    return (*value, "x") if isinstance(value, tuple) else f"{value}x"


@settings(max_examples=60, deadline=None)
@given(histories(most=4))
def test_every_entry_verifies_and_still_does_when_its_person_is_erased(entries: list[Entry]) -> None:
    for entry in entries:
        assert entry.verifies()
        assert msgspec.structs.replace(entry, person=None, salt=None).verifies()


@pytest.mark.parametrize("name", ENVELOPE)
def test_a_changed_envelope_does_not_verify(name: str) -> None:
    entry = make(Captured(source="Fair", captured_at=1), "1" * 32, person=Person(first_name="Anna"))
    assert not msgspec.structs.replace(entry, **{name: other(getattr(entry, name))}).verifies()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_byte_of_body_person_salt_digest_or_hash_can_change_unnoticed(data: st.DataObject) -> None:
    entry = make(Captured(source="Fair", captured_at=1), "1" * 32, person=Person(first_name="Anna", note="tall"))
    part = data.draw(st.sampled_from(["body", "person", "salt", "digest", "hash"]))
    value = bytearray(getattr(entry, part))
    place = data.draw(st.integers(0, len(value) - 1))
    value[place] ^= data.draw(st.integers(1, 255))
    assert not msgspec.structs.replace(entry, **{part: bytes(value)}).verifies()


def test_a_person_cannot_be_put_into_an_entry_that_had_none() -> None:
    entry = make(Captured(source="Fair", captured_at=1), "1" * 32)
    assert not msgspec.structs.replace(entry, person=encode(Person(note="forged")), salt=b"s").verifies()


def test_what_the_hub_stamps_is_not_part_of_the_hash() -> None:
    entry = make(Captured(source="Fair", captured_at=1), "1" * 32)
    assert msgspec.structs.replace(entry, received_at=5, pos=7, brought_by="Bo").verifies()


def test_two_devices_make_the_same_hash_of_an_automatic_erasure() -> None:
    body = Erased(disposition="5" * 32)
    one = make(body, "1" * 32, actor="winnow", device="d0", device_seq=3, at=9)
    two = make(body, "1" * 32, actor="winnow", device="d1", device_seq=8, at=70, seen=("2" * 32,))
    assert one.hash == two.hash
    assert one.hash != make(Erased(disposition="6" * 32), "1" * 32, actor="winnow").hash


def test_a_requested_erasure_is_signed_by_its_author() -> None:
    assert make(Erased(), "1" * 32, actor="Anna").hash != make(Erased(), "1" * 32, actor="Bo").hash


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_of_a_newer_version_is_unknown_to_this_one(kind: str) -> None:
    assert isinstance(make(b'{"hold":true}', "1" * 32, kind=kind, version=2).facts(), Unknown)


@pytest.mark.parametrize(
    ("body", "holds"),
    [(b"{}", False), (b'{"hold":true}', True), (b'{"hold":false}', False), (b'{"hold":{"until":5}}', True),
     (b"[]", False), (b"\xff\x00", False), (b"", False)],
)  # fmt: skip
def test_an_unknown_body_may_be_anything_and_a_hold_in_it_counts(body: bytes, holds: bool) -> None:
    facts = make(body, "1" * 32, kind="dreamt").facts()
    assert isinstance(facts, Unknown)
    assert facts.holds is holds


def test_a_body_that_is_not_its_kinds_is_refused() -> None:
    for body in (b"[]", b'{"disposition":"perhaps","decided_at":1}', b""):
        with pytest.raises(msgspec.DecodeError):
            make(body, "1" * 32, kind="disposed").facts()


def test_equal_facts_have_equal_bytes() -> None:
    one = Disposed(disposition="sell", decided_at=1, answers={"b": "1", "a": "2"})
    two = Disposed(disposition="sell", decided_at=1, answers={"a": "2", "b": "1"})
    assert encode(one) == encode(two)


def test_stamped_entries_come_before_unstamped_and_by_the_earlier_clock() -> None:
    def entry(at: int, received_at: int | None, seq: int = 1, device: str = "d0") -> Entry:
        return make(Objected(objected_at=1), "1" * 32, at=at, received_at=received_at, device_seq=seq, device=device)

    slow_clock = entry(at=3, received_at=50)
    fast_clock = entry(at=9000, received_at=20)
    unstamped = entry(at=1, received_at=None)
    assert sorted([unstamped, fast_clock, slow_clock], key=Entry.order) == [slow_clock, fast_clock, unstamped]
    assert entry(5, 5, device="d0", seq=9).order() < entry(5, 5, device="d1", seq=1).order()
    assert entry(5, 5, seq=1).order() < entry(5, 5, seq=2).order()


def test_the_hash_covers_everything_that_the_author_said() -> None:
    entry = make(Captured(source="Fair", captured_at=1), "1" * 32)
    assert entry.hash == hash_of(entry)
    assert len(entry.hash) == 32

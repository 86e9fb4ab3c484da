"""Rows that are not looked at again are those that a new fold would make just so."""

from __future__ import annotations

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from app.models.consent import Consent
from app.models.entries import Disposition, Outcome, Phone
from app.models.inquiry import Block, Call, Inquiry, Request, Stage
from app.services.store.folded_rows import CHILDREN, children
from app.services.store.projection import Projection, project
from app.services.store.unchanged import only_brought, same_rows

BERLIN = Phone(raw="030 23125118", e164="+493023125118", region="DE", zones=("Europe/Berlin",))
CONSENT = Consent(purpose="phone", given=True, at=5, how="asked", actor="Ada", entry="c")
SAID: dict[str, tuple[Any, ...]] = {  # what is not plain text, a figure or yes and no
    "id": ("a" * 32,),
    "stage": tuple(Stage),
    "disposition": (None, *Disposition),
    "advice": (None, *Disposition),
    "phones": ((), (BERLIN,), (Phone(raw="12"),), (Phone(raw="12"), BERLIN)),
    "emails": ((), ("maria@rossi.example",), ("info@rossi.example",)),
    "requests": ((), (Request(1, "Fair", "A quote", "Ada"),)),
    "calls": ((), (Call("e", 3, Outcome.BUSY, "Ada"),)),
    "blocks": ((), (Block("k", "e", "objection", 3),)),
    "row_keys": ((), ("1:a",), ("1:b",), ("1:a", "1:b"), ("1:a", "1:b", "1:c")),
    "consents": ({}, {"phone": CONSENT}),
    "wrong_numbers": (frozenset(), frozenset({BERLIN.e164})),
    "by_hand": (frozenset(), frozenset({"title"})),
}


def values(field: msgspec.structs.FieldInfo) -> tuple[Any, ...]:
    """What a field of an inquiry may hold: what it holds of itself, or something else."""
    if field.name in SAID:
        return SAID[field.name]
    kind, usual = str(field.type), field.default if field.default is not msgspec.NODEFAULT else {}
    plain = {"bool": True, "int": 5, "float": 5.0, "tuple": ("x",), "dict": {"x": "y"}, "str": "x"}
    return (usual, next(value for name, value in plain.items() if name in kind))


FIELDS = {field.name: values(field) for field in msgspec.structs.fields(Inquiry)}
ANYBODY = st.builds(Inquiry, **{name: st.sampled_from(found) for name, found in FIELDS.items()})


def neighbours(inquiry: Inquiry) -> list[Inquiry]:
    """As they are, but for one field."""
    return [msgspec.structs.replace(inquiry, **{name: value}) for name in FIELDS for value in FIELDS[name]]


def rows_of(inquiry: Inquiry) -> Projection:
    return project(inquiry, 12, number_objected=False)


@given(before=ANYBODY)
def test_where_only_imported_rows_come_every_other_row_stays_as_it_was(before: Inquiry) -> None:
    old = rows_of(before)
    for after in neighbours(before):
        if (brought := only_brought(before, after)) is not None:
            new = rows_of(after)
            assert new.rows == old.rows | brought
            assert msgspec.structs.replace(new, rows=old.rows) == old


@given(before=ANYBODY)
def test_rows_that_a_glance_calls_the_same_are(before: Inquiry) -> None:
    old = rows_of(before)
    for after in neighbours(before):
        new, same = rows_of(after), same_rows(before, after)
        assert all(children(old, name) == children(new, name) for name in CHILDREN if name in same)
        assert "search" not in same or (old.words, old.digits) == (new.words, new.digits)


def test_another_row_about_somebody_whose_rows_say_nothing_of_it_brings_itself_alone() -> None:
    before = Inquiry(id="a", phones=(BERLIN,), row_keys=("1:a", "1:b"))
    after = msgspec.structs.replace(before, row_keys=("1:a", "1:b", "1:c"), postal_code="10115", heads=("e",))
    assert only_brought(before, after) == {("1:c", "a")}


def test_a_second_imported_row_is_more_than_itself_since_the_first_one_moves() -> None:
    first = Inquiry(id="a", phones=(BERLIN,), row_keys=("1:a",))
    assert only_brought(first, msgspec.structs.replace(first, row_keys=("1:a", "1:b"))) is None

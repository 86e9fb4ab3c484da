"""Somebody hidden by the erasure of another: a lead says whether they are the same person."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.models.entries import Disposition, Merged
from app.models.rights import Role
from app.services import capture, doctor, handoff, merging, privacy
from app.services.desk import figures, hidden, pages
from app.services.desk.pages import How, Tab
from app.services.errors import Refused
from app.services.handoff import Choice
from app.services.seat import Seat
from tests.models.histories_at_random import make
from tests.services.made_up import DAY, Clock, form
from tests.services.team import gather

Take = Callable[..., str]
LATER = 1 << 62  # as the hub's stamp: after everything


def joined_later(seat: Seat, gone: str, other: str, number: int = 1) -> None:
    """The hub has a join by Winnow itself, and has it only after the erasure."""
    with seat.store.writing():
        seat.store.writer.execute("UPDATE ledger SET received_at = at, pos = seq WHERE subject = ?", (gone,))
        merge = make(Merged(other=other), f"{number:032x}", subject=gone, actor="winnow", received_at=LATER, at=LATER)
        seat.ledger.append([merge])
    privacy.erase_due(seat)


def told(seat: Seat) -> list[str]:
    return [f.sentence for f in doctor.check(seat) if "hidden" in f.sentence]


def test_whoever_is_hidden_is_told_by_the_doctor_and_the_desk_until_they_are_parted(seat: Seat, take: Take) -> None:
    gone, other = take(1), take(2)
    privacy.erase(seat, gone)
    assert told(seat) == [] and hidden.count(seat) == 0
    before = seat.inquiry(other)
    joined_later(seat, gone, other)
    assert seat.inquiry(other).erased and not seat.inquiry(other).name
    (finding,) = [f for f in doctor.check(seat) if "hidden" in f.sentence]
    assert finding.sentence.startswith("1 person is hidden") and min(gone, other) in finding.todo
    (row,) = pages.page(seat, Tab.CONTESTED).rows
    assert (row.how, row.row.name, row.row.company) == (How.HIDDEN, before.name, before.company)
    counted = figures.figures(seat)
    assert (counted.contested, counted.hidden, counted.to_settle) == (0, 1, 1)
    hidden.part(seat, row.id)
    assert seat.inquiry(other).name == before.name and seat.inquiry(gone).erased
    assert (told(seat), hidden.hidden(seat), pages.page(seat, Tab.CONTESTED).rows) == ([], [], ())
    with pytest.raises(Refused):
        hidden.part(seat, other)


def test_the_same_person_is_erased_too(seat: Seat, take: Take) -> None:
    gone, other = take(1), take(2)
    privacy.erase(seat, gone)
    joined_later(seat, gone, other)
    hidden.erase(seat, hidden.hidden(seat)[0].row.id)
    assert all(entry.person is None for entry in seat.ledger.entries(other))
    assert (told(seat), hidden.count(seat)) == ([], 0)


@pytest.mark.parametrize("how", ["asked", "discarded"])
def test_keyed_hashes_say_whether_it_is_the_same_person(seat: Seat, take: Take, clock: Clock, how: str) -> None:
    """They are what stays of the erased one: e-mails, and numbers with the surname."""
    gone, stranger = take(1, email="ada@werk.example"), take(2)
    if how == "asked":
        privacy.erase(seat, gone)
    else:
        handoff.dispose(seat, gone, Disposition.DISCARD, Choice(reason="so"))
        clock.on(DAY)
        privacy.erase_due(seat)
    again = capture.capture(seat, form(3, email="ada@werk.example")).inquiry_id
    for number, (other, same) in enumerate([(again, True), (stranger, False)], start=1):
        joined_later(seat, gone, other, number)
        (found,) = hidden.hidden(seat)
        assert found.same is same
        hidden.part(seat, other)


@pytest.mark.parametrize("first", ["parted", "erased"])
def test_two_who_are_hidden_by_one_erasure_are_decided_about_each(seat: Seat, take: Take, first: str) -> None:
    gone, one, two, three = (take(number) for number in range(1, 5))
    names = {each: seat.inquiry(each).name for each in (one, two)}
    merging.merge(seat, two, three)
    privacy.erase(seat, gone)
    for number, other in enumerate((one, two), start=1):
        joined_later(seat, gone, other, number)
    both = hidden.hidden(seat)
    assert {each.row.id: each.row.name for each in both}.keys() == {one, min(two, three)}
    if first == "parted":
        hidden.part(seat, one)
        assert seat.inquiry(one).name == names[one]
    else:
        hidden.erase(seat, one)
        assert all(entry.person is None for entry in seat.ledger.entries(one))
    privacy.erase_due(seat)
    (left,) = hidden.hidden(seat)
    assert left.row.id == min(two, three) and seat.inquiry(two).erased
    hidden.part(seat, left.row.id)
    assert seat.inquiry(two).name and seat.inquiry(two).subjects == tuple(sorted((two, three)))
    with pytest.raises(Refused):
        hidden.erase(seat, two)


def test_a_caller_of_the_team_is_told_of_nobody_and_decides_nothing(seat: Seat, take: Take) -> None:
    gone, other = take(1), take(2)
    privacy.erase(seat, gone)
    joined_later(seat, gone, other)
    gather(seat, me="Ada", role=Role.CALLER)
    assert pages.page(seat, Tab.CONTESTED).rows == ()
    with pytest.raises(Refused):
        hidden.part(seat, other)

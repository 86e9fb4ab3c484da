"""What somebody wrote who was revoked counts nowhere until a team lead lets it in, and everybody sees that it does not.

Homes of people, on a real hub; what was written is carried on a stick, as a bundle would bring it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from app.models.entries import (
    Body,
    Called,
    Captured,
    Erased,
    Merged,
    Objected,
    Outcome,
    Person,
    ScriptPublished,
    SourceDefined,
    Undone,
)
from app.models.entry import Entry
from app.models.rights import Role
from app.services import capture, changing_settings, history, privacy
from app.services.errors import NotFound
from app.services.seat import Seat
from app.services.store import held_back
from app.services.team import aside, hub, state
from app.services.team.link import HubRefused
from app.services.team.sync import Report, sync_once
from tests.hub.team import NOON, Author
from tests.services.actions_at_random import tables_as_they_should_be, tables_now
from tests.services.made_up import Clock, form, new_home

WHY = "Ben was revoked; a team lead decides."


class Carried:
    """Marta has Ben's work on a stick; he was revoked. Root is the admin, Lena a lead, Ada another caller."""

    def __init__(self, home: Callable[[str], Seat], url: str) -> None:
        self.root = home("Root")
        hub.create(self.root, url)
        self.lena, self.marta, self.ada = (self.joined(home(name), role) for name, role in OTHERS.items())
        hub.invite(self.root, "Ben", Role.CALLER)
        self.inquiry = capture.capture(self.marta, form(1)).inquiry_id
        self.everybody()
        hub.revoke(self.root, "Ben")
        self.ben = Author("Ben", at=(NOON << 16))

    def joined(self, seat: Seat, role: Role) -> Seat:
        hub.join(seat, hub.invite(self.root, seat.member, role))
        return seat

    def write(self, body: Body, person: Person | None = None, /, **fields: str) -> Entry:
        fields.setdefault("subject", self.inquiry)
        return self.ben.write(body, person, **fields)

    def called(self, outcome: Outcome = Outcome.BUSY, **fields: str) -> Entry:
        return self.write(Called(outcome=outcome, called_at=NOON), Person(note="rang twice"), **fields)

    def carry(self, entries: Sequence[Entry], seat: Seat | None = None) -> Report:
        """Marta's home takes the stick, and exchanges."""
        seat = seat or self.marta
        with seat.store.writing():
            seat.ledger.append(entries)
        return sync(seat)

    def everybody(self) -> None:
        for _ in range(2):
            for seat in (self.root, self.lena, self.marta, self.ada):
                sync(seat)


OTHERS = {"Lena": Role.LEAD, "Marta": Role.CALLER, "Ada": Role.CALLER}


def sync(seat: Seat) -> Report:
    with closing(hub.link_of(seat)) as link:
        return sync_once(seat, link)


@pytest.fixture
def carried(tmp_path: Path, hub_url: str) -> Iterator[Carried]:
    with ExitStack() as opened:

        def home(name: str) -> Seat:
            seat = opened.enter_context(new_home(tmp_path / name, Clock())).seat
            changing_settings.change(seat, "name", name)
            return seat

        yield Carried(home, hub_url)


def calls(seat: Seat, inquiry: str) -> int:
    return len(seat.inquiry(inquiry).calls)


def sound(*seats: Seat) -> bool:
    """Whether the tables are what the ledger adds up to."""
    return all(tables_now(seat) == tables_as_they_should_be(seat) for seat in seats)


def test_it_leaves_the_fold_of_the_laptop_that_brought_it_and_everybody_there_sees_why(carried: Carried) -> None:
    entry, marta = carried.called(), carried.marta
    with marta.store.writing():
        marta.ledger.append([entry])
    assert calls(marta, carried.inquiry) == 1
    report = sync(marta)
    assert (report.turned_away, calls(marta, carried.inquiry)) == (1, 0)
    assert carried.inquiry in report.changed.inquiries and "called" in report.changed.kinds
    (refusal,) = state.turned_away(marta.store)
    assert (refusal.kind, refusal.why) == ("called", f"held back: {WHY}")
    last = history.history(marta, carried.inquiry)[-1]
    assert (last.text, last.actor) == (f"A call that does not count: {WHY}", "Ben")
    assert sound(marta) and sync(marta).turned_away == 0
    carried.everybody()
    assert [calls(seat, carried.inquiry) for seat in (carried.root, carried.lena, carried.ada)] == [0, 0, 0]


def test_a_team_lead_sees_about_whom_it_is_and_what_it_says(carried: Carried) -> None:
    carried.carry([carried.called(), carried.write(Captured(source="Fair", captured_at=NOON), Person(last_name="Ode"),
                                                   subject="7" * 32)])  # fmt: skip
    call, captured = aside.kept_aside(carried.lena)
    assert (call.actor, call.offered_by, call.reason, call.kind) == ("Ben", "Marta", "revoked", "called")
    assert (call.inquiry, call.name) == (carried.inquiry, carried.lena.inquiry(carried.inquiry).name)
    assert call.text.startswith("Busy") and "rang twice" in call.text
    assert (captured.name, captured.text) == ("Ode", "Captured by hand: Fair")
    with pytest.raises(HubRefused):
        aside.kept_aside(carried.ada)
    with pytest.raises(HubRefused):
        aside.decide(carried.ada, [call.entry], take=True)
    assert hub.status(carried.lena).told["quarantined"] == 2


@pytest.mark.parametrize("who", ["lena", "root"])
def test_what_is_let_in_counts_everywhere_as_brought_by_whoever_let_it_in(carried: Carried, who: str) -> None:
    entries = [carried.called() for _ in range(3)]
    carried.carry(entries)
    decider: Seat = getattr(carried, who)
    assert aside.decide(decider, [entry.id for entry in entries], take=True) == dict.fromkeys(
        [entry.id for entry in entries], "stored"
    )
    carried.everybody()
    for seat in (carried.root, carried.lena, carried.marta, carried.ada):
        assert calls(seat, carried.inquiry) == 3
        brought = {entry.brought_by for entry in seat.ledger.entries(carried.inquiry) if entry.actor == "Ben"}
        assert brought == {decider.member}
    assert state.turned_away(carried.marta.store) == [] and aside.kept_aside(decider) == []
    assert sound(carried.marta, carried.ada)


def test_what_is_left_out_stays_out_and_nobody_is_asked_again(carried: Carried) -> None:
    entry = carried.called()
    carried.carry([entry])
    assert aside.decide(carried.lena, [entry.id], take=False) == {entry.id: "left out"}
    sync(carried.marta)
    assert [refusal.why for refusal in state.turned_away(carried.marta.store)] == ["held back: Lena has left it out."]
    carried.carry([entry], carried.ada)
    assert [refusal.why for refusal in state.turned_away(carried.ada.store)] == ["held back: Lena has left it out."]
    assert [calls(seat, carried.inquiry) for seat in (carried.marta, carried.ada)] == [0, 0]
    assert aside.kept_aside(carried.root) == []
    with pytest.raises(HubRefused, match="kept aside"):
        aside.decide(carried.root, [entry.id], take=True)


def test_what_is_done_here_after_it_was_held_back_is_handed_in_all_the_same(carried: Carried) -> None:
    carried.carry([carried.called()])
    second = capture.capture(carried.marta, form(2)).inquiry_id
    sync(carried.marta)
    sync(carried.ada)
    assert carried.ada.inquiry(second).last_name


def test_an_objection_among_it_counts_at_once_and_an_erasure_is_not_undone(carried: Carried) -> None:
    lena, second = carried.lena, capture.capture(carried.lena, form(2)).inquiry_id
    sync(lena)
    carried.carry([carried.write(Objected(objected_at=NOON)), carried.write(Erased(), subject=second)], lena)
    sync(carried.ada)
    assert carried.ada.inquiry(carried.inquiry).objections
    assert not lena.inquiry(second).last_name and carried.ada.inquiry(second).last_name
    assert [refusal.kind for refusal in state.turned_away(lena.store)] == ["erased"]
    aside.decide(carried.lena, [kept.entry for kept in aside.kept_aside(carried.lena)], take=True)
    carried.everybody()
    assert not carried.ada.inquiry(second).last_name and state.turned_away(lena.store) == []


def test_a_join_that_is_held_back_joins_nobody_and_one_that_is_let_in_does(carried: Carried) -> None:
    marta = carried.marta
    second = capture.capture(marta, form(2)).inquiry_id
    sync(marta)
    merged = carried.write(Merged(other=second))
    with marta.store.writing():
        marta.ledger.append([merged])
    assert marta.ledger.survivor(second) == marta.ledger.survivor(carried.inquiry)
    sync(marta)
    assert marta.ledger.survivor(second) != marta.ledger.survivor(carried.inquiry)
    assert marta.inquiry(second).last_name and sound(marta)
    undone = carried.write(Undone(entry=merged.id))
    carried.carry([undone])
    assert set(aside.decide(carried.lena, [merged.id, undone.id], take=True).values()) == {"stored"}
    aside_again = carried.write(Merged(other=second))
    carried.carry([aside_again])
    aside.decide(carried.lena, [aside_again.id], take=True)
    sync(marta)
    assert marta.ledger.survivor(second) == marta.ledger.survivor(carried.inquiry) and sound(marta)


def test_somebody_whom_they_alone_captured_is_not_there_until_let_in(carried: Carried) -> None:
    entries = [carried.write(Captured(source="Fair", captured_at=NOON), Person(last_name="Ode"), subject="7" * 32)]
    carried.carry(entries)
    with pytest.raises(NotFound):
        carried.marta.inquiry("7" * 32)
    assert carried.marta.store.one("SELECT count(*) FROM inquiry WHERE id = ?", ("7" * 32,)) == (0,)
    aside.decide(carried.lena, [entries[0].id], take=True)
    sync(carried.marta)
    assert carried.marta.inquiry("7" * 32).last_name == "Ode"


def test_a_source_and_a_script_of_theirs_are_not_in_use_until_let_in(carried: Carried) -> None:
    marta = carried.marta
    source = carried.write(SourceDefined(name="Fair", limit_hours=2.0), subject="8" * 32)
    script = carried.write(ScriptPublished(key="b2b", number=9, document={"x": 1}), subject="9" * 32)
    carried.carry([source])
    with marta.store.writing():
        marta.ledger.append([script])
    assert marta.store.one("SELECT count(*) FROM publication WHERE number = 9") == (1,)
    sync(marta)  # a caller hands in no scripts at all: refused, and it stays as it was
    assert marta.store.one("SELECT count(*) FROM source WHERE id = ?", ("8" * 32,)) == (0,)
    aside.decide(carried.lena, [source.id], take=True)
    sync(marta)
    assert marta.store.one("SELECT limit_hours FROM source WHERE id = ?", ("8" * 32,)) == (2.0,)


def test_who_is_erased_meanwhile_is_gone_from_what_is_held_back_too(carried: Carried) -> None:
    carried.carry([carried.called()], carried.lena)
    assert carried.lena.store.one("SELECT count(*) FROM held_back WHERE person IS NOT NULL") == (1,)
    privacy.erase(carried.lena, carried.inquiry)
    assert carried.lena.store.one("SELECT count(*) FROM held_back WHERE person IS NOT NULL") == (0,)
    sync(carried.lena)
    (kept,) = aside.kept_aside(carried.lena)
    assert "rang" not in kept.text


def test_who_leaves_the_team_has_it_again_and_another_hub_decides_for_itself(carried: Carried) -> None:
    marta = carried.marta
    carried.carry([carried.called()])
    hub.leave(marta)
    assert calls(marta, carried.inquiry) == 1 and held_back.everything(marta.store, 9) == []
    assert sound(marta)


def test_a_hub_that_was_put_back_and_knows_nothing_of_it_is_offered_it_again(carried: Carried, team_root) -> None:  # type: ignore[no-untyped-def]
    entry = carried.called()
    carried.carry([entry])
    team_root.execute("DELETE FROM winnow.quarantine")
    sync(carried.marta)
    assert [kept.entry for kept in aside.kept_aside(carried.lena)] == [entry.id]
    hub.begin_epoch(carried.root)
    sync(carried.marta)
    assert calls(carried.marta, carried.inquiry) == 0
    assert [kept.entry for kept in aside.kept_aside(carried.lena)] == [entry.id]


def test_who_is_invited_again_hands_it_in_and_nobody_has_to_decide(carried: Carried) -> None:
    entry = carried.called()
    carried.carry([entry])
    invitation = hub.invite(carried.root, "Ben", Role.CALLER)
    with ExitStack() as opened:
        ben = opened.enter_context(new_home(carried.marta.store.path.parent.parent / "Ben", Clock())).seat
        changing_settings.change(ben, "name", "Ben")
        hub.join(ben, invitation)
        with ben.store.writing():
            ben.ledger.append([entry])
        sync(ben)
    assert aside.kept_aside(carried.lena) == []
    carried.everybody()
    assert calls(carried.marta, carried.inquiry) == 1 == calls(carried.ada, carried.inquiry)
    assert state.turned_away(carried.marta.store) == []


@pytest.fixture
def team_root(server, hub_name: str):  # type: ignore[no-untyped-def]
    """The server's superuser in the hub."""
    with closing(server.admin(hub_name)) as admin:
        yield admin

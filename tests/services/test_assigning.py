"""Who in sales answers a lead: by name, by turn, by rule, and back again when the limit passes."""

from __future__ import annotations

import pytest

from app.models.entries import Disposition, LeadAssigned, Undone, Verdict
from app.models.fold import taken_back_id
from app.models.inquiry import Stage
from app.models.lead_rules import LeadRule, LeadRules, least_recent, parse_lead_rules, to_toml
from app.models.rights import Role
from app.services import capture, handoff, privacy
from app.services.errors import Refused
from app.services.handoff import Choice
from app.services.history import history
from app.services.sales import assigning, leads, selling
from app.services.seat import Seat
from app.services.team import mirrors
from app.services.team.link import Absence, Member, Present
from tests.services.made_up import HOUR, MINUTE, NOON, Clock, beside, form
from tests.services.test_leads import sell


@pytest.fixture
def team(seat: Seat) -> None:
    names = {"Tom": Role.SALES, "Nadine": Role.SALES, "Vera": Role.SALES, "Ada": Role.CALLER}
    mirrors.keep_members(seat, [Member(name=name, role=role) for name, role in names.items()])
    there = [Present(member=name, role=names[name], device=name, seen_at=NOON, online=name != "Vera") for name in names]
    mirrors.keep_presence(seat, there)


def test_a_lead_is_given_by_name_and_back_to_everybody(seat: Seat) -> None:
    lead = sell(seat, 1)
    assigning.assign(seat, [lead], "Tom")
    found = seat.inquiry(lead)
    assert (found.for_member, found.lead_return_by) == ("Tom", NOON + HOUR)
    assert history(seat, lead)[-1].text == "With Tom of sales"
    assigning.assign(seat, [lead], "common")
    assert seat.inquiry(lead).for_member == ""
    selling.undo(seat)
    assert seat.inquiry(lead).for_member == "Tom"


def test_only_leads_are_given(seat: Seat) -> None:
    waiting = capture.capture(seat, form(1)).inquiry_id
    with pytest.raises(Refused, match="no lead"):
        assigning.assign(seat, [waiting], "Tom")


@pytest.mark.usefixtures("team")
def test_by_turn_goes_round_those_who_are_there(seat: Seat) -> None:
    some = [sell(seat, number) for number in range(4)]
    assigning.assign(seat, some, "turn")
    assert [seat.inquiry(lead).for_member for lead in some] == ["Nadine", "Tom", "Nadine", "Tom"]
    mirrors.keep_absences(seat, [Absence("Tom", NOON - HOUR, NOON + HOUR)])
    assert assigning.present(seat) == ("Nadine",)
    assert assigning.sellers(seat) == ("Nadine", "Tom", "Vera")


def test_alone_the_turn_is_always_mine(seat: Seat) -> None:
    lead = sell(seat, 1)
    assigning.assign(seat, [lead], "turn")
    assert seat.inquiry(lead).for_member == seat.member


@pytest.mark.usefixtures("team")
def test_nobody_absent_is_fed(seat: Seat) -> None:
    mirrors.keep_presence(seat, [])
    with pytest.raises(Refused, match="Nobody of sales"):
        assigning.assign(seat, [sell(seat, 1)], "turn")


# rules


def test_a_sale_goes_where_the_rules_say_unless_the_caller_named_somebody(seat: Seat) -> None:
    rules = LeadRules(rules=(LeadRule(give="Tom", countries=("DE",), sources=("fair",)),), otherwise="Nadine")
    assert assigning.publish_rules(seat, rules) == 1
    assert assigning.current_rules(seat).version == 1
    by_rule, other, named = sell(seat, 1), capture.capture(seat, form(2, source="Web")).inquiry_id, None
    handoff.dispose(seat, other, Disposition.SELL, Choice(reason="so"))
    named = sell(seat, 3, for_member="Vera")
    assert [seat.inquiry(each).for_member for each in (by_rule, other, named)] == ["Tom", "Nadine", "Vera"]


def test_without_rules_a_lead_is_everybodys(seat: Seat) -> None:
    assert seat.inquiry(sell(seat, 1)).for_member == ""
    assert assigning.current_rules(seat) == LeadRules()


@pytest.mark.usefixtures("team")
def test_the_newest_rules_hold_and_strangers_are_refused(seat: Seat) -> None:
    assigning.publish_rules(seat, LeadRules(otherwise="Tom"))
    assert assigning.publish_rules(seat, LeadRules(otherwise="turn")) == 2
    with pytest.raises(Refused, match="already"):
        assigning.publish_rules(seat, LeadRules(otherwise="turn"))
    with pytest.raises(Refused, match="no Zoe"):
        assigning.publish_rules(seat, LeadRules(otherwise="Zoe"))
    assert assigning.current_rules(seat).otherwise == "turn"


def test_rules_are_read_and_written_as_toml() -> None:
    rules = LeadRules(
        rules=(
            LeadRule(give="Tom", countries=("de", "AT"), score_from=80),
            LeadRule(give='O"Neil', sources=("Messe Köln",), score_to=50),
        ),
        otherwise="turn",
    )
    assert parse_lead_rules(to_toml(rules)) == rules
    assert rules.gives("DE", "any", 80) == "Tom"
    assert rules.gives("DE", "MESSE KOLN", 50) == 'O"Neil'
    assert rules.gives("FR", "any", 60) == "turn"
    for text in (
        "rules = 1",
        "nonsense",
        '[[rules]]\ngive = ""',
        '[[rules]]\ngive = "T"\nscore_from = 90\nscore_to = 1',
    ):
        with pytest.raises(ValueError, match="rules"):
            parse_lead_rules(text)


def test_whose_turn_it_is() -> None:
    assert least_recent(("A", "B"), ("A", "B", "A")) == "B"
    assert least_recent(("A", "B", "C"), ("A", "B")) == "C"
    assert least_recent((), ("A",)) == ""


# back


def test_a_lead_that_was_not_answered_in_time_is_everybodys_again(seat: Seat, clock: Clock) -> None:
    by_sale, by_hand, accepted, free = sell(seat, 1, for_member="Tom"), sell(seat, 2), sell(seat, 3), sell(seat, 4)
    clock.on(30 * MINUTE)
    assigning.assign(seat, [by_hand, accepted], "Tom")
    selling.review(beside(seat, member="Tom"), accepted, Verdict.ACCEPT)
    assert assigning.take_back_due(seat).inquiries == frozenset()
    clock.on(30 * MINUTE)
    assert assigning.take_back_due(seat).inquiries == {by_sale}
    clock.on(30 * MINUTE)
    assert assigning.take_back_due(seat).inquiries == {by_hand}
    assert assigning.take_back_due(seat).inquiries == frozenset()
    assert [seat.inquiry(each).for_member for each in (by_sale, by_hand, accepted, free)] == ["", "", "Tom", ""]
    assert history(seat, by_sale)[-1].text == "Sales did not answer in time: back on the common list"
    told = assigning.taken_back_since(seat, NOON)
    assert [row.id for _, row in told] == [by_sale, by_hand]
    selling.review(seat, by_hand, Verdict.ACCEPT)
    assert [row.id for _, row in assigning.taken_back_since(seat, NOON)] == [by_sale]
    assert assigning.taken_back_since(seat, told[-1][0]) == []


def test_two_devices_take_back_with_the_same_entry(seat: Seat, clock: Clock) -> None:
    lead = sell(seat, 1, for_member="Tom")
    clock.on(2 * HOUR)
    assigning.take_back_due(seat)
    before = seat.ledger.entries(lead)
    entry = before[-1]
    assert (entry.actor, entry.kind) == ("winnow", "lead_assigned")
    with seat.act() as act:  # what another device brings
        other = act.append(lead, LeadAssigned(member="", how="taken_back"), entry_id=entry.id, actor="winnow")
    assert other.hash == entry.hash
    assert seat.ledger.entries(lead) == before


def test_what_is_taken_back_counts_against_its_own_assignment_alone(seat: Seat, clock: Clock) -> None:
    lead = sell(seat, 1, for_member="Tom")
    old = seat.inquiry(lead).lead_entry
    assigning.assign(seat, [lead], "Nadine")
    with seat.act() as act:  # from a device that had not heard of Nadine
        act.append(lead, LeadAssigned(member="", how="taken_back"), entry_id=taken_back_id(old), actor="winnow")
    assert seat.inquiry(lead).for_member == "Nadine"
    with seat.act() as act:
        act.append(lead, LeadAssigned(member="Mallory", how="named"), actor="winnow")
    assert seat.inquiry(lead).for_member == "Nadine", "what any device may write takes back, and gives nothing"


def test_a_sale_that_is_taken_back_takes_its_salesperson_with_it(seat: Seat) -> None:
    lead = sell(seat, 1, for_member="Tom")
    handoff.undo(seat)
    found = seat.inquiry(lead)
    assert (found.stage, found.for_member) == (Stage.WAITING, "")
    assert any(isinstance(entry.facts(), Undone) for entry in seat.ledger.entries(lead))


def test_an_erased_lead_is_not_taken_back(seat: Seat, clock: Clock) -> None:
    lead = sell(seat, 1, for_member="Tom")
    privacy.erase(seat, lead)
    clock.on(2 * HOUR)
    assert assigning.take_back_due(seat).inquiries == frozenset()
    assert leads.new_count(seat) == 0

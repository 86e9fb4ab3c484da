"""Who in sales answers a lead: a person, the common list, by turn or by rule; taken back when the limit passes."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Literal

import msgspec

from app.models.agreed_ids import source_id
from app.models.entries import AUTOMATIC, Id, LeadAssigned, LeadRulesPublished, Millis
from app.models.fold import taken_back_id
from app.models.inquiry import LEAD_STAGES, Inquiry
from app.models.lead_rules import COMMON, TURN, LeadRules, least_recent
from app.models.limits import over_since, runs_out_at
from app.models.rights import Role, is_silent
from app.models.rows import SalesRow
from app.services import queue
from app.services.errors import Refused
from app.services.qualifying import facts_of
from app.services.sales.leads import sales_rows
from app.services.seat import Changed, Seat
from app.services.sources import sales_limit
from app.services.store.publications import LEAD_RULES
from app.services.team import mirrors, state

How = Literal["named", "turn", "rule", "taken_back"]
TURNS = 500  # leads that the turn is told from
BATCH = 50
MOST = 200


# by hand


def assign(seat: Seat, inquiry_ids: Sequence[Id], member: str) -> Changed:
    """Give leads to a member of sales (`turn`: to those present by turn); an empty name: to the common list.

    A new lead is theirs until the limit of sales has passed once more.

    Raises:
        Refused: one is no lead, somebody has them on the line, or nobody is there.
    """
    name = " ".join(member.split())
    given: list[str] = []
    with seat.act() as act:
        for inquiry_id in inquiry_ids:
            inquiry = act.inquiry(inquiry_id)
            if inquiry.stage not in LEAD_STAGES:
                raise Refused(
                    f"This inquiry is no lead of sales: it is {inquiry.stage.value}.", kept="Nothing was changed."
                )
            queue.refuse_if_held(seat, inquiry.id)
            whom = _whose_turn(seat, given) if name == TURN else "" if name == COMMON else name
            if name == TURN and not whom:
                raise Refused("Nobody of sales is there.", kept="Nothing was changed.")
            how: How = "turn" if name == TURN else "named"
            act.append(inquiry.id, LeadAssigned(member=whom, how=how, return_by=_return_by(seat) if whom else None))
            given.append(whom)
        return act.changed()


def _return_by(seat: Seat) -> Millis:
    return runs_out_at(sales_limit(seat), seat.now())


# at the sale


def member_for(seat: Seat, inquiry: Inquiry, points: int) -> str:
    """Who in sales gets an inquiry that is sold for nobody in particular, by the rules; empty: the common list."""
    gives = current_rules(seat).gives(facts_of(inquiry).country, inquiry.source, points)
    return "" if gives == COMMON else _whose_turn(seat) if gives == TURN else gives


def present(seat: Seat) -> tuple[str, ...]:
    """Who of sales is there now, by name; alone: whoever works here."""
    team = [member for member in mirrors.members(seat) if not member.revoked]
    if not team:
        return (seat.member,)
    now = seat.now()
    away = {each.member for each in mirrors.absences(seat) if each.start <= now < each.end}
    online = {each.member for each in mirrors.presences(seat) if each.online and each.doing != "away"}
    sellers = {member.name for member in team if member.role is Role.SALES}
    return tuple(sorted((sellers & online) - away))


def sellers(seat: Seat) -> tuple[str, ...]:
    """Who may be given a lead, by name: sales of the team; alone: whoever works here."""
    team = [member for member in mirrors.members(seat) if not member.revoked and member.role is Role.SALES]
    return tuple(member.name for member in team) or (seat.member,)


def _whose_turn(seat: Seat, given: Sequence[str] = ()) -> str:
    """Of those present, who got a lead least recently; `given` are those of the same stroke, in order."""
    sql = "SELECT for_member FROM inquiry INDEXED BY inquiry_sold WHERE sold_at > 0 ORDER BY sold_at DESC LIMIT ? + 0"
    lately = [str(row[0]) for row in seat.store.query(sql, (TURNS,))]
    return least_recent(present(seat), [*lately[::-1], *given])


# rules


def current_rules(seat: Seat) -> LeadRules:
    """The rules that were published last; before any, everything is on the common list."""
    sql = "SELECT document, number FROM publication WHERE what = ? ORDER BY number DESC, entry"
    for data, number in seat.store.reader().execute(sql, (LEAD_RULES,)):
        with suppress(msgspec.DecodeError):  # a newer Winnow wrote them, or none; those before them hold on
            return msgspec.structs.replace(msgspec.json.decode(bytes(data), type=LeadRules), version=int(number))
    return LeadRules()


def publish_rules(seat: Seat, rules: LeadRules) -> int:
    """Make rules the ones that hold from now on; returns their version.

    Raises:
        Refused: they hold already, or name somebody whom the team does not have.
    """
    with seat.act() as act:
        current = current_rules(seat)
        if rules.to_document() == current.to_document() and current.version:
            raise Refused(f"These rules hold already, as version {current.version}.", kept="Nothing was changed.")
        known = {member.name for member in mirrors.members(seat) if not member.revoked}
        named = {rule.give for rule in rules.rules} | {rules.otherwise}
        strangers = sorted(named - known - {COMMON, TURN}) if known else []
        if strangers:
            raise Refused(f"The team has no {strangers[0]}.", kept="Nothing was changed.")
        number = current.version + 1
        act.append(source_id(f"{LEAD_RULES}:"), LeadRulesPublished(number=number, document=rules.to_document()))
    return number


# back


def take_back_due(seat: Seat) -> Changed:
    """Leads that whoever has them did not answer within the limit are on the common list again.

    The entry's id is made of the assignment, its author is nobody: any device may append it, and it counts once.
    """
    inquiries: set[Id] = set()
    silent = is_silent(state.word(seat.store, state.ROLE))
    while not silent and (due := _overdue(seat)):
        with seat.act() as act:
            for inquiry_id in due:
                inquiry = act.inquiry(inquiry_id)
                if inquiry.lead_entry:
                    body = LeadAssigned(member="", how="taken_back")
                    act.append(inquiry.id, body, entry_id=taken_back_id(inquiry.lead_entry),
                               actor=AUTOMATIC)  # fmt: skip
            done = act.changed().inquiries
        inquiries |= done
        if not done:
            break
    kinds = frozenset({"lead_assigned"}) if inquiries else frozenset[str]()
    return Changed(frozenset(inquiries), kinds, seat.holder)


def _overdue(seat: Seat) -> list[Id]:
    given = "SELECT id FROM inquiry INDEXED BY inquiry_given WHERE stage = 'sell' AND for_member <> '' "
    past = seat.store.query(f"{given} AND lead_return_by <= ? LIMIT ? + 0", (seat.now(), BATCH))
    since = over_since(sales_limit(seat), seat.now())
    sold = seat.store.query(f"{given} AND lead_return_by IS NULL AND sold_at <= ? LIMIT ? + 0", (since, BATCH))
    return [str(row[0]) for row in [*past, *sold]]


def taken_back_since(seat: Seat, since: Millis) -> list[tuple[Millis, SalesRow]]:
    """What a team lead is to be told: leads taken back since a moment that nobody has answered yet, with when."""
    sql = (
        "SELECT l.wall, l.subject FROM ledger l INDEXED BY ledger_rare WHERE l.kind = 'lead_assigned' "
        "AND l.kind NOT IN ('captured', 'called', 'disposed', 'corrected') AND l.actor = ? AND l.wall > ? "
        "ORDER BY l.seq DESC LIMIT ? + 0"
    )
    at = {
        seat.ledger.survivor(subject): wall
        for wall, subject in reversed(seat.store.query(sql, (AUTOMATIC, since, MOST)))
    }
    rows = sales_rows(seat, list(at))
    return sorted(((at[row.id], row) for row in rows if row.stage.value == "sell"), key=lambda pair: pair[0])

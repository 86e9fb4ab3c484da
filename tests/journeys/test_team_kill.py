"""The plug is pulled on a laptop of a team: its claims come back to it or go to others; nothing said is lost."""

from __future__ import annotations

from collections import Counter

from app.models.entries import Called, Disposed
from app.models.rights import Role
from app.services import doctor
from tests.journeys.homes import entries_since
from tests.journeys.teams import Shift, begin, synced, windows

SAID = {"sell", "nurture", "discard", "no-answer", "voicemail", "busy"}


def test_a_killed_window_loses_nothing_and_its_claims_are_taken_up_or_free(laptop, hub_url, hub_name, server):
    lena, ada, ben = laptop("Lena"), laptop("Ada"), laptop("Ben")
    begin(lena, hub_url, (ada, Role.CALLER), (ben, Role.CALLER), people=40)
    shift = Shift(ada, 1000, seed=4)
    assert shift.begun.wait(60)
    shift.kill()
    with server.admin(hub_name) as admin:
        held = {row[0].hex for row in admin.execute("SELECT inquiry FROM winnow.claim WHERE member IS NOT NULL")}
    assert held, "the hub still holds them for her"
    with windows(ben) as (his,):  # while her laptop is down
        his.in_step()
        first = his.in_hand()
        assert first not in held
        his.close()

    with windows(ada) as (hers,):
        hers.in_step()
        taken_up = hers.in_hand()
        assert taken_up in held, "the same laptop goes on with whom it had"
        hers.decide("sell")
        hers.kill()  # at once: the hub may not have heard
    with server.admin(hub_name) as admin:  # a quarter of an hour later
        left = {row[0].hex for row in admin.execute("SELECT inquiry FROM winnow.claim WHERE member IS NOT NULL")}
        assert left
        for table in ("claim", "claim_number"):
            admin.execute(f"UPDATE winnow.{table} SET expires_at = 1")
    with windows(ben) as (his,):
        his.in_step()
        got = {his.in_hand()}
        with ben.opened() as home:
            got |= {row[0] for row in home.seat.store.query("SELECT inquiry FROM hub_claim WHERE state = 'held'")}
        assert got & left, "whom nobody holds any more comes first again"
        his.close()

    with ada.opened() as home:
        synced(home)
    with lena.opened() as home:
        synced(home)
        found = Counter((_said(entry), entry.subject) for entry in entries_since(home, 0) if entry.actor == "Ada")
        kept = Counter(each for each in [*shift.kept, *hers.kept] if each[0] in SAID)
        assert not kept - found, "acknowledged, and not with the others"
        assert found["sell", taken_up] == 1
        assert not [each for each in doctor.check(home.seat) if each.level == "bad"]


def _said(entry) -> str:
    body = entry.facts()
    if isinstance(body, Called):
        return str(body.outcome.value)
    return str(body.disposition.value) if isinstance(body, Disposed) else ""

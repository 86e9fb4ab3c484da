"""A laptop whose clock is a day off, and one that lives in 2099: order, limits and the queue are right all the same."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.models.rights import Role
from app.services import capture, queue
from app.services.seat import wall_clock
from app.services.team import hub
from tests.journeys.teams import agree, begin, synced
from tests.services.made_up import DAY, form

IN_2099 = int(datetime(2099, 6, 1, tzinfo=UTC).timestamp() * 1000) - wall_clock()
MINUTE = 60_000


@pytest.mark.parametrize("alone", [False, True], ids=["in-the-team", "before-it-joins"])
@pytest.mark.parametrize("offset", [-DAY, DAY, IN_2099], ids=["yesterday", "tomorrow", "2099"])
def test_a_wrong_clock_changes_neither_who_waits_nor_what_was_said_last(laptop, hub_url, offset, alone):
    lena, ben = laptop("Lena"), laptop("Ben", offset)
    theirs = ""
    if alone:
        with ben.opened() as home:
            theirs = capture.capture(home.seat, form(30)).inquiry_id
            capture.edit(home.seat, theirs, {"company": "Said first"})
    (ours,) = begin(lena, hub_url, (ben, Role.CALLER), people=1)
    began = wall_clock()
    if not alone:
        with ben.opened() as home:
            theirs = capture.capture(home.seat, form(30)).inquiry_id
            capture.edit(home.seat, theirs, {"company": "Said first"})
            synced(home)
    with lena.opened() as home:
        synced(home)
        capture.edit(home.seat, theirs, {"company": "Said last"})
        synced(home)
    ben.synced()
    for each in (lena, ben):
        with each.opened() as home:
            seat = home.seat
            assert abs(seat.now() - wall_clock()) < 10_000, "the hub's clock counts"
            assert seat.inquiry(theirs).company == "Said last"
            waits = [place.id for place in queue.in_order(queue.View(seat))]
            assert waits == ([ours, theirs] if not (alone and offset == -DAY) else [theirs, ours])
            row = queue.row(seat, theirs)
            since = dict(seat.store.query("SELECT id, since FROM inquiry"))
            if not alone:
                assert abs(since[theirs] - began) < MINUTE, "nobody is late because a clock was wrong"
            elif offset > 0:
                assert since[theirs] <= wall_clock(), f"nobody waits in the future: {row}"
    assert agree(lena, ben)


def test_claims_end_by_the_hubs_clock_on_a_laptop_that_lives_in_2099(laptop, hub_url):
    from app.services.team import claims

    lena, ben = laptop("Lena"), laptop("Ben", IN_2099)
    begin(lena, hub_url, (ben, Role.CALLER), people=3)
    held = []
    for each in (ben, lena):
        with each.opened() as home:
            link = hub.link_of(home.seat)
            link.hello(home.seat.device)
            claims.tend(home.seat, link)
            held.append({queue.claim_next(home.seat)})
            rows = home.seat.store.query("SELECT inquiry, expires_at FROM hub_claim WHERE state = 'held'")
            held[-1] |= {inquiry for inquiry, _ in rows}
            assert all(0 < until - wall_clock() <= claims.LEASE_MS for _, until in rows)
            link.close()
    assert held[0] and held[1] and not held[0] & held[1]

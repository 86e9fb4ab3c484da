"""Two laptops and a pack for a fair: nobody is held by two, and what comes in late is contested and settled by keys."""

from __future__ import annotations

import pytest

from app.models.entries import Disposed
from app.models.rights import Role
from app.services import capture
from app.services.team import hub, packs
from tests.journeys.teams import Way, agree, begin, synced, windows
from tests.services.made_up import berlin, form


@pytest.fixture
def way(server):
    made = Way(server.port)
    yield made
    made.end()


def test_a_late_result_of_a_pack_is_contested_on_the_desk_and_settled_by_keys(laptop, hub_url, hub_name, server, way):
    lena, ada, ben = laptop("Lena"), laptop("Ada"), laptop("Ben")
    others = ((ada, Role.CALLER), (ben, Role.CALLER))
    people = begin(lena, hub_url.replace(str(server.port), str(way.port)), *others, people=8)
    with lena.opened() as home:  # a colleague of whoever waits longest, on the same number
        colleague = form(20, phone=berlin(0), company="Werk 0 GmbH")
        linked = capture.capture(home.seat, colleague).inquiry_id
        synced(home)
    for each in (ada, ben):
        each.synced()
    with ada.opened() as home:
        link = hub.link_of(home.seat)
        pack = packs.take(home.seat, link, 2, days=3)
        link.close()
    assert pack == people[:2] and linked not in people
    with windows(ben) as (his,):
        his.in_step()
        with ben.opened() as home:
            got = {his.in_hand()} | _held(home)
            for _ in range(6):  # to the end of the queue
                got |= {his.decide("nurture")} | _held(home)
                if his.until(lambda seen: seen["calls"]["in_hand"] or seen["calls"]["idle"])["calls"]["idle"]:
                    break
        assert got == set(people[2:]), "neither the pack nor whoever shares a number with it"
        his.until(lambda seen: seen["calls"]["idle"] == "nobody")
        with server.admin(hub_name) as admin:  # three days later, while she is at the fair
            for table in ("claim", "claim_number"):
                admin.execute(f"UPDATE winnow.{table} SET expires_at = 1")
        his.until(lambda seen: seen["calls"]["in_hand"] in {pack[0], linked})
        first = his.in_hand()
        his.decide("sell")
        with ben.opened() as home:
            his.until(lambda _: not _unshared(home))
        his.close()

    way.close()
    with windows(ada) as (hers,):
        hers.until(lambda seen: seen["foot"].startswith("Offline since "))
        assert hers.in_hand() == pack[0] == first
        hers.decide("nurture")
        assert hers.in_hand(other_than=first) == pack[1], "the fair goes on with the pack"
        way.open()
        with ada.opened() as home:
            hers.until(lambda _: not _unshared(home))
        hers.close()
    with windows(lena) as (desk,):
        desk.in_step()
        with lena.opened() as home:
            desk.until(lambda _: home.seat.inquiry(first).contested)
        desk.press("page-5", "window")
        desk.until(lambda seen: "desk" in seen)
        desk.press("contested", "desk")
        desk.until(lambda seen: seen["desk"]["tab"] == "contested" and seen["desk"]["rows"] == 1)
        desk.until(lambda seen: seen["desk"]["current"] == first or desk.send("Down") is None)
        desk.press("open", "desk")
        seen = desk.until(lambda seen: len(seen["desk"]["decisions"]) == 2)
        sides = [who for _, who in seen["desk"]["decisions"]]
        assert sorted(sides) == ["Ada", "Ben"]
        desk.send(str(sides.index("Ben") + 1))
        desk.until(lambda seen: seen["desk"]["rows"] == 0)
        with lena.opened() as home:
            assert not home.seat.inquiry(first).contested
            assert home.seat.inquiry(first).stage == "sell"
            desk.until(lambda _: not _unshared(home))
        desk.close()
    assert agree(lena, ada, ben)
    for each in (lena, ada, ben):
        with each.opened() as home:
            decided = [entry for entry in home.seat.ledger.entries(first) if isinstance(entry.facts(), Disposed)]
            assert len({entry.claim_no for entry in decided}) == 2, "each under a claim of its own"


def _held(home) -> set[str]:
    return {row[0] for row in home.seat.store.query("SELECT inquiry FROM hub_claim WHERE state = 'held'")}


def _unshared(home) -> int:
    row = home.seat.store.one("SELECT count(*) FROM ledger WHERE pos IS NULL AND kind = 'disposed'")
    return int(row[0])

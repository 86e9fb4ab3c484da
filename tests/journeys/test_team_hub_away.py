"""The hub goes away in the middle of a shift: the caller goes on, reads why, and everything arrives once."""

from __future__ import annotations

from collections import Counter

import pytest

from app.models.rights import Role
from tests.journeys.teams import Way, begin, windows

PEOPLE = 24
HELD = 2  # by each caller, the one in hand included


@pytest.fixture
def way(server):
    made = Way(server.port)
    yield made
    made.end()


@pytest.fixture
def team(laptop, hub_url, server, way):
    """Lena has made the hub, behind a way that can fail; Ada calls, Tom is of sales."""
    lena, ada, tom = laptop("Lena"), laptop("Ada"), laptop("Tom")
    begin(lena, hub_url.replace(str(server.port), str(way.port)), (ada, Role.CALLER), (tom, Role.SALES), people=PEOPLE)
    return lena, ada, tom


@pytest.mark.parametrize("how", ["closed", "silent"])
def test_whoever_is_held_can_be_called_without_the_hub_and_arrives_once(team, way, how):
    _, ada, tom = team
    with windows(ada, tom) as (hers, his):
        for window in (hers, his):
            window.in_step()
        first = hers.in_hand()
        with ada.opened() as home:
            held = {row[0] for row in home.seat.store.query("SELECT inquiry FROM hub_claim WHERE state = 'held'")}
        assert first in held and len(held) == HELD
        way.close() if how == "closed" else way.fall_silent()
        if how == "closed":
            hers.until(lambda seen: seen["foot"].startswith("Offline since "))
        sold = [hers.decide("sell")]
        seen = hers.until(lambda seen: seen["tone"] == "off")
        assert seen["foot"].startswith("Offline since ") and "hub" in seen["foot"].lower()
        assert "not yet with sales: the hub is away" in seen["toast"]
        sold.append(hers.decide("sell"))
        assert set(sold) == held
        hers.until(lambda seen: seen["calls"]["idle"] == "nobody" and " not yet shared" in seen["foot"])
        assert his.look()["told"] == []

        way.open()
        seen = his.until(lambda seen: len(seen["told"]) == len(sold))
        hers.until(lambda seen: seen["standing"] == "in-step" and not seen["unshared"])
        assert hers.in_hand() not in held, "the hub gives others again"
        his.until(lambda seen: seen["badges"]["sales"] == len(sold))
        assert len(his.look()["told"]) == len(sold)
        assert not hers.words and not his.words
    with tom.opened() as home:
        entries = [entry for inquiry in sold for entry in home.seat.ledger.entries(inquiry)]
        assert Counter(entry.kind for entry in entries)["disposed"] == len(sold)
        assert all(entry.pos for entry in entries)

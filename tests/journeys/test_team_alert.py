"""A sell in one window is a lead in another: told once, counted, accepted by keys, and seen where it was sold."""

from __future__ import annotations

from app.models.rights import Role
from tests.journeys.teams import begin, windows


def test_a_sell_by_keys_is_told_once_and_accepted_by_keys_in_another_window(laptop, hub_url):
    lena, ada, tom = laptop("Lena"), laptop("Ada"), laptop("Tom")
    begin(lena, hub_url, (ada, Role.CALLER), (tom, Role.SALES), people=30)
    with windows(ada, tom) as (hers, his):
        for window in (hers, his):
            window.in_step()
        inquiry = hers.decide("sell")
        seen = his.until(lambda seen: seen["told"])
        assert len(seen["told"]) == 1 and seen["told"][0][0].startswith("New lead: ")
        assert "sold by Ada" in seen["told"][0][1]
        seen = his.until(lambda seen: seen["badges"]["sales"] == 1)
        assert seen["toast"].startswith("New lead: ")

        his.press("page-3", "window")
        his.until(lambda seen: seen["sales"]["leads"] == [inquiry] and seen["sales"]["lead"] == inquiry)
        his.press("accept", "sales")
        his.until(lambda seen: seen["sales"]["stage"] == "accepted")
        his.until(lambda seen: seen["badges"]["sales"] == 0)
        with ada.opened() as home:  # beside her window, as another process
            hers.until(lambda _: _history(home, inquiry)[-1:] == [("reviewed", "Tom")])
            assert [kind for kind, _ in _history(home, inquiry)].count("disposed") == 1

        again = hers.decide("sell")
        seen = his.until(lambda seen: len(seen["told"]) > 1)
        assert again != inquiry
        assert len({title for title, _ in seen["told"]}) == len(seen["told"]) == 2
        assert hers.look()["told"] == [], "whoever sold it is not told"
        assert (hers.close(), his.close()) == (0, 0)
        assert not hers.words and not his.words


def _history(home, inquiry: str) -> list[tuple[str, str]]:
    return [(entry.kind, entry.actor) for entry in home.seat.ledger.entries(inquiry)]

"""A laptop with five hundred inquiries of its own joins by pasting; it leaves; another is revoked, and out at once."""

from __future__ import annotations

from app.models.rights import Role
from app.services import capture
from app.services.team import hub
from app.services.team.membership import membership_of
from tests.journeys.teams import begin, windows
from tests.services.made_up import form

OWN = 500


def test_a_laptop_joins_by_pasting_with_all_it_has_leaves_and_is_revoked(laptop, hub_url):
    lena, ada, ben = laptop("Lena"), laptop("Ada"), laptop("Ben")
    begin(lena, hub_url, (ben, Role.CALLER), people=3)
    with ada.opened() as home:
        with home.seat.store.writing():
            own = {capture.capture(home.seat, form(1000 + number)).inquiry_id for number in range(OWN)}
        shipped = "('script_published', 'scorecard_published')"  # every home has them: nobody brings them
        entries = home.seat.store.one(f"SELECT count(*) FROM ledger WHERE kind NOT IN {shipped}")[0]
    with lena.opened() as home:
        invitation = hub.invite(home.seat, "Ada", Role.CALLER)
    with windows(lena, ada) as (hers, his):
        hers.in_step()
        his.until(lambda seen: seen["ready"])
        assert "encrypted" in his.look()["foot"]
        his.ask("team")
        his.until(lambda seen: seen["settings"] and seen["settings"]["asks"])
        his.ask("paste", "Please join us:\n> " + invitation[:50] + "\n> " + invitation[50:])
        seen = his.until(lambda seen: seen["settings"]["means"] and seen["settings"]["may_join"])
        means = seen["settings"]["means"]
        assert "as Ada, caller" in means and f"{OWN} inquiries, {entries:,} entries" in means
        with lena.opened() as home:
            assert not own & _known(home), "nothing was sent yet"
        his.send("Tab")
        his.send("Space")
        his.until(lambda seen: seen["standing"] == "in-step")
        with lena.opened() as home:
            hers.until(lambda _: own <= _known(home))
        with ada.opened() as home:
            assert _known(home) == own | {each for each in _known(home) if each not in own}
            his.until(lambda _: len(_known(home)) == OWN + 3)
        his.until(lambda seen: seen["foot"].startswith("In step with the team"))

        with lena.opened() as home:
            hub.revoke(home.seat, "Ada")
        his.until(lambda seen: "revoked" in seen["foot"] and seen["tone"] == "over")
        with ada.opened() as home:
            assert len(_known(home)) == OWN + 3, "what is on the laptop stays there"
        assert not his.words and not hers.words

    with windows(ben) as (bens,):
        bens.in_step()
        with ben.opened() as home:  # in a terminal, beside his window
            hub.leave(home.seat)
        bens.until(lambda seen: not seen["standing"] and "encrypted" in seen["foot"], 30)
        assert bens.close() == 0
        assert not bens.words
    with ben.opened() as home:
        assert membership_of(home.seat) is None
        assert len(_known(home)) >= 3


def _known(home) -> set[str]:
    return {row[0] for row in home.seat.store.query("SELECT id FROM inquiry")}

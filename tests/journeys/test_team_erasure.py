"""`winnow erase` on one laptop: the person is gone from the hub and a colleague's file, and the CRM is asked for it."""

from __future__ import annotations

import json

from app import bootstrap
from app.cli.main import main
from app.models.entries import Disposition
from app.models.rights import Role
from app.services import capture, changing_settings, handoff
from app.services.handoff import Choice
from app.services.store import vault
from app.services.team import hub
from app.services.team.channels import configured
from tests.channels.receiver import eventually, receiving
from tests.journeys.homes import PASSPHRASE, opened
from tests.journeys.teams import begin, synced, windows
from tests.services import decrypting
from tests.services.made_up import form

WORDS = [b"Quetzalcoatl", b"quetz@zephyr.example", b"493023127777", b"Wants seventeen looms"]


def test_an_erasure_in_a_terminal_reaches_hub_colleague_and_channel(laptop, hub_url, hub_name, server, tmp_path,
                                                                    monkeypatch, capsys):  # fmt: skip
    lena, tom = laptop("Lena"), laptop("Tom")
    begin(lena, hub_url, (tom, Role.SALES), people=3)
    path = tmp_path / "Ada"
    with bootstrap.create(path, passphrase=PASSPHRASE, use_keyring=False)[0] as home:
        changing_settings.change(home.seat, "name", "Ada")
        changing_settings.change(home.seat, "calling-hours", "00:00-24:00")
    person = form(1, last_name="Quetzalcoatl", email="quetz@zephyr.example", phone="+493023127777")
    with receiving() as receiver:
        with lena.opened() as home:
            invitation = hub.invite(home.seat, "Ada", Role.LEAD)
        with tom.opened() as home:
            configured.add(home.seat, "CRM", "webhook", {"url": receiver.url()})
        with opened(path) as home:
            hub.join(home.seat, invitation)
            inquiry = capture.capture(home.seat, person).inquiry_id
            choice = Choice(reason="it is so", note="Wants seventeen looms", reached=True)
            handoff.dispose(home.seat, inquiry, Disposition.SELL, choice)
            synced(home)
        with windows(tom) as (his,):
            his.until(lambda seen: any("Quetzalcoatl" in title for title, _ in seen["told"]))
            eventually(lambda: len(receiver.got) == 1, 60)
            assert b"Quetzalcoatl" in receiver.got[0].body
            assert all(word in decrypting.everything_in(tom.path) for word in WORDS[:2])
            assert _on_the_hub(server, hub_name, inquiry)

            monkeypatch.setenv("WINNOW_PASSPHRASE", PASSPHRASE)
            assert main(["--home", str(path), "erase", inquiry, "--json"]) == 0
            assert json.loads(capsys.readouterr().out)["id"] == inquiry
            assert main(["--home", str(path), "sync", "--once"]) == 0
            his.until(lambda seen: seen["badges"]["sales"] == 0)
            his.press("page-3", "window")
            his.until(lambda seen: inquiry not in seen["sales"]["leads"])
            eventually(lambda: len(receiver.got) == 2, 60)
            assert "eras" in receiver.got[1].json["type"] and b"Quetzalcoatl" not in receiver.got[1].body
            assert his.close() == 0
        assert not _on_the_hub(server, hub_name, inquiry)
        his_file = decrypting.everything_in(tom.path)
        assert not [word for word in WORDS if word in his_file]
        monkeypatch.setattr(decrypting, "KEY", vault.unlock(path, passphrase=PASSPHRASE))
        her_file = decrypting.everything_in(path)
        assert not [word for word in WORDS if word in her_file]


def _on_the_hub(server, hub_name: str, inquiry: str) -> int:
    """How many of the hub's rows still have something of the person."""
    with server.admin(hub_name) as admin:
        row = admin.execute(
            "SELECT count(*) FROM winnow.entry WHERE subject = %s AND (person IS NOT NULL OR salt IS NOT NULL)",
            (inquiry,),
        ).fetchone()
    return int(row[0])

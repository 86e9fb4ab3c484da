"""`winnow channel`, `courier`, `answers` and `mail`, as a script uses them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.channels.receiver import Receiver, eventually, status
from tests.cli.conftest import empty_home, filled_home, home, terminal

__all__ = ["empty_home", "filled_home", "home", "terminal"]
Terminal = Callable[..., Any]
PERSON = ("--first-name", "Anna", "--last-name", "Abendroth", "--email", "anna@werk.example", "--source", "Fair")


@pytest.fixture
def sold(terminal: Terminal, home: Path, receiver: Receiver) -> str:
    assert terminal("channel", "add", "CRM", "webhook", "--url", receiver.url()).code == 0
    made: str = terminal("capture", *PERSON, "--phone", "+4930231250000", "--json").json["id"]
    assert terminal("dispose", made, "sell", "--reason", "so").code == 0
    return made


def test_a_channel_from_its_beginning_to_its_end(terminal: Terminal, sold: str, receiver: Receiver) -> None:
    assert terminal("courier", "--once", "--json").json == {"delivered": 1, "failed": 0, "waiting": 0}
    (channel,) = terminal("channel", "list", "--json").json
    assert (channel["name"], channel["delivered"], channel["on"], channel["given_up"]) == ("CRM", 1, ["sell"], [])
    assert [row["kind"] for row in terminal("show", sold, "--json").json["history"]][-1] == "delivered"
    shown = terminal("channel", "test", "crm", "--dry-run", "--json").json
    assert shown["sent"] is False and shown["preview"][0]["to"] == f"POST {receiver.url()}"
    assert terminal("channel", "test", "CRM", "--json").json["sent"] is True
    assert [got.json["type"] for got in receiver.got] == ["lead.sold", "lead.test"]
    assert terminal("channel", "remove", "CRM", "--json").json["waiting"] == 0
    assert terminal("channel", "list", "--json").json == []


def test_a_receiver_that_fails_keeps_leads_waiting_and_a_test_says_so(
    terminal: Terminal, sold: str, receiver: Receiver
) -> None:
    receiver.behave = status(500)
    assert terminal("courier", "--once", "--json").json == {"delivered": 0, "failed": 0, "waiting": 1}
    failed = terminal("channel", "test", "CRM", "--json")
    assert failed.code == 4 and "500" in failed.json["error"]["sentence"]
    assert "waiting" in terminal("channel", "list").out


def test_what_was_given_up_is_shown_and_replayed(terminal: Terminal, home: Path, receiver: Receiver) -> None:
    terminal("channel", "add", "CRM", "http", "--url", receiver.url(), "--set", "number_at=id")
    receiver.behave = status(422)
    made = terminal("capture", *PERSON, "--phone", "+4930231250000", "--json").json["id"]
    terminal("dispose", made, "sell", "--reason", "so")
    assert terminal("courier", "--once", "--json").json["failed"] == 1
    (letter,) = terminal("channel", "list", "--json").json[0]["given_up"]
    assert letter["inquiry"] == made and "422" in letter["problem"]
    assert terminal("channel", "replay", "CRM", "msg_nothing").code == 3
    assert terminal("channel", "replay", "CRM", letter["id"], "--json").json == {"replayed": 1}
    receiver.behave = lambda _: (200, {}, b'{"id":"7"}')
    assert terminal("courier", "--once", "--json").json["delivered"] == 1


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("channel", "add", "CRM", "webhook", "--url", "http://crm.example.com/x"), 3),
        (("channel", "add", "CRM", "webhook"), 3),
        (("channel", "add", "CRM", "pigeon"), 2),
        (("channel", "add", "CRM", "folder", "--path", "/nowhere/at/all"), 3),
        (("channel", "add", "CRM", "http", "--url", "https://crm.example.com", "--header", "X"), 2),
        (("channel", "add", "CRM", "hubspot"), 3),
        (("channel", "test", "CRM"), 3),
        (("channel", "remove", "CRM"), 3),
        (("channel", "rotate", "CRM"), 3),
        (("answers", "/nowhere.csv"), 3),
        (("mail", "0" * 32), 3),
    ],
)
def test_what_cannot_be_is_refused_with_its_code(
    terminal: Terminal, home: Path, words: tuple[str, ...], code: int
) -> None:
    answer = terminal(*words, "--json")
    assert answer.code == code and answer.json["error"]["sentence"]
    assert terminal("channel", "list", "--json").json == []


def test_a_secret_is_read_where_nobody_sees_it(
    terminal: Terminal, home: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WINNOW_CHANNEL_SECRET", "pat-secret")
    added = terminal("channel", "add", "HubSpot", "hubspot", "--url", receiver.url(""), "--json")
    assert added.code == 0 and "pat-secret" not in added.out
    assert "pat-secret" not in terminal("channel", "test", "HubSpot", "--dry-run", "--json").out


def test_a_webhooks_secret_is_shown_once_and_can_be_rotated(terminal: Terminal, home: Path, receiver: Receiver) -> None:
    first = terminal("channel", "add", "CRM", "webhook", "--url", receiver.url(), "--json").json["secret"]
    assert first.startswith("whsec_") and first not in terminal("channel", "list", "--json").out
    second = terminal("channel", "rotate", "CRM", "--json").json["secret"]
    assert second != first and terminal("channel", "rotate", "CRM", "--finish", "--json").json["secret"] is None


def test_answers_are_rehearsed_taken_and_counted(terminal: Terminal, sold: str, tmp_path: Path) -> None:
    file = tmp_path / "deals.csv"
    file.write_text(f"id,status,amount\n{sold},won,1200\nnobody,won,1\n")
    rehearsed = terminal("answers", str(file), "--dry-run", "--json").json
    assert (rehearsed["won"], rehearsed["refused"]) == (1, 1)
    assert terminal("show", sold, "--json").json["stage"] == "sell"
    assert terminal("answers", str(file), "--json").json["reasons"][0]["row"] == 3
    assert terminal("show", sold, "--json").json["stage"] == "won"
    file.write_text("id,status,amount\nnobody,won,1\n")
    assert terminal("answers", str(file), "--json").code == 3


def test_a_mail_is_shown_and_logged(terminal: Terminal, sold: str) -> None:
    shown = terminal("mail", sold, "--json").json
    assert shown["mailto"].startswith("mailto:anna@werk.example?") and not shown["logged"]
    assert terminal("mail", sold, "--log", "--json").json["logged"]
    assert terminal("show", sold, "--json").json["history"][-1]["kind"] == "mailed"


def test_a_courier_on_a_server_delivers_until_it_is_ended(terminal: Terminal, sold: str, receiver: Receiver) -> None:
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    words = [sys.executable, "-m", "app", "courier", "--json"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment) as process:
        eventually(lambda: len(receiver.got) == 1, 60)
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=60)
    assert process.returncode == 0 and json.loads(out)["delivered"] == 1

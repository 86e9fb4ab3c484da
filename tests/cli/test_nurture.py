"""Nurture from a terminal: tracks, who waits, waking, another day, consents, and the list for the mailing tool."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Terminal


@pytest.fixture
def sleeper(ada: dict[str, Any], terminal: Terminal) -> dict[str, Any]:
    return terminal("dispose", ada["id"], "nurture", "--reason", "no budget", "--track", "no budget YET", "--json").json


def test_tracks_are_listed_made_renamed_and_retired(home: Path, terminal: Terminal):
    assert [each["name"] for each in terminal("tracks", "--json").json][:2] == ["Later this year", "No budget yet"]
    made = terminal("tracks", "After the fair", "--after", "14", "--purpose", "newsletter", "--json").json
    assert (made["wake_days"], made["purpose"], made["waiting"]) == (14, "newsletter", 0)
    renamed = terminal("tracks", "after the FAIR", "--rename", "Fair", "--on", "03-01", "--json").json
    assert renamed["wake_on"] == "--03-01"
    assert terminal("tracks", "Fair", "--retire", "--json").json["retired"] is True
    assert "every year on 03-01" in terminal("tracks").out
    assert terminal("tracks", "--after", "3").code == 2
    assert terminal("tracks", "Fair", "--after", "3", "--never").code == 2
    assert terminal("tracks", "Fair", "--on", "13-40").code == 3


def test_who_waits_is_shown_with_track_day_and_reason(sleeper: dict[str, Any], terminal: Terminal):
    (row,) = terminal("nurture", "--json").json
    assert (row["id"], row["track"], row["reason"]) == (sleeper["id"], "No budget yet", "no budget")
    assert terminal("nurture", "--track", "No budget yet", "--json").json == [row]
    assert terminal("nurture", "--soon", "--json").json == []
    assert "no budget" in terminal("nurture", "--find", "budget").out
    assert terminal("nurture", "--soon").out == "Nobody waits there.\n"
    assert terminal("nurture", "--track", "Nowhere").code == 3


def test_an_unknown_track_decides_nothing(ada: dict[str, Any], terminal: Terminal):
    assert terminal("dispose", ada["id"], "nurture", "--reason", "r", "--track", "Nowhere").code == 3
    assert terminal("show", ada["id"], "--json").json["stage"] == "waiting"


def test_waking_putting_off_and_their_undo(sleeper: dict[str, Any], terminal: Terminal):
    assert terminal("put-off", sleeper["id"], "--until", "2099-01-01", "--json").json == {"moved": 1}
    assert terminal("nurture", "--json").json[0]["until"][:10] in {"2098-12-31", "2099-01-01"}
    assert terminal("put-off", sleeper["id"], "--track", "Newsletter only", "--json").json == {"moved": 1}
    assert terminal("nurture", "--json").json[0]["until"] is None
    assert terminal("wake", sleeper["id"], "--json").json == {"woken": 1}
    assert terminal("show", sleeper["id"], "--json").json["promised_at"]
    assert terminal("wake", sleeper["id"]).code == 3
    assert terminal("undo", "--json").json["stage"] == "nurture"
    assert terminal("put-off", sleeper["id"]).code == 2
    assert terminal("put-off", sleeper["id"], "--until", "2001-01-01").code == 3


def test_consent_decides_who_is_on_the_mailing_list(sleeper: dict[str, Any], terminal: Terminal, tmp_path: Path):
    file = tmp_path / "list.csv"
    said = terminal("export", str(file), "--mailing", "No budget yet", "--json").json
    assert said == {"rows": 0, "purpose": "e-mail", "left_out": {"no consent": 1}}
    assert terminal("consent", sleeper["id"], "e-mail", "given").code == 3
    assert terminal("consent", sleeper["id"], "e-mail", "given", "--how", "wrote it").code == 0
    assert "1 rows are in" in terminal("export", str(file), "--mailing", "all").out
    assert [row["email"] for row in csv.DictReader(file.read_text("utf-8-sig").splitlines())] == [sleeper["email"]]
    assert terminal("consent", sleeper["id"], "e-mail", "taken-back").code == 0
    assert "1 are left out: 1 no consent." in terminal("export", str(file), "--mailing", "No budget yet").out
    assert terminal("export", str(file), "--mailing", "all", "--stage", "nurture").code == 2
    assert terminal("export", str(tmp_path / "list.vcf"), "--mailing", "all").code == 2

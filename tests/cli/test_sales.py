"""`leads`, `review`, `close`, `assign` and `lead-rules` from a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Terminal


@pytest.fixture
def leads(demo_home: Path, terminal: Terminal) -> list[dict]:
    """The two leads that wait in a made-up home."""
    return terminal("leads", "--json").json


def test_a_prospect_has_its_next_step_in_the_list_in_the_history_and_in_a_calendar(
    leads: list[dict], terminal: Terminal, tmp_path: Path
):
    file = tmp_path / "visit.ics"
    said = terminal(
        "review", leads[0]["id"], "prospect", "--answer", "need=clear", "--next-step", "Site visit", "--at", "+2h",
        "--ics", str(file), "--json",
    )  # fmt: skip
    assert said.json["stage"] == "prospect"
    assert "Site visit" in said.json["history"][-1]["text"]
    assert f"The next step is in {file}." in said.err
    assert "BEGIN:VALARM" in file.read_text()
    (row,) = terminal("leads", "--prospects", "--json").json
    assert (row["id"], row["next_step"], row["stage"]) == (leads[0]["id"], "Site visit", "prospect")
    assert "Site visit" in terminal("leads", "--prospects").out
    assert [each["id"] for each in terminal("leads", "--json").json] == [leads[1]["id"]]


def test_a_step_needs_its_time_and_a_prospect(leads: list[dict], terminal: Terminal, tmp_path: Path):
    one = leads[0]["id"]
    assert terminal("review", one, "prospect", "--next-step", "Visit").code == 2
    assert terminal("review", one, "nurture", "--reason", "so", "--next-step", "Visit", "--at", "+2h").code == 2
    assert terminal("review", one, "accept", "--ics", str(tmp_path / "x.ics")).code == 2
    assert terminal("review", one, "prospect", "--next-step", "Visit", "--at", "2020-01-01T10:00").code == 3
    assert len(terminal("leads", "--json").json) == 2


def test_closed_sales_have_their_amount(leads: list[dict], terminal: Terminal):
    terminal("close", leads[0]["id"], "won", "--amount", "1200.5", "--currency", "chf")
    newest, *_ = terminal("leads", "--closed", "--json").json
    assert (newest["stage"], newest["amount"]) == ("won", {"amount": "1200.50", "currency": "CHF"})
    assert terminal("close", leads[1]["id"], "won", "--amount", "1", "--currency", "EURO").code == 3


def test_leads_are_given_and_only_mine_are_listed(leads: list[dict], terminal: Terminal):
    given = terminal("assign", leads[0]["id"], leads[1]["id"], "--to", "Tom", "--json").json
    assert [row["member"] for row in given] == ["Tom", "Tom"]
    assert terminal("leads", "--mine", "--json").json == []
    terminal("assign", leads[0]["id"], "--to", "turn")
    assert [row["id"] for row in terminal("leads", "--mine", "--json").json] == [leads[0]["id"]]
    assert terminal("assign", leads[0]["id"]).code == 2


def test_rules_are_shown_published_and_refused(demo_home: Path, terminal: Terminal, tmp_path: Path):
    assert terminal("lead-rules").out == 'otherwise = "common"\n'
    file = tmp_path / "rules.toml"
    file.write_text('otherwise = "turn"\n\n[[rules]]\ngive = "Nadine"\ncountries = ["IT"]\n', "utf-8")
    assert terminal("lead-rules", str(file), "--json").json["version"] == 1
    assert terminal("lead-rules").out == file.read_text("utf-8")
    assert terminal("lead-rules", str(file)).code == 3
    for text in ("rules = 3", "[[rules]]\ngive = 1", "\x00"):
        file.write_text(text, "utf-8")
        assert terminal("lead-rules", str(file)).code == 3
    assert terminal("lead-rules", str(tmp_path / "nowhere.toml")).code == 4

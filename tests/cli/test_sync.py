"""`winnow sync` against a real server."""

from __future__ import annotations

from collections.abc import Callable

from tests.cli.test_hub import Run, at, invitation, root, server, url

__all__ = ["at", "root", "server", "url"]  # fixtures


def captured(run: Run, number: int) -> str:
    who = ("--first-name", f"P{number}", "--last-name", "Abendroth", "--phone", f"+4930231250{number:02}")
    made = run("capture", *who, "--json")
    assert made.code == 0, made.out + made.err
    return str(made.json["id"])


def test_what_one_captures_another_has_after_both_have_shared(root: Run, at: Callable[[str], Run]) -> None:
    marta = at("Marta")
    assert marta("hub", "join", invitation(root, "Marta")).code == 0
    captured(marta, 11)
    first = marta("sync", "--once", "--json")
    assert first.code == 0, first.out + first.err
    assert first.json["pushed"] >= 1 and first.json["unshared"] == 0 and first.json["trouble"] is None
    second = root("sync", "--once", "--json")
    assert second.code == 0 and second.json["pulled"] >= 1 and second.json["turned_away"] == []
    assert "P11" in root("find", "Abendroth").out
    said = root("sync", "--once").out
    assert said.startswith("0 handed in, 0 new from the team")


def test_without_a_team_there_is_nobody_to_share_with(at: Callable[[str], Run]) -> None:
    for words in (("sync", "--once"), ("sync",)):
        answer = at("Alone")(*words, "--json")
        assert answer.code == 3 and answer.json["error"]["code"] == "not_joined"


def test_what_the_hub_does_not_take_is_named_with_its_reason(root: Run, at: Callable[[str], Run]) -> None:
    booth = at("Booth")
    assert booth("hub", "join", invitation(root, "Booth", "--role", "intake")).code == 0
    called = booth("call", captured(booth, 12), "no-answer")
    assert called.code == 0, called.out + called.err
    answer = booth("sync", "--once", "--json")
    assert answer.code == 0
    assert [away["kind"] for away in answer.json["turned_away"]] == ["called"]
    assert "Not taken by the hub: called" in booth("sync", "--once").out

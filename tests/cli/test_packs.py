"""`winnow next` and `winnow pack` in a team, against a real hub."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.cli.conftest import Answer
from tests.cli.test_hub import at, invitation, root, server, url

__all__ = ["at", "root", "server", "url"]  # fixtures
Run = Callable[..., Answer]


def said(answer: Answer) -> Any:
    assert answer.code == 0, answer.out + answer.err
    return answer.json


@pytest.fixture
def callers(root: Run, at: Callable[[str], Run]) -> tuple[Run, Run]:
    """Marta and Ben, with six people of the demo's hours whom both know."""
    made = []
    for name in ("Marta", "Ben"):
        text, run = invitation(root, name), at(f"{name} at home")
        assert run("hub", "join", text).code == 0
        assert run("set", "calling-hours", "00:00-24:00").code == 0
        made.append(run)
    marta, ben = made
    for number in range(6):
        phone = f"+49302312500{number}"
        assert marta("capture", "--last-name", f"Caller {number}", "--phone", phone, "--source", "Fair").code == 0
    assert marta("pack", "give-back").code == 0 and ben("pack", "give-back").code == 0, "both have shared"
    return marta, ben


def test_two_terminals_of_a_team_never_get_the_same_person(callers: tuple[Run, Run]) -> None:
    marta, ben = callers
    first = [said(run("next", "--json"))["id"] for run in (marta, ben, marta, ben)]
    assert len(set(first)) == 4
    assert said(marta("call", first[0], "no-answer", "--json"))["attempts"] == 1
    again = said(marta("next", "--json"))["id"]
    assert again not in first


def test_a_pack_is_taken_called_without_the_hub_and_given_back(callers: tuple[Run, Run], root: Run) -> None:
    marta, ben = callers
    assert said(marta("pack", "take", "4", "--days", "2", "--json")) == {"inquiries": 4}
    others = [said(ben("next", "--json"))["id"] for _ in range(2)]
    refused = ben("next", "--json")
    assert refused.code == 3 and refused.json["error"]["code"] == "nobody_callable"
    called = said(marta("next", "--json"))["id"]
    assert called not in others
    assert marta("dispose", called, "nurture", "--reason", "later").code == 0
    assert said(marta("pack", "give-back", "--json")) == {"inquiries": 3}
    assert marta("pack", "take", "4", "--days", "15").code == 2
    assert said(ben("next", "--json"))["id"] not in {*others, called}


def test_a_home_without_a_team_has_no_packs(home, terminal) -> None:  # type: ignore[no-untyped-def]
    refused = terminal("pack", "take", "3", "--days", "1", "--json")
    assert refused.code == 3 and refused.json["error"]["code"] == "not_joined"

"""A shift from a terminal: capture, queue, claim, call, decide, undo, sales."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Answer, Terminal
from tests.cli.test_terminal import ROOT, run

QUEUE_KEYS = {
    "id", "first_name", "last_name", "company", "title", "phone", "email", "source", "captured_at", "waiting_seconds",
    "limit_seconds", "over_limit", "attempts", "promised_at", "callable", "why",
}  # fmt: skip
INQUIRY_KEYS = QUEUE_KEYS | {"stage", "disposition", "score", "reasons", "owner", "contested", "history"}
GOOD = (
    "need=problem", "impact=customers", "current=own", "size=120", "authority=alone", "timing=3_months",
    "budget=approved", "next_step=meeting",
)  # fmt: skip


def good() -> list[str]:
    return [word for answer in GOOD for word in ("--answer", answer)]


def kinds(inquiry: dict[str, Any]) -> list[str]:
    return [entry["kind"] for entry in inquiry["history"]]


def test_an_inquiry_has_the_promised_keys_and_null_for_what_is_empty(ada: dict):
    assert set(ada) == INQUIRY_KEYS
    assert (ada["first_name"], ada["phone"], ada["stage"]) == ("Ada", "+12025550143", "waiting")
    assert ada["title"] is None and ada["promised_at"] is None and ada["disposition"] is None and ada["owner"] is None
    assert ada["limit_seconds"] == 24 * 3600
    assert datetime.fromisoformat(ada["captured_at"]).tzinfo is not None
    assert set(ada["history"][0]) == {"at", "actor", "kind", "text"}


def test_capturing_somebody_known_updates_them(ada: dict, terminal: Terminal):
    again = terminal("capture", "--email", "ADA.MOSS@brightwater.example", "--last-name", "Moss", "--json").json
    assert again["id"] == ada["id"]
    assert kinds(again) == ["captured", "captured"]


def test_the_queue_shows_everybody_with_a_reason_and_alone_who_may_be_called(demo_home: Path, terminal: Terminal):
    everybody = terminal("queue", "--all", "--json").json
    now = terminal("queue", "--json").json
    assert all(set(row) == QUEUE_KEYS for row in everybody)
    assert now and [row["id"] for row in everybody if row["callable"]] == [row["id"] for row in now]
    reasons = " / ".join(row["why"] for row in everybody if not row["callable"])
    for words in ("outside hours", "not due", "objected", "correct the number"):
        assert words in reasons
    first = terminal("queue", "--first", "3", "--json").json
    assert [row["id"] for row in first] == [row["id"] for row in now[:3]]


@pytest.mark.usefixtures("call_at_any_hour")
def test_several_callers_at_once_get_different_people(home: Path, terminal: Terminal):
    for number in range(4):
        terminal("capture", "--last-name", f"Caller {number}", "--phone", f"+1202555014{number}")

    def next_one(_: int) -> str:
        return run("next", "--json").stdout.decode()

    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(next_one, range(4)))
    assert len(set(said)) == 4
    assert all('"id"' in text for text in said)
    assert terminal("next", "--json").json["error"]["code"] == "nobody_callable"
    held = terminal("queue", "--all", "--json").json
    assert {row["why"] for row in held} == {"me has them on the line"}


@pytest.mark.usefixtures("call_at_any_hour")
def test_what_next_claimed_another_command_of_the_same_member_may_work(ada: dict, terminal: Terminal):
    claimed = terminal("next", "--json").json
    assert claimed["id"] == ada["id"]
    called = terminal("call", claimed["id"], "voicemail", "--note", "left a word", "--json")
    assert called.code == 0
    assert called.json["attempts"] == 1
    assert "left a word" in called.json["history"][-1]["text"]


def test_an_id_may_be_short_with_dashes_or_capitals_and_is_refused_when_unclear(ada: dict, terminal: Terminal):
    full = ada["id"]
    dashed = f"{full[:8]}-{full[8:12]}-{full[12:16]}-{full[16:20]}-{full[20:]}"
    for given in (full, dashed, dashed.upper(), full[:8], full[:20]):
        assert terminal("show", given, "--json").json["id"] == full
    assert terminal("show", full[:7]).code == 3
    other = terminal("capture", "--last-name", "Other", "--phone", "+12025550144", "--json").json["id"]
    shared = next(at for at in range(32) if full[at] != other[at])
    said = terminal("show", full[:shared], "--json")
    assert (said.code, said.json["error"]["code"]) == (3, "id_unclear")
    assert terminal("show", full[: max(8, shared + 1)], "--json").json["id"] == full


def test_a_callback_is_promised_for_its_time(ada: dict, terminal: Terminal):
    said = terminal("call", ada["id"], "callback", "--back-at", "2099-06-30T14:30+02:00", "--json").json
    assert said["promised_at"] == "2099-06-30T12:30:00+00:00"
    assert (said["stage"], said["waiting_seconds"], said["callable"]) == ("waiting", 0, False)
    assert terminal("call", ada["id"], "callback", "--back-at", "2001-01-01T10:00").code == 3


def test_an_answer_that_the_script_does_not_know_changes_nothing(ada: dict, terminal: Terminal):
    for answer in ("nonsense=1", "budget=maybe", "budget"):
        said = terminal("call", ada["id"], "reached", "--answer", answer, "--json")
        assert (said.code, said.json["error"]["code"]) == (3, "answer_refused")
    assert kinds(terminal("show", ada["id"], "--json").json) == ["captured"]


def test_a_sell_goes_to_sales_and_through_the_second_look_to_a_won_sale(ada: dict, terminal: Terminal):
    sold = terminal("dispose", ada["id"], "sell", *good(), "--next-step", "Demo on Thursday", "--json").json
    assert (sold["stage"], sold["disposition"]) == ("sell", "sell")
    assert sold["score"] == min(100, sum(reason["points"] for reason in sold["reasons"]))
    assert kinds(sold) == ["captured", "called", "disposed"]
    lead = terminal("leads", "--json").json[0]
    assert set(lead) == QUEUE_KEYS | {"score", "sold_at", "waiting_for_sales_seconds", "answers", "next_step"}
    assert lead["next_step"] == "Demo on Thursday"
    assert {"question": "Budget", "answer": "Approved", "points": 25} in lead["answers"]
    assert terminal("review", ada["id"], "accept", "--json").json["stage"] == "accepted"
    assert terminal("undo").code == 3  # sales has accepted
    assert terminal("review", ada["id"], "prospect", "--answer", "need=clear", "--json").json["stage"] == "prospect"
    won = terminal("close", ada["id"], "won", "--amount", "1200.5", "--currency", "eur", "--json").json
    assert won["stage"] == "won"
    assert "1200.50 EUR" in won["history"][-1]["text"]
    assert terminal("leads", "--json").json == []


def test_another_decision_than_advised_needs_a_reason(ada: dict, terminal: Terminal):
    said = terminal("dispose", ada["id"], "nurture", *good(), "--json")
    assert (said.code, said.json["error"]["code"]) == (3, "reason_needed")
    said = terminal("dispose", ada["id"], "nurture", *good(), "--reason", "asked to wait", "--until", "2099-01-01")
    assert said.code == 0
    assert "until 2099-01-01" in said.out


def test_undo_takes_back_the_last_action_and_the_answers_are_there_again(ada: dict, terminal: Terminal):
    terminal("dispose", ada["id"], "sell", *good())
    undone = terminal("undo", "--json").json
    assert (undone["id"], undone["stage"], undone["disposition"]) == (ada["id"], "waiting", None)
    again = terminal("dispose", ada["id"], "sell", "--json").json
    assert again["score"] == 100


def test_who_writes_that_they_want_no_calls_is_called_no_more_and_no_call_is_counted(ada: dict, terminal: Terminal):
    objected = terminal("object", ada["id"], "--json").json
    assert (objected["stage"], objected["attempts"]) == ("objected", 0)
    assert terminal("queue", "--json").json == []
    assert terminal("lift", ada["id"], "--reason", "changed their mind", "--json").json["stage"] == "waiting"


def test_do_not_call_holds_until_it_is_lifted_with_a_reason(ada: dict, terminal: Terminal):
    said = terminal("call", ada["id"], "do-not-call", "--json").json
    assert (said["stage"], said["callable"]) == ("objected", False)
    assert terminal("undo").code == 3
    assert terminal("dispose", ada["id"], "sell", *good()).code == 3
    lifted = terminal("lift", ada["id"], "--reason", "wrote to us", "--json").json
    assert lifted["stage"] == "waiting"
    assert "wrote to us" in lifted["history"][-1]["text"]


def test_skipping_keeps_the_place_and_needs_a_reason(ada: dict, terminal: Terminal):
    assert terminal("skip", ada["id"]).code == 2
    assert terminal("skip", ada["id"], "--reason", "line is bad", "--json").json["why"].startswith("skipped until")


def test_discarding_hides_the_person_at_once(ada: dict, terminal: Terminal):
    gone = terminal("dispose", ada["id"], "discard", "--answer", "need=private", "--json")
    assert gone.json["stage"] == "discarded"
    assert not any(word in gone.out for word in ("Ada", "Moss", "2025550143", "brightwater", "please"))
    assert gone.json["last_name"] is None
    assert terminal("find", "moss", "--json").json == []
    assert terminal("undo", "--json").json["last_name"] == "Moss"


def test_editing_corrects_a_person(ada: dict, terminal: Terminal):
    edited = terminal("edit", ada["id"], "--phone", "020 7946 0018", "--country", "GB", "--title", "CTO", "--json").json
    assert (edited["phone"], edited["title"]) == ("+442079460018", "CTO")
    assert terminal("edit", ada["id"]).code == 2
    assert terminal("edit", ada["id"], "--country", "Atlantis").code == 3


def test_reassigning_names_how_many_each_member_got(ada: dict, terminal: Terminal):
    assert terminal("reassign", ada["id"], "--to", "Marta", "--json").json == {"moved": {"Marta": 1}}
    assert terminal("show", ada["id"], "--json").json["owner"] == "Marta"
    assert terminal("reassign", ada["id"], "--evenly", "--json").json["moved"] == {"me": 1}
    assert terminal("reassign", ada["id"], "--release", "--json").json == {"moved": {"": 1}}
    assert terminal("show", ada["id"], "--json").json["owner"] is None
    assert terminal("reassign", ada["id"]).code == 2


def test_what_one_command_acknowledged_another_process_knows(ada: dict, terminal: Terminal):
    said: subprocess.CompletedProcess[bytes] = run("call", ada["id"], "busy", "--json")
    assert said.returncode == 0, said.stderr
    assert terminal("show", ada["id"], "--json").json["attempts"] == 1


def test_a_window_that_holds_somebody_keeps_a_terminal_away(ada: dict, home: Path, terminal: Terminal):
    from app import bootstrap
    from app.services import queue
    from tests.cli.conftest import PASSPHRASE

    with bootstrap.open_home(home, passphrase=PASSPHRASE) as window:
        window.seat.holder = "window-1"
        queue.claim(window.seat, ada["id"])
        said: Answer = terminal("call", ada["id"], "busy")
        assert said.code == 3
        assert "on the line" in said.err
        queue.release(window.seat)
        assert terminal("call", ada["id"], "busy").code == 0


def test_the_module_runs_from_any_folder(home: Path, tmp_path: Path):
    words = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from app.__main__ import main; "
    words += "sys.exit(main(['set', '--json']))"
    said = subprocess.run([sys.executable, "-c", words], capture_output=True, cwd=tmp_path, check=True, timeout=60)
    assert b'"limit-hours":"24"' in said.stdout

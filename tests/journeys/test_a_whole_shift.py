"""Twenty inquiries worked in the real window by keys alone; what the ledger then says, read by another process."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from app.models.entries import Called, Disposed, Skipped, Undone
from app.ui import keys, shift
from app.ui.shift import hands, working
from tests.journeys.homes import PASSPHRASE, entries_since, last_seq, made_up, opened

READ = (
    "import sys, json, pathlib\n"
    "from app import bootstrap\n"
    "with bootstrap.open_home(pathlib.Path(sys.argv[1]), passphrase=sys.argv[2]) as home:\n"
    "    sql = 'SELECT kind, subject FROM ledger WHERE seq > ? ORDER BY seq'\n"
    "    rows = home.seat.store.query(sql, (int(sys.argv[3]),))\n"
    "    print(json.dumps(rows))\n"
)
DECISIONS = {"sell", "nurture", "discard"}


@pytest.fixture(scope="module")
def home_path(tmp_path_factory):
    path = tmp_path_factory.mktemp("shift") / "home"
    made_up(path, count=120, seed=7)
    return path


@pytest.fixture(autouse=True)
def quick_to_give_up(monkeypatch):
    monkeypatch.setattr(hands, "PATIENCE_MS", 20_000)


def test_a_shift_of_twenty_inquiries_is_worked_by_keyboard_alone(home_path: Path, tmp_path: Path, qapp):
    told: list[dict[str, str]] = []
    with opened(home_path) as home:
        before = last_seq(home)
        result = shift.run(home, calls=20, screens=tmp_path / "screens", seed=11, told=told.append)
    kept = Counter(each["kept"] for each in told if "kept" in each)

    assert result["calls"] == 20
    assert result["sell"] >= 4
    assert result["nurture"] >= 3
    assert result["discard"] >= 2
    assert [Path(file).name for file in result["screens"]][:3] == ["calls.png", "calls-dark.png", "calls-1024x700.png"]
    assert all(Path(file).stat().st_size > 20_000 for file in result["screens"])

    lines = subprocess.run(
        [sys.executable, "-c", READ, str(home_path), PASSPHRASE, str(before)],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    seen_elsewhere = Counter(kind for kind, _ in json.loads(lines))
    assert seen_elsewhere["disposed"] == sum(kept[each] for each in DECISIONS)
    assert seen_elsewhere["corrected"] == kept["edit"] == 1
    with opened(home_path) as home:
        entries = entries_since(home, before)
        facts = [(entry, entry.facts()) for entry in entries]
        undone = {body.entry for _, body in facts if isinstance(body, Undone)}
        stands = [(entry, body) for entry, body in facts if entry.id not in undone]
        decided = Counter(body.disposition.value for _, body in stands if isinstance(body, Disposed))
        assert decided == {name: result[name] for name in DECISIONS}
        outcomes = Counter(body.outcome.value for _, body in stands if isinstance(body, Called))
        for outcome in ("no-answer", "voicemail", "busy", "callback", "wrong-number", "do-not-call"):
            assert outcomes[outcome] == kept[outcome] >= 1, outcome
        assert sum(isinstance(body, Skipped) for _, body in stands) == kept["skip"] == 1
        assert kept["undo"] >= 2
        sold = [(e, b) for e, b in stands if isinstance(b, Disposed) and b.disposition.value == "sell"]
        assert all(len(body.answers) >= 5 for _, body in sold)
        assert all(person.next_step for entry, _ in sold if (person := entry.who()) is not None)
        called = [entry.who() for entry, body in stands if isinstance(body, Called) and body.outcome == "busy"]
        assert all(person is not None and person.number for person in called)
        notes = [each for each in told if "note" in each]
        written = {person.note for entry, _ in stands if (person := entry.who()) is not None and person.note}
        assert written <= {each["note"] for each in notes}
        assert all(home.seat.ledger.is_current(each["inquiry"]) for each in told)
        assert home.seat.store.query("SELECT 1 FROM claim") == [], "closing the window let nothing go"


MISSING = ["call", "next-question", "objections", "sell", "discard", "undo", "no-answer", "find", "pause", "answer-1"]


@pytest.mark.parametrize("name", MISSING)
def test_without_one_of_its_keys_a_shift_ends_with_a_sentence_that_names_it(name, tmp_path, monkeypatch, qapp):
    monkeypatch.setattr(hands, "PATIENCE_MS", 1_500)
    monkeypatch.setattr(keys, "bind", partial(_bind_all_but, name, keys.bind))
    monkeypatch.setattr(working, "ROTA", ("sell", "no-answer", "discard", "sell", "sell"))
    with pytest.raises(shift.ShiftFailed) as failed:
        _work(tmp_path)
    assert keys.label(name) in str(failed.value)


def _bind_all_but(name, bind, wanted, *given, **named):
    return [] if wanted == name else bind(wanted, *given, **named)


def test_a_key_that_has_no_sequence_any_more_is_named(tmp_path, monkeypatch, qapp):
    monkeypatch.setitem(keys.CALLS, "call", keys.Key("", "Call"))
    monkeypatch.setitem(keys.PAGES["calls"], "call", keys.Key("", "Call"))
    with pytest.raises(shift.ShiftFailed, match="call"):
        _work(tmp_path)


def _work(tmp_path: Path) -> None:
    path = tmp_path / "home"
    made_up(path, count=60, seed=3)
    with opened(path) as home:
        shift.run(home, calls=5, seed=2)


def test_a_home_without_anybody_to_call_is_said(tmp_path, qapp):
    from app import bootstrap

    home, _ = bootstrap.create(tmp_path / "home", passphrase=PASSPHRASE, use_keyring=False)
    with home, pytest.raises(shift.ShiftFailed, match="Nobody"):
        shift.run(home, calls=1)

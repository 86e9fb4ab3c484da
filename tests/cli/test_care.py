"""`doctor`, `backup`, `restore`, `erase`, `export`, `demo` and `set` from a terminal."""

from __future__ import annotations

import csv
import shutil
import zipfile
from pathlib import Path

import msgspec
import pytest
import python_calamine
import vobject

from app import bootstrap
from app.services.exporting import harmless
from app.services.store import backup
from tests.cli.conftest import PASSPHRASE, Terminal
from tests.services.test_hidden import joined_later


def names(terminal: Terminal) -> list[str]:
    return sorted(row["last_name"] or "" for row in terminal("queue", "--all", "--json").json)


def test_doctor_finds_a_sound_home_and_mends_tables_that_were_corrupted(demo_home: Path, terminal: Terminal):
    said = terminal("doctor", "--json")
    assert (said.code, said.json["ok"]) == (0, True)
    assert set(said.json["findings"][0]) == {"level", "sentence", "todo"}
    before = names(terminal)
    with bootstrap.open_home(demo_home, passphrase=PASSPHRASE) as home, home.seat.store.writing():
        home.seat.store.writer.execute("UPDATE inquiry SET last_name = 'Damaged', stage = 'won'")
    sick = terminal("doctor", "--json").json
    assert sick["ok"] is False
    assert any("--rebuild" in (finding["todo"] or "") for finding in sick["findings"])
    with bootstrap.open_home(demo_home, passphrase=PASSPHRASE):
        refused = terminal("doctor", "--rebuild")
    assert refused.code != 0, "made again beneath somebody who works in it"
    assert "Close the other window" in refused.err
    assert terminal("doctor", "--rebuild", "--json").json["ok"] is True
    assert names(terminal) == before
    assert "ok" in terminal("doctor").out


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM source",
        "DELETE FROM source_cost",
        "DELETE FROM publication",
        "DROP TABLE attempt",
        "DROP TABLE inquiry",
    ],
)
def test_tables_that_were_emptied_or_dropped_are_seen_and_made_again(demo_home: Path, terminal: Terminal, damage: str):
    before = names(terminal), terminal("results", "--json").json, terminal("script", "show", "--json").json
    with bootstrap.open_home(demo_home, passphrase=PASSPHRASE) as home, home.seat.store.writing():
        home.seat.store.writer.execute(damage)
    sick = terminal("doctor", "--json")
    assert (sick.code, sick.json["ok"]) == (0, False)
    assert damage.rsplit(maxsplit=1)[-1] in sick.out
    assert terminal("doctor", "--rebuild", "--json").json["ok"] is True
    assert (names(terminal), terminal("results", "--json").json, terminal("script", "show", "--json").json) == before


def test_a_rebuild_from_a_damaged_ledger_is_refused_and_a_missing_index_is_told(demo_home: Path, terminal: Terminal):
    before = names(terminal)
    with bootstrap.open_home(demo_home, passphrase=PASSPHRASE) as home, home.seat.store.writing():
        home.seat.store.writer.execute("UPDATE ledger SET body = '{}' WHERE kind = 'captured' AND rowid % 2")
    refused = terminal("doctor", "--rebuild", "--json")
    assert (refused.code, refused.json["error"]["code"]) == (4, "ledger_damaged")
    assert names(terminal) == before
    with bootstrap.open_home(demo_home, passphrase=PASSPHRASE) as home, home.seat.store.writing():
        home.seat.store.writer.execute("DROP TABLE search_grams")
    assert "Missing: search_grams. Restore" in terminal("doctor").out


def test_a_backup_into_a_folder_that_is_not_there_says_so(demo_home: Path, terminal: Terminal, tmp_path: Path):
    said = terminal("backup", str(tmp_path / "nowhere" / "home.backup"))
    assert said.code == 4
    assert f"{tmp_path / 'nowhere'} is not there" in said.err


def test_a_backup_holds_nothing_readable_and_is_restored_elsewhere(demo_home: Path, terminal: Terminal, tmp_path: Path):
    file = tmp_path / "home.backup"
    assert terminal("backup", str(file), "--json").json["days"] == 30
    before = names(terminal)
    written = file.read_bytes()
    assert not [name for name in {".example", *before} if len(name) > 4 and name.encode() in written]
    elsewhere = tmp_path / "elsewhere"
    said = terminal("restore", str(file), "--home", str(elsewhere), "--json")
    assert (said.code, said.json["inquiries"], said.json["kept"]) == (0, 60, None)
    assert (
        sorted(r["last_name"] or "" for r in terminal("queue", "--all", "--json", "--home", str(elsewhere)).json)
        == before
    )
    assert not list(tmp_path.glob("*.part")) and not list(tmp_path.glob("*.copy*"))
    assert not list(tmp_path.glob(".winnow-restoring*"))


def test_a_restored_home_is_another_device_and_keeps_the_old_one_beside(
    home: Path, ada: dict, terminal: Terminal, tmp_path: Path
):
    terminal("backup", str(tmp_path / "b"))
    with bootstrap.open_home(home, passphrase=PASSPHRASE) as opened:
        device = opened.seat.device
    terminal("edit", ada["id"], "--title", "Later")
    said = terminal("restore", str(tmp_path / "b"), "--json").json
    assert terminal("show", ada["id"], "--json").json["title"] is None
    assert (Path(said["kept"]) / "winnow.db").exists()
    with bootstrap.open_home(home, passphrase=PASSPHRASE) as opened:
        assert opened.seat.device != device


def test_who_was_erased_or_objected_after_a_backup_stays_so_when_it_is_restored(
    home: Path, ada: dict, terminal: Terminal, tmp_path: Path
):
    other = terminal("capture", "--last-name", "Other", "--phone", "+12025550144", "--json").json["id"]
    terminal("backup", str(tmp_path / "b"))
    late = terminal("capture", "--last-name", "Late", "--email", "late@late.example", "--json").json["id"]
    for gone in (ada["id"], late):
        assert terminal("erase", gone).code == 0
    terminal("call", other, "do-not-call")
    said = terminal("restore", str(tmp_path / "b"), "--json").json
    assert said["erased"] == 1
    shown = terminal("show", ada["id"], "--json").json
    assert (shown["stage"], shown["last_name"]) == ("erased", None)
    assert terminal("find", "moss", "--json").json == []
    assert terminal("show", other, "--json").json["stage"] == "objected"
    assert terminal("doctor", "--json").json["ok"] is True
    back = terminal("capture", "--last-name", "Late", "--email", "late@late.example", "--json")
    assert back.json["id"] != late
    with bootstrap.open_home(home, passphrase=PASSPHRASE) as opened:
        assert opened.seat.inquiry(back.json["id"]).asked_anew  # the keyed hashes came along


def test_a_backup_dies_after_thirty_days(home: Path, ada: dict, terminal: Terminal, tmp_path: Path):
    terminal("backup", str(tmp_path / "b"))
    with zipfile.ZipFile(tmp_path / "b") as container:
        made = msgspec.json.decode(container.read(backup.ABOUT), type=backup.Made)
        parts = {name: container.read(name) for name in container.namelist()}
    for days, code in ((29, 0), (30, 3)):
        old = msgspec.structs.replace(made, made_at=made.made_at - days * backup.DAY)
        with zipfile.ZipFile(tmp_path / f"old-{days}", "w") as container:
            for name, data in (parts | {backup.ABOUT: msgspec.json.encode(old)}).items():
                container.writestr(name, data)
        assert terminal("restore", str(tmp_path / f"old-{days}")).code == code
    assert terminal("show", ada["id"]).code == 0


def test_what_is_no_backup_and_what_nothing_opens_is_refused_and_changes_nothing(
    home: Path, ada: dict, terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "no").write_text("no backup")
    assert terminal("restore", str(tmp_path / "no")).code == 3
    assert terminal("restore", str(tmp_path / "missing")).code == 4
    terminal("backup", str(tmp_path / "b"))
    cut = (tmp_path / "b").read_bytes()
    (tmp_path / "cut").write_bytes(cut[: len(cut) // 2])
    assert terminal("restore", str(tmp_path / "cut")).code == 3
    monkeypatch.setenv("WINNOW_PASSPHRASE", "another one")
    assert terminal("restore", str(tmp_path / "b")).code == 3
    monkeypatch.setenv("WINNOW_PASSPHRASE", PASSPHRASE)
    assert terminal("show", ada["id"]).code == 0
    assert terminal("backup", str(home / "winnow.db")).code == 3


def test_a_home_that_is_open_elsewhere_is_not_exchanged(home: Path, ada: dict, terminal: Terminal, tmp_path: Path):
    terminal("backup", str(tmp_path / "b"))
    with bootstrap.open_home(home, passphrase=PASSPHRASE):
        assert terminal("restore", str(tmp_path / "b")).code == 3
    assert terminal("restore", str(tmp_path / "b")).code == 0


def test_a_damaged_home_is_replaced_by_its_backup(home: Path, ada: dict, terminal: Terminal, tmp_path: Path):
    terminal("backup", str(tmp_path / "b"))
    (home / "winnow.db").write_bytes(b"damaged" * 1000)
    for name in ("winnow.db-wal", "winnow.db-shm"):
        (home / name).unlink(missing_ok=True)
    said = terminal("restore", str(tmp_path / "b"))
    assert said.code == 0
    assert "not known" in said.err
    assert terminal("show", ada["id"]).code == 0


def test_erasing_says_what_was_erased_where_and_who_still_holds_it(ada: dict, terminal: Terminal):
    terminal("call", ada["id"], "reached", "--note", "spoke at length")
    said = terminal("erase", ada["id"], "--json").json
    assert (said["id"], said["entries"]) == (ada["id"], 2)
    assert any("Backups" in sentence for sentence in said["sentences"])
    shown = terminal("show", ada["id"])
    assert not any(word in shown.out for word in ("Ada", "Moss", "0143", "length"))
    assert terminal("erase", ada["id"]).code == 3
    assert terminal("edit", ada["id"], "--title", "x").code == 3


def test_whoever_the_erasure_of_another_hides_is_parted_from_a_terminal(home: Path, ada: dict, terminal: Terminal):
    other = terminal("capture", "--last-name", "Other", "--email", "o@x.example", "--json").json["id"]
    terminal("erase", ada["id"])
    with bootstrap.open_home(home, passphrase=PASSPHRASE) as opened:
        joined_later(opened.seat, ada["id"], other)
    (todo,) = [f["todo"] for f in terminal("doctor", "--json").json["findings"] if "hidden" in f["sentence"]]
    shown = min(ada["id"], other)
    assert f"`winnow part {shown}`" in todo
    assert terminal("part", shown, "--json").json == {"parted": [other]}
    assert terminal("show", other, "--json").json["last_name"] == "Other"
    assert terminal("part", other).code == 3


def test_an_export_holds_everybody_but_the_gone_and_no_formula(
    home: Path, ada: dict, terminal: Terminal, tmp_path: Path
):
    evil = '=HYPERLINK("http://x.example")'
    terminal("capture", "--last-name", evil, "--company", "+SUM(1)", "--email", "e@x.example", "--title", "@cmd")
    gone = terminal("capture", "--last-name", "Gone", "--email", "gone@x.example", "--json").json["id"]
    terminal("erase", gone)
    assert terminal("export", str(tmp_path / "l.csv"), "--json").json == {"rows": 2}
    with (tmp_path / "l.csv").open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert [row["last_name"] for row in rows] == ["Moss", f"'{evil}"]
    assert (rows[0]["phone"], rows[1]["company"], rows[1]["title"]) == ("+12025550143", "'+SUM(1)", "'@cmd")
    assert terminal("export", str(tmp_path / "l.xlsx"), "--json").json == {"rows": 2}
    sheet = python_calamine.CalamineWorkbook.from_path(str(tmp_path / "l.xlsx")).get_sheet_by_index(0).to_python()
    assert evil in sheet[2]
    assert terminal("export", str(tmp_path / "l.vcf")).code == 0
    cards = list(vobject.readComponents((tmp_path / "l.vcf").read_text("utf-8")))
    assert [card.n.value.family for card in cards] == ["Moss", evil]
    assert cards[0].tel.value == "+12025550143"
    assert terminal("export", str(tmp_path / "s.csv"), "--stage", "sell", "--json").json == {"rows": 0}
    assert terminal("export", str(tmp_path / "l.doc")).code == 2
    assert terminal("export", str(tmp_path / "l.csv"), "--stage", "erased").code == 2


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "|x", "%x", "\r=1"])
def test_texts_that_a_spreadsheet_would_compute_are_quoted(text: str):
    assert harmless(text).startswith("'")


@pytest.mark.parametrize("value", ["Moss", "+12025550143", "", 7, None, "a=b", "Smith-Jones"])
def test_other_values_stay_as_they_are(value: object):
    assert harmless(value) == value


def test_demo_fills_a_new_home_alone(tmp_path: Path, home: Path, terminal: Terminal):
    elsewhere = tmp_path / "new"
    said = terminal("demo", "--home", str(elsewhere), "--json")
    assert said.json == {"inquiries": 60, "home": str(elsewhere)}
    again = terminal("demo", "--home", str(elsewhere), "--json")
    assert (again.code, again.json["error"]["code"]) == (3, "home_not_empty")


def test_settings_are_listed_checked_and_kept(home: Path, terminal: Terminal):
    assert terminal("set", "--json").json["limit-hours"] == "24"
    assert terminal("set", "limit-hours", "8", "--json").json["limit-hours"] == "8"
    assert terminal("set", "region", "Germany", "--json").json["currency"] == "EUR"
    assert "8" in terminal("set", "limit-hours").out
    for key, value in (
        ("limit-hours", "x"),
        ("calling-hours", "25:00-26:00"),
        ("nonsense", "1"),
        ("region", "Atlantis"),
    ):
        assert terminal("set", key, value).code == 3
    warned = terminal("set", "calling-hours", "00:00-24:00")
    assert "lawful" in warned.err
    assert terminal("set", "calling-hours", "rules").err == ""


def test_a_script_that_is_not_there_is_said_and_can_be_put_right(ada: dict, terminal: Terminal):
    terminal("set", "script", "nonsense")
    said = terminal("show", ada["id"], "--json")
    assert (said.code, said.json["error"]["code"]) == (3, "not_found")
    terminal("set", "script", "trade-show")
    assert terminal("show", ada["id"]).code == 0


def test_copying_a_home_away_keeps_it_working(demo_home: Path, terminal: Terminal, tmp_path: Path):
    shutil.copytree(demo_home, tmp_path / "copy")
    assert terminal("find", "example", "--home", str(tmp_path / "copy"), "--json").json

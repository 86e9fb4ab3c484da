"""`source`, `results` with its reports, `script` and `scorecard` from a terminal."""

from __future__ import annotations

import subprocess
from pathlib import Path

import python_calamine

from app.cli.marketing import FIGURES
from app.paths import resources
from tests.cli.conftest import Terminal
from tests.cli.test_calls import good
from tests.cli.test_terminal import run

KEYS = set(FIGURES) | {"by_source", "by_caller"}


def test_costs_of_a_source_add_up_by_currency(home: Path, terminal: Terminal):
    terminal("source", "Fair", "--add-cost", "1000", "--currency", "EUR", "--limit-hours", "8")
    said = terminal("source", "Fair", "--add-cost", "0.5", "--currency", "EUR", "--json").json
    assert said["costs"] == [{"amount": "1000.50", "currency": "EUR"}]
    assert (said["name"], said["limit_hours"]) == ("Fair", 8.0)
    assert terminal("source", "Fair", "--add-cost", "dear").code == 3
    assert terminal("source", "Fair", "--limit-hours", "0").code == 3
    assert "1000.50 EUR" in terminal("source", "Fair").out


def test_a_source_says_whether_what_is_held_over_its_limit_comes_back(home: Path, terminal: Terminal):
    assert terminal("source", "Fair", "--json").json["returns"] is True
    assert terminal("source", "Fair", "--returns", "off", "--json").json["returns"] is False
    assert terminal("source", "Fair", "--returns", "on", "--json").json["returns"] is True
    assert terminal("source", "Fair", "--returns", "perhaps").code == 2


def test_results_have_the_promised_keys_and_sums_that_agree(demo_home: Path, terminal: Terminal):
    found = terminal("results", "--json").json
    assert set(found) == KEYS
    parts = ("sell", "nurture", "discard", "unreached", "objected", "open")
    assert found["inquiries"] == 60 == sum(found[name] for name in parts)
    assert found["revenue"] == [{"amount": "18400.00", "currency": "EUR"}]
    assert {cost["currency"] for cost in found["cost_per_inquiry"]} == {"EUR", "USD"}
    assert sum(each["inquiries"] for each in found["by_source"]) == 60
    assert set(FIGURES) <= set(found["by_source"][0])
    assert found["by_caller"][0]["calls"] > 10
    assert all(found[name] is not None for name in FIGURES)


def test_an_empty_home_has_null_shares_and_empty_lists(home: Path, terminal: Terminal):
    found = terminal("results", "--json").json
    assert (found["inquiries"], found["revenue"], found["cost_per_sale"], found["by_source"]) == (0, [], [], [])
    assert found["qualified_share"] is None and found["first_call_median_seconds"] is None


def test_a_period_is_whole_days_and_a_wrong_one_is_refused(ada: dict, terminal: Terminal):
    today = ada["captured_at"][:10]
    assert terminal("results", "--from", today, "--to", today, "--json").json["inquiries"] == 1
    assert terminal("results", "--to", "2001-01-01", "--json").json["inquiries"] == 0
    assert terminal("results", "--from", "2030-01-01", "--to", "2029-01-01").code == 3
    assert terminal("results", "--from", "yesterday").code == 2
    assert terminal("results", "--source", "Nowhere").code == 3


def test_reports_hold_the_figures_and_no_text_becomes_code(home: Path, terminal: Terminal, tmp_path: Path):
    source = "<script>alert(1)</script> & =SUM(1)"
    terminal("capture", "--last-name", "Moss", "--email", "m@x.example", "--source", source)
    terminal("source", source, "--add-cost", "30", "--currency", "EUR")
    assert terminal("results", "--report", str(tmp_path / "r.html")).code == 0
    html = (tmp_path / "r.html").read_text("utf-8")
    assert "<script" not in html and "&lt;script&gt;" in html and "30.00 EUR" in html
    assert terminal("results", "--report", str(tmp_path / "r.xlsx"), "--json").json["inquiries"] == 1
    book = python_calamine.CalamineWorkbook.from_path(str(tmp_path / "r.xlsx"))
    assert book.sheet_names == ["Results", "By source", "By caller", "Time to first call"]
    assert book.get_sheet_by_name("By source").to_python()[1][0] == source
    assert terminal("results", "--report", str(tmp_path / "r.doc")).code == 2


def test_a_report_as_pdf_needs_no_display(demo_home: Path, tmp_path: Path):
    said: subprocess.CompletedProcess[bytes] = run("results", "--report", str(tmp_path / "r.pdf"), DISPLAY="")
    assert (said.returncode, said.stderr) == (0, b"")
    assert (tmp_path / "r.pdf").read_bytes().startswith(b"%PDF")
    assert run("results", "--report", str(tmp_path / "missing" / "r.pdf"), DISPLAY="").returncode == 4


def test_the_shipped_script_and_scorecard_are_shown_and_sound(home: Path, terminal: Terminal):
    shown = terminal("script", "show", "--json").json
    assert (shown["key"], shown["version"]) == ("b2b", 1)
    assert {"approved", "planned"} <= {
        o["key"] for q in shown["questions"] if q["key"] == "budget" for o in q["options"]
    }
    assert "approved" in terminal("script", "show").out
    for what in ("script", "scorecard"):
        checked = terminal(what, "check", "--json")
        assert (checked.code, checked.json["sound"], checked.json["findings"]) == (0, True, [])
        assert set(checked.json["reached"]) == {"sell", "nurture", "discard"}
    assert "60" in terminal("scorecard", "show").out
    assert terminal("scorecard", "show", "--json").json["bands"] == {"nurture": 30, "sell": 60}


def test_a_script_with_an_error_is_told_and_not_published(home: Path, terminal: Terminal, tmp_path: Path):
    text = (resources() / "scripts" / "b2b.toml").read_text("utf-8")
    bad = tmp_path / "bad.toml"
    bad.write_text(text.replace('question = "need", in', 'question = "neeed", in'), encoding="utf-8")
    checked = terminal("script", "check", str(bad), "--json")
    assert (checked.code, checked.json["sound"]) == (3, False)
    assert any(finding["kind"] == "broken_reference" for finding in checked.json["findings"])
    assert terminal("script", "publish", str(bad), "--json").json["error"]["code"] == "not_sound"
    bad.write_text("key = ", encoding="utf-8")
    assert terminal("script", "check", str(bad)).code == 3
    assert terminal("script", "check", str(tmp_path / "missing.toml")).code == 4


def test_publishing_makes_the_next_version_the_one_that_counts(ada: dict, terminal: Terminal, tmp_path: Path):
    text = (resources() / "scripts" / "b2b.toml").read_text("utf-8")
    file = tmp_path / "mine.toml"
    file.write_text(text.replace("Is money set aside for it?", "Is there money?"), encoding="utf-8")
    assert terminal("script", "publish", str(file), "--json").json == {"what": "script", "key": "b2b", "version": 2}
    assert "Is there money?" in terminal("script", "show").out
    assert terminal("script", "publish", str(file)).code == 3


def test_a_script_in_the_home_s_folder_is_what_check_and_publish_mean(home: Path, terminal: Terminal):
    (home / "scripts").mkdir()
    text = (resources() / "scripts" / "b2b.toml").read_text("utf-8")
    (home / "scripts" / "b2b.toml").write_text(text.replace("Is money set aside", "Is any money set aside"), "utf-8")
    assert terminal("script", "check").code == 0
    assert terminal("script", "publish", "--json").json["version"] == 2


def test_other_points_are_tried_on_past_calls_before_they_count(ada: dict, terminal: Terminal, tmp_path: Path):
    terminal("dispose", ada["id"], "sell", *good())
    text = (resources() / "scorecards" / "b2b.toml").read_text("utf-8")
    strict = tmp_path / "strict.toml"
    strict.write_text(
        text.replace("sell = 60", "sell = 95").replace('"approved", points = 25', '"approved", points = 5'), "utf-8"
    )
    assert terminal("scorecard", "try", "--json").json == {"calls": 1, "changes": []}
    tried = terminal("scorecard", "try", str(strict), "--json").json
    assert tried["calls"] == 1
    (change,) = tried["changes"]
    assert (change["id"], change["before"], change["after"]) == (ada["id"], "sell", "nurture")
    assert terminal("show", ada["id"], "--json").json["score"] == 100
    assert terminal("scorecard", "publish", str(strict), "--json").json["version"] == 2
    assert terminal("scorecard", "show", "--json").json["bands"]["sell"] == 95

"""Whole lists: twice creates nothing, a rehearsal tells the truth, cancelling and broken files leave a whole store."""

from __future__ import annotations

import csv
import os
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import bootstrap
from app.services import capture, known_people, queue
from app.services.doctor import check
from app.services.errors import EnvironmentFailed, Refused
from app.services.import_terms import Fate, ImportOptions, ImportReport, Progress
from app.services.importing import import_files
from app.services.reading import FileRefused
from app.services.seat import Seat
from tests.services.made_up import FIRST, LAST, Clock, berlin, beside, form, new_home, profile, python

HEAD = ["First name", "Last name", "Company", "Title", "Phone", "E-mail", "Captured at"]


def write(path: Path, rows: list[list[str]], head: list[str] = HEAD) -> Path:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    return path


def many(count: int, first: int = 0) -> list[list[str]]:
    return [
        [FIRST[n % 10], f"{LAST[n % 8]}{n}", f"Werk {n}", "Buyer", f"+4930{2_000_000 + n}", f"p{n}@w{n}.example", ""]
        for n in range(first, first + count)
    ]


def take_in(seat: Seat, path: Path, **options: Any) -> ImportReport:
    return import_files(seat, [path], ImportOptions(**({"source": "Fair", "region": "DE"} | options)))


def people(seat: Seat) -> Counter[tuple[str, str, frozenset[str], frozenset[str]]]:
    folds = [seat.inquiry(row[0]) for row in seat.store.query("SELECT id FROM inquiry")]
    return Counter(
        (f.first_name, f.last_name, frozenset(p.e164 or p.raw for p in f.phones), frozenset(f.emails)) for f in folds
    )


def size(seat: Seat) -> tuple[int, ...]:
    return tuple(seat.store.query(f"SELECT count(*) FROM {name}")[0][0] for name in ("ledger", "inquiry", "source"))


# lists at random

PERSON = st.tuples(
    st.sampled_from([("Anna", "Abendroth"), ("Bruno", "Brinkmann"), ("Clara", "Castellani")]),
    st.sampled_from(["", "Werk"]),
    st.sampled_from(["", "Buyer", "Director"]),
    st.lists(st.integers(1, 4), max_size=2).map(lambda ns: " / ".join(berlin(n) for n in ns)),
    st.sampled_from(["", "a@werk.example", "b@werk.example", "info@werk.example"]),
    st.sampled_from(["", "", "2026-03-01 10:00", "2026-03-02 11:30"]),
    st.sampled_from(["", "", "", "yes"]),
).map(lambda row: [*row[0], *row[1:]])
LISTS = st.lists(PERSON, min_size=1, max_size=12)
WIDE = [*HEAD, "Do not call"]


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Makes a new home for each example."""
    opened: list[bootstrap.Home] = []

    def make() -> bootstrap.Home:
        while opened:
            opened.pop().close()
        opened.append(new_home(tmp_path_factory.mktemp("home") / "home", Clock()))
        return opened[0]

    yield make
    while opened:
        opened.pop().close()


@given(before=st.lists(PERSON, max_size=5), rows=LISTS)
@profile(40, 1500)
def test_a_rehearsal_says_exactly_what_the_import_does(
    homes: Any, before: list[list[str]], rows: list[list[str]]
) -> None:
    home = homes()
    seat = home.seat
    if before:
        take_in(seat, write(home.path / "before.csv", before, WIDE), source="Web")
    path = write(home.path / "list.csv", rows, WIDE)
    had = size(seat)
    said = take_in(seat, path, dry_run=True)
    assert size(seat) == had
    done = take_in(seat, path)
    assert [(row.line, row.fate) for row in done.files[0].rows] == [(row.line, row.fate) for row in said.files[0].rows]
    assert done.files[0].counts == said.files[0].counts
    assert done.read == len(rows)
    assert not [finding for finding in check(seat) if finding.level == "bad"]


@given(rows=LISTS, random=st.randoms(use_true_random=False))
@profile(40, 1500)
def test_the_order_of_rows_does_not_change_who_is_there(homes: Any, rows: list[list[str]], random: Any) -> None:
    home = homes()
    take_in(home.seat, write(home.path / "list.csv", rows))
    one = people(home.seat)
    random.shuffle(rows)
    home = homes()
    take_in(home.seat, write(home.path / "list.csv", rows))
    assert people(home.seat) == one


@given(rows=LISTS)
@profile(25, 500)
def test_the_second_time_writes_nothing(homes: Any, rows: list[list[str]]) -> None:
    home = homes()
    path = write(home.path / "list.csv", rows, WIDE)
    take_in(home.seat, path)
    had = size(home.seat)
    report = take_in(home.seat, path)
    assert set(Counter(report.files[0].counts)) and report.count(Fate.SKIPPED) + report.count(Fate.REFUSED) == len(rows)
    assert size(home.seat) == had


# rehearsal


def test_a_rehearsal_writes_nothing(seat: Seat, tmp_path: Path) -> None:
    path, had = write(tmp_path / "list.csv", many(250)), size(seat)
    report = take_in(seat, path, dry_run=True)
    assert report.count(Fate.NEW) == 250
    assert size(seat) == had
    assert report.changed.kinds == frozenset()


def test_a_rehearsal_works_beside_somebody_who_writes(seat: Seat, tmp_path: Path) -> None:
    path, other = write(tmp_path / "list.csv", many(10)), beside(seat)
    with other.store.writing():
        assert take_in(seat, path, dry_run=True).count(Fate.NEW) == 10
    other.store.close()


# many rows


def test_rows_beside_somebody_who_writes_all_go_in(seat: Seat, tmp_path: Path) -> None:
    path, other, written = write(tmp_path / "list.csv", many(1000)), beside(seat), [0]

    def meanwhile(progress: Progress) -> None:
        written[0] += 1
        capture.capture(other, form(written[0], phone=f"+4930{3_000_000 + written[0]}"))

    report = import_files(seat, [path], ImportOptions(source="Fair", region="DE"), meanwhile)
    other.store.close()
    assert report.count(Fate.NEW) == 1000
    assert seat.store.query("SELECT count(*) FROM inquiry") == [(1000 + written[0],)]
    sequence = seat.store.query("SELECT device_seq FROM ledger WHERE kind = 'captured'")
    assert len(set(sequence)) == len(sequence)


def test_somebody_who_writes_while_a_batch_is_decided_does_not_wait_and_is_not_doubled(
    seat: Seat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.services import importing

    other, usual = beside(seat), importing.decide
    calls: list[int] = []

    def overtaken(taking: Any, comers: Any, options: Any) -> Any:
        calls.append(len(comers))
        taking.find(comers[:1], folded=True)
        if len(calls) == 1:
            capture.capture(other, form(0, first_name="Anna", last_name="Abendroth0", phone=many(1)[0][4]))
        return usual(taking, comers, options)

    monkeypatch.setattr(importing, "decide", overtaken)
    report = take_in(seat, write(tmp_path / "list.csv", many(3)))
    other.store.close()
    assert calls == [3, 3]
    assert (report.count(Fate.NEW), report.count(Fate.MERGED)) == (2, 1)


def test_progress_only_grows_and_ends_with_the_file(seat: Seat, tmp_path: Path) -> None:
    path, told = write(tmp_path / "list.csv", many(1000)), list[Progress]()
    import_files(seat, [path], ImportOptions(source="Fair", region="DE"), told.append)
    rows, done = [p.rows for p in told], [p.bytes_done for p in told]
    assert rows == sorted(set(rows))
    assert rows[-1] == 1000
    assert done == sorted(done)
    assert done[-1] == told[-1].bytes_total == path.stat().st_size


def test_cancelling_stops_between_two_transactions_and_the_rest_can_follow(seat: Seat, tmp_path: Path) -> None:
    path, told = write(tmp_path / "list.csv", many(1000)), list[Progress]()
    options = ImportOptions(source="Fair", region="DE")
    report = import_files(seat, [path], options, told.append, lambda: len(told) >= 2)
    assert report.cancelled
    assert 0 < report.read < 1000
    assert seat.store.query("SELECT count(*) FROM inquiry") == [(report.read,)]
    assert not [finding for finding in check(seat) if finding.level == "bad"]
    rest = import_files(seat, [path], options)
    assert (rest.count(Fate.NEW), rest.count(Fate.SKIPPED)) == (1000 - report.read, report.read)


@pytest.mark.parametrize("dry_run", [False, True])
def test_memory_does_not_grow_with_the_file(tmp_path: Path, *, dry_run: bool) -> None:
    code = (
        "import sys, resource\nfrom pathlib import Path\nfrom app import bootstrap\n"
        "from app.services.import_terms import ImportOptions\nfrom app.services.importing import import_files\n"
        "home = bootstrap.throw_away()\nhome.seat.store.expect_much = lambda: None\n"
        "options = ImportOptions(source='Fair', region='DE', dry_run=sys.argv[2] == 'True')\n"
        "import_files(home.seat, [Path(sys.argv[1])], options)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\nhome.close()\n"
    )
    unit = 1024 if sys.platform != "darwin" else 1 << 20
    peaks = []
    for count in (4_000, 12_000):
        path = write(tmp_path / f"{count}.csv", many(count))
        process = python(code, str(path), str(dry_run))
        out, err = process.communicate(timeout=200)
        assert process.returncode == 0, err
        peaks.append(int(out) / unit)
    assert peaks[1] - peaks[0] < 12, peaks  # what the page cache may take of the larger store


# files


def test_formulas_are_text(seat: Seat, tmp_path: Path) -> None:
    rows = [["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", berlin(1), "a@werk.example", ""]]
    take_in(seat, write(tmp_path / "list.csv", rows))
    (found,) = seat.store.query("SELECT first_name, last_name, company, title FROM inquiry")
    assert found == ("=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3")


def test_a_column_can_be_mapped_by_hand(seat: Seat, tmp_path: Path) -> None:
    rows = [["Maria", "Rossi", "x", berlin(1)]]
    path = write(tmp_path / "list.csv", rows, ["First name", "Last name", "Wherefrom", "Phone"])
    report = take_in(seat, path, mapping={"company": "Wherefrom"})
    assert report.files[0].mapping["company"] == "Wherefrom"
    assert seat.store.query("SELECT company FROM inquiry") == [("x",)]
    with pytest.raises(Refused, match="Nowhere"):
        take_in(seat, path, mapping={"company": "Nowhere"})


def test_an_import_without_a_source_is_refused(seat: Seat, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="source"):
        take_in(seat, write(tmp_path / "list.csv", many(1)), source="  ")


@pytest.mark.parametrize("dry_run", [False, True])
@pytest.mark.parametrize("what", ["missing", "folder", "empty", "unreadable", "broken"])
def test_a_file_that_is_no_list_is_refused_and_nothing_is_written(
    seat: Seat, tmp_path: Path, what: str, *, dry_run: bool
) -> None:
    path, had = tmp_path / "list.xlsx", size(seat)
    if what == "folder":
        path.mkdir()
    elif what != "missing":
        path.write_bytes(b"PK\x03\x04 damaged" if what == "broken" else b"")
    if what == "unreadable":
        if os.geteuid() == 0:
            pytest.skip("root reads everything")
        path.chmod(0)
    with pytest.raises((FileRefused, EnvironmentFailed)) as caught:
        take_in(seat, path, dry_run=dry_run)
    assert "list.xlsx" in str(caught.value)
    assert size(seat) == had


def test_lists_before_a_broken_one_are_in(seat: Seat, tmp_path: Path) -> None:
    good, bad = write(tmp_path / "list.csv", many(5)), tmp_path / "broken.xlsx"
    bad.write_bytes(b"PK\x03\x04 damaged")
    with pytest.raises(FileRefused):
        import_files(seat, [good, bad], ImportOptions(source="Fair", region="DE"))
    assert size(seat)[1] == 5


def test_a_full_disk_keeps_the_rows_before_it(seat: Seat, tmp_path: Path) -> None:
    path = write(tmp_path / "list.csv", many(3000))
    (pages,) = seat.store.query("PRAGMA page_count")[0]
    seat.store.writer.execute(f"PRAGMA max_page_count={pages + 300}")
    with pytest.raises(EnvironmentFailed, match="disk is full"):
        take_in(seat, path)
    seat.store.writer.execute("PRAGMA max_page_count=1073741823")
    kept = size(seat)[1]
    assert 0 < kept < 3000
    assert not [finding for finding in check(seat) if finding.level == "bad"]
    assert take_in(seat, path).count(Fate.NEW) == 3000 - kept


def test_nobody_else_at_home_makes_transactions_larger_and_loses_nothing_of_a_file_that_ends_badly(seat, tmp_path):
    path = tmp_path / "long.csv"
    rows = "".join(f"Ada{n},Byron{n},ada{n}@a{n}.example\n" for n in range(1200))
    path.write_text("First name,Last name,Email\n" + rows + '"' + "x" * 40_000 + "\n" * 2000, encoding="utf-8")
    asked: list[int] = []

    def alone() -> bool:
        asked.append(1)
        return True

    before = seat.store.one("SELECT count(*) FROM inquiry")[0]
    import_files(seat, [path], ImportOptions(source="Fair", region="DE"), alone=alone)
    assert seat.store.one("SELECT count(*) FROM inquiry")[0] - before == 1200
    assert len(asked) < 5


def test_whoever_asked_in_another_zone_s_future_is_called_now(seat: Seat, tmp_path: Path) -> None:
    ahead = datetime.fromtimestamp(seat.now() / 1000 + 5 * 3600, UTC)
    rows = [["Ada", "Moss", "", "", berlin(1), "a@m.example", f"{ahead:%Y-%m-%dT%H:%M:%SZ}"]]
    path = write(tmp_path / "ahead.csv", rows)
    take_in(seat, path)
    (inquiry,) = [row[0] for row in seat.store.query("SELECT id FROM inquiry")]
    assert seat.inquiry(inquiry).captured_at == seat.now()
    assert queue.row(seat, inquiry).callable
    assert take_in(seat, path).count(Fate.SKIPPED) == 1


def test_in_a_large_file_fewer_rows_share_a_transaction(seat: Seat, tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(known_people, "LARGE", 0)
    monkeypatch.setattr(known_people, "TOGETHER_IF_LARGE", 1000)
    asked: list[int] = []

    def alone() -> bool:
        asked.append(1)
        return True

    path = write(tmp_path / "list.csv", many(2200))
    report = import_files(seat, [path], ImportOptions(source="Fair", region="DE"), alone=alone)
    assert report.count(Fate.NEW) == 2200
    assert len(asked) >= 3

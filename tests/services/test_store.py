"""The encrypted file: whole after a kill and on a full disk, and alone while it is migrated."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from app import bootstrap
from app.models.entries import Outcome
from app.services import calling, capture, drafts
from app.services.errors import EnvironmentFailed, Locked, Refused
from app.services.store import backup, schema
from app.services.store.connection import FILE, Store, connect
from app.services.store.home_lock import HomeLock
from tests.services.actions_at_random import tables_as_they_should_be, tables_now
from tests.services.made_up import KEY, NOON, Clock, berlin, beside, form, new_home, python

KILLS = int(os.environ.get("WINNOW_KILLS", "20"))

OPEN = """
import sys
from pathlib import Path
from app import bootstrap
home = bootstrap._open(Path(sys.argv[1]), bytes(range(32)), lambda: int(sys.argv[2]))
"""


def test_another_key_does_not_open_the_file(home: bootstrap.Home) -> None:
    home.close()
    with pytest.raises(Locked):
        connect(home.path / FILE, bytes(32))
    with pytest.raises(EnvironmentFailed):
        connect(home.path / "elsewhere.db", KEY)


def test_the_file_is_written_as_durably_and_as_cleanly_as_promised(home: bootstrap.Home) -> None:
    home.seat.store.warm_up()
    asked = {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "temp_store": 2}
    for name, value in asked.items():
        for db in (home.seat.store.writer, home.seat.store.reader()):
            assert db.execute(f"PRAGMA {name}").fetchone()[0] == value, name
    assert home.seat.store.query("PRAGMA cipher_version")[0][0].startswith("4.")


def test_readers_see_what_was_committed_and_whoever_writes_sees_what_they_write(home: bootstrap.Home) -> None:
    store, other = home.seat.store, Store(home.path / FILE, KEY)
    before = other.data_version()
    count = "SELECT count(*) FROM setting WHERE key = 'x.y'"
    with store.writing() as connection:
        connection.exec_driver_sql("INSERT INTO setting VALUES('x.y', '1')")
        assert (store.one(count), other.one(count)) == ((1,), (0,))
        assert other.data_version() == before
    assert (store.one(count), other.one(count)) == ((1,), (1,))
    assert other.data_version() != before
    other.close()


def test_nobody_writes_through_a_reader(home: bootstrap.Home) -> None:
    import sqlcipher3.dbapi2 as driver

    with pytest.raises(driver.OperationalError):
        home.seat.store.reader().execute("DELETE FROM setting")


def test_who_waits_too_long_for_another_writer_is_told_so(home: bootstrap.Home) -> None:
    other = beside(home.seat)
    home.seat.store.warm_up()
    home.seat.store.writer.execute("PRAGMA busy_timeout=20")
    with other.store.writing(), pytest.raises(EnvironmentFailed, match="writing for too long"):
        capture.capture(home.seat, form(1))
    other.store.close()
    capture.capture(home.seat, form(1))


# who has the home open


def other_process(home: Path, code: str, **options: object) -> subprocess.Popen[str]:
    process = python(OPEN + code, str(home), str(NOON), **options)
    assert process.stdout
    assert process.stdout.readline() == "open\n", process.communicate()
    return process


def test_no_migration_while_another_process_has_the_home_open(tmp_path: Path, clock: Clock) -> None:
    new_home(tmp_path / "home", clock).close()
    other = other_process(tmp_path / "home", "print('open', flush=True); sys.stdin.read()", stdin=subprocess.PIPE)
    store, lock = Store(tmp_path / "home" / FILE, KEY), HomeLock(tmp_path / "home")
    with store.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    try:
        with pytest.raises(Refused, match="Another Winnow has this home open"):
            schema.prepare(store, lock)
        assert not (tmp_path / "home" / "backups").exists()
        bootstrap_lock = HomeLock(tmp_path / "home")
        bootstrap_lock.share()
        bootstrap_lock.close()
    finally:
        other.communicate("")
    assert other.returncode == 0
    with lock.alone(), pytest.raises(Refused, match="preparing this home"):
        HomeLock(tmp_path / "home").share()
    store.close()
    lock.close()


def test_a_killed_process_leaves_no_lock_behind(tmp_path: Path, clock: Clock) -> None:
    new_home(tmp_path / "home", clock).close()
    other = other_process(tmp_path / "home", "print('open', flush=True); sys.stdin.read()", stdin=subprocess.PIPE)
    other.kill()
    other.communicate()
    lock = HomeLock(tmp_path / "home")
    with lock.alone():
        pass
    lock.close()


def test_a_copied_home_gets_a_device_of_its_own_and_a_reopened_one_keeps_it(tmp_path: Path, clock: Clock) -> None:
    with new_home(tmp_path / "home", clock) as home:
        device = home.seat.device
        capture.capture(home.seat, form(1))
    with bootstrap._open(tmp_path / "home", KEY, clock) as again:
        assert again.seat.device == device
    shutil.copytree(tmp_path / "home", tmp_path / "copy")
    with bootstrap._open(tmp_path / "copy", KEY, clock) as copy:
        assert copy.seat.device != device
        assert copy.seat.store.one("SELECT count(*) FROM inquiry") == (1,)


def test_a_home_of_a_newer_version_is_left_alone(tmp_path: Path, clock: Clock) -> None:
    with new_home(tmp_path / "home", clock) as home, home.seat.store.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Refused, match="newer Winnow"):
        bootstrap._open(tmp_path / "home", KEY, clock)


def test_a_home_is_made_once_and_a_start_that_was_cut_off_is_begun_again(tmp_path: Path, clock: Clock) -> None:
    from app.services.store import vault

    vault.create(tmp_path, passphrase="one", use_keyring=False)
    (tmp_path / FILE).touch()
    (tmp_path / bootstrap.BEING_MADE).touch()
    assert not bootstrap.exists(tmp_path)
    home, code = bootstrap.create(tmp_path, passphrase="two", use_keyring=False, clock=clock)
    home.close()
    with pytest.raises(Refused):
        bootstrap.create(tmp_path, passphrase="three", use_keyring=False, clock=clock)
    with bootstrap.open_home(tmp_path, passphrase=code, clock=clock) as again:
        assert again.seat.store.one("SELECT count(*) FROM publication")


@pytest.mark.parametrize("lost", [FILE, "keys.json"])
def test_a_home_of_which_a_part_is_lost_is_never_made_anew(tmp_path: Path, clock: Clock, lost: str) -> None:
    bootstrap.create(tmp_path, passphrase="one", use_keyring=False, clock=clock)[0].close()
    away = (tmp_path / lost).rename(tmp_path / "elsewhere")
    assert bootstrap.exists(tmp_path)
    with pytest.raises((EnvironmentFailed, Locked), match=r"not there|missing"):
        bootstrap.open_home(tmp_path, passphrase="one", clock=clock)
    with pytest.raises(Refused):
        bootstrap.create(tmp_path, passphrase="one", use_keyring=False, clock=clock)
    away.rename(tmp_path / lost)
    with bootstrap.open_home(tmp_path, passphrase="one", clock=clock) as again:
        assert again.seat.store.one("SELECT count(*) FROM publication")


def test_an_emptied_store_is_said_instead_of_begun_anew(tmp_path: Path, clock: Clock) -> None:
    bootstrap.create(tmp_path, passphrase="one", use_keyring=False, clock=clock)[0].close()
    (tmp_path / FILE).write_bytes(b"")
    with pytest.raises(EnvironmentFailed, match="is empty"):
        bootstrap.open_home(tmp_path, passphrase="one", clock=clock)


def test_the_last_three_backups_before_migrations_are_kept_and_each_opens(home: bootstrap.Home) -> None:
    capture.capture(home.seat, form(1))
    made = [backup.before_migration(home.seat.store, "0001") for _ in range(5)]
    kept = sorted((home.path / "backups").iterdir())
    assert kept == made[-3:]
    for file in kept:
        copy = Store(file, KEY)
        assert copy.one("SELECT first_name FROM inquiry") == ("Bruno",)
        copy.close()


def test_a_home_of_an_older_revision_is_backed_up_before_it_is_migrated(tmp_path: Path, clock: Clock) -> None:
    with new_home(tmp_path / "home", clock) as home:
        capture.capture(home.seat, form(1))
    store = Store(tmp_path / "home" / FILE, KEY)
    schema.migrate(store, "base")
    with store.writing() as connection:
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES('0000')")
        connection.exec_driver_sql("CREATE TABLE older(x)")
    store.close()
    with pytest.raises(Exception, match="0000"):  # there is no such revision: what matters came before
        bootstrap._open(tmp_path / "home", KEY, clock)
    (copy,) = (tmp_path / "home" / "backups").iterdir()
    assert "0000" in copy.name
    store = Store(copy, KEY)
    assert store.query("SELECT * FROM older") == []
    store.close()


# what happens to laptops

WORK = """
import os, sys
from pathlib import Path
import sqlalchemy.dialects.sqlite
from app import bootstrap
from app.models import tables
from app.models.entries import Disposition, Outcome
from app.services import calling, capture, drafts, handoff, qualifying, rulebook
from app.services.handoff import Choice
from tests.services.made_up import form
rulebook.load_rules()

def work(number):
    seat = bootstrap._open(Path(sys.argv[1]), bytes(range(32)), lambda: int(sys.argv[2])).seat
    while True:
        number += 1
        inquiry = capture.capture(seat, form(number)).inquiry_id
        print("captured", inquiry, number, flush=True)
        calling.log_call(seat, inquiry, Outcome.NO_ANSWER, note=f"note {number}")
        print("called", inquiry, number, flush=True)
        drafts.save(seat, inquiry, drafts.Draft(note=f"draft {number}"))
        print("drafted", inquiry, number, flush=True)
        if number % 3 == 0:
            handoff.dispose(seat, inquiry, Disposition.SELL, Choice(reason="so", note=f"sold {number}"))
            print("sold", inquiry, number, flush=True)

print("ready", flush=True)
for line in sys.stdin:  # each line begins another one that has everything imported
    child = os.fork()
    if not child:
        work(int(line))
    print("pid", child, flush=True)
    os.waitpid(child, 0)
    print("dead", flush=True)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="begins its many processes by fork")
def test_a_kill_at_any_moment_loses_nothing_that_was_acknowledged(tmp_path: Path, clock: Clock) -> None:
    chance, heard = random.Random(5), 0
    with new_home(tmp_path / "home", clock) as home:
        parent = python(WORK, str(home.path), str(NOON), stdin=subprocess.PIPE)
        assert parent.stdout and parent.stdout.readline() == "ready\n", parent.communicate()
        for start in range(KILLS):
            lines = _worked_until_killed(parent, 1000 + start * 300, chance.uniform(0.02, 0.3), begun=bool(start % 4))
            heard += len(lines)
            sold = {number for what, _, number in lines if what == "sold"}
            for what, inquiry, number in lines:
                found = home.seat.inquiry(inquiry)
                if what == "called":
                    assert found.calls[0].outcome is Outcome.NO_ANSWER
                if what == "sold":
                    assert (found.stage, found.note) == ("sell", f"sold {number}")
                if what == "drafted" and found.stage == "waiting":
                    assert number not in sold
                    assert drafts.read(home.seat, inquiry).note == f"draft {number}"
        parent.communicate()
        assert heard > KILLS
        assert home.seat.store.query("PRAGMA integrity_check") == [("ok",)]
        assert home.seat.store.query("PRAGMA cipher_integrity_check") == []
        counted = [row[0] for row in home.seat.store.query("SELECT device_seq FROM ledger ORDER BY device_seq")]
        assert counted == list(range(1, len(counted) + 1))
        assert tables_now(home.seat) == tables_as_they_should_be(home.seat)


def _worked_until_killed(parent: subprocess.Popen[str], start: int, seconds: float, *, begun: bool) -> list[list[str]]:
    """What a child acknowledged before it was killed after so long; a line that was cut off acknowledges nothing.

    `begun`: the time counts from the first acknowledgement, however busy the computer is.
    """
    assert parent.stdin and parent.stdout
    parent.stdin.write(f"{start}\n")
    parent.stdin.flush()
    lines: list[list[str]] = []
    pid = 0
    while not pid:
        words = parent.stdout.readline().split()
        if words[0] == "pid":
            pid = int(words[1])
        else:
            lines.append(words)
    if begun:
        lines.append(parent.stdout.readline().split())
    time.sleep(seconds)
    os.kill(pid, signal.SIGKILL)
    while not (line := parent.stdout.readline()).endswith("dead\n"):
        assert line, "the parent went too"
        lines.append(line.split())
    return [found for found in lines if len(found) == 3]


FULL = (
    OPEN
    + """
import resource, signal
from app.services import capture
from app.services.errors import EnvironmentFailed
from tests.services.made_up import form
seat = home.seat
first = capture.capture(seat, form(1)).inquiry_id
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
size = max(file.stat().st_size for file in home.path.iterdir())
resource.setrlimit(resource.RLIMIT_FSIZE, (size + 30_000, resource.RLIM_INFINITY))
print("open", flush=True)
done = 1
try:
    while True:
        capture.capture(seat, form(done + 1, request="so " * 4000))
        done += 1
except EnvironmentFailed as error:
    print(done, error.sentence, flush=True)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
capture.capture(seat, form(done + 1))
print(seat.store.one("SELECT count(*) FROM inquiry")[0], seat.store.query("PRAGMA integrity_check")[0][0], flush=True)
"""
)


@pytest.mark.skipif(not hasattr(signal, "SIGXFSZ"), reason="only POSIX limits the size of files")
def test_a_full_disk_is_said_clearly_and_loses_nothing_saved_before(tmp_path: Path, clock: Clock) -> None:
    new_home(tmp_path / "home", clock).close()
    worker = python(FULL, str(tmp_path / "home"), str(NOON))
    out, err = worker.communicate(timeout=60)
    assert worker.returncode == 0, err
    _, refused, after = out.splitlines()
    done, _, sentence = refused.partition(" ")
    assert "disk" in sentence.lower()
    assert after == f"{int(done) + 1} ok"
    with bootstrap._open(tmp_path / "home", KEY, clock) as home:
        assert home.seat.store.one("SELECT count(*) FROM inquiry") == (int(done) + 1,)
        calling.log_call(home.seat, home.seat.store.query("SELECT id FROM inquiry")[0][0], Outcome.BUSY)
        assert berlin(1) == home.seat.store.query("SELECT number FROM phone ORDER BY number")[0][0]

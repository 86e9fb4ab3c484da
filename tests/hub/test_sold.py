"""What a sell costs until sales hears of it: words to the hub and waits for a disk, counted and not timed."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import sqlcipher3.dbapi2

from app.models.entries import Called, Disposition, Outcome
from app.services import alerts, capture, changing_settings, handoff, queue
from app.services.alerts import Alert
from app.services.handoff import Choice
from app.services.seat import Seat
from app.services.team import company
from app.services.team.arrivals import FEW
from app.services.team.postgres_link import PostgresLink
from app.services.team.syncer import Syncer
from tests.hub.team import Author, Team
from tests.services.made_up import KEY, Clock, form, new_home


class Noted(PostgresLink):
    """A link that keeps what it asked."""

    def __init__(self, options: dict[str, str], notes: list[str]) -> None:
        super().__init__(options)
        self.notes = notes

    def ask(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        self.notes.append(sql)
        return super().ask(sql, parameters)

    def ask_packed(self, sql: bytes, values: Sequence[bytes | None]) -> bytes | None:
        self.notes.append(sql.decode())
        return super().ask_packed(sql, values)


class Laptop:
    """A home that exchanges when it is told to, and writes down what it says to hub and disk."""

    def __init__(self, seat: Seat, team: Team, name: str, alert: Callable[[list[Alert]], None] | None = None) -> None:
        self.seat, self.notes = seat, list[str]()
        self.told: list[str] = []
        self.link = Noted(team.options(name), self.notes)
        self.syncer = Syncer(seat, lambda: self.link, beside=company.beside(), alert=alert or self._on_alert)
        self.syncer.round()
        seat.store.writer.set_trace_callback(self._on_statement)

    def _on_statement(self, sql: str) -> None:
        if sql == "COMMIT" or sql.startswith("PRAGMA synchronous"):
            self.notes.append(sql)

    def _on_alert(self, leads: list[Alert]) -> None:
        for alert in leads:
            self.told.append(alert.inquiry)
            self.notes.append(f"told {alert.inquiry}")

    def until(self, what: str) -> list[str]:
        """What was noted in one exchange before that."""
        self.notes.clear()
        self.syncer.round()
        (first, *_) = (place for place, note in enumerate(self.notes) if note.startswith(what))
        return self.notes[: first + 1]


@pytest.fixture
def laptop(tmp_path: Path, team: Team) -> Iterator[Callable[[str, str], Laptop]]:
    with ExitStack() as opened:

        def made(name: str, role: str) -> Laptop:
            team.join(name, role)
            home = opened.enter_context(new_home(tmp_path / name, Clock()))
            changing_settings.change(home.seat, "name", name)
            found = Laptop(home.seat, team, name)
            opened.callback(found.link.close)
            return found

        yield made


def waits_for_the_disk(notes: list[str]) -> int:
    """How many commits were waited for."""
    full, waits = True, 0
    for note in notes:
        if note.startswith("PRAGMA synchronous"):
            full = note.endswith("FULL")
        waits += note == "COMMIT" and full
    return waits


def test_a_sell_is_one_word_to_the_hub_and_one_from_it_and_nobody_waits_for_a_disk_of_their_own(laptop):
    ada, sam = laptop("Ada", "caller"), laptop("Sam", "sales")
    for number in range(3):
        inquiry = capture.capture(ada.seat, form(number)).inquiry_id
        ada.syncer.round()
        sam.syncer.round()
        handoff.dispose(ada.seat, inquiry, Disposition.SELL, Choice(reason="They want it."))
        going = ada.until("WITH told")
        assert len(going) == 1 and "winnow.append" in going[0] and "winnow.advance" in going[0]
        coming = sam.until(f"told {inquiry}")
        (asked,) = (note for note in coming if "winnow" in note)
        assert "winnow.page" in asked
        assert "COMMIT" not in coming and not alerts.due(sam.seat)
        assert waits_for_the_disk(sam.notes) == 0  # nor for anything that it did after it
        assert sam.told.count(inquiry) == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="another process is killed")
@pytest.mark.parametrize("killed", ["as it is told", "after it was told"])
def test_a_kill_takes_no_alert_away_and_what_was_told_before_it_is_not_told_again(
    tmp_path: Path, team: Team, laptop, killed: str
):
    ada = laptop("Ada", "caller")
    team.join("Sam", "sales")
    with new_home(tmp_path / "Sam", Clock()) as home:
        changing_settings.change(home.seat, "name", "Sam")
        Laptop(home.seat, team, "Sam").link.close()
    inquiry = capture.capture(ada.seat, form(1)).inquiry_id
    handoff.dispose(ada.seat, inquiry, Disposition.SELL, Choice(reason="They want it."))
    ada.syncer.round()
    if not (child := os.fork()):  # nothing of that home is open here
        _look_and_be_killed(tmp_path / "Sam", team, at_once=killed == "as it is told")
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    seat = Seat.on(tmp_path / "Sam", KEY, holder="again", clock=Clock())
    sam = Laptop(seat, team, "Sam")
    assert sam.told == ([inquiry] if killed == "as it is told" else [])
    sam.syncer.round()
    assert not alerts.due(seat) and seat.inquiry(inquiry).stage == "sell"
    sam.link.close()
    seat.store.close()


def _look_and_be_killed(home: Path, team: Team, *, at_once: bool) -> None:
    def kill(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    try:
        sam = Laptop(Seat.on(home, KEY, holder="first", clock=Clock()), team, "Sam", kill if at_once else None)
        assert len(sam.told) == 1
        kill()
    finally:
        os._exit(1)


def test_a_lead_that_cannot_be_written_is_told_once_however_often_it_is_tried(laptop):
    ada, sam = laptop("Ada", "caller"), laptop("Sam", "sales")
    inquiry = capture.capture(ada.seat, form(1)).inquiry_id
    handoff.dispose(ada.seat, inquiry, Disposition.SELL, Choice(reason="They want it."))
    ada.syncer.round()
    write = sam.seat.store.writer.execute
    write("CREATE TEMP TRIGGER no_room BEFORE INSERT ON inquiry BEGIN SELECT RAISE(ABORT, 'full'); END")
    for _ in range(3):
        with pytest.raises(sqlcipher3.dbapi2.IntegrityError):
            sam.syncer.round()
        assert sam.told == [inquiry]
    write("DROP TRIGGER no_room")
    sam.syncer.round()
    assert sam.told == [inquiry] and not alerts.due(sam.seat)


def test_where_nobody_sees_an_alert_none_is_marked_as_told_and_who_was_away_hears_of_all_together(laptop):
    ada, sam = laptop("Ada", "caller"), laptop("Sam", "sales")
    told = sam.syncer._work.alert
    for many, listening in ((1, False), (FEW, True)):
        sam.told.clear()
        sam.syncer._work.alert = told if listening else None
        for number in range(many):
            inquiry = capture.capture(ada.seat, form(100 * many + number)).inquiry_id
            handoff.dispose(ada.seat, inquiry, Disposition.SELL, Choice(reason="They want it."))
        ada.syncer.round()
        sam.syncer.round()
        assert not sam.told
        assert len(alerts.news(sam.seat)) == many


def test_whoever_sold_has_the_next_with_two_words_to_the_hub_and_one_wait_for_the_disk(laptop):
    """The hub is told of whom they let go with the question for another; that nobody takes them up again is durable."""
    ada = laptop("Ada", "caller")
    for number in range(6):
        capture.capture(ada.seat, form(number))
    ada.syncer.round()
    for _ in range(2):
        (held, *_) = queue.held_in_order(queue.View(ada.seat))
        handoff.dispose(ada.seat, held.id, Disposition.SELL, Choice(reason="They want it."))
        ada.notes.clear()
        ada.syncer.round()
        beside = [note for note in ada.notes if "winnow." in note and "append" not in note and "page" not in note]
        assert [note.partition("winnow.")[2].partition("(")[0] for note in beside] == ["claim", "about"]
        assert waits_for_the_disk(ada.notes) == 1
        assert len(queue.held_in_order(queue.View(ada.seat))) == 2


def test_a_hub_that_lets_sales_claim_nobody_is_not_asked_at_every_look(laptop):
    sam = laptop("Sam", "sales")
    capture.capture(sam.seat, form(1))
    asked = []
    for _ in range(4):
        sam.notes.clear()
        sam.syncer.round()
        asked += [note for note in sam.notes if "winnow.claim" in note]
    assert len(asked) == 1


def test_a_look_waits_for_no_disk_of_the_hub_unless_it_moved_the_feed_itself(team: Team):
    ada, author = team.link("Ada"), Author("Ada")
    session = team.session("Ada")

    def look(sql: str) -> str:
        with session.transaction():
            session.execute(sql)
            row = session.execute("SHOW synchronous_commit").fetchone()
        assert row is not None
        return str(row[0])

    page, stored = "SELECT count(*) FROM winnow.page('ada-1', {}, 100)", "SELECT winnow.advance()"
    ada.push([author.write(Called(outcome=Outcome.BUSY, called_at=author.at >> 16))])
    assert look(page.format(1)) == "on"  # and writes nothing: how far it has read is noted now and then
    team.root.execute("UPDATE winnow.device SET last_seen = now() - interval '20 seconds'")
    assert look(page.format(1)) == "off"
    assert team.root.execute("SELECT cursor FROM winnow.device WHERE id = 'ada-1'").fetchone() == (1,)
    team.root.execute("UPDATE winnow.device SET last_seen = now() - interval '20 seconds'")
    ada.ask(f"SELECT count(*) FROM winnow.append({_call(author)})")  # stored, and not yet in the feed
    assert look(f"{stored}; {page.format(2)}") == "on"
    assert look("SELECT 1") == "on"


def _call(author: Author) -> str:
    e = author.write(Called(outcome=Outcome.BUSY, called_at=author.at >> 16))
    of_bytes, empty = "ARRAY['\\x{}'::bytea]", "ARRAY[null::bytea]"
    return (
        f"'ada-1', ARRAY['{e.id}'::uuid], ARRAY['{e.subject}'::uuid], ARRAY['{e.kind}'], ARRAY[{e.version}], "
        f"{of_bytes.format(e.body.hex())}, {empty}, {empty}, ARRAY[''::bytea], {of_bytes.format(e.hash.hex())}, "
        f"ARRAY['{e.actor}'], ARRAY['{e.device}'], ARRAY[{e.device_seq}::bigint], ARRAY[{e.claim_no}::bigint], "
        f"ARRAY[{e.at}::bigint], ARRAY[{e.wall}::bigint], ARRAY['']"
    )

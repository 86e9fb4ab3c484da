"""The thread that keeps a home in step: on a real hub, through failures, and never without a reason."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from app.models.rights import Role
from app.services import capture
from app.services.seat import Changed, Seat
from app.services.team import state
from app.services.team.link import PROTOCOL, HubUnreachable, Welcome
from app.services.team.postgres_link import PostgresLink
from app.services.team.syncer import Standing, Syncer, SyncState
from tests.hub.team import Team
from tests.services.made_up import Clock, form, new_home

PATIENCE = 30.0


class Running:
    """A home with its syncer on a thread."""

    def __init__(self, seat: Seat, connect: Callable[[], PostgresLink]) -> None:
        self.seat = seat
        self.said: list[SyncState] = []
        self.changes: list[Changed] = []
        self.heard = threading.Condition()
        self.stop = threading.Event()
        self.syncer = Syncer(seat, connect, told=self._on_told, changed=self._on_changed)
        self.thread = threading.Thread(target=self.syncer.run, args=(self.stop,), daemon=True)
        self.thread.start()

    def _on_told(self, said: SyncState) -> None:
        with self.heard:
            self.said.append(said)
            self.heard.notify_all()

    def _on_changed(self, changed: Changed) -> None:
        with self.heard:
            self.changes.append(changed)
            self.heard.notify_all()

    def until(self, condition: Callable[[], bool]) -> None:
        with self.heard:
            assert self.heard.wait_for(condition, PATIENCE), self.said[-3:]

    def end(self) -> None:
        self.stop.set()
        self.syncer.poke()
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive()


Start = Callable[..., Running]


@pytest.fixture
def start(tmp_path: Path, team: Team) -> Iterator[Start]:
    """Starts a member's laptop."""
    with ExitStack() as opened:

        def started(name: str, role: str = "caller", connect: Callable[[], PostgresLink] | None = None) -> Running:
            team.join(name, role)
            home = opened.enter_context(new_home(tmp_path / name, Clock()))
            with home.seat.store.writing() as connection:
                connection.exec_driver_sql("INSERT OR REPLACE INTO setting VALUES('name', ?)", (name,))
            home.seat.settings_changed()
            running = Running(home.seat, connect or (lambda: PostgresLink(team.options(name))))
            opened.callback(running.end)
            return running

        yield started


def in_step(running: Running) -> bool:
    return running.syncer.state.standing is Standing.IN_STEP


def test_what_one_captures_is_with_the_other_at_a_poke(start: Start):
    ada, tom = start("Ada"), start("Tom")
    ada.until(lambda: in_step(ada))
    tom.until(lambda: in_step(tom))
    inquiry = capture.capture(ada.seat, form(1)).inquiry_id
    ada.syncer.poke()
    tom.until(lambda: any(inquiry in change.inquiries for change in tom.changes))
    assert tom.seat.inquiry(inquiry).last_name == ada.seat.inquiry(inquiry).last_name


def test_a_conversation_that_is_cut_is_begun_again(start: Start, team: Team):
    ada, tom = start("Ada"), start("Tom")
    ada.until(lambda: in_step(ada))
    tom.until(lambda: in_step(tom))
    sessions = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s"
    assert team.root.execute(sessions, (team.logins["Tom"][0],)).fetchall()
    inquiry = capture.capture(ada.seat, form(1)).inquiry_id
    ada.syncer.poke()
    tom.until(lambda: any(inquiry in change.inquiries for change in tom.changes))


def test_what_comes_with_winnow_is_nothing_to_hand_in(start: Start):
    ada = start("Ada")
    ada.until(lambda: in_step(ada))
    assert (ada.syncer.state.turned_away, ada.syncer.state.unshared) == (0, 0)


def test_a_revoked_member_is_told_so(start: Start, team: Team):
    ada = start("Ada")
    ada.until(lambda: in_step(ada))
    team.admin.execute("SELECT winnow.revoke_member(%s)", ("Ada",))
    ada.until(lambda: ada.syncer.state.standing is Standing.REFUSED)
    assert "admin" in ada.syncer.state.why


def test_a_hub_that_is_not_there_is_offline_with_what_waits(start: Start):
    def nobody() -> PostgresLink:
        raise HubUnreachable("The hub cannot be reached: no route.")

    ada = start("Ada", connect=nobody)
    capture.capture(ada.seat, form(1))
    ada.until(lambda: ada.syncer.state.standing is Standing.OFFLINE and ada.syncer.state.unshared > 0)
    assert "no route" in ada.syncer.state.why


def test_a_conversation_that_is_stuck_says_so(start: Start):
    ada = start("Ada")
    ada.until(lambda: in_step(ada))
    ada.syncer._busy, ada.syncer._stepped = True, time.monotonic() - 1000  # as though an answer did not come
    assert ada.syncer.state.standing is Standing.STUCK
    assert "has not answered" in ada.syncer.state.why


def test_a_conversation_is_greeted_once_until_something_else_holds(start: Start, team: Team):
    """Every page says whether epoch and scope are those of the greeting."""
    greetings: list[str] = []

    class Counted(PostgresLink):
        def hello(self, device: str, protocol: int = PROTOCOL) -> Welcome:
            greetings.append(device)
            return super().hello(device, protocol)

    team.join("Tom")
    ada, tom = start("Ada"), start("Tom", connect=lambda: Counted(team.options("Tom")))
    ada.until(lambda: in_step(ada))
    tom.until(lambda: in_step(tom))
    for number in range(1, 4):
        inquiry = capture.capture(ada.seat, form(number)).inquiry_id
        ada.syncer.poke()
        tom.until(lambda inquiry=inquiry: any(inquiry in change.inquiries for change in tom.changes))
    assert len(greetings) == 1
    team.admin.execute("SELECT winnow.set_role('Tom', 'lead')")
    tom.syncer.poke()
    tom.until(lambda: tom.syncer.state.role is Role.LEAD)
    before = state.word(tom.seat.store, state.EPOCH)
    team.admin.execute("SELECT winnow.begin_epoch()")
    inquiry = capture.capture(ada.seat, form(9)).inquiry_id
    ada.syncer.poke()
    tom.until(lambda: any(inquiry in change.inquiries for change in tom.changes))
    assert state.word(tom.seat.store, state.EPOCH) != before
    assert len(greetings) == 3

"""A server that has lost the end of what it told, and goes on in the same epoch: a laptop notices by itself.

With `synchronous_commit` off others are told before anything is on a disk, and nobody can keep a member from setting
it. What a power cut would take then, `kill -9` takes too: it is still in the server's own memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from app.models.entries import Captured, Person
from app.services import capture
from app.services.seat import Seat
from app.services.team.postgres_link import PostgresLink
from app.services.team.sync import sync_once
from tests.hub.server import running
from tests.hub.team import Author, Team
from tests.services.made_up import Clock, form
from tests.sync.conftest import laptop
from tests.sync.test_sync import same

__all__ = ["laptop"]  # a fixture


@pytest.fixture
def clock() -> Clock:
    """Every laptop's."""
    return Clock()


@pytest.fixture
def team() -> Iterator[Team]:
    """Of a hub whose server keeps in its memory for long what nobody waits for."""
    with running() as server, server.hub() as name, closing(Team(server, name)) as made:
        for setting in ("wal_writer_delay = '10s'", "autovacuum = off", "bgwriter_delay = '10s'"):
            made.root.execute(f"ALTER SYSTEM SET {setting}")
        made.root.execute("SELECT pg_reload_conf()")
        yield made


def sync(team: Team, *seats: Seat) -> None:
    for seat in seats:
        with closing(team.link(seat.member, "lead", device=seat.device)) as link:
            sync_once(seat, link)


def power_cut(team: Team) -> None:
    team.server.kill()
    team.server.start()


def head(link: PostgresLink) -> int:
    return link.pull(10**6, 1).head


def test_what_is_acknowledged_is_on_the_disk_whatever_a_session_has_set(team: Team) -> None:
    link = team.link("Ada")
    link.ask("SET synchronous_commit = off")
    power_cut_at = len(link.push([Author("Ada").write(Captured(source="Fair", captured_at=1))]))
    power_cut(team)
    assert head(team.link("Ada")) == power_cut_at


def test_what_was_told_and_then_lost_is_noticed_and_handed_in_by_whoever_read_it(
    team: Team, laptop: Callable[..., Seat]
) -> None:
    ada, tom = laptop("Ada"), laptop("Tom")
    sync(team, ada)
    listening, mallory = team.link("Tom", "lead", device=tom.device), team.link("Mallory")
    welcome = sync_once(tom, listening).welcome
    team.root.execute("CHECKPOINT")
    lost = [Author("Mallory").write(Captured(source="Fair", captured_at=1), Person(last_name="Lost")) for _ in range(2)]
    mallory.ask("BEGIN")
    mallory.push(lost)
    mallory.ask("SET LOCAL synchronous_commit = off")
    mallory.ask("COMMIT")
    assert sync_once(tom, listening, welcome=welcome).pulled == len(lost)
    power_cut(team)
    reader = team.link("Ada", device="another")
    assert head(reader) == 0  # or this test is about nothing
    found = [capture.capture(ada, form(number)).inquiry_id for number in range(4)]
    sync(team, ada)
    assert head(reader) > len(lost)
    for _ in range(2):
        sync(team, tom, ada)
    assert all(tom.inquiry(inquiry).last_name for inquiry in found)
    assert ada.inquiry(lost[0].subject).last_name == "Lost"
    same(ada, tom)

"""A laptop lived in 2099 before it joined: calls, decisions and costs of then are of the day on which it joined."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from app import bootstrap
from app.models.entries import Disposition, Outcome
from app.models.rights import Role
from app.services import calling, capture, changing_settings, handoff, sources
from app.services.handoff import Choice
from app.services.seat import Seat
from app.services.team import hub
from app.services.team.sync import sync_once
from tests.services.actions_at_random import tables_as_they_should_be, tables_now
from tests.services.made_up import Clock, form, new_home

AHEAD = 73 * 365 * 86_400_000
MINUTE = 60_000
MOMENTS = (
    "SELECT captured_at, since, first_called_at, first_decided_at, decided_at, erase_at FROM inquiry ORDER BY id",
    "SELECT called_at FROM attempt ORDER BY entry", "SELECT at FROM source_cost ORDER BY entry",
)  # fmt: skip


def sync(seat: Seat) -> None:
    with closing(hub.link_of(seat)) as link:
        sync_once(seat, link)


@pytest.fixture
def two(tmp_path: Path, hub_url: str) -> Iterator[tuple[Seat, Seat]]:
    """Root, the admin, and Ben, whose clock is 73 years ahead; the hub goes by the wall's."""
    with ExitStack() as opened:
        seats = []
        for name, ahead in (("Root", 0), ("Ben", AHEAD)):
            clock = Clock(bootstrap.wall_clock() + ahead)
            seat = opened.enter_context(new_home(tmp_path / name, clock)).seat
            changing_settings.change(seat, "name", name)
            seats.append(seat)
        hub.create(seats[0], hub_url)
        yield seats[0], seats[1]


def test_what_a_laptop_did_alone_in_2099_is_of_the_day_on_which_the_hub_heard_of_it(two: tuple[Seat, Seat]) -> None:
    root, ben = two
    called, sold, gone = (capture.capture(ben, form(number)).inquiry_id for number in (1, 2, 3))
    calling.log_call(ben, called, Outcome.NO_ANSWER)
    calling.log_call(ben, sold, Outcome.REACHED)
    handoff.dispose(ben, sold, Disposition.SELL, Choice(reason="so"))
    handoff.dispose(ben, gone, Disposition.DISCARD, Choice(reason="so"))
    sources.define(ben, ben.inquiry(called).source, add_cost="100")
    hub.join(ben, hub.invite(root, "Ben", Role.LEAD))
    began = bootstrap.wall_clock()
    for seat in (ben, root, ben):
        sync(seat)
    for sql in MOMENTS:
        assert root.store.query(sql) == ben.store.query(sql)
        moments = [value for row in root.store.query(sql) for value in row if value is not None]
        assert moments and all(moment < began + 30 * 86_400_000 for moment in moments), sql
    for seat in two:
        assert abs((seat.inquiry(called).first_called_at or 0) - began) < 10 * MINUTE
        assert abs((seat.inquiry(sold).decided_at or 0) - began) < 10 * MINUTE
        assert (seat.inquiry(gone).erase_at or 0) < began + 60 * MINUTE, "nobody is kept until 2099"
        assert tables_now(seat) == tables_as_they_should_be(seat)

"""In a team one courier delivers each decision, whoever made it and whoever is online: the hub's lease decides."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from app.models.entries import Delivered, Disposition
from app.services import capture, handoff
from app.services.handoff import Choice
from app.services.seat import Seat, new_id, wall_clock
from app.services.team import courier, deliveries
from app.services.team.channels import configured
from app.services.team.link import HubRefused, HubUnreachable
from app.services.team.postgres_deliveries import PostgresLeases
from app.services.team.postgres_link import PostgresLink
from app.services.team.sync import sync_once
from tests.channels.receiver import Receiver, fine, receiving
from tests.hub.conftest import hub_name, member, server, team
from tests.hub.team import Author, Team
from tests.services.made_up import Clock, form, new_home

__all__ = ["hub_name", "member", "server", "team"]
Member = Callable[..., PostgresLink]


class Laptop:
    """One home of the team, with its link and its leases."""

    def __init__(self, seat: Seat, link: PostgresLink) -> None:
        self.seat, self.link, self.hub = seat, link, PostgresLeases(link)

    def sync(self) -> None:
        sync_once(self.seat, self.link)

    def run(self, **options: Any) -> courier.Tally:
        return courier.deliver_due(self.seat, hub=self.hub, chance=lambda: 0.0, **options)


@pytest.fixture
def laptop(tmp_path: Path, member: Member) -> Iterator[Callable[..., Laptop]]:
    homes = []

    def made(name: str, role: str = "sales") -> Laptop:
        home = new_home(tmp_path / name, Clock(wall_clock()))
        homes.append(home)
        with home.seat.store.writing() as connection:
            connection.exec_driver_sql("INSERT OR REPLACE INTO setting VALUES('name', ?)", (name,))
            connection.exec_driver_sql("UPDATE secret SET value = ? WHERE name = 'device'", (f"{name}-1".encode(),))
        home.seat.settings_changed()
        home.seat.device = f"{name}-1"
        found = Laptop(home.seat, member(name, role, device=f"{name}-1"))
        found.sync()
        return found

    yield made
    for home in homes:
        home.close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


def add(laptop: Laptop, receiver: Receiver) -> None:
    configured.add(laptop.seat, "CRM", "webhook", {"url": receiver.url()}, since=0)


def sell(laptop: Laptop, number: int = 0) -> str:
    inquiry = capture.capture(laptop.seat, form(number)).inquiry_id
    handoff.dispose(laptop.seat, inquiry, Disposition.SELL, Choice(reason="so"))
    return inquiry


def test_of_two_couriers_one_delivers_and_both_know(laptop: Callable[..., Laptop], receiver: Receiver) -> None:
    ada, ben = laptop("Ada"), laptop("Ben", "lead")
    add(ada, receiver), add(ben, receiver)
    inquiry = sell(ada)
    assert ada.run() == courier.Tally(waiting=1), "the hub has not heard of it yet"
    ada.sync(), ben.sync()
    assert ben.run() == courier.Tally(delivered=1)
    ada.seat.clock.on(3000)  # type: ignore[attr-defined]
    assert ada.run() == courier.Tally()
    assert len(receiver.got) == 1
    assert [one.state for one in deliveries.of_inquiry(ada.seat, inquiry)] == ["delivered"]
    ben.sync(), ada.sync()
    said = [e for e in ada.seat.ledger.entries(inquiry) if isinstance(e.facts(), Delivered)]
    assert len(said) == 1 and said[0].actor == "Ben"


def test_what_was_heard_through_the_ledger_needs_no_question(laptop: Callable[..., Laptop], receiver: Receiver) -> None:
    ada, ben = laptop("Ada"), laptop("Ben", "lead")
    add(ada, receiver), add(ben, receiver)
    inquiry = sell(ada)
    ada.sync(), ben.sync(), ben.run(), ben.sync(), ada.sync()
    assert [one.state for one in deliveries.of_inquiry(ada.seat, inquiry)] == ["delivered"]


def test_who_dies_after_the_effect_leaves_the_same_words_to_the_next(
    laptop: Callable[..., Laptop], receiver: Receiver, team: Team
) -> None:
    ada, ben = laptop("Ada"), laptop("Ben", "lead")
    add(ada, receiver), add(ben, receiver)
    with ada.seat.store.writing():
        configured.keep_secrets(ada.seat, "CRM", configured.secrets_of(ben.seat, "CRM"))
    sell(ada)
    ada.sync(), ben.sync()

    def dies(*_: Any) -> bool:
        raise KeyboardInterrupt

    ada.hub.settle = dies  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        ada.run()
    assert ben.run() == courier.Tally(waiting=1), "the lease still runs"
    team.root.execute("UPDATE winnow.delivery SET leased_until = 1")
    ben.seat.clock.on(courier.LEASE)  # type: ignore[attr-defined]
    assert ben.run() == courier.Tally(delivered=1)
    first, second = receiver.got
    assert first.head["webhook-id"] == second.head["webhook-id"] and first.body == second.body


def test_a_hub_that_goes_away_holds_nothing_up_and_what_arrived_is_kept(
    laptop: Callable[..., Laptop], receiver: Receiver
) -> None:
    ada, ben = laptop("Ada"), laptop("Ben", "lead")
    add(ada, receiver), add(ben, receiver)
    inquiry = sell(ada)
    ada.sync(), ben.sync()

    def away(*_: Any) -> Any:
        raise HubUnreachable("No word from the hub.")

    take, settle = ada.hub.take, ada.hub.settle
    ada.hub.take = away  # type: ignore[method-assign]
    with pytest.raises(HubUnreachable):
        ada.run()
    assert [(one.state, one.attempts) for one in deliveries.of_inquiry(ada.seat, inquiry)] == [("waiting", 0)]
    ada.hub.take, ada.hub.settle = take, away  # type: ignore[method-assign]
    with pytest.raises(HubUnreachable):
        ada.run()
    assert [one.state for one in deliveries.of_inquiry(ada.seat, inquiry)] == ["delivered"]
    ada.hub.settle = settle  # type: ignore[method-assign]
    ada.sync(), ben.sync()
    ben.seat.clock.on(courier.LEASE * 2)  # type: ignore[attr-defined]
    assert ben.run() == courier.Tally() and len(receiver.got) == 1


def test_a_success_counts_under_an_old_fence_and_a_failure_does_not(member: Member, team: Team) -> None:
    ada, ben = PostgresLeases(member("Ada", "sales")), PostgresLeases(member("Ben", "lead"))
    entry = Author("Root").write(Delivered(channel="x", decision=new_id(), received=True, at=1))
    team.link("Root").push([entry])
    (first,) = ada.take("CRM", [entry.id], 60_000)
    assert (first.outcome, first.attempt) == ("granted", 1)
    assert [grant.outcome for grant in ben.take("crm", [entry.id], 60_000)] == ["busy"]
    team.root.execute("UPDATE winnow.delivery SET leased_until = 1")
    (second,) = ben.take("CRM", [entry.id], 60_000)
    assert second.fence > first.fence and second.attempt == 2
    assert not ada.settle("CRM", entry.id, first.fence, "failed", 0, "")
    assert not ben.settle("CRM", entry.id, second.fence + 1, "delivered", 0, ""), "no such lease was ever given"
    assert ada.settle("CRM", entry.id, first.fence, "delivered", 0, "R-1")
    assert not ben.settle("CRM", entry.id, second.fence, "failed", 0, "")
    (known,) = ben.take("CRM", [entry.id], 60_000)
    assert (known.outcome, known.number) == ("delivered", "R-1")


def test_a_failure_waits_for_everybody_and_a_dead_letter_can_be_replayed(member: Member, team: Team) -> None:
    ada, ben = PostgresLeases(member("Ada", "sales")), PostgresLeases(member("Ben", "lead"))
    entry = Author("Root").write(Delivered(channel="x", decision=new_id(), received=True, at=1))
    team.link("Root").push([entry])
    (grant,) = ada.take("CRM", [entry.id], 60_000)
    assert ada.settle("CRM", entry.id, grant.fence, "waiting", 50_000, "")
    (busy,) = ben.take("CRM", [entry.id], 60_000)
    assert busy.outcome == "busy" and 40_000 < busy.wait_ms <= 50_000
    team.root.execute("UPDATE winnow.delivery SET next_at = 0")
    (grant,) = ben.take("CRM", [entry.id], 60_000)
    assert ben.settle("CRM", entry.id, grant.fence, "failed", 0, "")
    assert [each.outcome for each in ada.take("CRM", [entry.id], 60_000)] == ["failed"]
    ada.replay("CRM", [entry.id])
    (grant,) = ada.take("CRM", [entry.id], 60_000)
    assert (grant.outcome, grant.attempt) == ("granted", 2)


def test_only_who_works_with_leads_is_a_courier_and_the_table_is_closed(member: Member, team: Team) -> None:
    for role in ("caller", "intake", "viewer"):
        with pytest.raises(HubRefused):
            PostgresLeases(member(role.title(), role)).take("CRM", [new_id()], 60_000)
    session = team.session("Caller")
    for sql in ("SELECT * FROM winnow.delivery", "UPDATE winnow.delivery SET state = 'gone'",
                "SELECT nextval('winnow.delivery_count')", "SELECT winnow.replay_deliveries('x', '{}')"):  # fmt: skip
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute(sql)  # type: ignore[arg-type]


def test_what_the_hub_has_never_heard_of_makes_no_row(member: Member, team: Team) -> None:
    ada = PostgresLeases(member("Ada", "sales"))
    assert [grant.outcome for grant in ada.take("CRM", [new_id()], 60_000)] == ["busy"]
    assert team.root.execute("SELECT count(*) FROM winnow.delivery").fetchone() == (0,)


def test_couriers_at_the_same_moment_share_without_waiting(laptop: Callable[..., Laptop], receiver: Receiver) -> None:
    import threading

    laptops = [laptop("Ada"), laptop("Ben", "lead"), laptop("Cleo", "admin")]
    for each in laptops:
        add(each, receiver)
    for number in range(12):
        sell(laptops[0], number)
    for each in laptops:
        each.sync()
    receiver.behave = fine
    tallies: list[courier.Tally] = []
    threads = [threading.Thread(target=lambda each=each: tallies.append(each.run())) for each in laptops]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for each in laptops:
        each.seat.clock.on(3000)  # type: ignore[attr-defined]
        each.run()
    ids = [got.head["webhook-id"] for got in receiver.got]
    assert len(ids) == len(set(ids)) == 12

"""What is told by name, before the feed has come that far."""

from __future__ import annotations

from collections.abc import Callable

from app.models.entries import Called, Captured, Outcome
from app.services.team.postgres_link import PostgresLink
from tests.hub.team import Author, Team


def test_who_is_asked_for_twice_is_told_once_and_in_order(member: Callable[..., PostgresLink], team: Team) -> None:
    link, author = member("Anna"), Author("Anna")
    one = author.write(Captured(source="s", captured_at=1))
    other = author.write(Captured(source="s", captured_at=1))
    call = author.write(Called(outcome=Outcome.BUSY, called_at=2), subject=one.subject)
    link.push([one, other, call])
    told = link.subjects([other.subject, one.subject, one.subject])
    assert [(entry.id, entry.pos) for entry in told] == [(one.id, 1), (other.id, 2), (call.id, 3)]


def test_what_is_not_in_the_feed_yet_is_not_told_by_name(member: Callable[..., PostgresLink], team: Team) -> None:
    link, author = member("Anna"), Author("Anna")
    one = author.write(Captured(source="s", captured_at=1))
    call = author.write(Called(outcome=Outcome.BUSY, called_at=2), subject=one.subject)
    link.push([one])
    link.push([call])
    team.root.execute("DELETE FROM winnow.feed WHERE pos = 2")  # as if it was stored, and not moved yet
    assert [entry.id for entry in link.subjects([one.subject])] == [one.id]

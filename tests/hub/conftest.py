"""One real server for the session, a fresh hub for each test, and members who talk to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from app.models.rights import Role
from app.services.team.postgres_link import PostgresLink
from tests.hub.server import Server, running
from tests.hub.team import Team


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A throw-away PostgreSQL with TLS; a computer without one fails these tests."""
    with running() as made:
        yield made


@pytest.fixture
def hub_name(server: Server) -> Iterator[str]:
    """The database of a fresh hub without members."""
    with server.hub() as name:
        yield name


@pytest.fixture
def hub_url(server: Server, hub_name: str) -> str:
    """A fresh hub's address, with the name and password of the server's superuser."""
    return server.url(hub_name)


@pytest.fixture
def team(server: Server, hub_name: str) -> Iterator[Team]:
    """The members of the fresh hub; its first admin is "Root"."""
    made = Team(server, hub_name)
    yield made
    made.close()


@pytest.fixture
def member(team: Team) -> Callable[..., PostgresLink]:
    """Makes a member who has joined: member("Ada", "caller") -> the link of one of their devices."""

    def made(
        name: str, role: str | Role = "caller", *, device: str = "", sources: list[str] | None = None
    ) -> PostgresLink:
        return team.link(name, str(role), device=device, sources=sources)

    return made

"""A hub on a server of its own, as durable as a hub is, for the figures that need one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.figure import Figure, note
from tests.hub.server import running
from tests.hub.team import Team

DURABLE = ("fsync", "full_page_writes")  # which the server of the tests leaves out


def on_a_hub(figures: Callable[[Team], Iterator[Figure]]) -> Iterator[Figure]:
    """The figures of a team on a new hub; a note instead where this computer has no PostgreSQL server."""
    try:
        with running() as server, server.hub() as database:
            with server.admin("postgres") as admin:
                for setting in DURABLE:
                    admin.execute(f"ALTER SYSTEM SET {setting} = on")
                admin.execute("SELECT pg_reload_conf()")
            yield from figures(Team(server, database))
    except RuntimeError as error:
        if "initdb" not in str(error):
            raise
        note(str(error))


def processor(session: int) -> float:
    """Seconds that one session of a server has used so far, by its process id."""
    return int(Path(f"/proc/{session}/schedstat").read_text().split()[0]) / 1e9

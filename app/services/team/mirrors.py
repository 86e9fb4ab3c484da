"""The team as the hub told it last: members, who is there, and who is away when; known offline too.

Whoever talks with the hub keeps what it hears; everybody else reads. Alone, all of it is empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from app.models.entries import Millis
from app.models.rights import Role
from app.services.seat import Seat
from app.services.team.link import Absence, Member, Present

HEARD = "presence_heard"  # the cursor that says when presence was heard last, by this computer's clock
HEARD_EVERY_MS = 30_000  # so that a team at rest costs few writes


def keep_members(seat: Seat, rows: Sequence[Member]) -> None:
    """Everybody of the team, as the hub says it now; who is not among them is forgotten."""
    made = [
        (row.name, row.role.value, None if row.sources is None else _json(row.sources), int(row.revoked))
        for row in rows
    ]
    _replace(seat, "member", "name, role, sources, revoked", made)


def keep_presence(seat: Seat, rows: Sequence[Present]) -> None:
    """Every device of the team, as the hub heard of it last."""
    made = [
        (
            row.device, row.member, row.role.value, row.seen_at, int(row.online), row.doing, row.inquiry, row.since,
            row.held,
        )
        for row in rows
    ]  # fmt: skip
    now = seat.now()
    columns = "device, member, role, seen_at, online, doing, inquiry, since, held"
    same = {(*row[:3], *row[4:]) for row in made} == {
        (*row[:3], *row[4:]) for row in seat.store.query(f"SELECT {columns} FROM presence")
    }
    if same and now - (heard_at(seat) or 0) < HEARD_EVERY_MS:
        return  # only the moments of their signs of life differ
    with seat.store.writing():
        _replace(seat, "presence", columns, made)
        sql = "INSERT INTO cursor(key, value) VALUES(?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value"
        seat.store.writer.execute(sql, (HEARD, now))


def keep_absences(seat: Seat, rows: Sequence[Absence]) -> None:
    """Who is given nothing on which days."""
    _replace(seat, "absence", 'member, start, "end"', [(row.member, row.start, row.end) for row in rows])


def _replace(seat: Seat, table: str, columns: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Writes only where something differs: another process would read all of it again."""
    if set(rows) == set(seat.store.query(f"SELECT {columns} FROM {table}")):
        return
    marks = ", ".join("?" * (columns.count(",") + 1))
    with seat.store.writing():
        seat.store.writer.execute(f"DELETE FROM {table}")
        seat.store.writer.executemany(f"INSERT OR REPLACE INTO {table}({columns}) VALUES({marks})", list(rows))


def _json(value: tuple[str, ...]) -> str:
    return msgspec.json.encode(value).decode()


# reading


def members(seat: Seat) -> list[Member]:
    """Everybody of the team by name, revoked ones included; alone nobody."""
    sql = "SELECT name, role, sources, revoked FROM member ORDER BY name"
    return [
        Member(
            name=name, role=_role(role), revoked=bool(revoked),
            sources=None if sources is None else msgspec.json.decode(sources, type=tuple[str, ...]),
        )
        for name, role, sources, revoked in seat.store.query(sql)
    ]  # fmt: skip


def presences(seat: Seat) -> list[Present]:
    """Every device that the hub has heard of; of a member with several the one heard of last comes first."""
    sql = (
        "SELECT member, role, device, seen_at, online, doing, inquiry, since, held FROM presence "
        "ORDER BY member, online DESC, seen_at DESC, device"
    )
    return [
        Present(
            member=member, role=_role(role), device=device, seen_at=seen_at, online=bool(online), doing=doing,
            inquiry=inquiry, since=since, held=held,
        )
        for member, role, device, seen_at, online, doing, inquiry, since, held in seat.store.query(sql)
    ]  # fmt: skip


def absences(seat: Seat) -> list[Absence]:
    """Who is away when, soonest first."""
    sql = 'SELECT member, start, "end" FROM absence ORDER BY start, member'
    return [Absence(*row) for row in seat.store.query(sql)]


def heard_at(seat: Seat) -> Millis | None:
    """When presence was heard last, by this computer's clock; None: never."""
    row = seat.store.one("SELECT value FROM cursor WHERE key = ?", (HEARD,))
    return int(row[0]) if row else None


def _role(text: str) -> Role:
    """A role that only a newer Winnow knows may look, and do nothing."""
    return Role(text) if text in set(Role) else Role.VIEWER

"""The channels of this home: added, listed, switched, removed; their secrets in the keyring, else in the store."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import msgspec

from app.models.deliveries import Channel
from app.models.entries import Millis
from app.services.errors import NotFound, Refused
from app.services.store import vault
from app.services.store.deliveries import channels
from app.services.team import channels as kinds

if TYPE_CHECKING:
    from app.services.seat import Seat
    from app.services.store.connection import Store

LONGEST_NAME = 40
DISPOSITIONS = ("sell", "nurture")
IN_KEYRING = b"keyring"  # stands in the store where the keyring holds the secrets


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A channel and how it goes."""

    channel: Channel
    enabled: bool
    problem: str  # why it is off, or what went wrong last
    not_before: Millis  # the receiver asked to wait until then; 0: it did not
    deliveries: dict[str, int]  # how many in which state


def standings(store: Store) -> list[Standing]:
    """Every channel with how it goes."""
    from app.services.team.deliveries import counts

    found, sql = counts(store), "SELECT content, enabled, problem, not_before FROM channel ORDER BY name"
    return [
        Standing(
            channel=(channel := msgspec.json.decode(content, type=Channel)), enabled=bool(enabled), problem=problem,
            not_before=not_before, deliveries=found.get(channel.name, {}),
        )
        for content, enabled, problem, not_before in store.query(sql)
    ]  # fmt: skip


def named(store: Store, name: str) -> Channel:
    """One channel, whatever the capitals.

    Raises:
        NotFound: there is none of that name.
    """
    for channel in channels(store):
        if channel.name.casefold() == name.strip().casefold():
            return channel
    have = ", ".join(channel.name for channel in channels(store))
    raise NotFound(f"There is no channel {name}.", todo=f"There are: {have}." if have else "Add one first.")


def add(
    seat: Seat,
    name: str,
    kind: str,
    settings: dict[str, Any],
    secrets: dict[str, str] | None = None,
    *,
    dispositions: Sequence[str] = ("sell",),
    sources: Sequence[str] = (),
    countries: Sequence[str] = (),
    corrections: bool = True,
    since: Millis | None = None,
    replace: bool = False,
) -> Channel:
    """Configure a channel; what is decided from now on (or from `since`) is delivered to it.

    Raises:
        Refused: the name is taken or none, a setting does not fit the kind, or a rule names no disposition or country.
    """
    made, kept = prepared(
        seat, name, kind, settings, secrets, dispositions=dispositions, sources=sources, countries=countries,
        corrections=corrections, since=since,
    )  # fmt: skip
    from app.models import tables

    table = tables.channel
    with seat.store.writing():
        have = {channel.name.casefold(): channel for channel in channels(seat.store)}
        before = have.get(made.name.casefold())
        if before is not None and not replace:
            raise Refused(f"There is a channel {before.name} already.", todo="Take another name, or remove that one.")
        if before is not None:
            made = msgspec.structs.replace(made, name=before.name, since=before.since if since is None else since)
            seat.store.run(table.delete().where(table.c.name == before.name))
        row = {"name": made.name, "kind": kind, "content": msgspec.json.encode(made), "enabled": 1}
        seat.store.run(table.insert().values(**row))
        keep_secrets(seat, made.name, kept)
    return made


def prepared(
    seat: Seat,
    name: str,
    kind: str,
    settings: dict[str, Any],
    secrets: dict[str, str] | None = None,
    *,
    dispositions: Sequence[str] = ("sell",),
    sources: Sequence[str] = (),
    countries: Sequence[str] = (),
    corrections: bool = True,
    since: Millis | None = None,
) -> tuple[Channel, dict[str, str]]:
    """A channel as it would be kept, and its secrets; nothing is kept.

    Raises:
        Refused: as `add`.
    """
    from app.models.places import country_of

    name = " ".join(name.split())
    if not re.fullmatch(rf"[\w][\w .-]{{0,{LONGEST_NAME - 1}}}", name):
        raise Refused("A channel needs a name of letters, digits, spaces, dots or hyphens.")
    if not dispositions or set(dispositions) - set(DISPOSITIONS):
        raise Refused("A channel takes sell, nurture or both.", todo="--on sell --on nurture")
    codes = [country_of(country) for country in countries]
    if not all(codes):
        raise Refused("A rule names a country that there is not.", todo="Use a country such as DE or Germany.")
    module = kinds.module_of(kind)
    unknown = set(secrets or {}) - set(module.SECRETS)
    if unknown:
        raise Refused(f"A channel of this kind has no secret {', '.join(sorted(unknown))}.")
    checked, kept = module.checked(settings, dict(secrets or {}))
    made = Channel(
        name=name, kind=kind, settings=checked, dispositions=tuple(dict.fromkeys(dispositions)),
        sources=tuple(sources), countries=tuple(str(code) for code in codes), corrections=corrections,
        since=seat.now() if since is None else since,
    )  # fmt: skip
    return made, kept


def remove(seat: Seat, name: str) -> int:
    """Take a channel away with its secrets and whatever still waits for it; returns how much waited.

    Raises:
        NotFound: there is none of that name.
    """
    from app.models import tables

    with seat.store.writing():
        channel = named(seat.store, name)
        found = tables.delivery.c
        waiting = (found.channel == channel.name) & found.state.in_(["waiting", "delivering", "failed"])
        gone = {"state": "gone", "problem": "the channel was removed", "body": None}
        count = seat.store.run(tables.delivery.update().where(waiting).values(**gone)).rowcount
        seat.store.run(tables.channel.delete().where(tables.channel.c.name == channel.name))
        _forget_secrets(seat, channel.name)
    return int(count)


def switch(seat: Seat, name: str, on: bool, problem: str = "") -> None:
    """Let a channel deliver, or not; what is decided meanwhile waits for it.

    Raises:
        NotFound: there is none of that name.
    """
    from app.models import tables

    with seat.store.writing():
        table, channel = tables.channel, named(seat.store, name)
        values = {"enabled": int(on), "problem": problem, "not_before": 0}
        seat.store.run(table.update().where(table.c.name == channel.name).values(**values))


def rotate(seat: Seat, name: str) -> str:
    """Give a webhook a new secret; both sign until the next rotation or `end_rotation`. Returns the new one.

    Raises:
        Refused: the channel is no webhook.
    """
    from app.services.team.channels.webhook import new_secret

    channel = named(seat.store, name)
    if channel.kind != "webhook":
        raise Refused(f"{channel.name} signs nothing.", todo="Add the channel again with another secret.")
    secret, have = new_secret(), secrets_of(seat, channel.name)
    with seat.store.writing():
        keep_secrets(seat, channel.name, {"secret": secret, "old-secret": have.get("secret", "")})
    return secret


def end_rotation(seat: Seat, name: str) -> None:
    """From now on a webhook's new secret signs alone."""
    channel = named(seat.store, name)
    have = secrets_of(seat, channel.name)
    with seat.store.writing():
        keep_secrets(seat, channel.name, {key: text for key, text in have.items() if key != "old-secret"})


# secrets


def secrets_of(seat: Seat, name: str) -> dict[str, str]:
    """The secrets of a channel, by what they are for.

    Raises:
        Refused: the keyring that held them does not give them any more.
    """
    row = seat.store.one("SELECT value FROM secret WHERE name = ?", (_row_of(name),))
    if row is None:
        return {}
    value = bytes(row[0])
    if value == IN_KEYRING:
        found = vault._from_keyring(_entry_of(seat, name))
        if found is None:
            raise Refused(
                f"The keyring does not give the secrets of the channel {name}.",
                kept="What is to be delivered waits.",
                todo="Unlock the keyring, or add the channel again.",
            )
        value = found
    return msgspec.json.decode(value, type=dict[str, str])


def keep_secrets(seat: Seat, name: str, secrets: dict[str, str]) -> None:
    """Keep secrets in the operating system's keyring, else in the encrypted store. Inside `writing()`."""
    from sqlalchemy.dialects.sqlite import insert

    from app.models import tables

    value = msgspec.json.encode({key: text for key, text in secrets.items() if text})
    if value != b"{}" and vault._to_keyring(_entry_of(seat, name), value):
        value = IN_KEYRING
    statement = insert(tables.secret).values(name=_row_of(name), value=value)
    changed = {"value": statement.excluded.value}
    seat.store.run(statement.on_conflict_do_update(index_elements=["name"], set_=changed))


def _forget_secrets(seat: Seat, name: str) -> None:
    from app.models import tables

    row = seat.store.one("SELECT value FROM secret WHERE name = ?", (_row_of(name),))
    if row and bytes(row[0]) == IN_KEYRING:
        with suppress(OSError):
            vault._forget_in_keyring(_entry_of(seat, name))
    seat.store.run(tables.secret.delete().where(tables.secret.c.name == _row_of(name)))


def _row_of(name: str) -> str:
    return f"channel:{name}"


def _entry_of(seat: Seat, name: str) -> str:
    return f"{seat.device}:channel:{name}"

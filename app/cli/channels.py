"""`winnow channel`: where leads are delivered."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.cli.commands import Command, Group
from app.cli.session import Session

if TYPE_CHECKING:
    from app.services.team.channels.configured import Standing
    from app.services.team.deliveries import Delivery
    from app.services.team.trying import Tried

KINDS = ("webhook", "http", "hubspot", "email", "folder")
SECRET = {"webhook": "secret", "http": "token", "hubspot": "token", "email": "password"}
VARIABLE = "WINNOW_CHANNEL_SECRET"


@click.group("channel", cls=Group, example="winnow channel add CRM webhook --url https://crm.example.com/leads")
def channel_command() -> None:
    """Where leads are delivered: webhook, http (a template), hubspot, email, folder."""


@channel_command.command("add", cls=Command, example="winnow channel add CRM webhook --url https://crm.example.com/in")
@click.argument("name")
@click.argument("kind", type=click.Choice(KINDS), metavar="webhook|http|hubspot|email|folder")
@click.option("--url", help="Where to: HTTPS, or HTTP on this computer.")
@click.option("--path", help="folder: where the files go.")
@click.option("--set", "pairs", multiple=True, metavar="KEY=VALUE", help="A setting of the kind; may be repeated.")
@click.option("--header", "headers", multiple=True, metavar="NAME=VALUE", help="http: a header, may name {token}.")
@click.option("--body", type=click.Path(path_type=Path, dir_okay=False), help="http: a JSON file that names {fields}.")
@click.option("--secret", help=f"The secret, token or password; - reads standard input. Better: {VARIABLE}.")
@click.option("--on", "dispositions", multiple=True, type=click.Choice(["sell", "nurture"]), help="What goes there.")
@click.option("--source", "sources", multiple=True, help="Only leads of this source; may be repeated.")
@click.option("--country", "countries", multiple=True, help="Only leads of this country; may be repeated.")
@click.option("--no-corrections", is_flag=True, help="It is not told of what was taken back.")
@click.option("--private", is_flag=True, help="The address may lead into the inner network.")
@click.option("--since", metavar="TIME", help="Decisions from then on are delivered too.")
@click.option("--replace", is_flag=True, help="Change the channel of that name.")
@click.pass_obj
def add_command(
    session: Session, name: str, kind: str, url: str | None, path: str | None, pairs: tuple[str, ...],
    headers: tuple[str, ...], body: Path | None, secret: str | None, dispositions: tuple[str, ...],
    sources: tuple[str, ...], countries: tuple[str, ...], no_corrections: bool, private: bool, since: str | None,
    replace: bool,
) -> None:  # fmt: skip
    """Add a channel; what is decided from now on is delivered to it."""
    from app.cli.moments import day
    from app.services.team.channels import configured

    seat = session.seat
    settings: dict[str, Any] = _settings(pairs)
    settings |= {key: value for key, value in (("url", url), ("path", path)) if value}
    settings |= {"private": True} if private else {}
    settings |= {"headers": _pairs(headers, "--header")} if headers else {}
    settings |= {"body": _json(body)} if body else {}
    given = _secret(secret)
    made = configured.add(
        seat, name, kind, settings, {SECRET[kind]: given} if given and kind in SECRET else {},
        dispositions=dispositions or ("sell",), sources=sources, countries=countries,
        corrections=not no_corrections, since=day(seat, since, "--since") if since else None, replace=replace,
    )  # fmt: skip
    shown: dict[str, Any] = {"name": made.name, "kind": kind, "to": _to(made.kind, made.settings)}
    if kind == "webhook" and not given:
        shown["secret"] = configured.secrets_of(seat, made.name)["secret"]
    if session.json:
        session.document(shown)
        return
    session.out(f"{made.name} gets every {' and '.join(made.dispositions)} from now on: {shown['to']}")
    if "secret" in shown:
        session.say(f"Give the receiver this secret, which is shown once: {shown['secret']}")
    session.out(f"Try it: winnow channel test {made.name!r}")


@channel_command.command("list", cls=Command, example="winnow channel list --json")
@click.pass_obj
def list_command(session: Session) -> None:
    """Every channel, how it goes, and what was given up."""
    from app.services.team import deliveries
    from app.services.team.channels import configured

    store = session.seat.store
    found, dead = configured.standings(store), deliveries.given_up(store)
    if session.json:
        session.document([_keys(one, dead) for one in found])
        return
    if not found:
        session.out("No channel: leads stay in Winnow. Add one with: winnow channel add NAME KIND")
        return
    from app.cli.printing import Clock, safe, table

    rows = [
        (
            one.channel.name, one.channel.kind, " ".join(one.channel.dispositions), "" if one.enabled else "off",
            str(sum(one.deliveries.get(state, 0) for state in deliveries.OPEN)),
            str(one.deliveries.get("delivered", 0)), str(one.deliveries.get("failed", 0)),
            safe(one.problem or _to(one.channel.kind, one.channel.settings)),
        )
        for one in found
    ]  # fmt: skip
    head = ("channel", "kind", "takes", "", "waiting", "delivered", "failed", "")
    for line in table(head, rows, right=(4, 5, 6)):
        session.out(line)
    clock = Clock(session.seat)
    for letter in dead[:20]:
        at = clock.both(letter.settled_at or letter.made_at)
        session.out(f"given up {at}: {letter.id} to {letter.channel}: {safe(letter.problem)}")
    if dead:
        session.out("Try them again: winnow channel replay NAME [ID…]")


@channel_command.command("test", cls=Command, example="winnow channel test CRM --dry-run")
@click.argument("name")
@click.option("--dry-run", is_flag=True, help="Only show what would be sent.")
@click.option("--inquiry", metavar="ID", help="Show what would be said about this one; nothing is sent.")
@click.pass_obj
def test_command(session: Session, name: str, dry_run: bool, inquiry: str | None) -> None:
    """Show exactly what is sent, with secrets masked, and send somebody made up."""
    from app.services.errors import EnvironmentFailed
    from app.services.team import trying

    if dry_run or inquiry:
        tried = trying.preview(session.seat, name, session.inquiry(inquiry) if inquiry else "")
    else:
        tried = trying.send_sample(session.seat, name)
    failed = tried.reply is not None and tried.reply.outcome != "received"
    if session.json and not failed:
        session.document(_tried(tried))
        return
    if not session.json:
        _show(session, tried)
    if failed and tried.reply is not None:
        raise EnvironmentFailed(f"The test did not arrive. {tried.reply.why}", kept="Nothing else was sent.")


@channel_command.command("remove", cls=Command, example="winnow channel remove CRM")
@click.argument("name")
@click.pass_obj
def remove_command(session: Session, name: str) -> None:
    """Take a channel away, with its secret and what still waits for it."""
    from app.services.team.channels import configured

    waited = configured.remove(session.seat, name)
    if session.json:
        session.document({"removed": name, "waiting": waited})
    else:
        session.out(f"{name} is removed; {waited} that waited for it are not delivered.")


@channel_command.command("on", cls=Command, example="winnow channel on CRM")
@click.argument("name")
@click.pass_obj
def on_command(session: Session, name: str) -> None:
    """Let a channel deliver again."""
    _switch(session, name, True)


@channel_command.command("off", cls=Command, example="winnow channel off CRM")
@click.argument("name")
@click.pass_obj
def off_command(session: Session, name: str) -> None:
    """Hold a channel back; what is decided meanwhile waits."""
    _switch(session, name, False)


@channel_command.command("rotate", cls=Command, example="winnow channel rotate CRM")
@click.argument("name")
@click.option("--finish", is_flag=True, help="The receiver has the new secret: the old one signs no more.")
@click.pass_obj
def rotate_command(session: Session, name: str, finish: bool) -> None:
    """Give a webhook a new secret; until --finish both sign, so that nothing is refused meanwhile."""
    from app.services.team.channels import configured

    if finish:
        configured.end_rotation(session.seat, name)
        secret = None
    else:
        secret = configured.rotate(session.seat, name)
    if session.json:
        session.document({"name": name, "secret": secret})
    elif secret:
        session.out(f"The new secret, shown once: {secret}")
        session.out(f"When the receiver has it: winnow channel rotate {name!r} --finish")
    else:
        session.out("The new secret signs alone.")


@channel_command.command("replay", cls=Command, example="winnow channel replay CRM")
@click.argument("name")
@click.argument("ids", nargs=-1, metavar="[ID…]")
@click.pass_obj
def replay_command(session: Session, name: str, ids: tuple[str, ...]) -> None:
    """Try again what was given up, all or some; each keeps its id."""
    from app.services.errors import NotFound
    from app.services.team import deliveries
    from app.services.team.channels import configured
    from app.services.team.postgres_deliveries import leases_of

    seat = session.seat
    channel = configured.named(seat.store, name).name
    dead = {one.id: one.cause for one in deliveries.given_up(seat.store, channel)}
    unknown = [text for text in ids if text not in dead]
    if unknown:
        raise NotFound(f"{unknown[0]} is not among what was given up.", todo="winnow channel list shows them.")
    causes = [dead[text] for text in ids] or list(dead.values())
    with leases_of(seat) as hub:
        if hub is not None and causes:
            hub.replay(channel, causes)
    count = deliveries.replay(seat, channel, causes) if causes else 0
    session.document({"replayed": count}) if session.json else session.out(f"{count} are tried again.")


def _switch(session: Session, name: str, on: bool) -> None:
    from app.services.team.channels import configured

    configured.switch(session.seat, name, on, "" if on else "switched off")
    if session.json:
        session.document({"name": name, "enabled": on})
    else:
        session.out(f"{name} is {'on' if on else 'off; what is decided waits for it'}.")


# what was typed


def _settings(pairs: tuple[str, ...]) -> dict[str, Any]:
    """KEY=VALUE; a dot makes a map: owners.Marta=123."""
    found: dict[str, Any] = {}
    for key, value in _pairs(pairs, "--set").items():
        outer, dot, inner = key.partition(".")
        if dot:
            found.setdefault(outer, {})[inner] = value
        else:
            found[key] = value
    return found


def _pairs(pairs: tuple[str, ...], option: str) -> dict[str, str]:
    found = {}
    for pair in pairs:
        key, sign, value = pair.partition("=")
        if not sign or not key.strip():
            raise click.BadParameter(f"{pair!r} is no KEY=VALUE.", param_hint=option)
        found[key.strip()] = value.strip()
    return found


def _json(file: Path) -> Any:
    import msgspec

    try:
        found = msgspec.json.decode(file.read_bytes())
    except msgspec.DecodeError as error:
        raise click.BadParameter(f"{file} is no JSON: {error}.", param_hint="--body") from error
    except OSError as error:
        raise click.BadParameter(f"{file} cannot be read: {error.strerror}.", param_hint="--body") from error
    if not isinstance(found, dict | list):
        raise click.BadParameter(f"{file} holds no object.", param_hint="--body")
    return found


def _secret(text: str | None) -> str:
    if text == "-":
        return sys.stdin.readline().strip()
    return (text if text is not None else os.environ.get(VARIABLE, "")).strip()


# what is shown


def _to(kind: str, settings: dict[str, Any]) -> str:
    if kind == "email":
        return f"{', '.join(settings.get('to', ()))} by {settings.get('host')}"
    return str(settings.get("url") or settings.get("path") or "")


def _keys(one: Standing, dead: list[Delivery]) -> dict[str, Any]:
    from app.cli.printing import iso

    channel, states = one.channel, one.deliveries
    return {
        "name": channel.name,
        "kind": channel.kind,
        "to": _to(channel.kind, channel.settings),
        "on": list(channel.dispositions),
        "sources": list(channel.sources),
        "countries": list(channel.countries),
        "enabled": one.enabled,
        "problem": one.problem or None,
        "waiting": states.get("waiting", 0) + states.get("delivering", 0),
        "delivered": states.get("delivered", 0),
        "failed": states.get("failed", 0),
        "given_up": [
            {
                "id": each.id, "inquiry": each.subject, "what": each.what, "attempts": each.attempts,
                "at": iso(each.settled_at), "problem": each.problem,
            }
            for each in dead
            if each.channel == channel.name
        ],
    }  # fmt: skip


def _tried(tried: Tried) -> dict[str, Any]:
    reply = tried.reply
    return {
        "channel": tried.channel,
        "preview": [{"to": one.to, "head": dict(one.head), "body": one.body} for one in tried.shown],
        "sent": reply is not None,
        "number": reply.number or None if reply else None,
    }


def _show(session: Session, tried: Tried) -> None:
    for one in tried.shown:
        session.out(one.to)
        for name, value in one.head:
            session.out(f"  {name}: {value}")
        session.out()
        session.out(one.body)
        session.out()
        for line in one.more:
            session.out(line)
    if tried.reply is None:
        session.out("Nothing was sent.")
    elif tried.reply.outcome == "received":
        number = f", their number {tried.reply.number}" if tried.reply.number else ""
        session.out(f"Received{number}.")

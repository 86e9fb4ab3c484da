"""`winnow hub`: the shared hub of a team."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.cli.commands import Group
from app.cli.session import Session
from app.services.errors import NotFound

if TYPE_CHECKING:
    from app.services.team.membership import Membership

ROLES = ("caller", "lead", "sales", "marketing", "admin", "intake", "viewer")


@click.group("hub", cls=Group, example="winnow hub join winnow-invitation-…")
def hub_command() -> None:
    """The hub through which a team shares its work (docs/team.md)."""


@hub_command.command("create", example="winnow hub create postgresql://postgres@db.example.com/winnow --ca ca.pem")
@click.argument("url")
@click.option("--ca", type=click.Path(path_type=Path, exists=True, dir_okay=False),
              help="The authority that signed the server's certificate; else the system's.")  # fmt: skip
@click.pass_obj
def create_command(session: Session, url: str, ca: Path | None) -> None:
    """Make a hub on a PostgreSQL server, with yourself as its first admin; or bring it to this version.

    URL names the server's superuser, or a login that may create databases and roles. Its password comes from the URL,
    PGPASSWORD or ~/.pgpass, and is kept nowhere.
    """
    from app.services.team import hub

    made = hub.create(session.seat, url, ca=ca)
    _joined(session, made)
    if not session.json:
        session.out("Invite the others with: winnow hub invite NAME --role ROLE")


@hub_command.command("invite", example="winnow hub invite Marta --role caller --source 'Spring fair'")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--source", "sources", multiple=True, help="People of this source alone may be read; more than once.")
@click.pass_obj
def invite_command(session: Session, name: str, role: str, sources: tuple[str, ...]) -> None:
    """A text with which somebody joins, once, within seven days."""
    from app.models.rights import Role
    from app.services.team import hub

    text = hub.invite(session.seat, name, Role(role), sources=sources or None)
    if session.json:
        session.document({"invitation": text})
        return
    session.out(text)
    session.say("Whoever has this text can join in their place: hand it over on a way that is safe enough.")


@hub_command.command("join", example="winnow hub join winnow-invitation-… --preview")
@click.argument("invitation", nargs=-1, required=True)
@click.option("--preview", is_flag=True, help="Only say what this home would bring.")
@click.pass_obj
def join_command(session: Session, invitation: tuple[str, ...], preview: bool) -> None:
    """Join a team by pasting its invitation; a single - reads it from standard input."""
    from app.services.team import hub

    text = sys.stdin.read() if invitation == ("-",) else "".join(invitation)
    seen = hub.joining_preview(session.seat, text)
    if preview:
        if session.json:
            session.document({
                "hub": seen.hub, "member": seen.member, "role": seen.role, "inquiries": seen.inquiries,
                "entries": seen.entries, "by_others": seen.by_others, "not_allowed": seen.not_allowed,
            })  # fmt: skip
            return
        session.out(f"You would be {seen.member} ({seen.role}) on {seen.hub}.")
        session.out(f"This home would bring {seen.inquiries} inquiries with {seen.entries} entries.")
        session.out(f"{seen.by_others} were written under another name and count as brought by you.")
        session.out(f"{seen.not_allowed} are not for this role to append, and stay here alone.")
        return
    _joined(session, hub.join(session.seat, text))


@hub_command.command("status", example="winnow hub status --json")
@click.pass_obj
def status_command(session: Session) -> None:
    """How this home and its hub stand to each other."""
    from app.services.team import hub

    found = hub.status(session.seat)
    if session.json:
        session.document({
            "reachable": found.reachable, "lag_entries": found.lag_entries, "unshared": found.unshared,
            "role": found.role, "epoch": found.epoch or None, "pos": found.pos,
            "oldest_transaction_seconds": found.oldest_transaction_seconds, "hub": found.place,
            "member": found.member, "sentence": found.sentence or None, **found.told,
        })  # fmt: skip
        return
    session.out(f"{found.member} ({found.role}) on {found.place}")
    session.out(f"{found.unshared} entries wait to be handed in.")
    if not found.reachable:
        session.out(found.sentence)
        return
    session.out(f"{found.lag_entries} of {found.pos} entries of the hub are not here yet.")
    for line in _warnings(found.told, found.oldest_transaction_seconds):
        session.out(line)


@hub_command.command("members", example="winnow hub members")
@click.pass_obj
def members_command(session: Session) -> None:
    """Everybody of the team."""
    from app.cli.printing import safe, table
    from app.services.team import hub

    found = hub.members(session.seat)
    if session.json:
        session.document([
            {"name": m.name, "role": m.role, "sources": m.sources, "revoked": m.revoked} for m in found
        ])  # fmt: skip
        return
    rows = [
        (safe(m.name), "revoked" if m.revoked else m.role, "all" if m.sources is None else safe(", ".join(m.sources)))
        for m in found
    ]
    for line in table(("member", "role", "sources"), rows):
        session.out(line)


@hub_command.command("revoke", example="winnow hub revoke Marta")
@click.argument("name")
@click.pass_obj
def revoke_command(session: Session, name: str) -> None:
    """End somebody's membership, and their open sessions, at once."""
    from app.services.team import hub

    hub.revoke(session.seat, name)
    _done(session, {"revoked": name}, f"{name} is no member any more. What they have on their computers stays there.")


@hub_command.command("set", example="winnow hub set Marta --source 'Spring fair' --source Web")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES))
@click.option("--source", "sources", multiple=True, help="People of this source alone may be read; more than once.")
@click.option("--all-sources", is_flag=True, help="People of every source may be read.")
@click.pass_obj
def set_command(session: Session, name: str, role: str | None, sources: tuple[str, ...], all_sources: bool) -> None:
    """Change a member's role, or whose people they may read."""
    from app.models.rights import Role
    from app.services.team import hub

    if (role is None and not sources and not all_sources) or (sources and all_sources):
        raise click.UsageError("Give --role, and one of --source and --all-sources.", click.get_current_context())
    if role is not None:
        hub.set_role(session.seat, name, Role(role))
    if sources or all_sources:
        hub.set_scope(session.seat, name, None if all_sources else sources)
    document = {"name": name, "role": role, "sources": None if all_sources or not sources else list(sources)}
    _done(session, document, f"{name} is changed.")


@hub_command.command("aside", example="winnow hub aside --take 0199a3f2c4d07b1e9a5c3f2e1d0b4a77")
@click.option("--take", "take", multiple=True, metavar="ID", help="Let it in, as brought by you; more than once.")
@click.option("--drop", "drop", multiple=True, metavar="ID", help="Leave it out for good; more than once.")
@click.option("--take-all", metavar="AUTHOR", help="Let in everything by somebody who was revoked.")
@click.option("--drop-all", metavar="AUTHOR", help="Leave out everything by somebody.")
@click.pass_obj
def aside_command(
    session: Session, take: tuple[str, ...], drop: tuple[str, ...], take_all: str | None, drop_all: str | None
) -> None:
    """What the hub keeps aside for a team lead: the work of revoked members, and ids that came twice."""
    from app.cli.printing import iso, safe, table
    from app.services.team import aside

    if sum(map(bool, (take, drop, take_all, drop_all))) > 1:
        raise click.UsageError("Give one of --take, --drop, --take-all and --drop-all.", click.get_current_context())
    lets_in = bool(take or take_all)
    ids = list(take or drop)
    found = [] if ids else aside.kept_aside(session.seat)
    if author := take_all or drop_all:
        ids = [k.entry for k in found if k.actor == author and (not lets_in or k.reason == "revoked")]
        if not ids:
            raise NotFound(f"Nothing by {author} is kept aside.")
    if ids:
        became = aside.decide(session.seat, ids, take=lets_in)
        if session.json:
            session.document([{"entry": entry, "became": what} for entry, what in became.items()])
            return
        for entry, what in became.items():
            session.out(f"{entry}: {what}")
        return
    if session.json:
        session.document([
            {"entry": k.entry, "kind": k.kind, "actor": k.actor, "offered_by": k.offered_by, "reason": k.reason,
             "at": iso(k.at), "inquiry": k.inquiry, "name": k.name or None, "text": k.text or None} for k in found
        ])  # fmt: skip
        return
    rows = [
        (k.entry, safe(k.actor), safe(k.offered_by), k.reason, iso(k.at) or "", safe(k.name), safe(k.text or k.kind))
        for k in found
    ]
    for line in table(("entry", "author", "offered by", "why", "when", "about", "what"), rows):
        session.out(line)


@hub_command.command("leave", example="winnow hub leave")
@click.option("--even-unheard", is_flag=True, help="Also when the hub does not answer.")
@click.pass_obj
def leave_command(session: Session, even_unheard: bool) -> None:
    """End your membership; what is in this home stays."""
    from app.services.team import hub

    hub.leave(session.seat, even_unheard=even_unheard)
    _done(session, {"left": True}, "This home works alone again. Everything in it stays.")


@hub_command.command("picking", example="winnow hub picking caller off")
@click.argument("role", type=click.Choice(["caller", "sales", "marketing"]))
@click.argument("may", type=click.Choice(["on", "off"]))
@click.pass_obj
def picking_command(session: Session, role: str, may: str) -> None:
    """Whether a role may call out of the queue's order; leads and admins always may."""
    from app.models.rights import Role
    from app.services.team import hub

    roles = hub.set_picking(session.seat, Role(role), may == "on")
    _done(session, {"picking": roles}, f"Out of the queue's order may call: {', '.join(roles)}.")


@hub_command.command("begin-epoch", example="winnow hub begin-epoch")
@click.pass_obj
def begin_epoch_command(session: Session) -> None:
    """After a restore that the hub cannot notice (a disk's snapshot): every home offers anew what it has."""
    from app.services.team import hub

    epoch = hub.begin_epoch(session.seat)
    _done(session, {"epoch": epoch}, "A new epoch has begun; every home offers anew what the hub has not.")


def _joined(session: Session, made: Membership) -> None:
    document = {"hub": made.place, "member": made.member, "role": made.role}
    _done(session, document, f"You are {made.member} ({made.role}) on {made.place}.")


def _done(session: Session, document: dict[str, Any], sentence: str) -> None:
    if session.json:
        session.document(document)
    else:
        session.out(sentence)


def _warnings(told: dict[str, Any], oldest: float | None) -> list[str]:
    """What an admin should look at."""
    found = []
    if oldest is not None and oldest > 60:
        found.append(f"A transaction on the server is open since {oldest:.0f} s; vacuum waits for it.")
    if told.get("quarantined"):
        found.append(
            f"{told['quarantined']} entries are kept aside: the same id with other content, or a revoked author."
        )
    if told.get("open_doors"):
        found.append(f"Members can also enter the databases {', '.join(told['open_doors'])} (docs/team.md).")
    for member, times in told.get("ended", {}).items():
        found.append(f"{times} sessions of {member} were ended this week: they held up everybody (docs/team.md).")
    if not told.get("flushes", True):
        found.append("The server does not flush to its disk (fsync): a power cut destroys the hub.")
    for device in told.get("devices", ()):
        if device["copied"]:
            found.append(f"{device['member']} works on two copies of one home ({device['device']}).")
        if device["behind"] > 0 and device["seen_seconds_ago"] > 14 * 86400:
            days = device["seen_seconds_ago"] // 86400
            found.append(f"{device['member']}'s {device['device']} was last seen {days} days ago.")
    return found

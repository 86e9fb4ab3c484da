"""The shared hub: made, joined, watched and left."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from app.models.entries import AUTOMATIC, Millis
from app.models.rights import Role, may_append
from app.services.errors import EnvironmentFailed, Refused
from app.services.team import connecting, hub_schema, invitation, membership, state
from app.services.team.invitation import Invitation
from app.services.team.link import HubRefused, HubUnreachable, Member
from app.services.team.membership import Membership
from app.services.team.postgres_link import PostgresLink

if TYPE_CHECKING:
    from psycopg import Connection

    from app.services.seat import Seat

DAYS_TO_JOIN = 7  # how long a one-time password opens the hub; the hub itself sees to it
DAY_MS = 86_400_000


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What this store would bring to the team, counted before anything is shared."""

    hub: str
    member: str  # the name under which this home goes on
    role: Role
    inquiries: int
    entries: int
    by_others: int  # of these, written under another name: the hub shows that they were brought
    not_allowed: int  # of these, of a kind that this role may not append: they stay here alone
    until: Millis


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """How this home and its hub stand to each other."""

    place: str
    member: str
    reachable: bool
    sentence: str  # why it is not reachable; empty when it is
    role: Role
    unshared: int  # entries of this store that wait to be handed in
    epoch: str
    pos: int  # of the hub; 0 when it is not reachable
    lag_entries: int | None  # stored by the hub and not read here yet; None: not known
    oldest_transaction_seconds: float | None
    told: dict[str, Any]  # what else the hub tells an admin or a lead: devices, quarantined, open_doors…


# made and joined


def create(seat: Seat, url: str, *, ca: Path | None = None) -> Membership:
    """Make a hub, with whoever works here as its first admin; for a hub that this home has joined, update its schema.

    `url` names the server's superuser, or a login that may create databases and roles; it is kept nowhere.

    Raises:
        HubUnreachable: no server answers. HubRefused: the login may not do it, or the server is not safe to talk to.
        Refused: this home belongs to another team, or the hub has members already.
    """
    options = connecting.safe(connecting.options_of(url), ca)
    known = membership.membership_of(seat)
    if known is not None and known.options != _address(options):
        raise Refused(
            f"This home has joined {known.place} already.", kept="Nothing was changed.", todo="Leave it first."
        )
    authority = ca.read_text(encoding="ascii") if ca is not None else ""
    hub_schema.prepare(url, ca=ca)
    if known is not None:
        return known
    once = secrets.token_urlsafe(24)
    with connecting.talking(options) as connection:
        if connection.execute("SELECT 1 FROM winnow.member WHERE joined_at IS NOT NULL LIMIT 1").fetchone():
            raise Refused(
                "This hub has members already; its schema is this version's now.",
                kept="Nothing else was changed.",
                todo="Ask one of its admins for an invitation.",
            )
        row = connection.execute(
            "SELECT winnow.invite(%s, 'admin', %s, NULL)", (seat.member, verifier(connection, once))
        ).fetchone()
    assert row is not None
    invited = Invitation(
        options=_address(options), login=row[0], password=once, name=seat.member, role=Role.ADMIN,
        until=seat.now() + DAYS_TO_JOIN * DAY_MS, ca=authority,
    )  # fmt: skip
    return join(seat, invitation.to_text(invited))


def joining_preview(seat: Seat, text: str) -> Preview:
    """What this store would bring, and under whose name; nothing is sent.

    Raises:
        NoInvitation: the text is none.
    """
    invited = invitation.from_text(text)
    rows = seat.store.query("SELECT kind, actor, count(*) FROM ledger WHERE pos IS NULL GROUP BY kind, actor")
    counted = Counter[str]()
    for kind, actor, count in rows:
        if actor == AUTOMATIC and kind in {"script_published", "scorecard_published"}:
            continue  # every home has them
        counted["entries"] += count
        counted["by_others"] += count if actor not in {invited.name, AUTOMATIC} else 0
        counted["not_allowed"] += count if not may_append(invited.role, kind, actor) else 0
    row = seat.store.one("SELECT count(*) FROM inquiry")
    return Preview(
        hub=invited.options.get("dbname", ""), member=invited.name, role=invited.role, until=invited.until,
        inquiries=int(row[0]) if row else 0, entries=counted["entries"], by_others=counted["by_others"],
        not_allowed=counted["not_allowed"],
    )  # fmt: skip


def join(seat: Seat, text: str) -> Membership:
    """Become a member: the one-time password is changed at once, and the invitation opens nothing any more.

    A joining that was cut off is completed by the same text.

    Raises:
        NoInvitation: the text is none. HubUnreachable: no answer; the invitation can still be used.
        HubRefused: it was used, it is over, or the server is not the hub that it names.
        Refused: this home belongs to another team.
    """
    invited = invitation.from_text(text)
    known = membership.membership_of(seat)
    if known is not None:
        if known.login != invited.login:
            raise Refused(
                f"This home has joined {known.place} already.", kept="Nothing was changed.", todo="Leave it first."
            )
        if _lets_in(seat, known):
            return known
    cut_off = membership.pending(seat)
    if cut_off is not None and cut_off.login == invited.login and _lets_in(seat, cut_off):
        return membership.settle(seat)
    lasting = secrets.token_urlsafe(32)
    wanted = Membership(
        options=invited.options, login=invited.login, member=invited.name, role=invited.role, joined_at=seat.now(),
        ca=invited.ca,
    )  # fmt: skip
    with connecting.talking(_options(seat, wanted, invited.password)) as connection:
        membership.prepare(seat, wanted, lasting)
        connection.execute("SELECT winnow.accept_invitation(%s)", (verifier(connection, lasting),))
    return membership.settle(seat)


def _lets_in(seat: Seat, known: Membership) -> bool:
    """Whether the hub accepts the password that is kept here, as that of a member who has joined."""
    try:
        with connecting.talking(_options(seat, known, membership.password_of(seat, known))) as connection:
            connection.execute("SELECT * FROM winnow.members() LIMIT 1")
            return True
    except HubRefused:
        return False


def leave(seat: Seat, *, even_unheard: bool = False) -> None:
    """End the own membership. What is here stays here, and counts as unshared again.

    `even_unheard`: also when the hub does not answer; an admin should then revoke this member there.

    Raises:
        HubUnreachable: no answer. HubRefused: the last admin cannot leave. NotJoined: this home works alone.
    """
    known = membership.joined(seat)
    try:
        with connecting.talking(_options(seat, known, membership.password_of(seat, known))) as connection:
            connection.execute("SELECT winnow.leave()")
    except HubUnreachable:
        if not even_unheard:
            raise
    except HubRefused as error:
        if "last admin" in str(error) and not even_unheard:
            raise
    _work_alone(seat)


def _work_alone(seat: Seat) -> None:
    from app.services.store import held_back, stamps

    membership.forget(seat)
    while True:
        with seat.store.writing():
            ids = [row[0] for row in seat.store.query("SELECT id FROM ledger WHERE pos IS NOT NULL LIMIT 500")]
            seat.ledger.refold(stamps.unstamp(seat.ledger, ids))
            if held := held_back.everything(seat.store, 500):
                held_back.give_back(seat.ledger, held)
            if not ids and not held:
                for table in ("team", "member", "presence", "absence", "hub_claim", "turned_away", "set_aside"):
                    seat.store.writer.execute(f"DELETE FROM {table}")
                for key in (state.OUTBOX, state.PULLED, state.PERSONS, state.STRIPPED):
                    state.put_cursor(seat.store, key, None)
                return


# an admin's hand


def invite(seat: Seat, name: str, role: Role, *, sources: Sequence[str] | None = None) -> str:
    """A text that lets somebody join once, within seven days; to be handed over on a way that is safe enough.

    Raises:
        HubRefused: only an admin invites, or there is such a member. HubUnreachable. NotJoined.
    """
    known = membership.joined(seat)
    once = secrets.token_urlsafe(18)
    with as_member(seat) as connection:
        row = connection.execute(
            "SELECT winnow.invite(%s, %s, %s, %s::text[])",
            (" ".join(name.split()), role.value, verifier(connection, once), _list(sources)),
        ).fetchone()
    assert row is not None
    return invitation.to_text(
        Invitation(
            options=known.options, login=row[0], password=once, name=" ".join(name.split()), role=role, ca=known.ca,
            until=seat.now() + DAYS_TO_JOIN * DAY_MS,
        )
    )  # fmt: skip


def revoke(seat: Seat, name: str) -> None:
    """End somebody's membership: no new session, and the open ones end at once. What they have on their laptop stays.

    Raises:
        HubRefused: only an admin revokes, there is no such member, or they are the last admin.
        HubUnreachable, NotJoined.
    """
    with as_member(seat) as connection:
        connection.execute("SELECT winnow.revoke_member(%s)", (name,))
        connection.execute("SELECT winnow.tend()")  # whoever slipped in while the login was being closed


def set_scope(seat: Seat, name: str, sources: Sequence[str] | None) -> None:
    """Whose people a caller, somebody in sales or in marketing may read: those of the sources named; None: everybody.

    Raises:
        HubRefused: only an admin says so, or there is no such member. HubUnreachable. NotJoined.
    """
    with as_member(seat) as connection:
        connection.execute("SELECT winnow.set_scope(%s, %s::text[])", (name, _list(sources)))


def set_role(seat: Seat, name: str, role: Role) -> None:
    """What somebody may do.

    Raises:
        HubRefused: only an admin says so, there is no such member, or the last admin would go.
        HubUnreachable, NotJoined.
    """
    with as_member(seat) as connection:
        connection.execute("SELECT winnow.set_role(%s, %s)", (name, role.value))


def set_picking(seat: Seat, role: Role, may: bool) -> list[str]:
    """Whether callers, sales or marketing may call out of the queue's order; returns every role that may.

    Raises:
        HubRefused: only an admin or a lead says so, or the role is another. HubUnreachable. NotJoined.
    """
    with as_member(seat) as connection:
        row = connection.execute("SELECT winnow.set_picking(%s, %s)", (role.value, may)).fetchone()
    assert row is not None
    return sorted(row[0])


def begin_epoch(seat: Seat) -> str:
    """Say that the hub was put back from a copy that it cannot tell from itself; every home offers anew what it has.

    Raises:
        HubRefused: only an admin says so. HubUnreachable. NotJoined.
    """
    with as_member(seat) as connection:
        row = connection.execute("SELECT winnow.begin_epoch()").fetchone()
    assert row is not None
    return str(row[0])


# watching


def members(seat: Seat) -> list[Member]:
    """Everybody of the team, as the hub says.

    Raises:
        HubUnreachable, HubRefused, NotJoined.
    """
    link = link_of(seat)
    try:
        return link.members()
    finally:
        link.close()


def status(seat: Seat) -> Status:
    """How this home and its hub stand to each other; a hub that does not answer is no error here.

    Raises:
        NotJoined: this home works alone.
    """
    known = membership.joined(seat)
    told: dict[str, Any] = {}
    sentence = ""
    try:
        link = link_of(seat)
        try:
            told = link.status()
        finally:
            link.close()
    except EnvironmentFailed as error:
        sentence = str(error)
    pulled = state.cursor(seat.store, state.PULLED) or 0
    same = told.get("epoch") == state.word(seat.store, state.EPOCH)
    head = int(told.pop("pos", 0))
    return Status(
        place=known.place, member=known.member, reachable=not sentence, sentence=sentence,
        role=Role(told.pop("role", state.word(seat.store, state.ROLE) or known.role)),
        unshared=state.unshared(seat.store), epoch=told.pop("epoch", state.word(seat.store, state.EPOCH)), pos=head,
        lag_entries=None if sentence else head - (pulled if same else 0) + int(told.pop("waiting", 0)),
        oldest_transaction_seconds=told.pop("oldest_transaction_seconds", None), told=told,
    )  # fmt: skip


def link_of(seat: Seat) -> PostgresLink:
    """The conversation of this home with its hub; it connects when it is first asked.

    Raises:
        NotJoined: this home works alone. Locked: the keyring does not give out the password.
    """
    known = membership.joined(seat)
    return PostgresLink(_options(seat, known, membership.password_of(seat, known)))


def verifier(connection: Connection[Any], password: str) -> str:
    """What the server keeps instead of a password (RFC 5802); the password itself never travels, nor is it logged."""
    return connection.pgconn.encrypt_password(password.encode(), b"winnow", b"scram-sha-256").decode()


def _options(seat: Seat, known: Membership, password: str) -> dict[str, str]:
    options = {**known.options, "user": known.login, "password": password}
    return connecting.safe(options, membership.ca_path(seat, known.ca))


def _address(options: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in options.items() if key in {"host", "hostaddr", "port", "dbname"}}


def _list(sources: Sequence[str] | None) -> list[str] | None:
    return None if sources is None else sorted({" ".join(source.split()) for source in sources})


@contextmanager
def as_member(seat: Seat) -> Iterator[Connection[Any]]:
    """A connection as this home's member, for some statements.

    Raises:
        HubUnreachable, HubRefused, NotJoined.
    """
    known = membership.joined(seat)
    with connecting.talking(_options(seat, known, membership.password_of(seat, known))) as connection:
        yield connection

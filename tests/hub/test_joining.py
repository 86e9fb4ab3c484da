"""A home joins a hub, whatever breaks off in between, and keeps what it needs in a safe place."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import ClassVar

import msgspec
import pytest

from app import bootstrap
from app.models.entries import Captured
from app.models.rights import Role
from app.services import capture
from app.services.errors import Locked, Refused
from app.services.seat import Seat
from app.services.team import connecting, hub, invitation, membership
from app.services.team.invitation import Invitation, NoInvitation
from app.services.team.link import HubRefused, HubUnreachable
from tests.hub.team import Author
from tests.services.made_up import Clock, form, new_home

Homes = Callable[[str], Seat]


@pytest.fixture
def homes(tmp_path: Path) -> Iterator[Homes]:
    """New homes by the name of who works in them."""
    opened: dict[str, bootstrap.Home] = {}
    with ExitStack() as stack:

        def of(name: str) -> Seat:
            if name not in opened:
                opened[name] = stack.enter_context(new_home(tmp_path / name, Clock()))
                from app.services import changing_settings

                changing_settings.change(opened[name].seat, "name", name)
            return opened[name].seat

        yield of


@pytest.fixture
def root(homes: Homes, hub_url: str) -> Seat:
    """The first admin's home."""
    seat = homes("Root")
    hub.create(seat, hub_url)
    return seat


def test_a_home_that_has_joined_knows_where_without_a_driver(root: Seat, hub_name: str) -> None:
    known = membership.membership_of(root)
    assert known is not None and (known.member, known.hub, known.role) == ("Root", hub_name, Role.ADMIN)
    assert known.place.endswith(hub_name) and "postgres" not in str(known.options)
    assert "password" not in known.options and "user" not in known.options


def test_membership_imports_no_driver_so_that_a_window_starts_fast() -> None:
    import subprocess

    code = "import sys, app.services.team.membership; sys.exit('psycopg' in sys.modules or 'sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=Path(__file__).parents[2]).returncode == 0


def test_joining_that_breaks_off_before_the_hub_answered_is_done_again(root: Seat, homes: Homes) -> None:
    text, seat = hub.invite(root, "Marta", Role.CALLER), homes("Marta")
    invited = invitation.from_text(text)
    lost = membership.Membership(
        options=invited.options, login=invited.login, member="Marta", role=Role.CALLER, joined_at=1
    )
    membership.prepare(seat, lost, "never arrived")
    assert membership.membership_of(seat) is None
    assert hub.join(seat, text).member == "Marta"
    assert hub.members(seat)


def test_joining_that_breaks_off_after_the_hub_has_changed_the_password_is_completed_by_the_same_text(
    root: Seat, homes: Homes
) -> None:
    text, seat = hub.invite(root, "Marta", Role.CALLER), homes("Marta")
    invited = invitation.from_text(text)
    options = {**invited.options, "user": invited.login, "password": invited.password}
    cut_off = membership.Membership(
        options=invited.options, login=invited.login, member="Marta", role=Role.CALLER, joined_at=1
    )
    with connecting.talking(options) as connection:
        membership.prepare(seat, cut_off, "the lasting one")
        connection.execute("SELECT winnow.accept_invitation(%s)", (hub.verifier(connection, "the lasting one"),))
    assert hub.join(seat, text).member == "Marta"
    assert seat.settings.name == "Marta" and membership.pending(seat) is None
    with pytest.raises(HubRefused):
        hub.join(homes("Thief"), text)


def test_what_a_home_would_bring_is_told_before(root: Seat, homes: Homes) -> None:
    seat = homes("Marta at home")
    for number in range(3):
        capture.capture(seat, form(number))
    text = hub.invite(root, "Marta", Role.INTAKE)
    seen = hub.joining_preview(seat, text)
    assert (seen.member, seen.role, seen.inquiries) == ("Marta", Role.INTAKE, 3)
    rows = seat.store.query("SELECT count(*) FROM ledger WHERE actor = 'Marta at home'")
    assert seen.entries == seen.by_others == rows[0][0] > 0, "what comes with every home is brought by nobody"
    assert seen.not_allowed == 0
    assert hub.joining_preview(seat, hub.invite(root, "Vic", Role.VIEWER)).not_allowed >= 3
    assert membership.membership_of(seat) is None


def test_with_a_keyring_the_store_keeps_no_password(root: Seat, homes: Homes, monkeypatch: pytest.MonkeyPatch) -> None:
    import keyring
    from keyring.backend import KeyringBackend

    class Ring(KeyringBackend):
        priority = 1  # type: ignore[assignment]
        kept: ClassVar[dict[tuple[str, str], str]] = {}

        def get_password(self, service: str, username: str) -> str | None:
            return self.kept.get((service, username))

        def set_password(self, service: str, username: str, password: str) -> None:
            self.kept[service, username] = password

        def delete_password(self, service: str, username: str) -> None:
            del self.kept[service, username]

    seat, before = homes("Marta"), keyring.get_keyring()
    keyring.set_keyring(Ring())
    try:
        known = hub.join(seat, hub.invite(root, "Marta", Role.CALLER))
        assert known.in_keyring and (membership.SERVICE, known.login) in Ring.kept
        assert seat.store.one("SELECT 1 FROM secret WHERE name = ?", (membership.PASSWORD,)) is None
        assert hub.members(seat)
        Ring.kept.clear()
        with pytest.raises(Locked, match="keyring"):
            hub.link_of(seat)
    finally:
        keyring.set_keyring(before)


def test_a_certificates_authority_travels_in_the_invitation(homes: Homes, server, hub_name: str) -> None:  # type: ignore[no-untyped-def]
    root, marta = homes("Root"), homes("Marta")
    known = hub.create(root, server.url(hub_name, host="localhost"), ca=server.ca)
    assert known.ca == server.ca.read_text()
    hub.join(marta, hub.invite(root, "Marta", Role.CALLER))
    with closing(hub.link_of(marta)) as link:
        assert link.hello("d").member == "Marta"
        assert link._options["sslmode"] == "verify-full"
    (marta.store.path.parent / membership.CA_FILE).write_text(server.other_ca.read_text())
    assert hub.members(marta), "the authority that counts is the encrypted store's"


def test_a_hub_under_another_certificate_is_not_made(homes: Homes, server, hub_name: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(HubRefused, match="certificate"):
        hub.create(homes("Root"), server.url(hub_name, host="localhost"), ca=server.other_ca)
    assert membership.membership_of(homes("Root")) is None


def test_who_leaves_shares_everything_anew_with_the_next_hub(root: Seat, homes: Homes) -> None:
    seat = homes("Marta")
    hub.join(seat, hub.invite(root, "Marta", Role.CALLER))
    capture.capture(seat, form(1))
    seat.store.warm_up()
    with seat.store.writing():
        seat.store.writer.execute("UPDATE ledger SET pos = seq, received_at = at")
    hub.leave(seat)
    assert seat.store.query("SELECT count(*) FROM ledger WHERE pos IS NOT NULL") == [(0,)]
    assert [member.revoked for member in hub.members(root) if member.name == "Marta"] == [True]
    with pytest.raises(membership.NotJoined):
        hub.members(seat)


def test_leaving_a_hub_that_is_gone_needs_a_word_more(root: Seat, homes: Homes, server) -> None:  # type: ignore[no-untyped-def]
    seat = homes("Marta")
    hub.join(seat, hub.invite(root, "Marta", Role.CALLER))
    known = membership.joined(seat)
    away = msgspec.structs.replace(known, options={**known.options, "port": "1"})
    with seat.store.writing():
        membership._write(seat, membership.MEMBERSHIP, msgspec.json.encode(away))
    with pytest.raises(HubUnreachable):
        hub.leave(seat)
    assert membership.membership_of(seat) is not None
    hub.leave(seat, even_unheard=True)
    assert membership.membership_of(seat) is None


def test_one_home_belongs_to_one_team(root: Seat, homes: Homes) -> None:
    with pytest.raises(Refused, match="has joined"):
        hub.join(root, hub.invite(root, "Marta", Role.CALLER))


def test_what_another_home_wrote_alone_is_shared_after_joining(root: Seat, homes: Homes) -> None:
    seat = homes("Marta")
    hub.join(seat, hub.invite(root, "Marta", Role.CALLER))
    with closing(hub.link_of(seat)) as link:
        link.hello(seat.device)
        assert link.push([Author("Marta").write(Captured(source="s", captured_at=1))])[0].outcome == "stored"
    status = hub.status(root)
    assert (status.reachable, status.pos, status.lag_entries) == (True, 1, 1)


# the text


def some_invitation(**fields: object) -> Invitation:
    usual = {"options": {"host": "hub.example.com", "dbname": "winnow"}, "login": "winnow.m.1", "password": "pw",
             "name": "Márta ✓", "role": Role.CALLER, "until": 1}  # fmt: skip
    return Invitation(**{**usual, **fields})  # type: ignore[arg-type]


def test_an_invitation_survives_what_mails_and_chats_do_to_it() -> None:
    made = some_invitation(ca="-----BEGIN CERTIFICATE-----\n" * 30)
    text = invitation.to_text(made)
    wrapped = "\r\n".join(text[start : start + 50] for start in range(0, len(text), 50))
    for pasted in (
        text,
        f"  {text}\n",
        f"Hello!\n> {text}",
        wrapped,
        "> " + wrapped.replace("\n", "\n> "),
        f'"{text}"',
    ):
        assert invitation.from_text(pasted) == made


@pytest.mark.parametrize("spoil", ["cut", "changed", "nothing", "prose", "empty", "newer"])
def test_what_is_no_invitation_says_what_is_wrong(spoil: str) -> None:
    text = invitation.to_text(some_invitation(version=99 if spoil == "newer" else 1))
    spoilt = {
        "cut": text[:-3], "changed": text[:-5] + ("AAAA" if text[-5:-1] != "AAAA" else "BBBB"), "newer": text,
        "nothing": invitation.START, "prose": "Dear colleague, here is your invitation.", "empty": "",
    }[spoil]  # fmt: skip
    with pytest.raises(NoInvitation) as caught:
        invitation.from_text(spoilt)
    said = {"newer": "newer Winnow", "prose": "no invitation", "empty": "no invitation"}.get(spoil, "missing")
    assert said in str(caught.value)


def test_every_letter_of_an_invitation_counts() -> None:
    text = invitation.to_text(some_invitation())
    for at in range(len(invitation.START), len(text) - 2):
        other = "A" if text[at] != "A" else "B"
        with pytest.raises(NoInvitation):
            invitation.from_text(text[:at] + other + text[at + 1 :])

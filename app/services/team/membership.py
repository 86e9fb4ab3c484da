"""What this home knows of its team: where the hub is, who we are there, and the password in a safe place."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from app.models.entries import Millis
from app.models.rights import Role
from app.services.errors import Locked, Refused

if TYPE_CHECKING:
    from app.services.seat import Seat

MEMBERSHIP, PENDING, PASSWORD = "hub", "hub-pending", "hub-password"
SERVICE = "winnow-hub"  # in the operating system's keyring
CA_FILE = "hub-ca.pem"  # beside the store; it is public


class NotJoined(Refused):
    """This home belongs to no team."""

    code = "not_joined"


class Membership(msgspec.Struct, frozen=True, kw_only=True):
    """Which hub, and as whom."""

    options: dict[str, str]  # host, port, dbname
    login: str
    member: str
    role: Role  # as of the invitation; the hub's hello is newer
    joined_at: Millis
    ca: str = ""  # PEM of the hub's own authority; empty: the system's authorities
    in_keyring: bool = False

    @property
    def hub(self) -> str:
        """How people call the hub: its database."""
        return self.options.get("dbname", "")

    @property
    def place(self) -> str:
        """Where it is, for people: "hub.example.com/winnow"."""
        host, port = self.options.get("host", "this computer"), self.options.get("port", "")
        return f"{host}{':' + port if port and port != '5432' else ''}/{self.hub}"


def membership_of(seat: Seat) -> Membership | None:
    """The team of this home; None: it works alone. Cheap: one row, no driver."""
    return _read(seat, MEMBERSHIP)


def joined(seat: Seat) -> Membership:
    """The team of this home.

    Raises:
        NotJoined: it works alone.
    """
    found = membership_of(seat)
    if found is None:
        raise NotJoined("This home has joined no team.", todo="Paste an invitation: winnow hub join INVITATION.")
    return found


def pending(seat: Seat) -> Membership | None:
    """A membership whose joining was cut off; its password may be in force already."""
    return _read(seat, PENDING)


def prepare(seat: Seat, membership: Membership, password: str) -> None:
    """Keep the password before the hub hears of it: a crash in between locks nobody out."""
    kept = _to_keyring(membership.login, password)
    with seat.store.writing():
        _write(seat, PENDING, msgspec.json.encode(msgspec.structs.replace(membership, in_keyring=kept)))
        if kept:
            _delete(seat, PASSWORD)
        else:
            _write(seat, PASSWORD, password.encode())


def settle(seat: Seat) -> Membership:
    """The hub has let us in: what was pending holds from now on, and the member's name is the home's."""
    from app.services import settings

    found = pending(seat)
    assert found is not None
    with seat.store.writing():
        _write(seat, MEMBERSHIP, msgspec.json.encode(found))
        _delete(seat, PENDING)
        settings.put(seat.store, "name", found.member)
    seat.settings_changed()
    return found


def forget(seat: Seat) -> None:
    """This home works alone again; its entries stay."""
    found = membership_of(seat) or pending(seat)
    with seat.store.writing():
        for name in (MEMBERSHIP, PENDING, PASSWORD):
            _delete(seat, name)
    if found is not None and found.in_keyring:
        _forget_in_keyring(found.login)
    _ca_file(seat).unlink(missing_ok=True)


def password_of(seat: Seat, membership: Membership) -> str:
    """The member's password.

    Raises:
        Locked: the keyring that keeps it does not give it out.
    """
    row = seat.store.one("SELECT value FROM secret WHERE name = ?", (PASSWORD,))
    if row is not None:
        return bytes(row[0]).decode()
    password = _from_keyring(membership.login) if membership.in_keyring else ""
    if not password:
        raise Locked(
            "This computer's keyring does not give out the password of the hub.",
            kept="Everything stays here.",
            todo="Unlock the keyring, or ask an admin for a new invitation and join again.",
        )
    return password


def ca_path(seat: Seat, ca: str) -> Path | None:
    """The hub's own authority as a file, as libpq wants it; None: there is none."""
    if not ca:
        return None
    file = _ca_file(seat)
    if not file.exists() or file.read_text(encoding="ascii") != ca:
        beside = file.with_suffix(".new")
        beside.write_text(ca, encoding="ascii")
        beside.replace(file)
    return file


def fingerprint(ca: str) -> str:
    """Of an authority, for people who compare: the first 16 digits of SHA-256."""
    return hashlib.sha256(ca.encode()).hexdigest()[:16]


def _ca_file(seat: Seat) -> Path:
    return seat.store.path.parent / CA_FILE


# rows of `secret`


def _read(seat: Seat, name: str) -> Membership | None:
    row = seat.store.one("SELECT value FROM secret WHERE name = ?", (name,))
    return msgspec.json.decode(bytes(row[0]), type=Membership) if row else None


def _write(seat: Seat, name: str, value: bytes) -> None:
    seat.store.writer.execute("INSERT OR REPLACE INTO secret(name, value) VALUES(?, ?)", (name, value))


def _delete(seat: Seat, name: str) -> None:
    seat.store.writer.execute("DELETE FROM secret WHERE name = ?", (name,))


# the keyring; where there is none, the encrypted store keeps the password


def _to_keyring(login: str, password: str) -> bool:
    import keyring
    from keyring.errors import KeyringError

    from app.services.store import vault

    if not vault.keyring_works():
        return False
    try:
        keyring.set_password(SERVICE, login, password)
    except (KeyringError, OSError, RuntimeError):
        return False
    return _from_keyring(login) == password


def _from_keyring(login: str) -> str:
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(SERVICE, login) or ""
    except (KeyringError, OSError, RuntimeError):
        return ""


def _forget_in_keyring(login: str) -> None:
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.delete_password(SERVICE, login)
    except (KeyringError, OSError, RuntimeError):
        return

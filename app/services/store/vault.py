"""The key of a home: random, wrapped by a passphrase, by a recovery code and by the operating system's keyring.

Each wrap opens the store alone, so losing one of them loses nothing. The key itself is never written in plain text.
"""

from __future__ import annotations

import base64
import os
import unicodedata
import uuid
from pathlib import Path

import msgspec

from app.services.errors import EnvironmentFailed, Locked, Refused

KEY_BYTES = 32
FILE = "keys.json"
SERVICE = "winnow"
CODE_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # nothing that is read as something else
CODE_GROUPS, CODE_GROUP = 6, 5

# argon2id; RFC 9106 section 4, second recommended option, with 64 MiB
PASSES, MEMORY_KIB, LANES = 3, 65_536, 4


class Wrap(msgspec.Struct, kw_only=True):
    """The store's key, sealed by one thing that somebody knows or has."""

    by: str  # passphrase, recovery, keyring
    sealed: str
    nonce: str
    salt: str = ""
    passes: int = PASSES
    memory_kib: int = MEMORY_KIB
    lanes: int = LANES


class Vault(msgspec.Struct, kw_only=True):
    """What lies beside the store as keys.json."""

    version: int = 1
    home: str
    wraps: list[Wrap]


def exists(home: Path) -> bool:
    """Whether the home has a key already."""
    return (home / FILE).exists()


def create(home: Path, *, passphrase: str = "", use_keyring: bool = True) -> tuple[bytes, str]:
    """Make the home's key; returns it with the recovery code, which is shown once and kept nowhere.

    Raises:
        Locked: there is neither a keyring nor a passphrase, so nothing could open the home again.
        Refused: the home has a key already.
    """
    if exists(home):
        raise Refused(f"{home} has a key already.")
    vault = Vault(home=uuid.uuid4().hex, wraps=[])
    key = os.urandom(KEY_BYTES)
    code = _new_code()
    if use_keyring:
        wrapped = _wrap_by_keyring(vault.home, key)
        if wrapped:
            vault.wraps.append(wrapped)
    if passphrase:
        vault.wraps.append(_wrap_by_words("passphrase", passphrase, key))
    if not vault.wraps:
        raise Locked(
            "This computer has no keyring, and no passphrase was given.",
            kept="Nothing was created.",
            todo="Set WINNOW_PASSPHRASE, or start Winnow's window and choose a passphrase.",
        )
    vault.wraps.append(_wrap_by_words("recovery", _plain_code(code), key))
    _write(home, vault)
    return key, code


def unlock(home: Path, *, passphrase: str = "") -> bytes:
    """The key: by the passphrase or recovery code given, else by the keyring.

    Raises:
        Locked: nothing that is here opens it, or what was given is wrong, whatever the keyring knows.
    """
    vault = _read(home)
    if passphrase:
        for wrap in vault.wraps:
            words = _plain_code(passphrase) if wrap.by == "recovery" else passphrase
            if wrap.by in {"passphrase", "recovery"} and (key := _unwrap(wrap, _derive(wrap, words))):
                return key
    mistaken = passphrase and any(wrap.by == "passphrase" for wrap in vault.wraps)
    for wrap in vault.wraps:
        if (
            not mistaken
            and wrap.by == "keyring"
            and (secret := _from_keyring(vault.home))
            and (key := _unwrap(wrap, secret))
        ):
            return key
    if passphrase:
        raise Locked(
            "That passphrase does not open this home.",
            kept="Nothing was changed.",
            todo="Try again, or use the recovery code.",
        )
    raise Locked(
        "This home is locked, and this computer's keyring does not have its key.",
        kept="Nothing was changed.",
        todo="Give the passphrase or the recovery code (WINNOW_PASSPHRASE in the terminal).",
    )


def opened_by(home: Path) -> tuple[str, ...]:
    """What can open the home: of passphrase, recovery, keyring."""
    return tuple(wrap.by for wrap in _read(home).wraps)


def set_passphrase(home: Path, key: bytes, passphrase: str) -> None:
    """Replace the passphrase, or give the home its first."""
    vault = _read(home)
    vault.wraps = [wrap for wrap in vault.wraps if wrap.by != "passphrase"]
    vault.wraps.append(_wrap_by_words("passphrase", passphrase, key))
    _write(home, vault)


def new_recovery_code(home: Path, key: bytes) -> str:
    """Replace the recovery code; the old one opens nothing any more."""
    vault, code = _read(home), _new_code()
    vault.wraps = [wrap for wrap in vault.wraps if wrap.by != "recovery"]
    vault.wraps.append(_wrap_by_words("recovery", _plain_code(code), key))
    _write(home, vault)
    return code


def keyring_works() -> bool:
    """Whether the operating system keeps secrets for us here."""
    probe = f"probe-{uuid.uuid4().hex}"
    if not _to_keyring(probe, b"winnow"):
        return False
    found = _from_keyring(probe) == b"winnow"
    _forget_in_keyring(probe)
    return found


# sealing


def _derive(wrap: Wrap, words: str) -> bytes:
    from argon2.low_level import Type, hash_secret_raw

    return hash_secret_raw(
        unicodedata.normalize("NFC", words).encode(),  # keyboards differ in how they write "ü"
        base64.b64decode(wrap.salt),
        wrap.passes,
        wrap.memory_kib,
        wrap.lanes,
        KEY_BYTES,
        Type.ID,
    )


def _wrap_by_words(by: str, words: str, key: bytes) -> Wrap:
    wrap = Wrap(by=by, sealed="", nonce="", salt=base64.b64encode(os.urandom(16)).decode())
    return _seal(wrap, _derive(wrap, words), key)


def _wrap_by_keyring(home: str, key: bytes) -> Wrap | None:
    secret = os.urandom(KEY_BYTES)
    if not _to_keyring(home, secret) or _from_keyring(home) != secret:
        return None
    return _seal(Wrap(by="keyring", sealed="", nonce=""), secret, key)


def _seal(wrap: Wrap, secret: bytes, key: bytes) -> Wrap:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(12)
    wrap.nonce = base64.b64encode(nonce).decode()
    wrap.sealed = base64.b64encode(AESGCM(secret).encrypt(nonce, key, wrap.by.encode())).decode()
    return wrap


def _unwrap(wrap: Wrap, secret: bytes) -> bytes | None:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        sealed, nonce = base64.b64decode(wrap.sealed), base64.b64decode(wrap.nonce)
        return AESGCM(secret).decrypt(nonce, sealed, wrap.by.encode())
    except (InvalidTag, ValueError):
        return None


def _new_code() -> str:
    import secrets

    groups = ("".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_GROUP)) for _ in range(CODE_GROUPS))
    return "-".join(groups)


def _plain_code(text: str) -> str:
    """As typed, without case, spaces and whatever stands for a hyphen."""
    return "".join(sign for sign in text.upper() if sign.isalnum())


# the keyring: only backends that really keep a secret; a missing one is no error


def _backend() -> object | None:
    import keyring
    from keyring.errors import KeyringError

    try:
        backend = keyring.get_keyring()
    except (KeyringError, RuntimeError):
        return None
    plain = type(backend).__module__.startswith(("keyrings.alt", "keyring.backends.null", "keyring.backends.fail"))
    return None if plain else backend


def _to_keyring(name: str, secret: bytes) -> bool:
    if _backend() is None:
        return False
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(SERVICE, name, base64.b64encode(secret).decode())
    except (KeyringError, OSError, RuntimeError):
        return False
    return True


def _from_keyring(name: str) -> bytes | None:
    if _backend() is None:
        return None
    import keyring
    from keyring.errors import KeyringError

    try:
        text = keyring.get_password(SERVICE, name)
        return base64.b64decode(text) if text else None
    except (KeyringError, OSError, RuntimeError, ValueError):
        return None


def _forget_in_keyring(name: str) -> None:
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.delete_password(SERVICE, name)
    except (KeyringError, OSError, RuntimeError):
        return


# the file


def _read(home: Path) -> Vault:
    try:
        return msgspec.json.decode((home / FILE).read_bytes(), type=Vault)
    except FileNotFoundError as error:
        raise Locked(
            f"{home / FILE} is missing, and without it nothing opens the store.", todo="Restore it from a backup."
        ) from error
    except (OSError, msgspec.MsgspecError) as error:
        raise EnvironmentFailed(f"{home / FILE} cannot be read: {error}.", todo="Restore it from a backup.") from error


def _write(home: Path, vault: Vault) -> None:
    """Replace the file whole, so that a crash leaves the old one or the new one."""
    home.mkdir(parents=True, exist_ok=True)
    beside = home / f"{FILE}.new"
    try:
        with beside.open("wb") as file:
            beside.chmod(0o600)
            file.write(msgspec.json.format(msgspec.json.encode(vault), indent=2))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(home / FILE)
    except OSError as error:
        raise EnvironmentFailed(f"{home / FILE} cannot be written: {error}.", kept="The old keys are kept.") from error

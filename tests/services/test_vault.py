"""The key of a home: opened by each thing alone, and never on the disk in the clear."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend

from app.services.errors import EnvironmentFailed, Locked, Refused
from app.services.store import vault

WORDS = "Über den Wolken"


class InMemory(KeyringBackend):
    """A keyring that really keeps what it is given, until the test ends."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def ring() -> Iterator[InMemory]:
    before, made = keyring.get_keyring(), InMemory()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """The true costs of argon2id are for guessers, not for tests; each wrap says its own."""
    monkeypatch.setattr(vault, "_wrap_by_words", _cheap_wrap)


def _cheap_wrap(by: str, words: str, key: bytes) -> vault.Wrap:
    made = vault.Wrap(by=by, sealed="", nonce="", salt="c2FsdHNhbHRzYWx0c2FsdA==", passes=1, memory_kib=64)
    return vault._seal(made, vault._derive(made, words), key)


def test_the_true_costs_are_those_of_rfc_9106() -> None:
    wrap = vault.Wrap(by="passphrase", sealed="", nonce="")
    assert (wrap.passes, wrap.memory_kib, wrap.lanes) == (3, 65_536, 4)


def test_the_passphrase_opens_and_a_wrong_one_does_not(tmp_path: Path) -> None:
    key, _ = vault.create(tmp_path, passphrase=WORDS, use_keyring=False)
    assert vault.unlock(tmp_path, passphrase=WORDS) == key
    assert vault.unlock(tmp_path, passphrase="U\u0308ber den Wolken") == key
    for wrong in ("über den wolken", "x", ""):
        with pytest.raises(Locked):
            vault.unlock(tmp_path, passphrase=wrong)


def test_the_recovery_code_opens_however_it_is_typed(tmp_path: Path) -> None:
    key, code = vault.create(tmp_path, passphrase=WORDS, use_keyring=False)
    plain = code.replace("-", "")
    for typed in (
        code,
        code.lower(),
        plain,
        f"  {code} \n",
        code.replace("-", " "),
        code.replace("-", "–"),
        " ".join(plain),
    ):
        assert vault.unlock(tmp_path, passphrase=typed) == key
    with pytest.raises(Locked):
        vault.unlock(tmp_path, passphrase=code[:-1])
    assert len(plain) == 30 and not set(plain) & set("IL1O0")


def test_the_keyring_opens_alone_and_losing_it_loses_nothing(tmp_path: Path, ring: InMemory) -> None:
    assert vault.keyring_works() and not ring.kept
    key, code = vault.create(tmp_path)
    assert vault.opened_by(tmp_path) == ("keyring", "recovery")
    assert vault.unlock(tmp_path) == key
    (kept,) = ring.kept.values()
    assert key.hex() not in kept
    ring.kept.clear()
    with pytest.raises(Locked, match="keyring does not have its key"):
        vault.unlock(tmp_path)
    assert vault.unlock(tmp_path, passphrase=code) == key


def test_without_keyring_and_passphrase_no_home_is_made(tmp_path: Path) -> None:
    assert not vault.keyring_works()
    with pytest.raises(Locked, match="no keyring"):
        vault.create(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_changed_passphrase_or_code_opens_and_the_old_one_does_not(tmp_path: Path) -> None:
    key, code = vault.create(tmp_path, passphrase=WORDS, use_keyring=False)
    vault.set_passphrase(tmp_path, key, "another one")
    new = vault.new_recovery_code(tmp_path, key)
    assert [vault.unlock(tmp_path, passphrase=words) for words in ("another one", new)] == [key, key]
    for old in (WORDS, code):
        with pytest.raises(Locked):
            vault.unlock(tmp_path, passphrase=old)


def test_nothing_of_key_code_or_passphrase_is_on_the_disk(tmp_path: Path, ring: InMemory) -> None:
    import base64

    key, code = vault.create(tmp_path, passphrase=WORDS)
    for file in tmp_path.iterdir():
        content = file.read_bytes()
        for secret in (key, key.hex().encode(), base64.b64encode(key), WORDS.encode(), code.encode()):
            assert secret not in content
        assert file.stat().st_mode & 0o077 == 0


def test_a_home_keeps_its_first_key(tmp_path: Path) -> None:
    key, _ = vault.create(tmp_path, passphrase=WORDS, use_keyring=False)
    with pytest.raises(Refused):
        vault.create(tmp_path, passphrase="other", use_keyring=False)
    assert vault.unlock(tmp_path, passphrase=WORDS) == key


def test_lost_and_damaged_key_files_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(Locked, match="missing"):
        vault.unlock(tmp_path, passphrase=WORDS)
    (tmp_path / vault.FILE).write_text("{")
    with pytest.raises(EnvironmentFailed, match="cannot be read"):
        vault.unlock(tmp_path, passphrase=WORDS)


def test_a_wrap_cannot_stand_in_for_another(tmp_path: Path) -> None:
    import msgspec

    vault.create(tmp_path, passphrase=WORDS, use_keyring=False)
    file = msgspec.json.decode((tmp_path / vault.FILE).read_bytes(), type=vault.Vault)
    file.wraps[0].by = "recovery"
    (tmp_path / vault.FILE).write_bytes(msgspec.json.encode(file))
    with pytest.raises(Locked):
        vault.unlock(tmp_path, passphrase=vault._plain_code(WORDS))


def test_a_wrong_passphrase_opens_nothing_even_where_the_keyring_has_the_key(tmp_path: Path, ring: InMemory) -> None:
    key, _ = vault.create(tmp_path, passphrase=WORDS)
    assert vault.opened_by(tmp_path) == ("keyring", "passphrase", "recovery")
    assert vault.unlock(tmp_path) == key
    with pytest.raises(Locked, match="does not open"):
        vault.unlock(tmp_path, passphrase="guessed")


def test_a_passphrase_that_a_home_never_had_is_passed_over(tmp_path: Path, ring: InMemory) -> None:
    key, _ = vault.create(tmp_path)
    assert vault.unlock(tmp_path, passphrase="of another home") == key

"""What locks a home: its passphrase, its recovery code, the computer's keyring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.services.errors import Refused
from app.services.store import vault

if TYPE_CHECKING:
    from app.services.seat import Seat

SHORTEST = 8
"""Characters of a passphrase. NIST SP 800-63B, section 3.1.1.2: at least eight, and no rule on which."""


def check_passphrase(words: str, again: str | None = None) -> None:
    """Whether a new passphrase will do.

    Raises:
        Refused: too short, or the two differ.
    """
    if len(words) < SHORTEST:
        raise Refused(f"Use at least {SHORTEST} characters; several words are easy to remember.")
    if again is not None and words != again:
        raise Refused("The two do not match.")


def opened_by(seat: Seat) -> tuple[str, ...]:
    """What opens this home: of passphrase, recovery, keyring; empty for a throw-away home."""
    home = seat.store.path.parent
    return vault.opened_by(home) if vault.exists(home) else ()


def change_passphrase(seat: Seat, words: str, *, now: str = "") -> None:
    """Give the home another passphrase; `now` is the one it has, needed where no keyring opens it.

    Raises:
        Refused: the new one is too short. Locked: `now` does not open the home.
    """
    check_passphrase(words)
    home = seat.store.path.parent
    vault.set_passphrase(home, vault.unlock(home, passphrase=now), words)


def renew_recovery_code(seat: Seat, *, now: str = "") -> str:
    """A new recovery code, to be shown once; the old one opens nothing any more.

    Raises:
        Locked: `now` does not open the home.
    """
    home = seat.store.path.parent
    return vault.new_recovery_code(home, vault.unlock(home, passphrase=now))

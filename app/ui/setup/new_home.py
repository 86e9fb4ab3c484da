"""A home as the first run wishes it, with what was asked kept as its settings; for a thread beside the window."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app import bootstrap

if TYPE_CHECKING:
    from app.bootstrap import Home
    from app.services.seat import Seat
    from app.ui.setup.first_run_page import Wishes


def keyring_works() -> bool:
    """Whether this computer has a keyring that keeps what it is given."""
    from app.services.store import vault

    return vault.keyring_works()


def make(path: Path, wishes: Wishes) -> tuple[Home, str]:
    """A home that stays, and its recovery code."""
    home, code = bootstrap.create(path, passphrase=wishes.passphrase, use_keyring=not wishes.passphrase)
    _settle(home.seat, wishes)
    return home, code


def look_around(wishes: Wishes) -> Home:
    """A throw-away home full of made-up inquiries."""
    from app.services import demo

    home = bootstrap.throw_away()
    try:
        _settle(home.seat, wishes)
        demo.fill(home.seat)
    except BaseException:
        home.close()
        raise
    return home


def _settle(seat: Seat, wishes: Wishes) -> None:
    from app.services import changing_settings

    answers = {"name": wishes.name, "region": wishes.region, "limit-hours": wishes.limit_hours}
    for key, value in answers.items():
        changing_settings.change(seat, key, value)

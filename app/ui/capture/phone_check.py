"""What is said about a number while it is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QCoreApplication

from app.ui import countries

if TYPE_CHECKING:
    from app.services.seat import Seat


class PhoneCheck(NamedTuple):
    """A number as it was understood."""

    text: str  # as typed
    valid: bool
    words: str  # "+39 030 555 0142, Italy, fixed line", or why it cannot be called


def check_phone(seat: Seat, text: str) -> PhoneCheck:
    """Whether a typed number can be called; run beside the window, since the rules of all countries load slowly."""
    import phonenumbers

    from app.models import phones

    typed = [one for one in phones.split_numbers(text) if one.strip()]
    if not typed:
        return PhoneCheck(text, False, "")
    number = phones.normalise(typed[0], seat.settings["region"])
    if not number.e164:
        return PhoneCheck(text, False, _tr("Not a valid number: it is kept, and cannot be called yet."))
    kind = phonenumbers.number_type(phonenumbers.parse(number.e164, None))
    shown = phones.display(number.e164)
    parts = [
        "" if shown == typed[0].strip() else shown,
        countries.name(number.region) if number.region else "",
        _kind(kind),
    ]
    if len(typed) > 1:
        parts.append(_tr("and one more") if len(typed) == 2 else _tr("and %1 more").replace("%1", str(len(typed) - 1)))
    return PhoneCheck(text, True, "✓ " + ", ".join(part for part in parts if part))


def _kind(kind: int) -> str:
    """The kind of line; empty where the numbering plan does not tell."""
    import phonenumbers

    of = phonenumbers.PhoneNumberType
    return {
        of.FIXED_LINE: _tr("fixed line"),
        of.MOBILE: _tr("mobile"),
        of.TOLL_FREE: _tr("free of charge"),
        of.PREMIUM_RATE: _tr("premium rate"),
        of.SHARED_COST: _tr("shared cost"),
        of.VOIP: _tr("internet line"),
    }.get(kind, "")


def _tr(text: str) -> str:
    return QCoreApplication.translate("phone", text)

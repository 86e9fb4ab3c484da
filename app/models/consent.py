"""What people agree to: purposes, each given or taken back on a day, in some way."""

from __future__ import annotations

import msgspec

from app.models.entries import Id, Millis

CALLS, EMAIL, NEWSLETTER = "calls", "e-mail", "newsletter"
PURPOSES = (CALLS, EMAIL, NEWSLETTER)
CONTACT = (CALLS, EMAIL)
"""What "I agree to be contacted" covers; being written to regularly is asked for apart."""

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(dict[str, tuple[Millis, str]])


class Consent(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody said last about one purpose."""

    purpose: str
    given: bool  # False: taken back
    at: Millis
    how: str  # said on the call, web form, paper…
    actor: str  # who took it down
    entry: Id


def latest(known: dict[str, Consent], new: Consent) -> dict[str, Consent]:
    """Consents with one more: of one purpose the latest day counts; of one day, what was written last."""
    before = known.get(new.purpose)
    return known if before is not None and before.at > new.at else {**known, new.purpose: new}


def kept(consents: dict[str, Consent]) -> str:
    """What is given, as a row of the table keeps it; empty for nothing."""
    given = {each.purpose: (each.at, each.how) for each in consents.values() if each.given}
    return _encoder.encode({purpose: given[purpose] for purpose in sorted(given)}).decode() if given else ""


def read(text: str) -> dict[str, tuple[Millis, str]]:
    """By purpose: since when it is given, and how.

    Raises:
        msgspec.DecodeError: `kept` did not write it.
    """
    return _decoder.decode(text) if text else {}

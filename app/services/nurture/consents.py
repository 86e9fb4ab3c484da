"""What people agree to, purpose by purpose: given or taken back, on which day, and how."""

from __future__ import annotations

from app.models.consent import PURPOSES
from app.models.entries import Consented, Id, Millis
from app.models.inquiry import Stage
from app.services.errors import Refused
from app.services.seat import Changed, Seat

GONE = frozenset({Stage.DISCARDED, Stage.ERASED})


def record(
    seat: Seat, inquiry_id: Id, purpose: str, *, given: bool, how: str = "", at: Millis | None = None
) -> Changed:  # fmt: skip
    """Take down that somebody agreed to a purpose, or took it back; `at`: when, if it was not now.

    Raises:
        NotFound: there is no such inquiry.
        Refused: no such purpose, the day is to come, it is so already, a consent without how it was given, or the
            person is gone.
    """
    purpose, how = purpose.strip().lower(), " ".join(how.split())
    if purpose not in PURPOSES:
        raise Refused(f"{purpose!r} is no purpose.", kept="Nothing was changed.",
                      todo=f"Purposes are: {', '.join(PURPOSES)}.")  # fmt: skip
    if at is not None and at > seat.now():
        raise Refused("Nobody has agreed to anything in the future.", kept="Nothing was changed.")
    if given and not how:
        raise Refused("How was it given? That is the proof of it.", kept="Nothing was changed.",
                      todo="Say it in a few words, such as: said on the call.")  # fmt: skip
    with seat.act() as act:
        inquiry = act.inquiry(inquiry_id)
        if inquiry.stage in GONE:
            raise Refused("Nothing of this person is kept any more.", kept="Nothing was changed.")
        before = inquiry.consents.get(purpose)
        if not given and (before is None or not before.given):
            raise Refused(f"They have not agreed to {purpose}.", kept="Nothing was changed.")
        moment = seat.now() if at is None else at
        if before is not None and before.at > moment:
            raise Refused("Something newer is known about this consent.", kept="Nothing was changed.")
        act.append(inquiry.id, Consented(purpose=purpose, given=given, at=moment, how=how))
        return act.changed()

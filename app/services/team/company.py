"""What else is said to the hub beside the entries: claims, what this member does, and who of the team is there."""

from __future__ import annotations

import time
from collections.abc import Callable

from app.models.rights import Role
from app.services.team import claims, presence
from app.services.team.link import PROTOCOL, HubRefused, Link, Welcome
from app.services.team.work import Work

HEAR_S = 15.0  # between two readings of who is there, in a team of up to `FEW` devices; longer in larger ones
FEW = 250
REFUSED_S = 60.0  # before a hub that lets this member claim nobody is asked again
LONGEST_S = 60.0  # the desk counts a team of which nothing is heard for two minutes as away
CALLERS = frozenset({Role.CALLER, Role.LEAD, Role.ADMIN, Role.SALES, Role.MARKETING})


def beside(*, claim: bool = True) -> Callable[[Work, Link, Welcome], None]:
    """For a `Syncer`; `claim` says that people are called on this computer, so that somebody is held ahead."""
    telling = presence.Telling()
    next_reading = [0.0]
    next_claim = [0.0]

    def say(work: Work, link: Link, welcome: Welcome) -> None:
        telling.tell(work.seat, link)
        if time.monotonic() >= next_reading[0]:
            devices = presence.hear(work.seat, link, work=work)
            next_reading[0] = time.monotonic() + min(LONGEST_S, HEAR_S * max(1.0, devices / FEW))
        may = claim and welcome.role in CALLERS and welcome.oldest_protocol <= PROTOCOL
        if may and time.monotonic() >= next_claim[0]:
            try:
                kept = claims.tend(work.seat, link, work=work)
            except HubRefused:  # a role that claims nobody; sharing goes on
                next_claim[0] = time.monotonic() + REFUSED_S
                return
            work.note(kept.changed.inquiries, kept.changed.kinds)

    return say

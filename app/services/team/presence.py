"""Who is there: what this computer tells of its member, and what it hears of the team."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from app.models.entries import Id, Millis
from app.services import drafts
from app.services.seat import Seat
from app.services.team import mirrors
from app.services.team.link import Link
from app.services.team.work import Work

CALL, BETWEEN, AWAY = "call", "between", "away"


class Doing(NamedTuple):
    """What somebody is doing: no person, only the id of an inquiry."""

    what: str
    inquiry: Id = ""
    since: Millis | None = None


class Calendar(Protocol):
    """The part of a link by which absences are planned."""

    def be_away(self, member: str, start: Millis, end: Millis) -> None:
        """Nothing is given to them in that span."""

    def be_there(self, member: str, start: Millis, end: Millis) -> None:
        """They are there after all in that span."""


def doing(seat: Seat) -> Doing:
    """On a call with whomever was dialled last, between calls while somebody is in hand, else away."""
    rows = seat.store.query("SELECT inquiry FROM claim WHERE expires_at > ?", (seat.now(),))
    dialled = [(drafts.read(seat, inquiry).dialled_at, inquiry) for (inquiry,) in rows]
    if not dialled:
        return Doing(AWAY)
    since, inquiry = max(dialled)
    return Doing(CALL, inquiry, since) if since else Doing(BETWEEN)


class Telling:
    """Tells the hub what this computer's member does: when it changes, and now and then as a sign of life."""

    EVERY_MS = 45_000  # the hub counts who is silent for two minutes as offline

    def __init__(self) -> None:
        self._told: Doing | None = None
        self._at: Millis = 0
        self._since: Millis = 0

    def tell(self, seat: Seat, link: Link) -> bool:
        """Whether there was something to tell.

        Raises:
            HubUnreachable, HubRefused: as the link.
        """
        now, what = seat.now(), doing(seat)
        if what == self._told and now - self._at < self.EVERY_MS:
            return False
        since = what.since
        if since is None:
            since = now if self._told is None or self._told.what != what.what else self._since
        link.tell(what.what, what.inquiry, since)
        self._told, self._at, self._since = what, now, since
        return True


def hear(seat: Seat, link: Link, *, work: Work | None = None) -> int:
    """Keep what the hub says of the team: who is there, who is away when, who belongs to it; how many devices it has.

    Raises:
        HubUnreachable, HubRefused: as the link.
    """
    work = work or Work(seat)
    there, away, everybody = link.present(), link.absences(), link.members()
    work.do(lambda: mirrors.keep_presence(seat, there), durable=False)
    work.do(lambda: mirrors.keep_absences(seat, away), durable=False)
    work.do(lambda: mirrors.keep_members(seat, everybody), durable=False)
    return len(there)


def plan_absence(calendar: Calendar, member: str, start: Millis, end: Millis, *, there: bool = False) -> None:
    """Say when somebody is away, or (`there`) is not after all: oneself, or as a team lead anybody.

    Raises:
        HubUnreachable: as the link. HubRefused: a colleague's absence is for a team lead; or the span ends before it
            begins.
    """
    (calendar.be_there if there else calendar.be_away)(member, start, end)

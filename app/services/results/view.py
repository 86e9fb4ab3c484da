"""The page of results in one reading: the figures of a period beside those of the one before it, ready to be shown."""

from __future__ import annotations

import msgspec

from app.models import periods
from app.models.entries import Millis
from app.models.periods import Period
from app.services import roles
from app.services.results.costs import may_enter
from app.services.results.counts import Progress
from app.services.results.figures import Results, results
from app.services.seat import Seat


class ResultsView(msgspec.Struct, frozen=True, kw_only=True):
    """What is shown, when it was read, and what whoever works here may do."""

    period: Period
    found: Results
    zone: str  # IANA, whose days these are
    read_at: Millis
    any_inquiry: bool  # in the home at all
    may_enter: bool  # costs
    sees_all_callers: bool


def view(seat: Seat, period: Period, source: str = "", progress: Progress | None = None) -> ResultsView:
    """The figures of a period, and of what it is compared with.

    Raises:
        Refused: there is no such source.
    """
    zone, now = seat.settings["zone"], seat.now()
    since, until = periods.bounds(period, zone)
    found = results(
        seat, since=since, until=until, source=source, compared=periods.compared(period, zone, now), progress=progress
    )
    return ResultsView(
        period=period, found=found, zone=zone, read_at=now,
        any_inquiry=bool(found.figures.inquiries) or seat.store.one("SELECT 1 FROM inquiry LIMIT 1") is not None,
        may_enter=may_enter(seat), sees_all_callers=roles.may_lead(seat),
    )  # fmt: skip

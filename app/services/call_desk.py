"""What lies on a caller's desk before anybody is called: script and scorecard, hours, to whom is sold, which tracks."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import msgspec

from app.models.calling_hours import CallingHours, parse_hours
from app.models.entries import Millis
from app.models.scorecard import Scorecard
from app.models.script import Script
from app.services.nurture import tracks
from app.services.nurture.tracks import Track
from app.services.rulebook import load_rules
from app.services.seat import Seat
from app.services.sources import Limits

MOST_NAMES = 9  # of salespeople that are offered
RECENT = 300  # decisions that their names are taken from


class CallDesk(msgspec.Struct, frozen=True, kw_only=True):
    """What a window needs to show calls without asking the store: it never changes, and is read anew after a change."""

    script: Script
    scorecard: Scorecard
    hours: CallingHours  # of the window alone: it remembers answers
    zone: str
    name: str
    dial: str
    region: str
    limit: str  # "24 h"
    sales: tuple[str, ...]  # for whom leads were sold lately
    tracks: tuple[Track, ...]  # on which somebody may be put who is nurtured
    nurture_days: int  # after which somebody on no track wakes

    def today(self, now: Millis) -> datetime.date:
        """The day at this desk."""
        return datetime.datetime.fromtimestamp(now / 1000, ZoneInfo(self.zone)).date()


def call_desk(seat: Seat) -> CallDesk:
    """A caller's desk as it is set up now."""
    settings = seat.settings
    hours = CallingHours(
        load_rules(), parse_hours(settings["calling-hours"]), settings["industry-codes"] == "on", settings["zone"]
    )
    limit = Limits(seat).default
    sold = "FROM inquiry WHERE stage IN ('sell', 'accepted', 'prospect') ORDER BY sold_at DESC"
    return CallDesk(
        script=seat.script, scorecard=seat.scorecard, hours=hours, zone=settings["zone"], name=settings.name,
        dial=settings["dial"], region=settings["region"], limit=f"{limit.hours:g} h",
        sales=_names(seat, f"SELECT for_member {sold} LIMIT ? + 0"), tracks=tuple(tracks.tracks(seat)),
        nurture_days=settings.whole("nurture-days"),
    )  # fmt: skip


def _names(seat: Seat, sql: str) -> tuple[str, ...]:
    found = dict.fromkeys(row[0] for row in seat.store.query(sql, (RECENT,)) if row[0])
    return tuple(found)[:MOST_NAMES]

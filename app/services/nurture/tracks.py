"""Nurture tracks: why people wait, when they wake, and what they have to agree to before they are written to."""

from __future__ import annotations

import re
import tomllib
import uuid
from datetime import date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo

import msgspec

from app import paths
from app.models.agreed_ids import NAMESPACE
from app.models.consent import EMAIL, PURPOSES
from app.models.entries import Id, Millis, TrackDefined
from app.models.folding import fold_text
from app.services import roles
from app.services.errors import NotFound, Refused
from app.services.seat import Changed, Seat

DAY = 86_400_000
MORNING = time(9)  # of the desk, on a day that a rule names
MOST_DAYS = 3650
_YEARLY = re.compile(r"--(\d{2})-(\d{2})")


class Track(msgspec.Struct, frozen=True, kw_only=True):
    """One track."""

    key: str  # what entries on people call it: its name when it was new
    name: str
    wake_days: int | None = None  # after how many days; 0: never by itself; None: the home's `nurture-days`
    wake_on: str = ""  # instead: a day, 2027-03-01, or --03-01 for the next first of March
    purpose: str = EMAIL  # the consent that its mailing list needs
    retired: bool = False  # offered to nobody any more; who waits on it goes on waiting
    shipped: bool = False


class _Shipped(msgspec.Struct):
    name: str
    wake_days: int | None = None
    wake_on: str = ""
    purpose: str = EMAIL


@cache
def shipped() -> tuple[Track, ...]:
    """The tracks that come with Winnow; they are in every home, and an entry about one of them overrules it."""
    document = tomllib.loads((paths.resources() / "tracks" / "tracks.toml").read_text("utf-8"))
    return tuple(
        Track(key=made.name, name=made.name, wake_days=made.wake_days, wake_on=made.wake_on, purpose=made.purpose,
              shipped=True)
        for made in msgspec.convert(document["tracks"], tuple[_Shipped, ...])
    )  # fmt: skip


def track_id(key: str) -> Id:
    """The subject of a track: the same on every device for the same key."""
    return uuid.uuid5(NAMESPACE, f"track:{fold_text(key)}").hex


# reading


def tracks(seat: Seat, *, retired: bool = False) -> list[Track]:
    """The tracks of this home: those that come with Winnow in their order, then the others by name."""
    rows = seat.store.query("SELECT key, name, wake_days, wake_on, purpose, retired FROM track")
    own = {
        fold_text(key): Track(key=key, name=name, wake_days=days, wake_on=on, purpose=purpose or EMAIL,
                              retired=bool(gone))
        for key, name, days, on, purpose, gone in rows
    }  # fmt: skip
    first = [own.pop(fold_text(each.key), each) for each in shipped()]
    found = [*first, *sorted(own.values(), key=lambda each: fold_text(each.name))]
    return [each for each in found if retired or not each.retired]


def track(seat: Seat, text: str) -> Track:
    """The track that a key or a name means, retired ones included.

    Raises:
        NotFound: there is none.
    """
    found, wanted = tracks(seat, retired=True), fold_text(text)
    for named in ("name", "key"):
        for each in found:
            if fold_text(getattr(each, named)) == wanted:
                return each
    offered = ", ".join(each.name for each in found if not each.retired)
    raise NotFound(f"There is no track {text!r}.", kept="Nothing was changed.", todo=f"Tracks are: {offered}.")


def names(seat: Seat) -> dict[str, str]:
    """How each track is called, by its folded key."""
    return {fold_text(each.key): each.name for each in tracks(seat, retired=True)}


# waking


def wakes(seat: Seat, key: str) -> Millis | None:
    """When somebody who is put on a track now wakes by its rule, milliseconds UTC; None: not by themselves.

    No track, or one that nobody defined, goes by the home's `nurture-days`.
    """
    known = tracks(seat, retired=True) if key else []
    found = next((each for each in known if fold_text(each.key) == fold_text(key)), None)
    return wakes_by(found, seat.now(), seat.settings["zone"], seat.settings.whole("nurture-days"))


def wakes_by(rule: Track | None, now: Millis, zone: str, usual_days: int) -> Millis | None:
    """The same from what is known: a rule, a moment, the desk's zone and the home's usual days."""
    if rule is not None and rule.wake_on:
        at = next_day(rule.wake_on, now, zone)
        if at is not None:
            return at
    days = rule.wake_days if rule is not None and rule.wake_days is not None else usual_days
    return now + days * DAY if days else None


def next_day(rule: str, now: Millis, zone: str) -> Millis | None:
    """The morning of the day that a rule names, if it is still to come.

    Raises:
        ValueError: it names no day.
    """
    desk = ZoneInfo(zone)
    today = datetime.fromtimestamp(now / 1000, desk).date()
    yearly = _YEARLY.fullmatch(rule)
    if not yearly:
        at = _morning(date.fromisoformat(rule), desk)
        return at if at > now else None
    month, day = int(yearly[1]), int(yearly[2])
    date(2024, month, day)  # a leap year has every day that there is
    for year in range(today.year, today.year + 9):  # eight years may pass without a 29 February
        try:
            at = _morning(date(year, month, day), desk)
        except ValueError:
            continue
        if at > now:
            return at
    return None


def _morning(day: date, desk: ZoneInfo) -> Millis:
    return round(datetime.combine(day, MORNING, desk).timestamp() * 1000)


def rule_in_words(each: Track, usual_days: int) -> str:
    """A rule as people say it."""
    if each.wake_on:
        yearly = _YEARLY.fullmatch(each.wake_on)
        return f"every year on {each.wake_on[2:]}" if yearly else f"on {each.wake_on}"
    days = usual_days if each.wake_days is None else each.wake_days
    return f"after {days} days" if days else "when they ask again"


# changing


def must_market(seat: Seat) -> None:
    """Lets marketing, leads and admins pass; alone everybody.

    Raises:
        Refused: somebody else works here.
    """
    if not roles.may(seat, "track_defined"):
        raise Refused(
            "Only marketing, team leads and admins change what waits in nurture.",
            kept="Nothing was changed.",
            todo="Ask them.",
        )


def define(
    seat: Seat, text: str, *, name: str | None = None, wake_days: int | None = None, wake_on: str | None = None,
    purpose: str | None = None, retired: bool | None = None,
) -> Changed:  # fmt: skip
    """Make a track known, or change what is named of one that is there; one rule takes the place of another.

    Raises:
        Refused: the name is empty or another track's, the rule says no day, the purpose is none, or whoever works
            here is not of marketing.
    """
    must_market(seat)
    text = " ".join(text.split())
    if not text or (name is not None and not name.strip()):
        raise Refused("A track needs a name.", kept="Nothing was changed.")
    try:
        before = track(seat, text)
    except NotFound:
        before = Track(key=text, name=text)
    after = _changed(seat, before, name, wake_days, wake_on, purpose, retired)
    with seat.act() as act:
        if after == before and text != before.key:
            return act.changed()
        body = TrackDefined(
            key=after.key, name=after.name, wake_days=after.wake_days, wake_on=after.wake_on, purpose=after.purpose,
            retired=after.retired,
        )  # fmt: skip
        act.append(track_id(after.key), body)
        return act.changed()


def _changed(
    seat: Seat, before: Track, name: str | None, wake_days: int | None, wake_on: str | None, purpose: str | None,
    retired: bool | None,
) -> Track:  # fmt: skip
    after = before
    if name is not None:
        name = " ".join(name.split())
        taken = any(fold_text(name) in {fold_text(t.name), fold_text(t.key)} for t in tracks(seat, retired=True)
                    if t.key != before.key)  # fmt: skip
        if taken:
            raise Refused(f"There is another track called {name}.", kept="Nothing was changed.")
        after = msgspec.structs.replace(after, name=name)
    if wake_days is not None:
        if not 0 <= wake_days <= MOST_DAYS:
            raise Refused("A track wakes after 1 to 3650 days, or never (0).", kept="Nothing was changed.")
        after = msgspec.structs.replace(after, wake_days=wake_days, wake_on="")
    if wake_on:
        after = msgspec.structs.replace(after, wake_on=_day(seat, wake_on), wake_days=None)
    if purpose is not None:
        purpose = purpose.strip().lower()
        if purpose not in PURPOSES:
            raise Refused(f"{purpose!r} is no purpose.", kept="Nothing was changed.",
                          todo=f"Purposes are: {', '.join(PURPOSES)}.")  # fmt: skip
        after = msgspec.structs.replace(after, purpose=purpose)
    return after if retired is None else msgspec.structs.replace(after, retired=retired)


def _day(seat: Seat, text: str) -> str:
    text = text.strip()
    text = f"--{text}" if re.fullmatch(r"\d{2}-\d{2}", text) else text
    try:
        at = next_day(text, seat.now(), seat.settings["zone"])
    except ValueError as error:
        raise Refused(f"{text!r} is no day.", kept="Nothing was changed.",
                      todo="Use 2030-03-01, or 03-01 for every first of March.") from error  # fmt: skip
    if at is None:
        raise Refused(f"{text} is over.", kept="Nothing was changed.", todo="Choose a day to come.")
    return text

"""The script that is walked now, the scorecard that advises now, and the score of an inquiry by them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from app.models.agreed_ids import source_id
from app.models.entries import AUTOMATIC, Answer, Answers, Id, ScorecardPublished, ScriptPublished
from app.models.inquiry import Inquiry
from app.models.points import Facts
from app.models.scorecard import Score, Scorecard, score
from app.models.script import Script
from app.services import scripts
from app.services.errors import NotFound
from app.services.seat import Act, Changed, Seat

SECOND_LOOK = "second-look"
SHIPPED = 1  # the version of what comes with Winnow


def publish(act: Act, made: Script | Scorecard) -> int:
    """Publish the next version of a script or scorecard; returns its number."""
    row = act.seat.store.one("SELECT max(number) FROM publication WHERE what = ? AND key = ?", (_what(made), made.key))
    number = int(row[0] or 0) + 1 if row else 1
    _append(act, made, number)
    return number


def publish_shipped(seat: Seat) -> Changed:
    """Publish the scripts and scorecards that come with Winnow, as version 1 of a new home.

    Every home has them under the same ids and by no member, so that a team's homes agree about them.
    """
    with seat.act() as act:
        shipped: list[Script | Scorecard] = [*scripts.load_scripts().values(), *scripts.load_scorecards().values()]
        for made in shipped:
            _append(act, made, SHIPPED, entry_id=source_id(f"shipped:{_what(made)}:{made.key}"), actor=AUTOMATIC)
        return act.changed()


def _append(act: Act, made: Script | Scorecard, number: int, *, entry_id: Id = "", actor: str | None = None) -> None:
    kind = ScriptPublished if isinstance(made, Script) else ScorecardPublished
    body = kind(key=made.key, number=number, document=made.published_as(number).to_document())
    act.append(source_id(f"{_what(made)}:{made.key}"), body, entry_id=entry_id, actor=actor)


def _what(made: Script | Scorecard) -> str:
    return "script" if isinstance(made, Script) else "scorecard"


def current_script(seat: Seat, key: str = "") -> Script:
    """The newest published version of a script; the one that callers walk unless a key is given.

    Raises:
        NotFound: there is no such script.
    """
    key = key or seat.settings["script"]
    data = _newest(seat, "script", key)
    made = Script.decode(data) if data else scripts.load_scripts().get(key)
    if made is None:
        raise NotFound(f"There is no script {key}.", todo="Publish it, or choose another: winnow set script b2b")
    return made


def script_version(seat: Seat, key: str, number: int) -> Script | None:
    """One published version, for calls of the past."""
    row = seat.store.one(
        "SELECT document FROM publication WHERE what = 'script' AND key = ? AND number = ?", (key, number)
    )
    return Script.decode(bytes(row[0])) if row else None


def current_scorecard(seat: Seat, script: Script) -> Scorecard:
    """The newest published scorecard of a script.

    Raises:
        NotFound: there is none.
    """
    shipped_last = "SELECT document FROM publication WHERE what = 'scorecard' ORDER BY number = ?, entry DESC"
    for (data,) in seat.store.reader().execute(shipped_last, (SHIPPED,)):
        if (card := Scorecard.decode(bytes(data))).script == script.key:
            return card
    shipped = next((card for card in scripts.load_scorecards().values() if card.script == script.key), None)
    if shipped is None:
        raise NotFound(f"The script {script.key} has no scorecard.", todo="Publish one: winnow scorecard publish FILE")
    return shipped


def _newest(seat: Seat, what: str, key: str) -> bytes:
    row = seat.store.one(
        "SELECT document FROM publication WHERE what = ? AND key = ? ORDER BY number DESC, entry DESC LIMIT 1",
        (what, key),
    )
    return bytes(row[0]) if row else b""


def facts_of(inquiry: Inquiry) -> Facts:
    """What the scorecard may look at, and what the script's texts may name."""
    return Facts(
        country=inquiry.country or (inquiry.number.region if inquiry.number else ""),
        title=inquiry.title,
        source=inquiry.source,
        size=inquiry.size,
        first_name=inquiry.first_name,
        last_name=inquiry.last_name,
        company=inquiry.company,
    )


def today(seat: Seat) -> datetime.date:
    """The day at this desk."""
    return datetime.datetime.fromtimestamp(seat.now() / 1000, ZoneInfo(seat.settings["zone"])).date()


def given(inquiry: Inquiry, more: Mapping[str, Answer] | None = None) -> Answers:
    """All answers so far, in words too, with newer ones over older ones."""
    return {**inquiry.answers, **inquiry.words, **(more or {})}


def score_of(seat: Seat, inquiry: Inquiry, answers: Mapping[str, Answer], *, outlook: bool = True) -> Score:
    """The score of an inquiry with these answers, by what is published now."""
    return score(seat.scorecard, seat.script, answers, facts_of(inquiry), today(seat), outlook=outlook)

"""Scripts and scorecards are published: those that come with Winnow, and each next version of them."""

from __future__ import annotations

from app.models.agreed_ids import source_id
from app.models.entries import AUTOMATIC, Id, ScorecardPublished, ScriptPublished
from app.models.scorecard import Scorecard
from app.models.script import Script
from app.services import scripts
from app.services.published import SHIPPED
from app.services.seat import Act, Changed, Seat


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

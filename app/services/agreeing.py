"""Scripts and scorecards on their way to the callers: shown, proven, tried on past calls, published as a version."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec

from app.models.entries import Disposition, Id
from app.models.proving import Proof, prove
from app.models.scorecard import Scorecard, score
from app.models.script import Script
from app.services import publishing, qualifying, scripts
from app.services.errors import NotFound, Refused
from app.services.published import current_scorecard, current_script
from app.services.seat import Seat

P = TypeVar("P", Script, Scorecard)


class NotSound(Refused):
    """The proof found an error, so that callers would get stuck or misled."""

    code = "not_sound"


class Change(msgspec.Struct, frozen=True):
    """A past decision that another scorecard would have advised differently."""

    inquiry: Id
    decided: Disposition
    before: Disposition  # what was advised then
    after: Disposition
    points_before: int  # 0 to 100
    points: int


class Trial(msgspec.Struct, frozen=True):
    """What another scorecard would have advised in past calls."""

    calls: int  # decided inquiries that were scored again
    changes: tuple[Change, ...]


def script_in(seat: Seat, file: Path | None, home: Path) -> Script:
    """The script of a file; without one that of the home's folder, else the one that callers walk.

    Raises:
        ScriptRefused: the file is no script. EnvironmentFailed: it cannot be read.
    """
    if file is not None:
        return scripts.read_script(file)
    current = seat.script
    own = scripts.load_scripts(home)[current.key] if _has(home / "scripts") else current
    return current if _same(own, current) else own


def scorecard_in(seat: Seat, file: Path | None, home: Path) -> Scorecard:
    """The scorecard of a file; without one that of the home's folder, else the one that advises.

    Raises:
        ScriptRefused: the file is no scorecard. EnvironmentFailed: it cannot be read.
    """
    if file is not None:
        return scripts.read_scorecard(file)
    current = seat.scorecard
    own = scripts.load_scorecards(home).get(current.key, current) if _has(home / "scorecards") else current
    return current if _same(own, current) else own


def _has(folder: Path) -> bool:
    return folder.is_dir() and any(folder.glob("*.toml"))


def _same(one: Script | Scorecard, other: Script | Scorecard) -> bool:
    return one.published_as(0) == other.published_as(0)


def prove_script(seat: Seat, script: Script) -> Proof:
    """The proof of a script with the scorecard that is published for it, if there is one."""
    try:
        card = current_scorecard(seat.store, script)
    except NotFound:
        card = None
    return prove(script, card, today=qualifying.today(seat))


def prove_scorecard(seat: Seat, card: Scorecard) -> Proof:
    """The proof of a scorecard with the script that it is for.

    Raises:
        NotFound: there is no such script.
    """
    return prove(current_script(seat.store, card.script), card, today=qualifying.today(seat))


def publish(seat: Seat, made: Script | Scorecard) -> int:
    """Make a script or scorecard the one that counts; returns its version.

    Raises:
        NotSound: the proof found an error. Refused: it is published already.
    """
    current: Script | Scorecard | None
    if isinstance(made, Script):
        proof, current = prove_script(seat, made), _published(lambda: current_script(seat.store, made.key))
    else:
        proof = prove_scorecard(seat, made)
        current = _published(lambda: current_scorecard(seat.store, current_script(seat.store, made.script)))
    errors = [finding.sentence for finding in proof.findings if finding.severity == "error"]
    if errors:
        raise NotSound(" ".join(errors), kept="Nothing was published.")
    if current is not None and _same(made, current):
        raise Refused(f'"{made.key}" is published as it is, as version {current.version}.', kept="Nothing was changed.")
    with seat.act() as act:
        number = publishing.publish(act, made)
    seat.settings_changed()
    return number


def _published(find: Callable[[], P]) -> P | None:
    try:
        return find()
    except NotFound:
        return None


def try_scorecard(seat: Seat, card: Scorecard, progress: Callable[[int, int], None] | None = None) -> Trial:
    """Score every decided inquiry again, with the answers and facts that are still known, and say what differs.

    Raises:
        NotFound: there is no script for it.
    """
    script, day = current_script(seat.store, card.script), qualifying.today(seat)
    changes: list[Change] = []
    calls = 0
    with seat.store.snapshot():
        those = "decided_at IS NOT NULL AND result <> 'uncaptured'"
        decided = seat.store.query(f"SELECT id FROM inquiry WHERE {those} ORDER BY decided_at, id")
        for number, (inquiry_id,) in enumerate(decided, start=1):
            inquiry = seat.inquiry(inquiry_id)
            if progress:
                progress(number, len(decided))
            if inquiry.score is None or inquiry.disposition is None or inquiry.script not in {"", script.key}:
                continue
            calls += 1
            made = score(card, script, qualifying.given(inquiry), qualifying.facts_of(inquiry), day)
            before = inquiry.advice or inquiry.disposition
            if made.advice is not before:
                changes.append(Change(inquiry.id, inquiry.disposition, before, made.advice, inquiry.score, made.points))
    return Trial(calls, tuple(changes))

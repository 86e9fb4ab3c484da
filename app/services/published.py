"""Published scripts and scorecards: those that hold now, and those that held when something was said."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from app.models.documents import ScriptError
from app.models.scorecard import Scorecard
from app.models.script import Script
from app.services import scripts
from app.services.errors import NotFound

if TYPE_CHECKING:
    from app.services.store.connection import Store

SECOND_LOOK = "second-look"
SHIPPED = 1  # the version of what comes with Winnow


def current_script(store: Store, key: str) -> Script:
    """The newest published version of a script, else the one that comes with Winnow.

    Raises:
        NotFound: there is no such script.
    """
    newest = "SELECT document FROM publication WHERE what = 'script' AND key = ? ORDER BY number DESC, entry DESC"
    for (data,) in store.reader().execute(newest, (key,)):
        if (found := _script(bytes(data))) is not None:
            return found
    made = scripts.load_scripts().get(key)
    if made is None:
        raise NotFound(f"There is no script {key}.", todo="Publish it, or choose another: winnow set script b2b")
    return made


def script_version(store: Store, key: str, number: int) -> Script | None:
    """One published version, for calls of the past."""
    sql = "SELECT document FROM publication WHERE what = 'script' AND key = ? AND number = ?"
    row = store.one(sql, (key, number))
    return _script(bytes(row[0])) if row else None


def current_scorecard(store: Store, script: Script) -> Scorecard:
    """The newest published scorecard of a script, else the one that comes with Winnow.

    Raises:
        NotFound: there is none.
    """
    shipped_last = "SELECT document FROM publication WHERE what = 'scorecard' ORDER BY number = ?, entry DESC"
    for (data,) in store.reader().execute(shipped_last, (SHIPPED,)):
        if (card := _scorecard(bytes(data))) is not None and card.script == script.key:
            return card
    shipped = next((card for card in scripts.load_scorecards().values() if card.script == script.key), None)
    if shipped is None:
        raise NotFound(f"The script {script.key} has no scorecard.", todo="Publish one: winnow scorecard publish FILE")
    return shipped


def scorecard_version(store: Store, script: Script, number: int) -> Scorecard:
    """The scorecard of a script by which was decided; where it is not known here, the one that advises now.

    Raises:
        NotFound: the script has none.
    """
    sql = "SELECT document FROM publication WHERE what = 'scorecard' AND number = ? ORDER BY entry DESC"
    for (data,) in store.reader().execute(sql, (number,)):
        if (card := _scorecard(bytes(data))) is not None and card.script == script.key:
            return card
    return current_scorecard(store, script)


@lru_cache(maxsize=16)  # what is published never changes, and a courier needs the same ones again and again
def _script(document: bytes) -> Script | None:
    """None: it cannot be read here, since a newer Winnow wrote it, or none; the one before it holds on."""
    try:
        return Script.decode(document)
    except ScriptError:
        return None


@lru_cache(maxsize=16)
def _scorecard(document: bytes) -> Scorecard | None:
    try:
        return Scorecard.decode(document)
    except ScriptError:
        return None

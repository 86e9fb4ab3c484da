"""How things stand with the team, in one line for the foot of the window."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from app.services.team.syncer import SyncState

TONES = {"in-step": "fine", "catching-up": "soon", "starting": "soon", "offline": "off", "stuck": "off"}
MOMENT_MS = 5_000


def foot(state: SyncState, now: int) -> tuple[str, str]:
    """Words and tone for `StatusBar.set_state`."""
    standing = state.standing.value
    words = _words(state, now)
    if state.unshared and standing not in {"in-step", "catching-up"}:
        words += _tr(" · %1 not yet shared").replace("%1", f"{state.unshared:,}")
    if state.turned_away:
        words += _tr(" · %1 turned away: see Setup, Team").replace("%1", f"{state.turned_away:,}")
    tone = TONES.get(standing, "over")
    return words, "soon" if state.turned_away and tone == "fine" else tone


def _words(state: SyncState, now: int) -> str:
    standing = state.standing.value
    if standing == "in-step":
        return _tr("In step with the team · %1").replace("%1", _ago(now - (state.in_step_at or now)))
    if standing == "catching-up" and state.of:
        share = min(99, state.done * 100 // state.of)
        return _tr("Catching up with the team: %1 %, %2 of %3").replace("%1", str(share)).replace(
            "%2", f"{state.done:,}").replace("%3", f"{state.of:,}")  # fmt: skip
    if standing in {"starting", "catching-up"}:
        return _tr("Looking for the hub…")
    if standing == "offline":
        since = datetime.fromtimestamp(state.since / 1000).astimezone()
        return _tr("Offline since %1. %2").replace("%1", f"{since:%H:%M}").replace("%2", state.sentence)
    return state.sentence


def _ago(milliseconds: int) -> str:
    if milliseconds < MOMENT_MS:
        return _tr("just now")
    seconds = milliseconds // 1000
    return _tr("%1 s ago").replace("%1", str(seconds)) if seconds < 60 else _tr("%1 m ago").replace(
        "%1", str(seconds // 60))  # fmt: skip


def is_away(state: SyncState | None) -> bool:
    """Whether what is decided here does not reach the others at once."""
    return state is not None and state.standing.value not in {"in-step", "catching-up", "too-old"}


def _tr(text: str) -> str:
    return QCoreApplication.translate("hub", text)

"""Calm states of the whole window: nothing imported yet, opening, a newer version, a home that cannot be read."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from app.services.errors import EnvironmentFailed, ServiceError
from app.ui import keys
from app.ui.widgets.empty_state import EmptyState
from app.ui.widgets.key_button import KeyButton


def _tr(text: str) -> str:
    return QCoreApplication.translate("states", text)


def nothing_yet(parent: QWidget | None = None) -> tuple[EmptyState, KeyButton, KeyButton]:
    """The first sight of an empty home, with its buttons Import a list and Capture somebody."""
    state = EmptyState(
        "phone",
        _tr("Nobody to call yet"),
        _tr("Import the list that your fair or web form gave you, or capture somebody now. Who waits longest comes "
            "first."),
        parent,
    )  # fmt: skip
    take = state.add_action(KeyButton(_tr("Import a list"), keys.label("import", "window"), kind="primary"))
    capture = state.add_action(KeyButton(_tr("Capture somebody"), keys.label("capture", "window")))
    return state, take, capture


def opening(parent: QWidget | None = None) -> EmptyState:
    """While the home is opened; seen only when that takes longer than a blink."""
    return EmptyState(
        "lock", _tr("Opening…"), _tr("Your computer's keyring is asked for the key; it may want your consent."), parent
    )


def cannot_open(error: ServiceError, parent: QWidget | None = None) -> tuple[EmptyState, KeyButton, KeyButton]:
    """A home that cannot be opened now: why, what is kept, what to do; with Try again and Quit."""
    broken = isinstance(error, EnvironmentFailed)
    words = " ".join(part for part in (error.kept, error.todo) if part)
    state = EmptyState("warning" if broken else "lock", error.sentence, words, parent)
    again = state.add_action(KeyButton(_tr("Try again"), "↵", kind="primary"))
    leave = state.add_action(KeyButton(_tr("Quit"), "Esc"))
    return state, again, leave

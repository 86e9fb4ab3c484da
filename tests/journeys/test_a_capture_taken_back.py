"""Somebody is captured in the real window by keys, taken back into the form, corrected and captured anew."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication

from app import bootstrap
from app.ui.shift.hands import Hands

TYPED = ("Maria", "Rosi", "Officine Rossi S.p.A.", "", "+39 030 5550142")  # the second is wrong


@pytest.fixture
def home():
    made = bootstrap.throw_away()
    yield made
    made.close()


@pytest.fixture
def hands(qapp: QApplication, home: bootstrap.Home):
    made = Hands(qapp, home, None)
    yield made
    made.end()


def people(home: bootstrap.Home) -> list[tuple[str, str]]:
    return home.seat.store.query("SELECT stage, last_name FROM inquiry ORDER BY num")


def test_a_name_typed_wrongly_is_taken_back_and_typed_anew(hands: Hands, home: bootstrap.Home) -> None:
    hands.until(lambda: hands.page.idle() == "nothing", "The window does not open.")
    hands.does("capture", lambda: hands.shell.workspace.current() == "capture", "the form is shown", "window")
    form = hands.shell.workspace.page("capture")._form  # type: ignore[attr-defined]
    for words in TYPED:
        hands.type(words)
        hands.send(QKeySequence("Tab"))
    hands.does("save-next", lambda: people(home) == [("waiting", "Rosi")], "they are kept", "capture")
    hands.until(lambda: form.form().last_name == "", "The form is not ready for the next.")
    hands.does("undo", lambda: form.form().last_name == "Rosi", "they are in the form again", "capture")
    hands.until(hands.is_quiet, "The window does not come to rest.")
    assert people(home) == [("erased", "")]
    hands.send(QKeySequence("Tab"))
    hands.type("Rossi")
    assert form.form().last_name == "Rossi"
    hands.does("save-next", lambda: people(home) == [("erased", ""), ("waiting", "Rossi")], "they are kept", "capture")
    hands.until(lambda: form.form().last_name == "", "The form is not ready for the next.")
    hands.does("page-1", lambda: hands.shell.workspace.current() == "calls", "the calls are shown", "window")
    hands.until(
        lambda: hands.page.in_hand() is not None and hands.call().name == "Maria Rossi",
        "The one to call does not come.",
    )

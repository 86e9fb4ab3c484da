"""Setup, Channels: looked at, added, tested on a real receiver, switched off and removed, by the keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.bootstrap import Home
from app.services.store.deliveries import channels
from app.services.team.channels import configured
from app.ui.setup.channels_pane import ChannelsPane
from app.ui.tasks import Tasks
from tests.channels.receiver import Receiver, status

PATIENCE_MS = 30_000


@pytest.fixture
def pane(qtbot, home: Home) -> Iterator[ChannelsPane]:
    tasks = Tasks(home.seat)
    made = ChannelsPane(home.seat, tasks)
    qtbot.addWidget(made)
    made.resize(860, 1000)
    made.show()
    yield made
    qtbot.waitUntil(lambda: not made._trying.busy(), timeout=PATIENCE_MS)
    tasks.finish()


def press(button) -> None:
    QTest.keyClick(button, Qt.Key.Key_Space)


def fill(pane: ChannelsPane, url: str) -> None:
    press(pane.add)
    QTest.keyClicks(pane.form._name.edit, "CRM")
    QTest.keyClicks(pane.form._fields["url"].edit, url)


def test_what_would_be_sent_is_shown_before_anything_is_kept(qtbot, home: Home, pane: ChannelsPane, receiver: Receiver):
    fill(pane, receiver.url())
    press(pane.form._look)
    qtbot.waitUntil(pane.form._shown.isVisible, timeout=PATIENCE_MS)
    text = pane.form._text.toPlainText()
    assert receiver.url() in text and "webhook-id" in text and "webhook-signature" in text
    assert receiver.got == []
    assert channels(home.seat.store) == []


def test_from_adding_to_a_test_that_arrives_to_removing(qtbot, home: Home, pane: ChannelsPane, receiver: Receiver):
    fill(pane, receiver.url())
    press(pane.form._save)
    qtbot.waitUntil(lambda: len(pane.cards()) == 1, timeout=PATIENCE_MS)
    assert "whsec_" in pane._said.text()
    card = pane.cards()[0]
    press(card.test)
    qtbot.waitUntil(lambda: "They have received it" in card._said.text(), timeout=PATIENCE_MS)
    assert len(receiver.got) == 1

    press(card.switch)
    qtbot.waitUntil(lambda: card._chip.text() == "off", timeout=PATIENCE_MS)
    assert not configured.standings(home.seat.store)[0].enabled
    press(card.remove)
    assert len(channels(home.seat.store)) == 1
    press(card.remove)
    qtbot.waitUntil(lambda: pane.cards() == [], timeout=PATIENCE_MS)
    assert channels(home.seat.store) == []


def test_an_address_that_is_none_is_said_beside_the_form(qtbot, home: Home, pane: ChannelsPane):
    fill(pane, "http://example.com/leads")
    press(pane.form._save)
    qtbot.waitUntil(pane.form._wrong.isVisible, timeout=PATIENCE_MS)
    assert pane.form._wrong.text().startswith("⚠ ")
    assert pane.form._name.text() == "CRM"


def test_a_receiver_that_says_no_is_told_with_its_words(qtbot, home: Home, pane: ChannelsPane, receiver: Receiver):
    receiver.behave = status(500)
    fill(pane, receiver.url())
    press(pane.form._save)
    qtbot.waitUntil(lambda: len(pane.cards()) == 1, timeout=PATIENCE_MS)
    card = pane.cards()[0]
    press(card.test)
    qtbot.waitUntil(lambda: card._said.text().startswith("⚠"), timeout=PATIENCE_MS)
    assert "500" in card._said.text()


@pytest.mark.parametrize("kind", ["webhook", "http", "hubspot", "email", "folder"])
def test_every_kind_has_its_fields(pane: ChannelsPane, kind: str):
    press(pane.add)
    pane.form._kind.choice(kind).click()
    assert pane.form._fields
    assert pane.form.filled()["kind"] == kind

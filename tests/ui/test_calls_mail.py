"""The call page writes e-mails: after a voicemail in one key, to whom, through what, and what is kept of it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices

from app.models.entries import Captured, Person, Phone
from app.services import changing_settings, privacy
from app.services.history import history
from app.services.seat import Seat, new_id
from app.services.team.channels import configured
from app.ui import keys
from tests.channels.mail_there import mail_server
from tests.services.made_up import WallClock
from tests.ui.test_calls_page import opened, press, rest

HOUR = 3_600_000
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:aiosmtpd", "ignore::ResourceWarning")


class MailProgram(QObject):
    """Takes what the system would open."""

    def __init__(self) -> None:
        super().__init__()
        self.urls: list[str] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        self.urls.append(url.toString(QUrl.ComponentFormattingOption.FullyEncoded))


@pytest.fixture
def program():
    made = MailProgram()
    QDesktopServices.setUrlHandler("mailto", made, "take")
    yield made
    QDesktopServices.unsetUrlHandler("mailto")


@pytest.fixture
def clock():
    return WallClock()


@pytest.fixture
def home(home):
    changing_settings.change(home.seat, "calling-hours", "00:00-24:00")
    return home


@pytest.fixture
def people(home) -> list[str]:
    """Three who wait; the last has no e-mail."""
    return [_take(home.seat, name, 40 - place, email=place < 2) for place, name in enumerate(("Ada", "Bea", "Cleo"))]


@pytest.fixture
def window(qtbot, home, people):
    yield from opened(qtbot, home)


def _take(seat: Seat, name: str, hours: int, *, email: bool) -> str:
    phone = Phone(f"+1202555{hours:04d}", f"+1202555{hours:04d}", "US", "", ("America/New_York",))
    person = Person(
        first_name=name, last_name="Abel", phones=(phone,), emails=(f"{name.lower()}@example.com",) if email else None
    )
    inquiry_id = new_id()
    with seat.act() as act:
        act.append(inquiry_id, Captured(source="Web form", captured_at=seat.now() - hours * HOUR), person)
    return inquiry_id


def mails(seat: Seat, inquiry_id: str) -> list[str]:
    return [row.text for row in history(seat, inquiry_id) if row.kind == "mailed"]


def test_after_a_voicemail_one_key_writes_to_whoever_got_it(window, qtbot, program, people):
    press(qtbot, window, "voicemail")
    assert window.in_hand().id == people[1], "the next one is on the page already"
    assert f"E-mail them: {keys.label('mail')}" in window.said_texts[-1]
    press(qtbot, window, "mail")
    assert len(program.urls) == 1 and program.urls[0].startswith("mailto:ada@example.com?subject=Your%20inquiry")
    (told,) = mails(window._seat, people[0])
    assert "voicemail" in told
    assert not mails(window._seat, people[1])
    assert "Ada Abel" in window.said_texts[-1] and "history" in window.said_texts[-1]


def test_after_no_answer_it_is_the_e_mail_that_says_so_and_it_goes_out_once(window, qtbot, program, people):
    press(qtbot, window, "no-answer")
    press(qtbot, window, "mail")
    (told,) = mails(window._seat, people[0])
    assert "no-answer" in told
    press(qtbot, window, "mail")
    assert window.asking.open(), "now it is the one in hand, who was never called: which e-mail?"
    assert len(program.urls) == 1


def test_whoever_is_in_hand_gets_the_e_mail_that_is_chosen(window, qtbot, program, people):
    press(qtbot, window, "mail")
    press(qtbot, window, "2")
    assert mails(window._seat, people[0])[0].startswith("Wrote an e-mail (voicemail)")
    assert window.in_hand().id == people[0]


def test_once_the_next_call_has_begun_the_key_is_about_that_one(window, qtbot, program, people):
    press(qtbot, window, "voicemail", "1", "mail")
    assert window.asking.open()
    press(qtbot, window, "1")
    assert not mails(window._seat, people[0])
    assert mails(window._seat, people[1])


def test_an_undone_voicemail_is_followed_by_no_e_mail(window, qtbot, program, people):
    press(qtbot, window, "voicemail")
    press(qtbot, window, "undo")
    press(qtbot, window, "mail")
    assert window.asking.open() and window.in_hand().id == people[0]
    assert not program.urls


def test_nobody_without_an_address_or_who_objected_is_written_to(window, qtbot, program, people):
    window.open_inquiry(people[2])
    rest(qtbot, window)
    press(qtbot, window, "voicemail")
    assert "E-mail" not in window.said_texts[-1]
    window.open_inquiry(people[2])
    rest(qtbot, window)
    press(qtbot, window, "mail")
    assert window.said_texts[-1].startswith("They have no e-mail.")
    privacy.object_to_calls(window._seat, people[0])
    window.open_inquiry(people[0])
    rest(qtbot, window)
    press(qtbot, window, "mail")
    press(qtbot, window, "1")
    assert window.said_texts[-1].startswith("They asked not to be contacted.")
    assert not program.urls


@pytest.mark.qt_log_ignore("openUrl", extend=True)
def test_without_a_mail_program_the_address_is_said_and_nothing_is_logged(window, qtbot, people):
    press(qtbot, window, "voicemail")
    press(qtbot, window, "mail")
    assert "ada@example.com" in window.said_texts[-1]
    assert not mails(window._seat, people[0])


def test_with_a_mail_server_it_is_sent_from_here(window, qtbot, program, people):
    with mail_server() as there:
        _add_server(window._seat, there.port)
        press(qtbot, window, "voicemail", "mail")
        assert window.asking.open()
        press(qtbot, window, "1")
        qtbot.waitUntil(lambda: "was sent" in window.said_texts[-1], timeout=10_000)
        assert there.message()["To"] == "ada@example.com"
        assert mails(window._seat, people[0])
        assert not program.urls
        there.answer = "550 no"
        press(qtbot, window, "voicemail", "mail")
        press(qtbot, window, "1")
        qtbot.waitUntil(lambda: "It was not sent" in window.said_texts[-1], timeout=10_000)
        assert not mails(window._seat, people[1])


def test_the_key_is_among_all_keys_and_rests_while_a_note_is_typed(window, qtbot, program, people):
    assert ("M", "E-mail whoever was not reached") in keys.listed("calls")
    press(qtbot, window, "voicemail", "note", "mail")
    assert window.view.script.note.text().lower() == "m"
    assert not program.urls


def _add_server(seat: Seat, port: int) -> None:
    settings = {
        "host": "127.0.0.1", "port": port, "security": "none", "sender": "me@example.com", "to": "sales@example.com",
    }  # fmt: skip
    configured.add(seat, "letters", "email", settings)

"""A short e-mail after a voicemail: in their language, through the mail program or a server, and logged."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from app.services import calling, capture, mailing, privacy
from app.services.errors import EnvironmentFailed, NotFound, Refused
from app.services.history import history
from app.services.seat import Seat
from app.services.team.channels import configured
from tests.channels.mail_there import mail_server
from tests.services.made_up import form

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:aiosmtpd", "ignore::ResourceWarning")


@pytest.fixture
def take(seat: Seat) -> Callable[..., str]:
    return lambda number=0, **fields: capture.capture(seat, form(number, **fields)).inquiry_id


def test_it_is_written_in_their_language_and_names_them(seat: Seat, take: Callable[..., str]) -> None:
    german, french = take(0), take(1, country="FR", phone="+33199000123", first_name="Zoë")
    assert mailing.write(seat, german).subject == "Ihre Anfrage"
    mail = mailing.write(seat, french)
    assert mail.text.startswith("Hello Zoë,\n") and "(Werk 1 GmbH)" in mail.text and "{" not in mail.text
    assert mailing.write(seat, french, language="de").text.startswith("Guten Tag Zoë")
    with pytest.raises(NotFound, match="no template"):
        mailing.write(seat, german, "nothing")


def test_the_mail_program_gets_an_address_that_it_takes(seat: Seat, take: Callable[..., str]) -> None:
    mail = mailing.write(seat, take(0, company="A & B? #1", email="o'neil+x@werk.example"))
    parts = urlsplit(mail.url)
    found = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert unquote(parts.path) == mail.to and found["subject"] == mail.subject
    assert found["body"].replace("\r\n", "\n") == mail.text


def test_it_is_logged_and_the_history_says_so(seat: Seat, take: Callable[..., str]) -> None:
    inquiry = take()
    calling.log_call(seat, inquiry, calling.Outcome.VOICEMAIL)
    before = seat.inquiry(inquiry)
    mailing.mailed(seat, mailing.write(seat, inquiry))
    assert "Wrote an e-mail (voicemail)" in history(seat, inquiry)[-1].text
    assert seat.inquiry(inquiry).attempts == before.attempts == 1
    privacy.erase(seat, inquiry)
    assert seat.store.one("SELECT count(*) FROM ledger WHERE person IS NOT NULL AND subject = ?", (inquiry,)) == (0,)


def test_nobody_is_written_to_who_objected_or_is_gone_or_has_no_address(seat: Seat, take: Callable[..., str]) -> None:
    objected, erased, without = take(0), take(1), take(2, email="")
    privacy.object_to_calls(seat, objected)
    privacy.erase(seat, erased)
    for inquiry in (objected, erased, without):
        with pytest.raises(Refused):
            mailing.write(seat, inquiry)


def test_a_server_sends_it_and_what_fails_is_not_logged(seat: Seat, take: Callable[..., str]) -> None:
    inquiry = take()
    mail = mailing.write(seat, inquiry)
    with pytest.raises(NotFound, match="mail server"):
        mailing.send(seat, mail)
    with mail_server() as there:
        configured.add(seat, "Mail", "email", {"host": "127.0.0.1", "port": there.port, "security": "none",
                                               "sender": "me@example.com", "to": "sales@example.com"})  # fmt: skip
        mailing.send(seat, mail)
        assert there.got[0][1] == ["person0@werk0.example"] and there.message()["Subject"] == "Ihre Anfrage"
        there.answer = "451 later"
        with pytest.raises(EnvironmentFailed):
            mailing.send(seat, mail)
        there.answer = "554 no"
        with pytest.raises(Refused):
            mailing.send(seat, mail)
    assert [entry.kind for entry in seat.ledger.entries(inquiry)].count("mailed") == 1


def test_the_homes_own_templates_go_before_those_that_come_with_winnow(seat: Seat, take: Callable[..., str]) -> None:
    folder = seat.store.path.parent / "mail"
    folder.mkdir()
    (folder / "voicemail-de.txt").write_text("Subject: Hallo {first_name}\n\nKurz: {about}\n", "utf-8")
    mail = mailing.write(seat, take())
    assert (mail.subject, mail.text) == ("Hallo Anna", "Kurz:  (Werk 0 GmbH)\n")
    (folder / "voicemail-de.txt").write_text("Subject: Hallo {nobody}\n\nx\n", "utf-8")
    with pytest.raises(Refused, match="nobody"):
        mailing.templates(seat)

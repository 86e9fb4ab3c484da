"""Leads by e-mail reach a real mail server over TLS; a retry is the same message; nothing forges a header."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.services import handoff
from app.services.errors import Refused
from app.services.handoff import Choice, Disposition
from app.services.seat import Seat
from app.services.store.deliveries import channels
from app.services.team import courier, trying
from app.services.team.channels import configured
from app.services.team.channels.wire import Wire
from tests.channels.mail_there import MailThere, mail_server
from tests.channels.receiver import certificate
from tests.channels.test_addresses import names
from tests.services.made_up import Clock

Decide = Callable[..., str]
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:aiosmtpd", "ignore::ResourceWarning")


@pytest.fixture
def there() -> Iterator[MailThere]:
    with mail_server() as made:
        yield made


def add(seat: Seat, there: MailThere, secrets: dict[str, str] | None = None, **settings: Any) -> None:
    usual = {"host": "127.0.0.1", "port": there.port, "security": "none", "sender": "winnow@example.com",
             "to": "sales@example.com,boss@example.com"}  # fmt: skip
    configured.add(seat, "Mail", "email", usual | settings, secrets or {})


def run(seat: Seat, **options: Any) -> courier.Tally:
    return courier.deliver_due(seat, chance=lambda: 0.0, **options)


def test_a_lead_arrives_as_text_and_as_a_page(seat: Seat, there: MailThere, decide: Decide) -> None:
    add(seat, there)
    decide(0, company="Müller & <Söhne>")
    assert run(seat) == courier.Tally(delivered=1)
    message = there.message()
    assert there.got[0][1] == ["sales@example.com", "boss@example.com"]
    text, page = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None and page is not None
    assert "Müller & <Söhne>" in text.get_content() and "send a quote" in text.get_content()
    assert "M&uuml;ller" not in page.get_content() and "Müller &amp; &lt;Söhne&gt;" in page.get_content()
    assert message["Subject"].startswith("A lead for sales: Anna Abendroth")


def test_a_retry_is_the_same_message(seat: Seat, there: MailThere, decide: Decide, clock: Clock) -> None:
    add(seat, there)
    decide()
    there.closes_after = True
    assert run(seat) == courier.Tally(waiting=1)
    there.closes_after = False
    clock.on(6000)
    assert run(seat) == courier.Tally(delivered=1)
    assert len(there.got) == 2 and len({message for _, _, message in there.got}) == 1


def test_a_correction_answers_the_first_message(seat: Seat, there: MailThere, decide: Decide) -> None:
    add(seat, there)
    decide()
    run(seat)
    handoff.undo(seat)
    run(seat)
    assert there.message()["In-Reply-To"] == there.message(0)["Message-ID"]
    assert "Taken back" in there.message()["Subject"]


def test_the_salesperson_for_whom_it_is_gets_it(seat: Seat, there: MailThere, decide: Decide) -> None:
    add(seat, there, members={"Marta": "marta@example.com"})
    inquiry = decide()
    run(seat)
    handoff.undo(seat)
    handoff.dispose(seat, inquiry, Disposition.SELL, Choice(reason="so", for_member="Marta"))
    run(seat)
    assert there.got[-1][1] == ["marta@example.com"]


def test_nothing_that_somebody_wrote_forges_a_header(seat: Seat, there: MailThere, decide: Decide) -> None:
    add(seat, there)
    decide(0, first_name="Eve\r\nBcc: victim@example.com", last_name="X\nSubject: forged", company="\x00\r\n\r\nbody")
    assert run(seat).delivered == 1
    message = there.message()
    assert message["Bcc"] is None and len(message.get_all("Subject", [])) == 1
    assert there.got[0][1] == ["sales@example.com", "boss@example.com"]


@pytest.mark.parametrize(("answer", "tally"), [("451 later", courier.Tally(waiting=1)),
                                               ("554 never", courier.Tally(failed=1))])  # fmt: skip
def test_later_is_tried_again_and_never_is_given_up(
    seat: Seat, there: MailThere, decide: Decide, answer: str, tally: courier.Tally
) -> None:
    add(seat, there)
    there.answer = answer
    decide()
    assert run(seat) == tally


def test_recipients_that_there_are_not_are_said(seat: Seat, there: MailThere, decide: Decide) -> None:
    add(seat, there)
    there.refuses = {"boss@example.com"}
    decide()
    assert run(seat) == courier.Tally(delivered=1)
    assert seat.store.one("SELECT problem FROM delivery") == ("Not taken for 1 of 2 recipients.",)
    there.refuses |= {"sales@example.com"}
    decide(1)
    assert run(seat) == courier.Tally(failed=1)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_over_tls_with_user_and_password(
    seat: Seat, decide: Decide, tmp_path: Path, clock: Clock, security: str
) -> None:
    ca, context = certificate(tmp_path, "mail.example.com")
    with mail_server(context, security) as there, Wire(look_up=names("127.0.0.1")) as wire:
        add(seat, there, {"password": "wrong"}, host="mail.example.com", security=security, user="winnow",
            ca_file=str(ca), private=True)  # fmt: skip
        decide()
        assert run(seat, wire=wire) == courier.Tally(waiting=1)
        assert "password" in configured.standings(seat.store)[0].problem and there.got == []
        with seat.store.writing():
            configured.keep_secrets(seat, "Mail", {"password": "right"})
        clock.on(6000)
        assert run(seat, wire=wire) == courier.Tally(delivered=1)
        assert there.logins[-1] == (b"winnow", b"right")


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_server_with_another_name_gets_neither_password_nor_lead(
    seat: Seat, decide: Decide, tmp_path: Path, security: str
) -> None:
    ca, context = certificate(tmp_path, "other.example.com")
    with mail_server(context, security) as there, Wire(look_up=names("127.0.0.1")) as wire:
        add(seat, there, {"password": "right"}, host="mail.example.com", security=security, user="winnow",
            ca_file=str(ca), private=True)  # fmt: skip
        decide()
        assert run(seat, wire=wire) == courier.Tally(waiting=1)
        assert there.got == [] and there.logins == []
        assert "certificate" in configured.standings(seat.store)[0].problem


def test_a_server_that_offers_no_encryption_gets_nothing(seat: Seat, there: MailThere, decide: Decide) -> None:
    add(seat, there, host="localhost", security="starttls")
    decide()
    assert run(seat) == courier.Tally(waiting=1)
    assert there.got == []


@pytest.mark.parametrize("says", [b"", b"220 ", b"220-mail\r\n220-mail\r\n"])
def test_a_server_that_drips_holds_nobody_for_long(seat: Seat, decide: Decide, says: bytes) -> None:
    ended = threading.Event()

    def drip(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection, contextlib.suppress(OSError):
            connection.sendall(says)
            while not ended.wait(0.05):
                connection.sendall(b"2")

    with socket.create_server(("127.0.0.1", 0)) as server, Wire(timeout=0.5) as wire:
        there = MailThere(port=server.getsockname()[1])
        add(seat, there)
        decide()
        thread = threading.Thread(target=drip, args=(server,))
        thread.start()
        assert run(seat, wire=wire) == courier.Tally(waiting=1)
        ended.set()
        thread.join()


@pytest.mark.parametrize("settings", [{"security": "none", "host": "mail.example.com"}, {"to": "nobody"},
                                      {"sender": "a@example.com\nBcc: b@example.com x"}, {"port": "0"}, {"host": ""},
                                      {"user": "winnow"}, {"security": "ssl"}])  # fmt: skip
def test_settings_that_do_not_serve_are_refused(seat: Seat, there: MailThere, settings: dict[str, str]) -> None:
    if "sender" in settings:
        add(seat, there, **settings)  # the one address in it is taken, and nothing else
        assert channels(seat.store)[0].settings["sender"] == "a@example.com"
        return
    with pytest.raises(Refused):
        add(seat, there, **settings)


def test_the_preview_is_the_message_without_the_password(seat: Seat, there: MailThere, decide: Decide) -> None:
    add(seat, there, {"password": "s3cr3t"}, user="winnow")
    (shown,) = trying.preview(seat, "Mail", decide()).shown
    assert "s3cr3t" not in repr(shown) and ("To", "sales@example.com, boss@example.com") in shown.head

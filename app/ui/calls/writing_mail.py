"""A short e-mail in one key: to whoever was called last and not reached, else to whoever is in hand."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from PySide6.QtCore import QObject, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices

from app.models.entries import Outcome
from app.ui.opening import Opening

if TYPE_CHECKING:
    from app.services.errors import ServiceError
    from app.services.mailing import Mail
    from app.services.seat import Changed, Seat
    from app.ui.calls.asking import Asking
    from app.ui.calls.call_in_hand import CallInHand
    from app.ui.tasks import Tasks

TEMPLATES = {Outcome.VOICEMAIL: "voicemail", Outcome.NO_ANSWER: "no-answer"}
PROGRAM = "program"


class _Wanted(NamedTuple):
    """To whom, and which e-mail."""

    inquiry: str
    name: str
    template: str = ""  # empty: to be chosen


class Prepared(msgspec.Struct, frozen=True):
    """An e-mail, and the channel that could send it; empty: the mail program alone."""

    mail: Mail
    channel: str = ""


class WritingMail(QObject):
    """Hands e-mails to the mail program, or to the server of an e-mail channel, and logs them.

    Signals:
        said: a sentence for a toast. kept: the id of whoever was written to.
    """

    said = Signal(str)
    kept = Signal(str)

    def __init__(self, seat: Seat, tasks: Tasks, asking: Asking, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._seat, self._tasks, self._asking = seat, tasks, asking
        self._last: _Wanted | None = None
        self._sending: tuple[str, Mail] | None = None
        self._server = Opening(self)
        self._server.opened.connect(self._on_sent)
        self._server.failed.connect(self._on_not_sent)
        self._server.crashed.connect(tasks.crashed)

    def offer(self, call: CallInHand, what: str) -> bool:
        """After a call: whether an e-mail can follow it; the key then writes to them until somebody else is called."""
        self._last = None
        inquiry = call.opened.view.inquiry
        outcome = next((each for each in TEMPLATES if each.value == what), None)
        if outcome is not None and inquiry.emails and not inquiry.objections:
            self._last = _Wanted(call.id, call.name, TEMPLATES[outcome])
        return self._last is not None

    def withdraw(self) -> None:
        """From now on the key writes to whoever is in hand."""
        self._last = None

    def offered_to(self) -> str:
        """The id of whoever was called last and can be written to; empty: nobody."""
        return self._last.inquiry if self._last is not None else ""

    def begin(self, call: CallInHand | None) -> None:
        """Writes to whoever was called last, else to `call`."""
        wanted = self._last or _of(call)
        if wanted is None:
            self.said.emit(self.tr("Nobody is in hand: there is nobody to write to."))
        elif wanted.template:
            self._prepare(wanted, wanted.template)
        else:
            self._tasks.read(_kinds, key="mail-kinds", then=partial(self._on_kinds, wanted), failed=self._on_failed)

    def _on_kinds(self, wanted: _Wanted, kinds: list[tuple[str, str]]) -> None:
        title = self.tr("E-mail %s: which?") % wanted.name
        self._asking.choose(title, kinds, partial(self._prepare, wanted))

    def _prepare(self, wanted: _Wanted, template: str) -> None:
        self._tasks.read(
            _prepared, wanted.inquiry, template, key="mail",
            then=partial(self._on_prepared, wanted.name), failed=self._on_failed,
        )  # fmt: skip

    def _on_prepared(self, name: str, made: Prepared) -> None:
        if not made.channel:
            self._hand_over(name, made.mail)
            return
        ways = [
            (made.channel, self.tr("Send it now, through %s") % made.channel),
            (PROGRAM, self.tr("Open it in the mail program")),
        ]
        title = self.tr("E-mail %s: how?") % name
        self._asking.choose(
            title, ways, partial(self._on_way, name, made), hint=f"{made.mail.to} · {made.mail.subject}"
        )

    def _on_way(self, name: str, made: Prepared, way: str) -> None:
        if way == PROGRAM:
            self._hand_over(name, made.mail)
        elif self._server.busy():
            self.said.emit(self.tr("The e-mail before is still on its way. Try again in a moment."))
        else:
            self._sending = (name, made.mail)
            self._server.begin(partial(_send, self._seat, made))
            self.said.emit(self.tr("%s: the e-mail is on its way…") % name)

    def _hand_over(self, name: str, mail: Mail) -> None:
        if not QDesktopServices.openUrl(QUrl(mail.url)):
            self.said.emit(self.tr("Nothing on this computer writes e-mails. Their address is %s.") % mail.to)
            return
        self._tasks.act(_mailed, mail, then=partial(self._on_kept, name, mail), failed=self._on_failed)

    def _on_kept(self, name: str, mail: Mail, _changed: Changed) -> None:
        self._done(mail)
        self.said.emit(self.tr("%s: the e-mail is in your mail program. It is in the history.") % name)

    def _done(self, mail: Mail) -> None:
        if self.offered_to() == mail.inquiry:
            self.withdraw()
        self.kept.emit(mail.inquiry)

    @Slot(object)
    def _on_sent(self, changed: Changed) -> None:
        self._tasks.tell(changed)
        if self._sending is not None:
            (name, mail), self._sending = self._sending, None
            self._done(mail)
            self.said.emit(self.tr("%s: the e-mail was sent. It is in the history.") % name)

    @Slot(object)
    def _on_not_sent(self, error: ServiceError) -> None:
        self._sending = None
        self.said.emit(str(error))

    def _on_failed(self, error: ServiceError) -> bool:
        self.said.emit(str(error))
        return True


def _of(call: CallInHand | None) -> _Wanted | None:
    """In hand: after their last call, unless a new one is under way or there was none; then it is asked which."""
    if call is None:
        return None
    calls = call.opened.view.inquiry.calls
    after = TEMPLATES.get(calls[-1].outcome, "") if calls and not call.dialled_at else ""
    return _Wanted(call.id, call.name, after)


# run beside the window


def _kinds(seat: Seat) -> list[tuple[str, str]]:
    """Name of each template, and what it is for, in English where it says so."""
    from app.services import mailing

    ordered = sorted(mailing.templates(seat), key=lambda one: one.language not in {"en", ""})
    return sorted({one.name: one.says for one in reversed(ordered)}.items())


def _prepared(seat: Seat, inquiry_id: str, template: str) -> Prepared:
    from app.services import mailing
    from app.services.team.channels import configured

    mail = mailing.write(seat, inquiry_id, template)
    servers = (each for each in configured.standings(seat.store) if each.enabled and each.channel.kind == "email")
    server = next(servers, None)
    return Prepared(mail, server.channel.name if server is not None else "")


def _mailed(seat: Seat, mail: Mail) -> Changed:
    from app.services import mailing

    return mailing.mailed(seat, mail)


def _send(seat: Seat, made: Prepared) -> Changed:
    from app.services import mailing

    return mailing.send(seat, made.mail, made.channel)

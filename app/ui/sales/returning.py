"""Why a lead goes back: where to, and a reason, in two digits; and why a sale was lost, in one."""

from __future__ import annotations

from PySide6.QtCore import QDateTime, QObject, QTime, Signal

from app.models.entries import Verdict
from app.ui.one_question import OneQuestion
from app.ui.widgets.reason_popup import ReasonPopup

DAYS = (90, 30, 180, 365)  # the first is the usual one
AGAIN_DAYS = (0, 1, 7, 30)
MORNING = 9  # o'clock


class Returning(OneQuestion):
    """Asks in the page's popup.

    Signals:
        returned: Verdict, reason, and until when (ms UTC, or None).
        lost: the reason. given: the member to give it to (`common`, `turn` or a name).
    """

    returned = Signal(object, str, object)
    lost = Signal(str)
    given = Signal(str)

    def __init__(self, popup: ReasonPopup, parent: QObject | None = None) -> None:
        super().__init__(popup, parent)
        self._verdict: Verdict | None = None
        self._name = ""
        self._now = 0

    def ask(self, name: str, now: int) -> None:
        """Where a lead is to go back to."""
        self._name, self._now = name, now
        options = (
            (Verdict.NURTURE.value, self.tr("Back to nurture")),
            (Verdict.CALL_AGAIN.value, self.tr("Call again")),
            (Verdict.DISCARD.value, self.tr("Discard")),
        )
        self._ask(self._on_where, self.tr("Return %s") % name, options, hint=self.tr("The callers see the reason."))

    def ask_why(self, verdict: Verdict, name: str, now: int) -> None:
        """Why it goes back there."""
        self._verdict, self._name, self._now = verdict, name, now
        titles = {
            Verdict.NURTURE: self.tr("Why back to nurture?"),
            Verdict.CALL_AGAIN: self.tr("What should the next call find out?"),
            Verdict.DISCARD: self.tr("Why discard?"),
        }
        whom, label = self._until(verdict)
        self._ask(
            self._on_why, titles[verdict], [(text, text) for text in self._reasons(verdict)],
            words=self.tr("Another reason"), whom=whom, whom_label=label,
        )  # fmt: skip

    def _reasons(self, verdict: Verdict) -> tuple[str, ...]:
        return {
            Verdict.NURTURE: (
                self.tr("Not ready to buy yet"), self.tr("No budget before then"), self.tr("Not ours"),
                self.tr("Nobody answers us"),
            ),
            Verdict.CALL_AGAIN: (
                self.tr("The need is not clear"), self.tr("Who decides is not known"), self.tr("They expected no call"),
                self.tr("Could not be reached"),
            ),
            Verdict.DISCARD: (
                self.tr("Not ours"), self.tr("No need"), self.tr("No money"), self.tr("Not a serious inquiry"),
            ),
        }[verdict]  # fmt: skip

    def _until(self, verdict: Verdict) -> tuple[list[tuple[str, str]], str]:
        if verdict is Verdict.NURTURE:
            words = (self.tr("in three months"), self.tr("in a month"), self.tr("in half a year"), self.tr("in a year"))
            return [(str(days), text) for days, text in zip(DAYS, words, strict=True)], self.tr("Wakes")
        if verdict is Verdict.CALL_AGAIN:
            words = (self.tr("now"), self.tr("tomorrow"), self.tr("in a week"), self.tr("in a month"))
            return [(str(days), text) for days, text in zip(AGAIN_DAYS, words, strict=True)], self.tr("Call from")
        return [], ""

    def ask_lost(self, name: str) -> None:
        """Why a sale was lost."""
        reasons = (
            self.tr("Too expensive"), self.tr("Bought elsewhere"), self.tr("Stays as it is"), self.tr("No budget"),
            self.tr("We cannot do it"),
        )  # fmt: skip
        self._ask(self._on_lost, self.tr("Why was %s lost?") % name, [(text, text) for text in reasons],
                  words=self.tr("Another reason"))  # fmt: skip

    def ask_whom(self, name: str, members: tuple[str, ...]) -> None:
        """Who should answer a lead."""
        options = [("common", self.tr("Everybody: the common list")), ("turn", self.tr("Whose turn it is"))]
        self._ask(self._on_whom, self.tr("Who answers %s?") % name, [*options, *((each, each) for each in members)])

    def _on_where(self, key: str, _words: str) -> None:
        self.ask_why(Verdict(key), self._name, self._now)

    def _on_why(self, key: str, words: str) -> None:
        if self._verdict is not None:
            self.returned.emit(self._verdict, key or words, self._chosen_day())

    def _on_lost(self, key: str, words: str) -> None:
        self.lost.emit(key or words)

    def _on_whom(self, key: str, _words: str) -> None:
        self.given.emit(key)

    def _chosen_day(self) -> int | None:
        days = int(self._popup.whom_chosen() or 0)
        if not days:
            return None
        then = QDateTime.fromMSecsSinceEpoch(self._now).addDays(days)
        then.setTime(QTime(MORNING, 0))
        return then.toMSecsSinceEpoch()

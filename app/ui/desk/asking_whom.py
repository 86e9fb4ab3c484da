"""Who shall have them: a caller who is there, or somebody of sales. A digit answers."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal

from app.models.lead_rules import COMMON, TURN
from app.services.desk.figures import CallerRow, Doing
from app.ui import fonts
from app.ui.desk import desk_words
from app.ui.one_question import OneQuestion

MOST_OFFERED, OFFER_HIGH, AROUND_OFFERS = 9, 52, 250  # pixels at 100 %: of each, and of what stands around them


class AskingWhom(OneQuestion):
    """Asks in the page's popup.

    Signals:
        chosen: the member; `common` or `turn` of sales.
    """

    chosen = Signal(str)

    def ask_caller(self, count: int, name: str, callers: Sequence[CallerRow], now: int, room: int) -> None:
        """Who calls so many, or the one of that name; `room` is the height of the page in pixels."""
        if count > 1:
            title = self.tr("Who calls these %1?").replace("%1", desk_words.number(count))
        else:
            title = self.tr("Who calls %1?").replace("%1", name)
        there = [caller for caller in callers if caller.doing is not Doing.ABSENT]
        options = [(caller.name, desk_words.offered(caller, now)) for caller in there]
        most = (room - fonts.scaled(AROUND_OFFERS)) // fonts.scaled(OFFER_HIGH)
        hint = self.tr("They come back by themselves when their limit ends.")
        away = ", ".join(caller.name for caller in callers if caller.doing is Doing.ABSENT)
        if away:
            hint += " " + self.tr("Absent: %1.").replace("%1", away)
        options = options[: min(MOST_OFFERED, max(3, most))]
        self._ask(self._on_member, title, options, hint=hint, words=self.tr("Another name"))

    def ask_seller(self, count: int, sellers: Sequence[str]) -> None:
        """Who of sales answers so many."""
        options = [(name, name) for name in sellers[: MOST_OFFERED - 2]]
        options += [(TURN, self.tr("Who of sales is there, by turn")), (COMMON, self.tr("The common list of sales"))]
        title = self.tr("Who of sales answers %1?").replace("%1", desk_words.number(count))
        hint = self.tr("They have as long as the limit of sales, counted from now.")
        self._ask(self._on_member, title, options, hint=hint)

    def _on_member(self, name: str, words: str) -> None:
        if name or words:
            self.chosen.emit(name or words)

"""What the page of results asks: which period, which source, what a source cost."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime

from PySide6.QtCore import QObject, Signal

from app.models.dates import parse_when
from app.models.periods import ALL, Period, Span, containing, own
from app.services.results.costs import Cost
from app.ui import times
from app.ui.one_question import OneQuestion
from app.ui.results import results_words
from app.ui.widgets.reason_popup import ReasonPopup

MOST_SOURCES, MOST_COSTS = 8, 8
ANOTHER, DAYS = "another", "days"
SPANS = (Span.WEEK, Span.MONTH, Span.QUARTER, Span.YEAR, Span.ALL)
_BETWEEN = re.compile(r"\s+(?:to|until|till|bis|–|-|…)\s+|\s*(?:–|…)\s*|\s+", re.IGNORECASE)


class ResultsAsking(OneQuestion):
    """Asks in the page's popup.

    Signals:
        period_chosen: a Period. source_chosen: its name, empty for all.
        cost_said: source and words of another cost. correction_said: source, the Cost that was wrong, and words.
        refused: why words are not understood.
    """

    period_chosen = Signal(object)
    source_chosen = Signal(str)
    cost_said = Signal(str, str)
    correction_said = Signal(str, object, str)
    refused = Signal(str)

    def __init__(self, popup: ReasonPopup, parent: QObject | None = None) -> None:
        super().__init__(popup, parent)
        self._today = date.min
        self._sources: list[str] = []
        self._source = ""
        self._costs: Sequence[Cost] = ()
        self._wrong: Cost | None = None

    # which period

    def ask_period(self, today: date) -> None:
        """This week, this month, or days of one's own."""
        self._today = today
        names = (self.tr("This week"), self.tr("This month"), self.tr("This quarter"), self.tr("This year"),
                 self.tr("All time"))  # fmt: skip
        options = [(span.value, name) for span, name in zip(SPANS, names, strict=True)]
        hint = self.tr("By the day on which somebody asked. P and N go to the periods before and after.")
        self._ask(self._on_span, self.tr("Which period?"), [*options, (DAYS, self.tr("Days of your own…"))], hint=hint)

    def _on_span(self, key: str, _words: str) -> None:
        if key == DAYS:
            self._ask(self._on_days, self.tr("From which day to which?"), words=self.tr("2026-10-01 to 2026-10-15"))
        else:
            self.period_chosen.emit(containing(Span(key), self._today))

    def _on_days(self, _key: str, words: str) -> None:
        period = understood(words)
        if period is None:
            self.refused.emit(self.tr("“%1” names no days. Write 2026-10-01 to 2026-10-15.").replace("%1", words))
        else:
            self.period_chosen.emit(period)

    # which source

    def ask_source(self, sources: Sequence[str]) -> None:
        """All, or one; those with most inquiries have a digit."""
        self._sources = list(sources)
        options = [("all", self.tr("All sources"))]
        options += [(f"source:{name}", name) for name in sources[:MOST_SOURCES]]
        words = self.tr("Another source") if len(sources) > MOST_SOURCES else ""
        self._ask(self._on_source, self.tr("Which source?"), options, words=words)

    def _on_source(self, key: str, words: str) -> None:
        if key:
            self.source_chosen.emit(key.partition(":")[2])
            return
        wanted = " ".join(words.split()).casefold()
        found = [name for name in self._sources if name.casefold() == wanted]
        found = found or [name for name in self._sources if wanted in name.casefold()]
        if len(found) == 1:
            self.source_chosen.emit(found[0])
        else:
            self.refused.emit(self.tr("No source is called “%1”.").replace("%1", words))

    # what it cost

    def ask_cost(self, source: str, costs: Sequence[Cost], now: int) -> None:
        """Another cost, or which one was wrong."""
        self._source, self._costs = source, costs[:MOST_COSTS]
        if not self._costs:
            self._ask_another()
            return
        wrong = self.tr("%1 of %2 was wrong")
        options = [
            (str(place), wrong.replace("%1", _told(cost)).replace("%2", times.day(cost.at, now)))
            for place, cost in enumerate(self._costs)
        ]
        self._ask(self._on_cost, self.tr("What did %1 cost?").replace("%1", source),
                  [(ANOTHER, self.tr("Another cost…")), *options], hint=self.tr("Costs add up."))  # fmt: skip

    def _ask_another(self) -> None:
        self._ask(self._on_another, self.tr("What did %1 cost?").replace("%1", self._source),
                  hint=self.tr("An amount; a currency and a day where they are not the usual one and today."),
                  words=self.tr("1200, 80 EUR, 80 EUR 2026-10-03"))  # fmt: skip

    def _on_another(self, _key: str, words: str) -> None:
        if words:
            self.cost_said.emit(self._source, words)

    def _on_cost(self, key: str, _words: str) -> None:
        if key == ANOTHER:
            self._ask_another()
            return
        self._wrong = self._costs[int(key)]
        title = self.tr("What was it in truth, instead of %1?").replace("%1", _told(self._wrong))
        self._ask(self._on_right, title, hint=self.tr("0 takes it away. Its day stays."), words=self.tr("Amount"))

    def _on_right(self, _key: str, words: str) -> None:
        if self._wrong is not None and words:
            self.correction_said.emit(self._source, self._wrong, words)


def _told(cost: Cost) -> str:
    return results_words.money(((cost.amount, cost.currency),))


def understood(words: str) -> Period | None:
    """Days that were typed: one, or from one to another; None where they name none."""
    text = words.strip()
    if not text:
        return None
    if text.casefold() in {"all", "all time"}:
        return ALL
    whole = _day(text)
    if whole is not None:
        return own(whole, whole)
    for cut in _BETWEEN.finditer(text):
        first, last = _day(text[: cut.start()]), _day(text[cut.end() :])
        if first is not None and last is not None:
            return own(first, last)
    return None


def _day(text: str) -> date | None:
    at = parse_when(text.strip(), day_first=None, zone=UTC) if text.strip() else None
    return datetime.fromtimestamp(at / 1000, UTC).date() if at is not None else None

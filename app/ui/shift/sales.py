"""A shift's turn at the page of sales: the second look, a lead accepted, a next step agreed, another one returned."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence

from app.models.inquiry import Stage

if TYPE_CHECKING:
    from app.ui.sales.sales_page import SalesPage
    from app.ui.shift.hands import Hands


def work(hands: Hands, page: SalesPage) -> None:
    """Answers the first lead and returns the second, where there are any; by key presses alone."""

    def stage() -> Stage | None:
        lead = page.lead()
        return lead.row.stage if lead is not None and not page.busy() else None

    hands.until(lambda: not page.busy(), "The page of sales does not come to rest.")
    if stage() is not Stage.SELL:
        return
    if page.view.look.asked():
        before = len(page.view.look.answers())
        hands.does(
            "answer-1", lambda: len(page.view.look.answers()) > before, "the second look has its answer", "sales"
        )
    hands.does("accept", lambda: stage() is Stage.ACCEPTED, "sales has the lead", "sales")
    hands.does("prospect", page.view.step.is_edited, "the next step can be typed", "sales")
    hands.type("Site visit")
    hands.send(QKeySequence("Return"))
    hands.until(lambda: stage() is Stage.PROSPECT, "Pressing ↵ did not keep the next step.")
    _return_another(hands, page, stage)


def _return_another(hands: Hands, page: SalesPage, stage: Callable[[], Stage | None]) -> None:
    model, lead = page.view.pane.model, page.lead()
    hands.until(lambda: not page.busy(), "The page of sales does not come to rest.")
    place = min((model.row_of(each) for each in model.ids()), default=-1)
    if lead is None or place < 0 or model.row_of(lead.id) <= place:
        return
    hands.send(QKeySequence("Home"))
    hands.until(lambda: stage() is not None and page.lead() is not lead, "Pressing Home did not open the first lead.")
    first = page.lead()
    if first is None or stage() is not Stage.SELL:
        return
    hands.does("return", page.hand.returning.open, "it is asked where the lead goes", "sales")
    hands.send(QKeySequence("2"))
    hands.send(QKeySequence("1"))
    hands.until(lambda: model.row_of(first.id) < 0 and not page.busy(), "Two digits did not return the lead.")

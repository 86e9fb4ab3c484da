"""What a source cost: asks, and has it kept."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from app.services.results import costs
from app.services.results.costs import Cost
from app.ui.results.results_asking import ResultsAsking

if TYPE_CHECKING:
    from app.services.errors import ServiceError
    from app.services.seat import Changed, Seat
    from app.ui.tasks import Tasks


class EnteringCosts(QObject):
    """One cost at a time.

    Signals:
        kept: it counts now. refused: why it does not.
    """

    kept = Signal()
    refused = Signal(str)

    def __init__(self, tasks: Tasks, asking: ResultsAsking, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks, self._asking = tasks, asking
        asking.cost_said.connect(self._on_cost)
        asking.correction_said.connect(self._on_correction)

    def ask(self, source: str) -> None:
        """Another cost of a source, or which one was wrong."""
        self._tasks.read(costs.costs, source, then=partial(self._on_costs, source))

    def _on_costs(self, source: str, found: list[Cost]) -> None:
        self._asking.ask_cost(source, found, self._tasks.seat.now())

    @Slot(str, str)
    def _on_cost(self, source: str, words: str) -> None:
        self._tasks.act(_add, source, words, then=self._on_kept, failed=self._on_refused)

    @Slot(str, object, str)
    def _on_correction(self, source: str, wrong: Cost, words: str) -> None:
        self._tasks.act(costs.correct, source, wrong, words, then=self._on_kept, failed=self._on_refused)

    def _on_kept(self, _changed: Changed) -> None:
        self.kept.emit()

    def _on_refused(self, error: ServiceError) -> bool:
        self.refused.emit(str(error))
        return True


def _add(seat: Seat, source: str, words: str) -> Changed:
    return costs.add(seat, source, costs.understood(seat, words))

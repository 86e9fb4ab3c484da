"""Whether somebody who is hidden by the erasure of another is that person, or somebody else: one digit says it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from app.ui import times

if TYPE_CHECKING:
    from app.services.desk.hidden import Hidden
    from app.services.errors import ServiceError
    from app.services.seat import Changed, Seat
    from app.ui.tasks import Tasks
    from app.ui.widgets.reason_popup import ReasonPopup

SAME, OTHER = "same", "other"


class SameOrOther(QObject):
    """Asks a team lead, and does it.

    Signals:
        said: a sentence for a toast.
    """

    said = Signal(str)

    def __init__(self, popup: ReasonPopup, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.popup, self._tasks = popup, tasks
        self._about: tuple[str, str] = ("", "")  # id and name
        popup.chosen.connect(self._on_chosen)

    def ask(self, inquiry_id: str, now: int) -> None:
        """About one of those that the desk lists."""
        self._tasks.read(_of, inquiry_id, then=partial(self._on_read, now), failed=self._on_failed)

    def _on_read(self, now: int, hidden: Hidden) -> None:
        row = hidden.row
        name = row.name or self.tr("Somebody")
        self._about = (row.id, name)
        who = ", ".join(part for part in (name, row.company) if part)
        hint = self.tr(
            "Somebody was erased (%1), and only afterwards Winnow found that %2 seems to be the same person. Until you "
            "decide, nobody calls them, and their details are kept."
        ).replace("%1", times.day(hidden.erased_at, now)).replace("%2", name)  # fmt: skip
        if hidden.same:
            hint += " " + self.tr("The e-mail address, or the number with the name, is the same.")
        else:
            hint += " " + self.tr("Neither e-mail address nor number are those that were erased.")
        options = [
            (SAME, self.tr("The same person: erase them too, for ever")),
            (OTHER, self.tr("Somebody else: back to where they were")),
        ]
        self.popup.ask(self.tr("Is %1 the person who was erased?").replace("%1", who), options, hint=hint)

    @Slot(str, str)
    def _on_chosen(self, what: str, _words: str) -> None:
        inquiry_id, name = self._about
        verb, done = {
            SAME: (_erase, self.tr("Erased too: nothing of them is left.")),
            OTHER: (_part, self.tr("%1 is somebody else, and back.").replace("%1", name)),
        }[what]
        self._tasks.act(verb, inquiry_id, then=partial(self._on_done, done), failed=self._on_failed)

    def _on_done(self, words: str, _changed: Changed) -> None:
        self.said.emit(words)

    def _on_failed(self, error: ServiceError) -> bool:
        self.said.emit(str(error))
        return True


# run beside the window


def _of(seat: Seat, inquiry_id: str) -> Hidden:
    from app.services.desk import hidden

    return hidden.of(seat, inquiry_id)


def _part(seat: Seat, inquiry_id: str) -> Changed:
    from app.services.desk import hidden

    return hidden.part(seat, inquiry_id)


def _erase(seat: Seat, inquiry_id: str) -> Changed:
    from app.services.desk import hidden

    return hidden.erase(seat, inquiry_id)

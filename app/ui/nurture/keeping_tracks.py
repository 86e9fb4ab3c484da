"""Tracks as they are made, renamed and retired: what the form gives is kept, or is refused in the form."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from app.services.nurture.pages import Kind, ListCount
from app.ui.nurture.track_form import TrackForm

if TYPE_CHECKING:
    from app.services.errors import ServiceError
    from app.services.seat import Changed, Seat
    from app.ui.tasks import Tasks


class KeepingTracks(QObject):
    """Joins the form to the store.

    Signals:
        kept: the key of the track. refused: a sentence for a toast.
    """

    kept = Signal(str)
    refused = Signal(str)

    def __init__(self, tasks: Tasks, form: TrackForm, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks, self._form, self._busy = tasks, form, False
        form.kept.connect(self._on_form)

    def busy(self) -> bool:
        """Whether a track is being kept."""
        return self._busy

    def new(self, usual_days: int) -> None:
        """An empty form."""
        self._form.edit(None, usual_days)

    def edit(self, shown: ListCount, usual_days: int) -> None:
        """The form of the track whose list is shown; a word that nobody defined becomes a track by it."""
        if shown.list.kind is not Kind.TRACK:
            self.refused.emit(self.tr("Choose a track at the left: this list is none."))
            return
        self._form.edit(shown.track, usual_days)
        if shown.track is None:
            self._form.name.set_text(shown.list.track)

    @Slot(str, dict)
    def _on_form(self, key: str, given: dict[str, Any]) -> None:
        name = given.get("name", "")
        named = given if key else {field: value for field, value in given.items() if field != "name"}
        self._busy = True
        self._tasks.act(_define, key or name, then=partial(self._on_defined, key or name), failed=self._on_refused,
                        **named)  # fmt: skip

    def _on_defined(self, key: str, _changed: Changed) -> None:
        self._busy = False
        self._form.close_quietly()
        self.kept.emit(key)

    def _on_refused(self, error: ServiceError) -> bool:
        self._busy = False
        self._form.refuse(str(error))
        return True


def _define(seat: Seat, key: str, **named: Any) -> Changed:
    from app.services.nurture import tracks  # on the writer thread: the first brings SQLAlchemy

    return tracks.define(seat, key, **named)

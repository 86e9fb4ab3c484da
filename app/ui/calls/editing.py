"""Corrects a person in a form over the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from app.services.errors import ServiceError
    from app.services.seat import Changed
    from app.ui.calls.call_in_hand import CallInHand
    from app.ui.calls.edit_dialog import EditDialog


class Editing(QObject):
    """The form of one inquiry at a time; a refused correction stays in it.

    Signals:
        saved: the inquiry's id and what was changed; whoever keeps it calls `keep` or `refuse`.
        corrected: the inquiry's id; the correction is kept.
        refused: a sentence that the form is no longer there to show.
        ended: the form is gone.
    """

    saved = Signal(str, object)
    corrected = Signal(str)
    refused = Signal(str)
    ended = Signal()

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self.dialog: EditDialog | None = None
        self._about = ""

    def begin(self, call: CallInHand) -> None:
        """Opens the form of the inquiry in hand, unless one is open."""
        if self.dialog is not None:
            return
        from app.ui.calls.edit_dialog import EditDialog

        self._about = call.id
        page = self.parent()
        assert isinstance(page, QWidget)
        self.dialog = dialog = EditDialog(call.opened.view.inquiry, call.desk.region, page)
        dialog.saved.connect(self._on_saved)
        dialog.finished.connect(self._on_finished)
        dialog.open()

    def keep(self, _: Changed) -> None:
        """The correction is in the store: the form goes."""
        if self.dialog is not None:
            self.dialog.accept()
        self.corrected.emit(self._about)

    def refuse(self, error: ServiceError) -> None:
        """The correction was refused: the form says why."""
        if self.dialog is not None:
            self.dialog.set_trouble(str(error))
        else:
            self.refused.emit(str(error))

    @Slot(object)
    def _on_saved(self, changes: dict[str, str]) -> None:
        self.saved.emit(self._about, changes)

    @Slot()
    def _on_finished(self) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            dialog.deleteLater()
        self.ended.emit()

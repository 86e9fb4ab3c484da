"""Corrects a person in a form over the page."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
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
        corrected: the inquiry's id; the correction is kept.
        refused: a sentence that the form is no longer there to show.
        ended: the form is gone.
    """

    corrected = Signal(str)
    refused = Signal(str)
    ended = Signal()

    def __init__(self, act: Callable[..., None], page: QWidget) -> None:
        super().__init__(page)
        self._act, self._page = act, page
        self.dialog: EditDialog | None = None

    def begin(self, call: CallInHand) -> None:
        """Opens the form of the inquiry in hand, unless one is open."""
        if self.dialog is not None:
            return
        from app.ui.calls.edit_dialog import EditDialog

        self.dialog = dialog = EditDialog(call.opened.view.inquiry, call.desk.region, self._page)
        dialog.saved.connect(partial(self._on_saved, call.id))
        dialog.finished.connect(self._on_finished)
        dialog.open()

    def _on_saved(self, inquiry_id: str, changes: dict[str, str]) -> None:
        from app.services import capture

        kept = partial(self._on_kept, inquiry_id)
        self._act(capture.edit, inquiry_id, changes, then=kept, failed=self._on_refused)

    def _on_kept(self, inquiry_id: str, _: Changed) -> None:
        if self.dialog is not None:
            self.dialog.accept()
        self.corrected.emit(inquiry_id)

    def _on_refused(self, error: ServiceError) -> None:
        if self.dialog is not None:
            self.dialog.set_trouble(str(error))
        else:
            self.refused.emit(str(error))

    @Slot()
    def _on_finished(self) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            dialog.deleteLater()
        self.ended.emit()

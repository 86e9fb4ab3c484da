"""Remembers how the columns of a list were understood, under a name, and forgets it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from app.services import import_forms
from app.services.import_forms import Form

if TYPE_CHECKING:
    from app.services.import_forms import Look
    from app.ui.capture.import_preview import ImportPreview
    from app.ui.tasks import Tasks


class KeepingForms(QObject):
    """Joins the line below the preview to the forms that are kept."""

    def __init__(self, tasks: Tasks, preview: ImportPreview, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks, self._preview = tasks, preview
        self._look: Look | None = None
        preview.form.remember_wanted.connect(self._on_remember)
        preview.form.forget_wanted.connect(self._on_forget)

    def show(self, look: Look) -> None:
        """What is known about a list of this form, and what can be done about it."""
        self._look = look
        self._preview.say_recognised(look.form.name if look.form else "")
        self._say(look.form)

    def _say(self, form: Form | None, *, now: bool = False) -> None:
        line = self._preview.form
        if form is not None:
            line.tell(form.name, now=now)
        elif self._look is not None and self._look.print:
            line.offer(self._look.path.stem.replace("_", " ").strip())
        else:
            line.hide()

    @Slot(str)
    def _on_remember(self, name: str) -> None:
        if self._look is None or not self._look.print:
            return
        wanted, columns = self._preview.options.wanted(), self._preview.columns
        # By hand or recognised: next time the mapping is the same, even when the recognition has learnt otherwise.
        without = {field: column for field, column in columns.mapping().items() if not column}
        form = Form(name=name, mapping=columns.taken() | without, source=wanted.source, region=wanted.region)
        self._tasks.act(import_forms.remember, self._look.print, form, then=self._on_remembered)

    def _on_remembered(self, form: Form) -> None:
        self._say(form, now=True)

    @Slot()
    def _on_forget(self) -> None:
        if self._look is not None:
            self._tasks.act(import_forms.forget, self._look.print, then=self._on_forgotten)

    def _on_forgotten(self, _: None) -> None:
        self._preview.say_recognised()
        self._say(None)

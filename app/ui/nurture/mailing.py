"""The list for the mailing tool: asks for a file, and has it written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.services.nurture.pages import List

if TYPE_CHECKING:
    from app.services.nurture.mailing_list import MailingList
    from app.services.seat import Seat
    from app.ui.tasks import Tasks

KINDS = {".csv", ".xlsx"}


class Mailing(QObject):
    """One list at a time.

    Signals:
        begun: the name of the file. written: a MailingList. failed: a ServiceError.
    """

    begun = Signal(str)
    written = Signal(object)
    failed = Signal(object)

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks

    def ask(self, title: str, which: List, over: QWidget) -> None:
        """Asks where the list of that title goes, and writes it there."""
        name = "".join(sign if sign.isalnum() else "-" for sign in title).strip("-").lower()
        path, _ = QFileDialog.getSaveFileName(
            over,
            self.tr("List for the mailing tool"),
            str(Path.home() / f"{name}.csv"),
            self.tr("Lists (*.csv *.xlsx)"),
        )
        if path:
            file = Path(path)
            self.write(file if file.suffix.lower() in KINDS else file.with_name(f"{file.name}.csv"), which)

    def write(self, file: Path, which: List) -> None:
        """Writes who of a list may be written to; which kind of file, its ending says."""
        self.begun.emit(file.name)
        self._tasks.read(_write_list, file, which, slow=True, then=self._on_written, failed=self._on_failed)

    def _on_written(self, made: MailingList) -> None:
        self.written.emit(made)

    def _on_failed(self, error: object) -> bool:
        self.failed.emit(error)
        return True


def _write_list(seat: Seat, file: Path, which: List) -> MailingList:
    from app.services.nurture import mailing_list  # on the reader thread: the first brings SQLAlchemy

    return mailing_list.write(seat, file, which)

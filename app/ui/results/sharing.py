"""The report: asks for a file, and has what is shown written into it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.services.errors import ServiceError
from app.services.results import Results

if TYPE_CHECKING:
    from app.services.seat import Seat
    from app.ui.tasks import Tasks

KINDS = (".pdf", ".xlsx", ".csv", ".html")


class Sharing(QObject):
    """One report at a time.

    Signals:
        begun: the name of the file. written: its path. failed: a ServiceError.
    """

    begun = Signal(str)
    written = Signal(str)
    failed = Signal(object)

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks

    def ask(self, title: str, found: Results, over: QWidget) -> None:
        """Asks where the report of that title goes, and writes it there; its ending says what it is."""
        name = "".join(sign if sign.isalnum() else "-" for sign in title).strip("-").lower()
        kinds = ";;".join(
            (
                self.tr("Document (*.pdf)"),
                self.tr("Workbook (*.xlsx)"),
                self.tr("Table (*.csv)"),
                self.tr("Page (*.html)"),
            )
        )
        start = str(Path.home() / f"results-{name}.pdf")
        path, chosen = QFileDialog.getSaveFileName(over, self.tr("Share a report"), start, kinds)
        if path:
            file = Path(path)
            usual = next((kind for kind in KINDS if kind in chosen), KINDS[0])
            self.write(file if file.suffix.lower() in KINDS else file.with_name(file.name + usual), found)

    def write(self, file: Path, found: Results) -> None:
        """Writes the figures that are shown."""
        self.begun.emit(file.name)
        self._tasks.read(_write, found, file, slow=True, then=self._on_written, failed=self._on_failed)

    def _on_written(self, path: str) -> None:
        self.written.emit(path)

    def _on_failed(self, error: ServiceError) -> bool:
        self.failed.emit(error)
        return True


def _write(seat: Seat, found: Results, file: Path) -> str:
    from app.services.results.report_files import WRITERS

    if file.suffix.lower() == ".pdf":
        from app.services.results.report_page import as_html
        from app.ui.results.report_pdf import write_pdf

        write_pdf(as_html(seat, found), file)
    else:
        WRITERS[file.suffix.lower()](seat, found, file)
    return str(file)

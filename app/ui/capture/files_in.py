"""Files as they come in: from a dialog, from the clipboard, or dropped; and where one is to be saved."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from app.services import changing_settings

if TYPE_CHECKING:
    from app.ui.tasks import Tasks

FOLDER = "import.folder"
LONGEST = 4096  # a longer text on the clipboard is no path


class FilesIn(QObject):
    """One dialog at a time, which opens where the last file came from.

    Signals:
        came: a list of Paths. save_wanted: the Path to save to.
        said: a sentence for a toast.
    """

    came = Signal(list)
    save_wanted = Signal(object)
    said = Signal(str)

    def __init__(self, tasks: Tasks, over: QWidget) -> None:
        super().__init__(over)
        self._tasks = tasks
        self._folder = ""
        self._dialog: QFileDialog | None = None
        tasks.read(changing_settings.aside, FOLDER, then=self._on_folder)

    def _on_folder(self, folder: str) -> None:
        self._folder = self._folder or folder

    def remember(self, file: Path) -> None:
        """Where the next dialog opens."""
        self._folder = str(file.parent)
        self._tasks.act(changing_settings.keep_aside, FOLDER, self._folder)

    @Slot()
    def choose(self) -> None:
        """Asks for files."""
        dialog = self._new(self.tr("Import a list"))
        if dialog is None:
            return
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters([
            self.tr("Lists and bundles")
            + " (*.csv *.tsv *.tab *.psv *.txt *.xlsx *.xlsm *.xls *.ods *.vcf *.vcard *.bundle)",
            self.tr("Tables of text") + " (*.csv *.tsv *.tab *.psv *.txt)",
            self.tr("Workbooks") + " (*.xlsx *.xlsm *.xls *.ods)",
            self.tr("vCards") + " (*.vcf *.vcard)",
            self.tr("Bundles of another laptop") + " (*.bundle)",
            self.tr("All files") + " (*)",
        ])  # fmt: skip
        dialog.filesSelected.connect(self._on_chosen)
        dialog.open()

    def ask_where(self, title: str, name: str) -> None:
        """Asks where a list of that name is to be saved."""
        dialog = self._new(title)
        if dialog is None:
            return
        dialog.setNameFilter(self.tr("CSV") + " (*.csv)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.selectFile(name)
        dialog.fileSelected.connect(self._on_where)
        dialog.open()

    @Slot()
    def paste(self) -> None:
        """Takes files, or the path of one, from the clipboard."""
        found = paths_of(QGuiApplication.clipboard().mimeData())
        if found:
            self.came.emit(found)
        else:
            self.said.emit(self.tr("There is no file and no path on the clipboard."))

    def _new(self, title: str) -> QFileDialog | None:
        over = self.parent()
        if self._dialog is not None or not isinstance(over, QWidget):
            return None
        dialog = QFileDialog(over, title, self._folder)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(self._on_dialog_gone)
        self._dialog = dialog
        return dialog

    @Slot(list)
    def _on_chosen(self, names: list[str]) -> None:
        self.came.emit([Path(name) for name in names])

    @Slot(str)
    def _on_where(self, name: str) -> None:
        self.save_wanted.emit(Path(name))

    @Slot()
    def _on_dialog_gone(self) -> None:
        self._dialog = None


def paths_of(mime: QMimeData) -> list[Path]:
    """The files of a drop or of the clipboard: copied in a file manager, or the path of one as text."""
    found = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    if not found and mime.hasText():
        text = mime.text().strip().strip("\"'")
        if text.startswith("file:"):
            text = QUrl(text).toLocalFile()
        if text and len(text) < LONGEST and "\n" not in text:
            path = Path(text).expanduser()
            found = [path] if path.is_absolute() else []
    return [path for path in found if path.name]

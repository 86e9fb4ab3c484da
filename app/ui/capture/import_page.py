"""Imports lists: a file is looked at, shown with what would happen to each row, and taken in beside the window."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.services import carrying, import_forms
from app.services.import_terms import Fate
from app.ui import keys
from app.ui.capture import import_words
from app.ui.capture.answers_pane import AnswersPane
from app.ui.capture.bundle_pane import BundlePane
from app.ui.capture.drop_zone import DropZone
from app.ui.capture.files_in import FilesIn, paths_of
from app.ui.capture.import_head import ImportHead
from app.ui.capture.import_preview import ImportPreview
from app.ui.capture.import_summary import ImportSummary
from app.ui.capture.list_in_hand import ListInHand, taken_in
from app.ui.widgets.empty_state import EmptyState
from app.ui.widgets.key_button import KeyButton

if TYPE_CHECKING:
    from app.services.errors import ServiceError
    from app.services.import_forms import Look
    from app.services.import_terms import FileReport, ImportReport
    from app.services.seat import Seat
    from app.ui.capture.import_run import Start
    from app.ui.tasks import Tasks


class ImportPage(QWidget):
    """One list after another: drop, preview, import, summary.

    Signals:
        said: a sentence for a toast.
        head_back: it was left. calls_wanted: the queue is to be called.
    """

    said = Signal(str)
    head_back = Signal()
    calls_wanted = Signal()

    def __init__(self, seat: Seat, tasks: Tasks, parent: QWidget | None = None, *, start: Start | None = None) -> None:
        super().__init__(parent)
        self._seat, self._tasks = seat, tasks
        self._waiting: list[Path] = []
        self._path = Path()  # of the file in hand
        self._asked = 0  # counts the looks, so that an overtaken one is not shown
        self._done: FileReport | None = None
        self._in_front = False
        self._lay_out()
        self.list = ListInHand(seat, tasks, self.preview, start, self)
        self._connect()
        self.setAcceptDrops(True)
        self._show_start()

    def _lay_out(self) -> None:
        self._head = ImportHead()
        self._cancel, self._go = self._head.cancel, self._head.go
        self._files = FilesIn(self._tasks, self)
        self.zone = DropZone()
        self.preview = ImportPreview()
        self.summary = ImportSummary()
        self.bundle = BundlePane(self._seat, self._tasks)
        self.answers = AnswersPane(self._tasks)
        self.trouble = EmptyState("warning")
        another = KeyButton(self.tr("Choose another file…"), keys.label("choose-file", "import"), kind="primary")
        self._retry = KeyButton(self.tr("Try again"), keys.label("import-rows", "import"))
        self.trouble.add_action(another)
        self.trouble.add_action(self._retry)
        self.trouble.setFocusProxy(another)
        another.clicked.connect(self.choose)
        self._retry.clicked.connect(self._on_retry)
        self._stack = QStackedWidget()
        for part in (self.zone, self.preview, self.summary, self.bundle, self.answers, self.trouble):
            self._stack.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self._files.came.connect(self.take)
        self._files.save_wanted.connect(self._on_save)
        self._files.said.connect(self.said)
        self.zone.choose_wanted.connect(self.choose)
        self._cancel.clicked.connect(self._on_escape)
        self._go.clicked.connect(self._on_go)
        self.list.stood.connect(self._on_stood)
        self.list.imported.connect(self._on_imported)
        for other in (self.bundle, self.answers):
            other.stood.connect(self._say_buttons)
        for part in (self.list, self.bundle, self.answers):
            part.failed.connect(self._on_failed)
        self.preview.answers.acted.connect(self._on_answers)
        self.bundle.calls_wanted.connect(self._on_calls)
        self.summary.calls_wanted.connect(self._on_calls)
        self.summary.next_wanted.connect(self._next)
        self.summary.another_wanted.connect(self.choose)
        self.summary.save_wanted.connect(self.save_refused)
        keys.bind("choose-file", self, self.choose, "import")
        keys.bind("paste-file", self, self._files.paste, "import")
        keys.bind("import-rows", self, self._on_go, "import")
        keys.bind("as-answers", self, self._on_answers, "import")
        keys.bind("leave-import", self, self._on_escape, "import")

    # what the window calls

    def arrive(self) -> None:
        """The page comes to the front, as it was left."""
        self._in_front = True
        self._focus()

    def leave(self) -> None:
        """Another page comes to the front; an import goes on, a finished one makes room for the next."""
        self._in_front = False
        if self._is_done() and not self._waiting:
            self._show_start()

    def flush(self) -> None:
        """The window closes: an import ends at the next row, and what is in stays."""
        self.list.drop()

    def splitters(self) -> dict[str, QSplitter]:
        """Panes whose places are remembered."""
        return {"columns": self.preview.splitter}

    # how files come in

    @Slot()
    def choose(self) -> None:
        """Asks for files."""
        if not self.list.importing:
            self._files.choose()

    @Slot(list)
    def take(self, files: Sequence[Path]) -> None:
        """Looks at the first file; the others follow it. While one is open they all wait for it."""
        files = [file for file in files if file not in self._waiting]
        if not files:
            return
        self._waiting += files
        self._files.remember(files[0])
        if (self._stack.currentWidget() is self.preview and self.list.look is not None) or self._is_busy():
            self.said.emit(self.tr("{0} comes next.").format(files[0].name))
            self._say_buttons()
        else:
            self._next()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be dropped anywhere."""
        if paths_of(event.mimeData()):
            event.acceptProposedAction()
            self.zone.set_over(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Somebody thought better of it."""
        self.zone.set_over(False)
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Takes what was dropped."""
        self.zone.set_over(False)
        event.acceptProposedAction()
        self.take(paths_of(event.mimeData()))

    # from one state to the next

    def _show(self, part: QWidget) -> None:
        within = self.isAncestorOf(self.window().focusWidget() or self)
        self._stack.setCurrentWidget(part)
        self._head.setVisible(True)
        self._say_buttons()
        if within or self._in_front:
            self._focus()

    def _focus(self) -> None:
        part = self._stack.currentWidget()
        if not self.isVisible():
            return
        focus = self.preview.list if part is self.preview else part
        if focus is not None:
            focus.setFocus()

    def _show_start(self) -> None:
        self.list.forget()
        self._done = None
        self._head.say_start()
        self._show(self.zone)

    def _show_trouble(self, error: ServiceError) -> None:
        words = " ".join(part for part in (error.kept, error.todo) if part)
        self.trouble.set("warning", error.sentence, words)
        self.trouble.setAccessibleName(str(error))
        look = self.list.look
        self._head.say_trouble(look.path if look is not None else None, self._waiting)
        self._retry.setVisible(look is not None)
        self._show(self.trouble)

    @Slot()
    def _next(self) -> None:
        """The next file that waits, or the start."""
        self.list.forget()
        if not self._waiting:
            self._show_start()
            return
        path = self._path = self._waiting.pop(0)
        for other in (self.bundle, self.answers):
            other.forget()
        self._asked += 1
        self._head.say_looking(path)
        self._say_buttons()
        self.list.await_one()
        number = self._asked
        self._tasks.read(_look, path, then=partial(self._on_look, number), failed=partial(self._on_look_failed, number))

    def _on_look(self, number: int, look: Look | None) -> None:
        if number != self._asked:
            return
        if look is None:
            self._show(self.bundle)
            self.bundle.open(self._path)
            return
        self.list.open(look)
        self._say_head()
        self._show(self.preview)
        self.list.rehearse()

    def _on_look_failed(self, number: int, error: ServiceError) -> bool:
        if number == self._asked:
            self._show_trouble(error)
        return True

    def _say_head(self) -> None:
        if self.list.look is not None:
            rows = self.list.report.read if self.list.report is not None else None
            self._head.say_file(self.list.look, rows, self._waiting, importing=self.list.importing)

    @Slot()
    def _on_stood(self) -> None:
        self._say_head()
        self._say_buttons()
        if self.list.importing:
            self._cancel.setFocus()

    @Slot()
    def _say_buttons(self) -> None:
        if (other := self._other()) is not None:
            self._head.say_other(other.said(), self._waiting)
            return
        count = self.list.importable() if self.list.report is not None else None
        preview = self._stack.currentWidget() is self.preview
        self._head.say_buttons(count, preview=preview, importing=self.list.importing, more=bool(self._waiting))

    def _other(self) -> BundlePane | AnswersPane | None:
        """What is shown of something that is no list of inquiries."""
        part = self._stack.currentWidget()
        return next((other for other in (self.bundle, self.answers) if other is part), None)

    def _is_busy(self) -> bool:
        other = self._other()
        return other is not None and other.busy()

    def _is_done(self) -> bool:
        """Whether the file in hand is in."""
        other = self._other()
        return other.is_done() if other is not None else self._stack.currentWidget() is self.summary

    @Slot()
    def _on_answers(self) -> None:
        """The list in hand says what became of leads."""
        if self._stack.currentWidget() is self.preview and self.list.look is not None and not self.list.importing:
            self.list.drop()
            self._show(self.answers)
            self.answers.open(self.list.look.path)

    @Slot(object)
    def _on_failed(self, error: ServiceError) -> None:
        if not self._in_front:
            self.said.emit(str(error))
        self._show_trouble(error)

    @Slot()
    def _on_go(self) -> None:
        part = self._stack.currentWidget()
        if part is self.summary:
            self.summary.go_on()
        elif (other := self._other()) is not None:
            other.go_on()
        elif part is self.trouble:
            self._on_retry()
        elif part is self.preview:
            self.list.take_in()

    @Slot(object)
    def _on_imported(self, report: ImportReport) -> None:
        self._done = file = report.files[-1]
        self._tasks.changed.emit(report.changed, self)
        name = Path(file.file).name
        next_file = self._waiting[0].name if self._waiting else ""
        self.summary.show_report(file, report.seconds, cancelled=report.cancelled, next_file=next_file)
        self._head.say_imported(name, self.list.source, self._waiting)
        if not self._in_front:
            self.said.emit(self.tr("{0}: {1} rows are in.").format(name, import_words.number(taken_in(file))))
        self._show(self.summary)

    @Slot()
    def _on_escape(self) -> None:
        part = self._stack.currentWidget()
        if self.list.importing:
            self.list.stop()
        elif (other := self._other()) is not None and other.busy():
            other.stop()
        elif part is self.zone:
            self._asked += 1
            self.head_back.emit()
        elif self._is_done() and not self._waiting:
            self._show_start()
            self.head_back.emit()
        else:
            self._asked += 1
            self._next()

    @Slot()
    def _on_retry(self) -> None:
        if self.list.look is not None:
            self._waiting.insert(0, self.list.look.path)
            self._next()

    @Slot()
    def _on_calls(self) -> None:
        self.calls_wanted.emit()

    # what was refused

    @Slot()
    def save_refused(self) -> None:
        """Asks where, and writes the refused rows there as a list."""
        if self._done is not None:
            name = self.tr("{0}, refused.csv").format(Path(self._done.file).stem)
            self._files.ask_where(self.tr("Save the refused rows"), name)

    @Slot(object)
    def _on_save(self, file: Path) -> None:
        self.save_refused_as(str(file))

    def save_refused_as(self, name: str) -> None:
        """Writes the refused rows with their reasons and their cells as a list that a spreadsheet may open."""
        from app.services import refused_rows

        if self._done is not None:
            reasons = [(row.line, row.why) for row in self._done.rows if row.fate is Fate.REFUSED]
            self._tasks.read(
                refused_rows.save_refused, Path(self._done.file), reasons, Path(name),
                then=partial(self._on_saved, Path(name).name),
            )  # fmt: skip

    def _on_saved(self, name: str, rows: int) -> None:
        self.said.emit(self.tr("{0} rows are in {1}.").format(import_words.number(rows), name))


def _look(seat: Seat, path: Path) -> Look | None:
    """A list at first sight; None for a bundle, which is none."""
    return None if carrying.is_bundle(path) else import_forms.look(seat, path)

"""Imports lists: a file is looked at, shown with what would happen to each row, and taken in beside the window."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.services import carrying, changing_settings, import_forms, sources
from app.services.importing import FileReport, ImportOptions, ImportReport, Progress
from app.services.row_fates import Fate
from app.ui import keys
from app.ui.capture import import_words
from app.ui.capture.bundle_pane import BundlePane
from app.ui.capture.drop_zone import DropZone
from app.ui.capture.files_in import FilesIn, paths_of
from app.ui.capture.import_head import ImportHead
from app.ui.capture.import_preview import ImportPreview
from app.ui.capture.import_run import ImportRun, Start, starter
from app.ui.capture.import_summary import ImportSummary
from app.ui.capture.keeping_forms import KeepingForms
from app.ui.widgets.empty_state import EmptyState
from app.ui.widgets.key_button import KeyButton

if TYPE_CHECKING:
    from app.services.errors import ServiceError
    from app.services.import_forms import Look
    from app.services.seat import Seat
    from app.ui.tasks import Tasks

SOURCE = "import.source"
AGAIN_MS = 300  # after a change, before what happens is found out anew
TAKEN_IN = (Fate.NEW, Fate.UPDATED, Fate.MERGED)


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
        self._run = ImportRun(start or starter(seat), self)
        self._waiting: list[Path] = []
        self._look: Look | None = None
        self._path = Path()  # of the file in hand
        self._asked = 0  # counts the looks, so that an overtaken one is not shown
        self._report: FileReport | None = None
        self._done: FileReport | None = None
        self._importing = False
        self._last_source = ""
        self._known: list[str] = []
        self._in_front = False
        self._again = QTimer(self, singleShot=True, interval=AGAIN_MS)
        self._lay_out()
        self._connect()
        self.setAcceptDrops(True)
        tasks.read(changing_settings.aside, SOURCE, then=self._on_last_source)
        self._show_start()

    def _lay_out(self) -> None:
        self._head = ImportHead()
        self._cancel, self._go = self._head.cancel, self._head.go
        self._files = FilesIn(self._tasks, self)
        self.zone = DropZone()
        self.preview = ImportPreview()
        self._forms = KeepingForms(self._tasks, self.preview, self)
        self.summary = ImportSummary()
        self.bundle = BundlePane(self._seat, self._tasks)
        self.trouble = EmptyState("warning")
        another = KeyButton(self.tr("Choose another file…"), keys.label("choose-file", "import"), kind="primary")
        self._retry = KeyButton(self.tr("Try again"), keys.label("import-rows", "import"))
        self.trouble.add_action(another)
        self.trouble.add_action(self._retry)
        self.trouble.setFocusProxy(another)
        another.clicked.connect(self.choose)
        self._retry.clicked.connect(self._on_retry)
        self._stack = QStackedWidget()
        for part in (self.zone, self.preview, self.summary, self.bundle, self.trouble):
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
        self._again.timeout.connect(self._rehearse)
        self.preview.changed.connect(self._on_changed)
        self._run.progressed.connect(self._on_progress)
        self._run.finished.connect(self._on_finished)
        self._run.failed.connect(self._on_failed)
        self.bundle.stood.connect(self._say_buttons)
        self.bundle.failed.connect(self._on_bundle_failed)
        self.bundle.calls_wanted.connect(self._on_calls)
        self.summary.calls_wanted.connect(self._on_calls)
        self.summary.next_wanted.connect(self._next)
        self.summary.another_wanted.connect(self.choose)
        self.summary.save_wanted.connect(self.save_refused)
        keys.bind("choose-file", self, self.choose, "import")
        keys.bind("paste-file", self, self._files.paste, "import")
        keys.bind("import-rows", self, self._on_go, "import")
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
        self._again.stop()
        self._run.drop()

    def splitters(self) -> dict[str, QSplitter]:
        """Panes whose places are remembered."""
        return {"columns": self.preview.splitter}

    # how files come in

    @Slot()
    def choose(self) -> None:
        """Asks for files."""
        if not self._importing:
            self._files.choose()

    @Slot(list)
    def take(self, files: Sequence[Path]) -> None:
        """Looks at the first file; the others follow it. While one is open they all wait for it."""
        files = [file for file in files if file not in self._waiting]
        if not files:
            return
        self._waiting += files
        self._files.remember(files[0])
        if (self._stack.currentWidget() is self.preview and self._look is not None) or self.bundle.busy():
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
        self._look = self._report = self._done = None
        self._head.say_start()
        self._show(self.zone)

    def _show_trouble(self, error: ServiceError) -> None:
        words = " ".join(part for part in (error.kept, error.todo) if part)
        self.trouble.set("warning", error.sentence, words)
        self.trouble.setAccessibleName(str(error))
        self._head.say_trouble(self._look.path if self._look is not None else None, self._waiting)
        self._retry.setVisible(self._look is not None)
        self._report = None
        self._show(self.trouble)

    @Slot()
    def _next(self) -> None:
        """The next file that waits, or the start."""
        self._run.drop()
        self._again.stop()
        self._importing = False
        if not self._waiting:
            self._show_start()
            return
        path = self._path = self._waiting.pop(0)
        self.bundle.forget()
        self._look = self._report = None
        self._asked += 1
        self._head.say_looking(path)
        self._say_buttons()
        self._tasks.read(sources.names, then=self._on_sources)
        number = self._asked
        self._tasks.read(_look, path, then=partial(self._on_look, number), failed=partial(self._on_look_failed, number))

    def _on_look(self, number: int, look: Look | None) -> None:
        if number != self._asked:
            return
        if look is None:
            self._show(self.bundle)
            self.bundle.open(self._path)
            return
        self._look = look
        form = look.form
        region = (form.region if form else "") or self._seat.settings["region"]
        self.preview.options.fill(
            sources=self._known, source=(form.source if form else "") or self._last_source, region=region
        )
        self.preview.show_look(look, form.mapping if form else {})
        self._forms.show(look)
        self.preview.set_busy(False)
        self._say_head()
        self._show(self.preview)
        self._rehearse()

    def _on_look_failed(self, number: int, error: ServiceError) -> bool:
        if number == self._asked:
            self._show_trouble(error)
        return True

    def _say_head(self) -> None:
        if self._look is not None:
            rows = self._report.read if self._report is not None else None
            self._head.say_file(self._look, rows, self._waiting, importing=self._importing)

    @Slot()
    def _say_buttons(self) -> None:
        if self._at_bundle():
            self._head.say_bundle(self.bundle.said(), self._waiting)
            return
        count = self._importable() if self._report is not None else None
        preview = self._stack.currentWidget() is self.preview
        self._head.say_buttons(count, preview=preview, importing=self._importing, more=bool(self._waiting))

    def _at_bundle(self) -> bool:
        return self._stack.currentWidget() is self.bundle

    def _is_done(self) -> bool:
        """Whether the file in hand is in."""
        return self.bundle.is_done() if self._at_bundle() else self._stack.currentWidget() is self.summary

    @Slot(object)
    def _on_bundle_failed(self, error: ServiceError) -> None:
        if not self._in_front:
            self.said.emit(str(error))
        self._show_trouble(error)

    def _importable(self) -> int:
        return sum(self._report.counts.get(fate, 0) for fate in TAKEN_IN) if self._report is not None else 0

    # the rehearsal

    @Slot()
    def _on_changed(self) -> None:
        """What would happen may be something else: the rehearsal under way is worth nothing any more."""
        if self._look is None or self._importing:
            return
        self._run.drop()
        self._report = None
        self._say_buttons()
        self.preview.strip.set(self.tr("Finding out what happens with each row…"))
        self._again.start()

    def _options(self, *, dry_run: bool) -> ImportOptions:
        assert self._look is not None
        wanted = self.preview.options.wanted()
        return ImportOptions(
            source=wanted.source or self._look.path.stem,
            region=wanted.region,
            mapping=self.preview.columns.mapping(),
            on_match=wanted.on_match,
            as_new=wanted.as_new,
            overwrite_hand=wanted.overwrite_hand,
            dry_run=dry_run,
        )

    @Slot()
    def _rehearse(self) -> None:
        if self._look is None or self._importing:
            return
        self._report = None
        self._say_buttons()
        self.preview.table.say_when_empty(self.tr("Finding out what happens with each row…"))
        self.preview.strip.set(self.tr("Finding out what happens with each row; nothing is changed."))
        self._run.begin(self._look.path, self._options(dry_run=True))

    @Slot(object)
    def _on_progress(self, told: Progress) -> None:
        rows = import_words.number(told.rows)
        if self._importing:
            text = self.tr("{0} rows are read; what is in stays. You can go on calling.").format(rows)
        else:
            text = self.tr("Looked at {0} rows; nothing is changed.").format(rows)
        self.preview.show_counts(told)
        self.preview.show_progress(told, self._run.seconds(), text)

    @Slot(object)
    def _on_finished(self, report: ImportReport) -> None:
        file = report.files[-1]
        if self._importing:
            self._on_imported(report, file)
            return
        self._report = file
        self.preview.show_report(file)
        text = self.tr("Nothing is changed yet. You can go on calling while rows go in.")
        if not self._importable():
            text = self.tr("Nothing to do: nobody in this list is new, and nothing about anybody is.")
        self.preview.strip.set(text, self.tr("ready"), 1.0)
        self._say_head()
        self._say_buttons()

    @Slot(object)
    def _on_failed(self, error: ServiceError) -> None:
        if not self._importing:  # a rehearsal writes nothing, whatever ended it
            error.kept = self.tr("Nothing was changed.")
        self._importing = False
        self.preview.set_busy(False)
        if not self._in_front:
            self.said.emit(str(error))
        self._tasks.changed_elsewhere.emit()
        self._show_trouble(error)

    # the import

    @Slot()
    def _on_go(self) -> None:
        part = self._stack.currentWidget()
        if part is self.summary:
            self.summary.go_on()
        elif part is self.bundle:
            self.bundle.go_on()
        elif part is self.trouble:
            self._on_retry()
        elif part is self.preview and not self._importing and self._importable():
            self._import()

    def _import(self) -> None:
        assert self._look is not None
        wanted = self.preview.options.wanted()
        if not wanted.source:
            self.preview.options.ask_for_source()
            return
        self._again.stop()
        self._last_source = wanted.source
        self._tasks.act(changing_settings.keep_aside, SOURCE, wanted.source)
        options = self._options(dry_run=False)
        self._importing = True
        self.preview.set_busy(True)
        self._say_head()
        self._say_buttons()
        self._cancel.setFocus()
        self.preview.strip.set(self.tr("The first rows go in…"))
        self._run.begin(self._look.path, options)

    def _on_imported(self, report: ImportReport, file: FileReport) -> None:
        self._importing = False
        self.preview.set_busy(False)
        self._done = file
        self._tasks.changed.emit(report.changed, self)
        name = Path(file.file).name
        next_file = self._waiting[0].name if self._waiting else ""
        self.summary.show_report(file, report.seconds, cancelled=report.cancelled, next_file=next_file)
        self._head.say_imported(name, self._last_source, self._waiting)
        if not self._in_front:
            came_in = sum(file.counts.get(fate, 0) for fate in TAKEN_IN)
            self.said.emit(self.tr("{0}: {1} rows are in.").format(name, import_words.number(came_in)))
        self._show(self.summary)

    @Slot()
    def _on_escape(self) -> None:
        part = self._stack.currentWidget()
        if self._importing:
            self._run.cancel()
            self.preview.strip.set(self.tr("Stopping at the next row…"))
        elif self.bundle.busy():
            self.bundle.stop()
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
        if self._look is not None:
            self._waiting.insert(0, self._look.path)
            self._look = None
            self._next()

    @Slot()
    def _on_calls(self) -> None:
        self.calls_wanted.emit()

    # what is remembered

    def _on_last_source(self, name: str) -> None:
        self._last_source = name

    def _on_sources(self, names: list[str]) -> None:
        self._known = names

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

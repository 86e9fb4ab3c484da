"""One list: what would happen with each row is found out anew whenever something about it changes; then it goes in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.services import changing_settings, sources
from app.services.import_terms import Fate, FileReport, ImportOptions, ImportReport, Progress
from app.services.sales import answers_back
from app.ui.capture import import_words
from app.ui.capture.import_run import ImportRun, Start, starter
from app.ui.capture.keeping_forms import KeepingForms

if TYPE_CHECKING:
    from app.services.errors import ServiceError
    from app.services.import_forms import Look
    from app.services.seat import Seat
    from app.ui.capture.import_preview import ImportPreview
    from app.ui.tasks import Tasks

SOURCE = "import.source"
AGAIN_MS = 300  # after a change, before what happens is found out anew
TAKEN_IN = (Fate.NEW, Fate.UPDATED, Fate.MERGED)


def taken_in(report: FileReport) -> int:
    """How many rows of a list are somebody new, or say something new about somebody."""
    return sum(report.counts.get(fate, 0) for fate in TAKEN_IN)


class ListInHand(QObject):
    """Joins the preview to the process that rehearses the import, and then does it.

    Signals:
        stood: the head and its buttons say something else now.
        imported: it is in, all or as far as it was stopped; the ImportReport.
        failed: the ServiceError because of which it goes no further.
    """

    stood = Signal()
    imported = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        seat: Seat,
        tasks: Tasks,
        preview: ImportPreview,
        start: Start | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._seat, self._tasks, self._preview = seat, tasks, preview
        self.look: Look | None = None  # as it was at first sight
        self.report: FileReport | None = None  # what would happen; None while that is not known
        self.importing = False
        self.source = ""  # under which the last one went in
        self._known: list[str] = []
        self._run = ImportRun(start or starter(seat), self)
        self._forms = KeepingForms(tasks, preview, self)
        self._again = QTimer(self, singleShot=True, interval=AGAIN_MS)
        self._again.timeout.connect(self.rehearse)
        preview.changed.connect(self._on_changed)
        self._run.progressed.connect(self._on_progress)
        self._run.finished.connect(self._on_finished)
        self._run.failed.connect(self._on_failed)
        tasks.read(changing_settings.aside, SOURCE, then=self._on_last_source)

    def _on_last_source(self, name: str) -> None:
        self.source = name

    def await_one(self) -> None:
        """One is being looked at: reads what it will be asked."""
        self._tasks.read(sources.names, then=self._on_sources)

    def _on_sources(self, names: list[str]) -> None:
        self._known = names

    def open(self, look: Look) -> None:
        """Shows a list at first sight."""
        self.look, self.report, form = look, None, look.form
        self._preview.options.fill(
            sources=self._known, source=(form.source if form else "") or self.source,
            region=(form.region if form else "") or self._seat.settings["region"],
        )  # fmt: skip
        self._preview.show_look(look, form.mapping if form else {})
        self._preview.answers.say("")
        self._tasks.read(answers_back.outcome_column, look.columns, then=self._preview.offer_answers, key="answers")
        self._forms.show(look)
        self._preview.set_busy(False)

    def forget(self) -> None:
        """There is none any more."""
        self.drop()
        self.look = self.report = None
        self.importing = False

    def drop(self) -> None:
        """Whatever is under way ends at the next row, and nothing more is heard of it."""
        self._again.stop()
        self._run.drop()

    def importable(self) -> int:
        """How many rows would go in."""
        return taken_in(self.report) if self.report is not None else 0

    # the rehearsal

    @Slot()
    def _on_changed(self) -> None:
        """What would happen may be something else: the rehearsal under way is worth nothing any more."""
        if self.look is None or self.importing:
            return
        self._run.drop()
        self.report = None
        self.stood.emit()
        self._preview.strip.set(self.tr("Finding out what happens with each row…"))
        self._again.start()

    def _options(self, *, dry_run: bool) -> ImportOptions:
        assert self.look is not None
        wanted = self._preview.options.wanted()
        return ImportOptions(
            source=wanted.source or self.look.path.stem,
            region=wanted.region,
            mapping=self._preview.columns.mapping(),
            on_match=wanted.on_match,
            as_new=wanted.as_new,
            overwrite_hand=wanted.overwrite_hand,
            dry_run=dry_run,
        )

    @Slot()
    def rehearse(self) -> None:
        """Finds out what would happen with each row; nothing is changed."""
        if self.look is None or self.importing:
            return
        self.report = None
        self.stood.emit()
        self._preview.table.say_when_empty(self.tr("Finding out what happens with each row…"))
        self._preview.strip.set(self.tr("Finding out what happens with each row; nothing is changed."))
        self._run.begin(self.look.path, self._options(dry_run=True))

    @Slot(object)
    def _on_progress(self, told: Progress) -> None:
        rows = import_words.number(told.rows)
        if self.importing:
            text = self.tr("{0} rows are read; what is in stays. You can go on calling.").format(rows)
        else:
            text = self.tr("Looked at {0} rows; nothing is changed.").format(rows)
        self._preview.show_counts(told)
        self._preview.show_progress(told, self._run.seconds(), text)

    @Slot(object)
    def _on_finished(self, report: ImportReport) -> None:
        if self.importing:
            self.importing = False
            self._preview.set_busy(False)
            self.imported.emit(report)
            return
        self.report = report.files[-1]
        self._preview.show_report(self.report)
        text = self.tr("Nothing is changed yet. You can go on calling while rows go in.")
        if not self.importable():
            text = self.tr("Nothing to do: nobody in this list is new, and nothing about anybody is.")
        self._preview.strip.set(text, self.tr("ready"), 1.0)
        self.stood.emit()

    @Slot(object)
    def _on_failed(self, error: ServiceError) -> None:
        if not self.importing:  # a rehearsal writes nothing, whatever ended it
            error.kept = self.tr("Nothing was changed.")
        self.importing, self.report = False, None
        self._preview.set_busy(False)
        self._tasks.changed_elsewhere.emit()
        self.failed.emit(error)

    # the import

    def take_in(self) -> None:
        """Imports it, once it is known from where it comes."""
        wanted = self._preview.options.wanted()
        if self.importing or not self.importable() or self.look is None:
            return
        if not wanted.source:
            self._preview.options.ask_for_source()
            return
        self._again.stop()
        self.source = wanted.source
        self._tasks.act(changing_settings.keep_aside, SOURCE, wanted.source)
        options = self._options(dry_run=False)
        self.importing = True
        self._preview.set_busy(True)
        self.stood.emit()
        self._preview.strip.set(self.tr("The first rows go in…"))
        self._run.begin(self.look.path, options)

    def stop(self) -> None:
        """The import ends at the next row; what is in stays."""
        self._run.cancel()
        self._preview.strip.set(self.tr("Stopping at the next row…"))

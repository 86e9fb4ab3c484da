"""Takes somebody down: at a booth, on the phone, from a card."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.services import capture, changing_settings, sources
from app.services.capture import CaptureForm
from app.ui import keys
from app.ui.capture.capture_form import CaptureFields
from app.ui.capture.captured_list import CapturedList
from app.ui.capture.phone_check import PhoneCheck, check_phone
from app.ui.widgets.key_button import KeyButton
from app.ui.widgets.page_head import PageHead

if TYPE_CHECKING:
    from app.services.capture import CaptureResult, Known
    from app.services.errors import ServiceError
    from app.services.seat import Changed, Seat
    from app.ui.tasks import Tasks

DRAFT = "ui.capture-draft"
SOURCE = "ui.capture-source"
DRAFT_MS = 400  # a kill loses nothing older
CHECK_MS = 150  # after a key


class CapturePage(QWidget):
    """The form, and who was captured in this session.

    Signals:
        said: a sentence for a toast. undo_offered: one that can be taken back with `undo`.
        qualify_wanted, open_wanted: the inquiry to show on the call page.
        import_wanted: the list of a file instead. capture_wanted: this page, to the front.
    """

    said = Signal(str)
    undo_offered = Signal(str)
    capture_wanted = Signal()
    qualify_wanted = Signal(str)
    open_wanted = Signal(str)
    import_wanted = Signal()

    def __init__(self, seat: Seat, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seat, self._tasks = seat, tasks
        self._saving = False
        self._known: Known | None = None
        self._taken: list[tuple[CaptureForm, CaptureResult]] = []  # in this session, the latest last
        self._head = PageHead(self.tr("Capture"), self.tr("Each is saved on this computer at once"))
        self._import = KeyButton(self.tr("Import a file…"), keys.label("import", "window"))
        self._import.clicked.connect(self.import_wanted)
        self._head.add(self._import)
        self._form = CaptureFields()
        self._list = CapturedList()
        across = QHBoxLayout()
        across.setSpacing(0)
        across.addWidget(self._form, 1)
        across.addWidget(self._list)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addLayout(across, 1)
        self._draft = QTimer(self, singleShot=True, interval=DRAFT_MS)
        self._check = QTimer(self, singleShot=True, interval=CHECK_MS)
        self._connect()
        self.setFocusProxy(self._form)
        tasks.read(changing_settings.aside, DRAFT, then=self._on_draft)
        tasks.read(changing_settings.aside, SOURCE, then=self._on_source)
        self._read_sources()

    def _connect(self) -> None:
        self._form.typed.connect(self._on_typed)
        self._form.phone_typed.connect(self._check.start)
        self._form.left_contact.connect(self._on_left_contact)
        self._form.save_wanted.connect(self.save)
        self._form.open_wanted.connect(self._on_open_known)
        self._list.opened.connect(self.open_wanted)
        self._draft.timeout.connect(self._keep_draft)
        self._check.timeout.connect(self._on_check)
        self._tasks.changed.connect(self._on_changed)
        keys.bind("save-next", self, partial(self.save, False), "capture")
        keys.bind("save-qualify", self, partial(self.save, True), "capture")
        keys.bind("open-known", self, self._on_open_known, "capture")
        keys.bind("undo", self, self.undo, "capture")

    # saving

    @Slot(bool)
    def save(self, qualify: bool) -> None:
        """Keeps who is in the form; then the next, or the call with this one."""
        if self._saving:
            return
        form = self._form.form()
        if not any((form.phone.strip(), form.email.strip())):
            self._form.set_wrong(self.tr("A number or an e-mail is needed to reach them."))
            return
        self._saving = True
        self._draft.stop()
        # The wish goes along with the answer: the person may press other keys meanwhile.
        self._tasks.act(capture.capture, form, then=partial(self._on_captured, form, qualify), failed=self._on_refused)

    def _on_captured(self, form: CaptureForm, qualify: bool, result: CaptureResult) -> None:
        self._saving = False
        self._taken.append((form, result))
        name = _name(form)
        mark = result.sentence if result.known or result.sentence else ""
        self._list.add(result.inquiry_id, name, time.strftime("%H:%M"), form.company, mark)
        self._say_how_many()
        self._form.clear()
        self._known = None
        self._tasks.act(changing_settings.keep_aside, DRAFT, "")
        self._tasks.act(changing_settings.keep_aside, SOURCE, form.source.strip())
        if qualify:
            self.qualify_wanted.emit(result.inquiry_id)
            return
        self.undo_offered.emit(
            f"{name}: {result.sentence}" if result.sentence else self.tr("%1 is captured").replace("%1", name)
        )
        self._form.setFocus()

    def _say_how_many(self) -> None:
        count = self._list.count()
        words = self.tr("%n captured here · each is saved on this computer at once", "", count)
        self._head.set(self.tr("Capture"), words if count else self.tr("Each is saved on this computer at once"))

    def _on_refused(self, error: ServiceError) -> None:
        self._saving = False
        self._form.set_wrong(str(error))

    # the way back

    @Slot()
    def undo(self) -> None:
        """Takes the last capture of this session back: it is in the form again, to be corrected or left."""
        if self._saving:
            return
        if not self._taken:
            self.said.emit(self.tr("Nobody was captured here who could be taken back."))
            return
        form, result = self._taken[-1]
        if self._form.is_touched():
            words = self.tr("Save or empty the form first: %1 comes back into it.")
            self.said.emit(words.replace("%1", _name(form)))
            return
        self._saving = True
        then = partial(self._on_taken_back, form, result)
        self._tasks.act(_uncapture, result.entries, then=then, failed=self._on_not_taken_back)

    def _on_taken_back(self, form: CaptureForm, result: CaptureResult, _changed: Changed) -> None:
        self._saving = False
        self._taken.pop()
        self._list.take_back(result.inquiry_id)
        self._say_how_many()
        self._form.fill(form)
        self._check.start()
        self._draft.start()
        self.capture_wanted.emit()
        self._form.setFocus()
        self.said.emit(self.tr("%1 is taken back, and is in the form again").replace("%1", _name(form)))

    def _on_not_taken_back(self, error: ServiceError) -> bool:
        self._saving = False
        self._taken.pop()
        self.said.emit(str(error))
        return True

    # what is known about them

    @Slot()
    def _on_check(self) -> None:
        self._tasks.read(check_phone, self._form.form().phone, then=self._on_checked, key="capture-phone")

    def _on_checked(self, check: PhoneCheck) -> None:
        if check.text == self._form.form().phone:
            self._form.set_phone_words(check.words, wrong=bool(check.words) and not check.valid)

    @Slot()
    def _on_left_contact(self) -> None:
        form = self._form.form()
        if not (form.phone.strip() or form.email.strip()):
            self._on_known(form, None)
            return
        self._tasks.read(
            capture.who_is, form.phone, form.email, form.first_name, form.last_name, then=partial(self._on_known, form),
            key="capture-known",
        )  # fmt: skip

    def _on_known(self, asked: CaptureForm, known: Known | None) -> None:
        form = self._form.form()
        if (form.phone, form.email) != (asked.phone, asked.email):
            return  # saved meanwhile, or typed on
        self._known = known
        words = ""
        if known is not None:
            who = ", ".join(part for part in (known.name, known.company) if part)
            words = self.tr("Known already: %1 · %2 · saving adds what is new").replace("%1", who)
            words = words.replace("%2", known.sentence)
        self._form.set_known(words)

    @Slot()
    def _on_open_known(self) -> None:
        if self._known is not None:
            self.open_wanted.emit(self._known.inquiry_id)

    # the draft, and what is remembered

    @Slot()
    def _on_typed(self) -> None:
        if not self._draft.isActive():
            self._draft.start()

    @Slot()
    def _keep_draft(self) -> None:
        if self._saving:
            return
        form = self._form.form()
        empty = msgspec.structs.replace(form, source="") == CaptureForm()
        self._tasks.act(changing_settings.keep_aside, DRAFT, "" if empty else msgspec.json.encode(form).decode())

    def _on_draft(self, text: str) -> None:
        if not text:
            return
        try:
            form = msgspec.json.decode(text, type=CaptureForm)
        except msgspec.MsgspecError:
            return  # of another version of the form
        if not self._form.is_touched():
            self._form.fill(form)
            self._check.start()

    def _on_source(self, name: str) -> None:
        if name and not self._form.form().source:
            self._form.set_source(name)

    def _read_sources(self) -> None:
        self._tasks.read(sources.names, then=self._form.set_sources, key="capture-sources")

    @Slot(object)
    def _on_changed(self, changed: Changed) -> None:
        if changed.kinds & {"source_defined", "captured"}:
            self._read_sources()

    # what the window calls

    def leave(self) -> None:
        """Another page comes to the front."""
        self.flush()

    def flush(self) -> None:
        """The draft is kept before the window closes."""
        if self._draft.isActive():
            self._draft.stop()
            self._keep_draft()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow window leaves the form its room."""
        self._list.fit(self.width())
        super().resizeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """The time beside the consent is now."""
        super().showEvent(event)
        self._form.show_time()


def _name(form: CaptureForm) -> str:
    return f"{form.first_name} {form.last_name}".strip() or form.company or form.email or form.phone


def _uncapture(seat: Seat, entries: tuple[str, ...]) -> Changed:
    from app.services import uncapturing

    return uncapturing.uncapture(seat, entries)

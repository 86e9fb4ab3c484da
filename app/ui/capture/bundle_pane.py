"""A bundle from another laptop: opened, shown with what it would bring, and taken in beside the window."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMargins, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.services import carrying
from app.services.carrying import Brings, Carried, PassphraseNeeded
from app.ui import times
from app.ui.capture import import_words
from app.ui.capture.import_head import Said
from app.ui.capture.taking_in import TakingIn
from app.ui.widgets.field import Field
from app.ui.widgets.figure_tile import FigureTile
from app.ui.widgets.middle import put_in_middle
from app.ui.widgets.progress_strip import ProgressStrip
from app.ui.widgets.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from app.services.errors import ServiceError
    from app.services.seat import Seat
    from app.ui.tasks import Tasks

WIDTH = 720
DECISIONS = ("disposed", "reviewed", "closed")


class Standing(StrEnum):
    """How far a bundle has come."""

    OPENING = "opening"
    LOCKED = "locked"  # a passphrase opens it
    READY = "ready"
    TAKING = "taking"
    DONE = "done"


class BundlePane(QWidget):
    """One bundle after another; a passphrase is asked for where none of the team's keys opens it.

    Signals:
        stood: it has come further, so that the head says something else.
        failed: the ServiceError because of which it goes no further.
        calls_wanted: it is in, and they are to be called.
    """

    stood = Signal()
    failed = Signal(object)
    calls_wanted = Signal()

    def __init__(self, seat: Seat, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seat, self._tasks = seat, tasks
        self._file, self._standing = Path(), Standing.OPENING
        self._brings: Brings | None = None
        self._asked = 0  # counts the looks, so that an overtaken one is not shown
        self._taking = TakingIn(seat, tasks, self)
        self._title = WrappedLabel(pixels=24, weight=600)
        self._text = WrappedLabel(ink="ink_2")
        self._words = Field(self.tr("Passphrase of the bundle"), secret=True)
        self._words.edit.setAcceptDrops(False)  # a file is for the page
        self._tiles = {
            "people": FigureTile(self.tr("New people")), "calls": FigureTile(self.tr("Calls")),
            "decisions": FigureTile(self.tr("Decisions")), "other": FigureTile(self.tr("Other entries")),
        }  # fmt: skip
        self._figures = QWidget()
        self._strip = ProgressStrip()
        self._lay_out()
        self._words.edit.returnPressed.connect(self.go_on)  # type: ignore[attr-defined]
        self._words.changed.connect(self._on_typed)
        self._taking.progressed.connect(self._on_progress)
        self._taking.taken.connect(self._on_taken)
        self._taking.failed.connect(self._on_failed)

    def _lay_out(self) -> None:
        tiles = QHBoxLayout(self._figures)
        tiles.setContentsMargins(0, 14, 0, 0)
        tiles.setSpacing(12)
        for tile in self._tiles.values():
            tile.only_show()
            tiles.addWidget(tile, 1)
        inner = QWidget()
        inside = QVBoxLayout(inner)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(8)
        for part in (self._title, self._text, self._words, self._figures):
            inside.addWidget(part)
        inside.insertSpacing(2, 6)
        inside.addSpacing(14)
        inside.addWidget(self._strip)
        put_in_middle(self, inner, WIDTH, QMargins(22, 28, 22, 22))

    # what the page calls

    def open(self, file: Path) -> None:
        """Looks into a bundle; nothing is changed."""
        self._file, self._brings = file, None
        self._words.set_text("")
        self._words.set_hint("")
        self._look("")

    def said(self) -> Said:
        """What the head of the page is to say now."""
        tr, brings = self.tr, self._brings
        title = tr("Bundle {0}").format(self._file.name)
        sealed = tr("Sealed by a passphrase") if brings is None or brings.passphrase else tr("Sealed by the team's key")
        match self._standing:
            case Standing.OPENING:
                return Said(title, tr("Looking at it…"), "", False, tr("Back"))
            case Standing.LOCKED:
                return Said(title, tr("Sealed by a passphrase"), tr("Open"), bool(self._words.text()), tr("Back"))
            case Standing.READY:
                new = brings.new if brings is not None else 0
                take = import_words.counted(new, tr("Take in one entry"), tr("Take in {0} entries"))
                go = take if new else tr("Nothing to take in")
                return Said(title, sealed, go, bool(new), tr("Cancel"))
            case Standing.TAKING:
                return Said(title, sealed, "", False, tr("Stop"))
        return Said(title, tr("It is in"), tr("Call them now"), True, tr("Back"))

    def busy(self) -> bool:
        """Whether entries are going in."""
        return self._standing is Standing.TAKING

    def is_done(self) -> bool:
        """Whether it is in."""
        return self._standing is Standing.DONE

    @Slot()
    def go_on(self) -> None:
        """What its key does: opens it, takes it in, or goes to the calls."""
        if self._standing is Standing.LOCKED and self._words.text():
            self._look(self._words.text())
        elif self._standing is Standing.READY and self._brings is not None and self._brings.new:
            self._stand(Standing.TAKING)
            self._strip.set(self.tr("The first entries go in…"))
            self._taking.begin(self._file, self._brings.passphrase)
        elif self._standing is Standing.DONE:
            self.calls_wanted.emit()

    def stop(self) -> None:
        """No further entries; what is in stays."""
        self._taking.stop()
        self._strip.set(self.tr("Stopping…"))

    def forget(self) -> None:
        """Another file is looked at: what is still on its way is not shown."""
        self._asked += 1

    # opening

    def _look(self, passphrase: str) -> None:
        self._asked += 1
        number = self._asked
        self._stand(Standing.OPENING)
        self._title.set(self.tr("Opening the bundle…"))
        self._tasks.read(
            carrying.look_in, self._file, passphrase, slow=True, then=partial(self._on_looked, number),
            failed=partial(self._on_locked, number),
        )  # fmt: skip

    def _on_looked(self, number: int, brings: Brings) -> None:
        if number != self._asked:
            return
        self._brings = brings
        if brings.new:
            one, many = self.tr("One entry is new here"), self.tr("{0} entries are new here")
            self._title.set(import_words.counted(brings.new, one, many))
        else:
            self._title.set(self.tr("Nothing new: everything on it is here already"))
        self._text.set(self._told(brings))
        calls, decisions = brings.kinds.get("called", 0), sum(brings.kinds.get(kind, 0) for kind in DECISIONS)
        figures = {
            "people": brings.people, "calls": calls, "decisions": decisions,
            "other": brings.new - brings.kinds.get("captured", 0) - calls - decisions,
        }  # fmt: skip
        for key, count in figures.items():
            self._tiles[key].set(import_words.number(count))
        self._stand(Standing.READY)

    def _told(self, brings: Brings) -> str:
        tr, parts = self.tr, list[str]()
        if brings.authors:
            parts.append(tr("By {0}").format(", ".join(brings.authors)))
        if brings.since is not None and brings.until is not None:
            now = self._seat.now()
            first, last = (f"{times.day(at, now)} {times.clock(at)}" for at in (brings.since, brings.until))
            parts.append(tr("written {0} to {1}").format(first, last) if first != last else first)
        sentences = [", ".join(parts)] if parts else []
        if brings.new and brings.read > brings.new:
            one, many = tr("One more is here already"), tr("{0} more are here already")
            sentences.append(import_words.counted(brings.read - brings.new, one, many))
        if brings.new:
            sentences.append(tr("Nothing is changed yet"))
        return ". ".join(sentences) + "." if sentences else ""

    def _on_locked(self, number: int, error: ServiceError) -> bool:
        if number != self._asked:
            return True
        if not isinstance(error, PassphraseNeeded):
            self.failed.emit(error)
            return True
        again = bool(self._words.text())
        self._title.set(self.tr("A passphrase opens it"))
        self._text.set(self.tr("Whoever wrote the bundle chose one. It was not kept anywhere."))
        self._stand(Standing.LOCKED)
        self._words.set_hint(error.sentence if again else "", wrong=again)
        self._words.setFocus()
        return True

    @Slot()
    def _on_typed(self) -> None:
        self._words.set_hint("")
        self.stood.emit()

    # taking it in

    @Slot(int, int)
    def _on_progress(self, done: int, total: int) -> None:
        if self.busy():
            number = import_words.number
            words = self.tr("{0} of {1} entries are in. You can go on calling.").format(number(done), number(total))
            self._strip.set(words, f"{self._taking.rate():,.0f}/s", done / max(1, total))

    @Slot(object)
    def _on_taken(self, carried: Carried | None) -> None:
        """Where it was stopped, what is left is shown; it may go on."""
        if carried is None:
            self._look(self._brings.passphrase if self._brings is not None else "")
            return
        one, many = self.tr("One entry is in"), self.tr("{0} entries are in")
        self._title.set(import_words.counted(carried.entries, one, many))
        self._text.set(self.tr("In a team they go to everybody else with the next exchange, as brought by you."))
        self._stand(Standing.DONE)

    @Slot(object)
    def _on_failed(self, error: ServiceError) -> None:
        self._standing = Standing.READY
        self.failed.emit(error)

    def _stand(self, standing: Standing) -> None:
        self._standing = standing
        self._words.setVisible(standing is Standing.LOCKED)
        self._text.setVisible(standing is not Standing.OPENING)
        self._figures.setVisible(standing not in {Standing.OPENING, Standing.LOCKED})
        self._strip.setVisible(standing is Standing.TAKING)
        self.setFocusProxy(self._words if standing is Standing.LOCKED else None)  # type: ignore[arg-type]
        self.setAccessibleName(self._title.text())
        self.stood.emit()

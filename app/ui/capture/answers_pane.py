"""What became of leads, in a list from where sales works: shown with what it would change, then taken in."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QMargins, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.services.sales import answers_back
from app.services.seat import Changed
from app.ui.capture import import_words
from app.ui.capture.import_head import Said
from app.ui.stroke import Stroke
from app.ui.theme import size
from app.ui.widgets.card import Card
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.figure_tile import FigureTile
from app.ui.widgets.middle import put_in_middle
from app.ui.widgets.progress_strip import ProgressStrip
from app.ui.widgets.segmented import Segmented
from app.ui.widgets.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.errors import ServiceError
    from app.services.sales.answers_back import Fate, Rehearsal
    from app.services.seat import Seat
    from app.ui.tasks import Tasks

WIDTH = 900
LISTED = 9  # rows that cannot be used, which are named


class _Part(msgspec.Struct, frozen=True):
    changed: Changed
    rows: tuple[Fate, ...]


class AnswersPane(QWidget):
    """One list after another.

    Signals:
        stood: it has come further, so that the head says something else.
        failed: the ServiceError because of which it goes no further.
    """

    stood = Signal()
    failed = Signal(object)

    def __init__(self, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._file = Path()
        self._rehearsal: Rehearsal | None = None
        self._done = False
        self._asked = 0  # counts the looks, so that an overtaken one is not shown
        self._stroke = Stroke(tasks, self)
        self._title = WrappedLabel(pixels=24, weight=600)
        self._text = WrappedLabel(ink="ink_2")
        self._tiles = {
            "won": FigureTile(self.tr("Won")), "lost": FigureTile(self.tr("Lost")),
            "accepted": FigureTile(self.tr("Accepted")), "rejected": FigureTile(self.tr("Rejected")),
            "unchanged": FigureTile(self.tr("Unchanged")), "refused": FigureTile(self.tr("Not usable")),
        }  # fmt: skip
        self._returned = Segmented([
            ("nurture", self.tr("Nurture")), ("call-again", self.tr("Call again")), ("discard", self.tr("Discard")),
        ])  # fmt: skip
        self._returned.setAccessibleName(self.tr("What becomes of rejected leads"))
        self._rejected = QWidget()
        self._refused = Card()
        self._why = WrappedLabel(pixels=size("secondary"), ink="ink_2")
        self._strip = ProgressStrip()
        self._lay_out()
        self._stroke.progressed.connect(self._on_progress)
        self._stroke.ended.connect(self._on_ended)
        self._stroke.failed.connect(self.failed)

    def _lay_out(self) -> None:
        tiles = QHBoxLayout()
        tiles.setSpacing(12)
        for tile in self._tiles.values():
            tile.only_show()
            tiles.addWidget(tile, 1)
        across = QHBoxLayout(self._rejected)
        across.setContentsMargins(0, 0, 0, 0)
        across.addWidget(ElidedLabel(self.tr("What becomes of rejected leads"), ink="ink_2"))
        across.addWidget(self._returned)
        across.addStretch(1)
        listed = QVBoxLayout(self._refused)
        listed.setContentsMargins(16, 12, 16, 12)
        listed.addWidget(self._why)
        inner = QWidget()
        inside = QVBoxLayout(inner)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(14)
        head = QVBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title)
        head.addWidget(self._text)
        inside.addLayout(head)
        inside.addLayout(tiles)
        for part in (self._rejected, self._strip, self._refused):
            inside.addWidget(part)
        put_in_middle(self, inner, WIDTH, QMargins(22, 28, 22, 22))

    # what the page calls

    def open(self, file: Path) -> None:
        """Finds out what a list would change; nothing is changed."""
        self._file, self._rehearsal, self._done = file, None, False
        self._asked += 1
        number = self._asked
        self._show([])
        self._tasks.read(
            answers_back.rehearse, file, slow=True, then=partial(self._on_rehearsed, number),
            failed=partial(self._on_refused, number),
        )  # fmt: skip

    def said(self) -> Said:
        """What the head of the page is to say now."""
        tr, title = self.tr, self.tr("What became of leads: {0}").format(self._file.name)
        if self._rehearsal is None:
            return Said(title, tr("Looking at it…"), "", False, tr("Back"))
        facts = " · ".join(self._rehearsal.mapping.values())
        if self._done:
            return Said(title, facts, "", False, tr("Back"))
        if self.busy():
            return Said(title, facts, "", False, tr("Stop"))
        new = len(self._new())
        take = import_words.counted(new, tr("Take in one answer"), tr("Take in {0} answers"))
        go = take if new else tr("Nothing to take in")
        return Said(title, facts, go, bool(new), tr("Cancel"))

    def busy(self) -> bool:
        """Whether answers are going in."""
        return self._stroke.running()

    def is_done(self) -> bool:
        """Whether they are in."""
        return self._done

    @Slot()
    def go_on(self) -> None:
        """What its key does: takes them in."""
        if self._rehearsal is not None and not self._done and not self.busy():
            self._strip.set(self.tr("The first answers go in…"))
            self._stroke.begin(self._new(), _take, self._returned.current())
            self._show(self._rehearsal.rows)

    def stop(self) -> None:
        """No further ones; what is in stays."""
        self._stroke.stop()

    def forget(self) -> None:
        """Another file is looked at: what is still on its way is not shown."""
        self._asked += 1

    # inside

    def _new(self) -> list[Fate]:
        return [] if self._rehearsal is None else [row for row in self._rehearsal.rows if row.is_new]

    def _on_rehearsed(self, number: int, rehearsal: Rehearsal) -> None:
        if number == self._asked:
            self._rehearsal = rehearsal
            self._show(rehearsal.rows)

    def _on_refused(self, number: int, error: ServiceError) -> bool:
        if number == self._asked:
            self.failed.emit(error)
        return True

    @Slot(int, int, float)
    def _on_progress(self, done: int, total: int, rate: float) -> None:
        words = self.tr("{0} of {1} answers are in. You can go on calling.")
        words = words.format(import_words.number(done), import_words.number(total))
        self._strip.set(words, f"{rate:,.0f}/s", done / max(1, total))

    @Slot(list, bool)
    def _on_ended(self, parts: list[_Part], _stopped: bool) -> None:
        """Those that a rule refused after all count as refused; where it was stopped, the rest is not in."""
        rehearsal = self._rehearsal
        if rehearsal is None:
            return
        came = {row.line: row for part in parts for row in part.rows}
        others = [row for row in rehearsal.rows if not row.is_new]
        self._done = True
        self._show(sorted([*others, *came.values()], key=lambda row: row.line))

    def _show(self, rows: Sequence[Fate]) -> None:
        tr, number = self.tr, import_words.number
        new, refused = [row for row in rows if row.is_new], [row for row in rows if row.why]
        counts = {key: sum(row.outcome == key for row in new) for key in ("won", "lost", "accepted", "rejected")}
        counts["accepted"] += sum(row.outcome == "prospect" for row in new)
        counts |= {"unchanged": len(rows) - len(new) - len(refused), "refused": len(refused)}
        for key, tile in self._tiles.items():
            tile.set(number(counts[key]))
        if self._rehearsal is None:
            self._title.set(tr("Finding out what it says…"))
        elif self._done:
            self._title.set(import_words.counted(len(new), tr("One answer is in"), tr("{0} answers are in")))
        elif new:
            self._title.set(import_words.counted(len(new), tr("One answer is new"), tr("{0} answers are new")))
        else:
            self._title.set(tr("Nothing new: all of it is known"))
        self._text.set(
            tr("Each row names its lead by an id that Winnow had sent, by e-mail or by number. What is known already "
               "changes nothing, so the same list may come every week.")
        )  # fmt: skip
        self._rejected.setVisible(bool(counts["rejected"]) and not self._done)
        self._rejected.setEnabled(not self.busy())
        self._strip.setVisible(self.busy())
        lines = [tr("Row {0}: {1}").format(row.line, row.why) for row in refused[:LISTED]]
        if len(refused) > LISTED:
            lines.append(tr("and {0} more").format(number(len(refused) - LISTED)))
        self._why.set("\n".join(lines))
        self._refused.setVisible(bool(lines))
        self.setAccessibleName(self._title.text())
        self.stood.emit()


def _take(seat: Seat, rows: list[Fate], returned: str, *, stroke: str, leave_gone: bool) -> _Part:
    """Run beside the window; `stroke` and `leave_gone` are of strokes that one undo takes back: this is none."""
    taken, changed = answers_back.take_rows(seat, rows, returned=returned)
    return _Part(changed, taken)

"""The left pane: how many wait, the lists, and a new track."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.services.nurture.pages import Counts, Kind
from app.ui import fonts, keys
from app.ui.nurture import nurture_words
from app.ui.nurture.track_list import TrackList
from app.ui.theme import colour
from app.ui.widgets.key_button import KeyButton
from app.ui.widgets.page_head import PageHead

LEAST, MOST, USUAL = 190, 420, 296  # pixels at 100 %
ROOM = 256  # for two buttons


class _Foot(QWidget):
    """A line above what it holds."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour("panel"))
        painter.fillRect(QRectF(0, 0, self.width(), 1), colour("line"))


class ListsPane(QWidget):
    """Head, lists and foot.

    Signals:
        new_wanted: a new track. edit_wanted: the form of the one that is shown.
    """

    new_wanted = Signal()
    edit_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._head = PageHead(self.tr("Nurture"))
        self.lists = TrackList(self)
        self._may_change = True
        self._new = KeyButton(self.tr("New track…"), keys.label("new-track", "nurture"))
        self._new.clicked.connect(self.new_wanted)
        self._edit = KeyButton(self.tr("Edit…"), keys.label("edit-track", "nurture"))
        self._edit.clicked.connect(self.edit_wanted)
        foot = _Foot(self)
        row = QHBoxLayout(foot)
        row.setContentsMargins(18, 16, 18, 16)
        row.setSpacing(8)
        row.addWidget(self._new, 1)
        row.addWidget(self._edit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self.lists, 1)
        column.addWidget(foot)
        self.setMinimumWidth(fonts.scaled(LEAST))
        self.setMaximumWidth(fonts.scaled(MOST))

    def set_counts(self, counts: Counts) -> None:
        """Newer counts."""
        number = nurture_words.number
        words = self.tr("%1 of %2 wakes this week") if counts.soon == 1 else self.tr("%1 of %2 wake this week")
        words = words.replace("%1", number(counts.soon)).replace("%2", number(counts.total))
        self._head.set(self.tr("Nurture"), words if counts.total else self.tr("Nobody waits here yet"))
        self.lists.set_lists(counts.lists, counts.usual_days)
        self._new.setEnabled(counts.may_change)
        self._may_change = counts.may_change
        self.show_actions()

    def show_actions(self) -> None:
        """What can be done with the list that is shown: a track can be edited, where there is room for the button."""
        shown = self.lists.shown()
        is_track = shown is not None and shown.list.kind is Kind.TRACK
        self._edit.setVisible(is_track and self.width() >= fonts.scaled(ROOM))
        self._edit.setEnabled(self._may_change)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow pane has room for one button."""
        super().resizeEvent(event)
        self.show_actions()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground."""
        QPainter(self).fillRect(self.rect(), colour("panel"))

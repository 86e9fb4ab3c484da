"""Where a list is dropped: what an import shows before there is one."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui import fonts, keys
from app.ui.painting import sharp
from app.ui.theme import colour, size
from app.ui.widgets.empty_state import EmptyState
from app.ui.widgets.key_button import KeyButton

EDGE = 22  # pixels around the dashed box


class DropZone(QWidget):
    """A large dashed box; the page itself takes the drop.

    Signals:
        choose_wanted: a dialog for files is wanted.
    """

    choose_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._over = False
        self._state = EmptyState("download", parent=self)
        self.button = KeyButton(self.tr("Choose a file…"), keys.label("choose-file", "import"), kind="primary")
        self._state.add_action(self.button)
        self.button.clicked.connect(self.choose_wanted)
        self.setFocusProxy(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(EDGE, EDGE, EDGE, EDGE)
        column.addWidget(self._state)
        self.set_over(False)

    def set_over(self, over: bool) -> None:
        """Whether a file is held above the page."""
        self._over = over
        title = self.tr("Let go to look at it") if over else self.tr("Drop a list here")
        self._state.set(
            "download",
            title,
            self.tr(
                "CSV, Excel or vCards, as your fair or web form gave them: no columns to prepare. You can also paste a "
                "file or its path. A bundle that another laptop wrote is taken in here too. Nothing is changed before "
                "you have seen what happens."
            ),
        )
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The dashed box."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(EDGE, EDGE, -EDGE, -EDGE)
        box, line = sharp(painter, box)
        pen = QPen(colour("accent" if self._over else "control"), line * (2 if self._over else 1))
        pen.setStyle(Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([6, 5])
        painter.setPen(pen)
        painter.setBrush(colour("accent_soft" if self._over else "panel"))
        radius = fonts.scaled(size("radius_card"))
        painter.drawRoundedRect(box, radius, radius)

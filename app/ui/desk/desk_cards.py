"""The four figures above the lists."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from app.services.desk.figures import DeskFigures
from app.ui.desk import desk_words
from app.ui.widgets.figure_tile import FigureTile

GAP = 12


class DeskCards(QWidget):
    """Over the limit, due soon, held and not called, contested; two rows where there is little room.

    Signals:
        wanted: the key of the list behind a figure.
    """

    wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tiles = {
            "over": FigureTile(self.tr("Over limit"), parent=self),
            "due": FigureTile(self.tr("Due within 4 h"), parent=self),
            "held": FigureTile(self.tr("Held, not called"), parent=self),
            "contested": FigureTile(self.tr("Contested"), parent=self),
        }
        behind = {"over": "stale", "due": "stale", "held": "held", "contested": "contested"}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GAP)
        self._across = 0
        for key, tile in self._tiles.items():
            tile.setCheckable(False)
            tile.clicked.connect(lambda _=False, key=behind[key]: self.wanted.emit(key))
        self._place(len(self._tiles))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_figures(self, figures: DeskFigures) -> None:
        """Other figures."""
        chips = {
            "over": (figures.over, desk_words.card_over(figures)),
            "due": (figures.due, desk_words.card_due(figures)),
            "held": (figures.held, desk_words.card_held(figures)),
            "contested": (figures.to_settle, desk_words.card_contested(figures)),
        }
        for key, (count, (chip, tone)) in chips.items():
            self._tiles[key].set(desk_words.number(count), chip, tone)
        self.fit(self.width())

    def fit(self, width: int) -> None:
        """Beside each other where all that they say has room, else two by two."""
        wide = sum(tile.sizeHint().width() for tile in self._tiles.values()) + 3 * GAP
        self._place(4 if wide <= width else 2)

    def _place(self, across: int) -> None:
        if across == self._across:
            return
        self._across = across
        for place, tile in enumerate(self._tiles.values()):
            self._grid.removeWidget(tile)
            self._grid.addWidget(tile, place // across, place % across)
        for column in range(4):
            self._grid.setColumnStretch(column, 1 if column < across else 0)

    def minimumSizeHint(self) -> QSize:
        """Two by two."""
        widest = max(tile.sizeHint().width() for tile in self._tiles.values())
        return QSize(2 * widest + GAP, super().minimumSizeHint().height())

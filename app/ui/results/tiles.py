"""The six figures above all others, each beside the period before."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from app.ui.results import results_words
from app.ui.widgets.figure_tile import FigureTile

GAP = 12


class Tiles(QWidget):
    """In one row where all that they say has room, else in two.

    Signals:
        pressed: what a figure means.
    """

    pressed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        means = results_words.definitions()
        names = {
            "inquiries": self.tr("Inquiries"), "in-time": self.tr("Called within the limit"),
            "median": self.tr("First call, median"), "qualified": self.tr("Qualified"),
            "follow-up": self.tr("Sales follow-up"), "won": self.tr("Won"),
        }  # fmt: skip
        self._tiles = {key: FigureTile(name, results_words.NOTHING, self) for key, name in names.items()}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GAP)
        for key, tile in self._tiles.items():
            tile.setCheckable(False)
            tile.setToolTip(means[key])
            tile.clicked.connect(lambda _=False, words=means[key]: self.pressed.emit(words))
        self._across = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.fit(10_000)

    def set(self, figures: dict[str, tuple[str, str, str]]) -> None:
        """Figure, chip and tone by the key of a tile."""
        for key, (figure, chip, tone) in figures.items():
            self._tiles[key].set(figure, chip, tone)

    def tile(self, key: str) -> FigureTile:
        """One of them.

        Raises:
            KeyError: there is no such tile.
        """
        return self._tiles[key]

    def fit(self, width: int) -> None:
        """Six across where all that they say has room, else three, else two."""
        wide = [tile.sizeHint().width() + GAP for tile in self._tiles.values()]
        across = 6 if sum(wide) - GAP <= width else 3 if 3 * max(wide) - GAP <= width else 2
        if across == self._across:
            return
        self._across = across
        for tile in self._tiles.values():
            self._grid.removeWidget(tile)
        for column in range(6):
            self._grid.setColumnStretch(column, 1 if column < across else 0)
        for place, tile in enumerate(self._tiles.values()):
            self._grid.addWidget(tile, place // across, place % across)

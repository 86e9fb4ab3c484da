"""Pictures of the pages that a shift goes through, light and dark, large and small."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, QSize, QTimer
from PySide6.QtGui import QImage

from app.ui import look, theme
from app.ui.shell import LEAST
from app.ui.shift.hands import ShiftFailed

if TYPE_CHECKING:
    from app.ui.shift.hands import Hands

BREATH_MS = 60


class Pictures:
    """Keeps them in a folder, where there is one; `made` names the files."""

    def __init__(self, hands: Hands, folder: Path | None) -> None:
        self._hands, self._folder = hands, folder
        self.made: list[str] = []

    def wanted(self) -> bool:
        """Whether there is a folder for them."""
        return self._folder is not None

    def take(self, name: str) -> None:
        """The window as it is.

        Raises:
            ShiftFailed: the file cannot be written.
        """
        if self._folder is None:
            return
        _breathe()
        self._folder.mkdir(parents=True, exist_ok=True)
        ratio = self._hands.shell.devicePixelRatioF()
        size = self._hands.shell.size()
        image = QImage(size * ratio, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        self._hands.shell.render(image)
        file = self._folder / f"{name}.png"
        if not image.save(str(file)):
            raise ShiftFailed(f"The picture {file} cannot be written.")
        self.made.append(str(file))

    def take_calls(self) -> None:
        """The call page in every look."""
        if self._folder is None:
            return
        self._hands.rest()
        self.take("calls")
        look.apply(self._hands.application, theme.Theme.DARK)
        self.take("calls-dark")
        look.apply(self._hands.application, theme.Theme.LIGHT)
        usual = self._hands.shell.size()
        self._hands.shell.resize(QSize(*LEAST))
        self.take("calls-1024x700")
        self._hands.shell.resize(usual)
        _breathe()


def _breathe() -> None:
    """Lets what a change of size has put off happen."""
    loop = QEventLoop()
    QTimer.singleShot(BREATH_MS, loop.quit)
    loop.exec()

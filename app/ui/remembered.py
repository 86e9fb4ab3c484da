"""What a window remembers beside its home: sizes, places and the look; nothing of a person."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QSplitter, QWidget

FILE = "window.ini"  # in the folder of the home


class Remembered:
    """Kept in a file of its own, which is read before the home can be opened."""

    def __init__(self, file: Path) -> None:
        self._settings = QSettings(str(file), QSettings.Format.IniFormat)

    def restore_window(self, window: QWidget) -> None:
        """Puts a window where it was."""
        geometry = self._settings.value("window/geometry")
        if geometry is not None:
            window.restoreGeometry(geometry)

    def keep_window(self, window: QWidget) -> None:
        """Where a window is."""
        self._settings.setValue("window/geometry", window.saveGeometry())

    def restore_splitters(self, page: str, splitters: dict[str, QSplitter]) -> bool:
        """Puts the panes of a page where they were; whether somebody had moved any of them."""
        found = False
        for key, splitter in splitters.items():
            state = self._settings.value(f"splitters/{page}-{key}")
            if state is not None:
                found = splitter.restoreState(state) or found
        return found

    def keep_splitters(self, page: str, splitters: dict[str, QSplitter]) -> None:
        """Where the panes of a page are."""
        for key, splitter in splitters.items():
            self._settings.setValue(f"splitters/{page}-{key}", splitter.saveState())

    def theme(self) -> str:
        """The look that was chosen; empty where none was."""
        return str(self._settings.value("look/theme") or "")

    def keep_theme(self, name: str) -> None:
        """The look, which is also a setting of the home: here it is known before that is open."""
        self._settings.setValue("look/theme", name)

    def write(self) -> None:
        """Puts all of it on the disk."""
        self._settings.sync()

"""A file that a page hands out: asks where it goes, and has what is shown written into it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

if TYPE_CHECKING:
    from app.services.errors import ServiceError
    from app.services.seat import Seat
    from app.ui.tasks import Tasks


class FileOut(QObject):
    """One file at a time.

    Signals:
        begun: the name of the file. written: what the verb gave back. failed: a ServiceError.
    """

    begun = Signal(str)
    written = Signal(object)
    failed = Signal(object)

    def __init__(
        self, tasks: Tasks, write: Callable[[Seat, Any, Path], object], kinds: Mapping[str, str],
        parent: QObject | None = None,
    ) -> None:  # fmt: skip
        """`write` is the verb that writes what is shown; `kinds`: ending -> what it is called, the usual one first."""
        super().__init__(parent)
        self._tasks, self._write, self._kinds = tasks, write, dict(kinds)

    def ask(self, title: str, name: str, shown: object, over: QWidget) -> None:
        """Asks where something of that name goes, and writes it there; its ending says what it is."""
        usual, *_ = self._kinds
        plain = "".join(sign if sign.isalnum() else "-" for sign in name).strip("-").lower()
        filters = {f"{words} (*{ending})": ending for ending, words in self._kinds.items()}
        path, chosen = QFileDialog.getSaveFileName(over, title, str(Path.home() / (plain + usual)), ";;".join(filters))
        if path:
            file = Path(path)
            known = file.suffix.lower() in self._kinds
            self.write(file if known else file.with_name(file.name + filters.get(chosen, usual)), shown)

    def write(self, file: Path, shown: object) -> None:
        """Writes what is shown."""
        self.begun.emit(file.name)
        self._tasks.read(self._write, shown, file, slow=True, then=self._on_written, failed=self._on_failed)

    def _on_written(self, made: object) -> None:
        self.written.emit(made)

    def _on_failed(self, error: ServiceError) -> bool:
        self.failed.emit(error)
        return True

"""The head of an import: which file, what was found out about it, and the two buttons that go on and leave."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtWidgets import QWidget

from app.ui import keys
from app.ui.capture import import_words
from app.ui.widgets.key_button import KeyButton
from app.ui.widgets.page_head import PageHead

if TYPE_CHECKING:
    from app.services.import_forms import Look


class Said(NamedTuple):
    """What the head of the page says, and its two buttons; without words a button is not there."""

    title: str
    facts: str
    go: str
    may_go: bool
    cancel: str


class ImportHead(PageHead):
    """Says how far the file in hand has come; `go` and `cancel` are its buttons."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.cancel = KeyButton("", keys.label("leave-import", "import"))
        self.go = KeyButton("", keys.label("import-rows", "import"), kind="primary")
        self.add(self.cancel)
        self.add(self.go)

    def say_start(self) -> None:
        """No file is there yet."""
        self.set(self.tr("Import a list"), self.tr("Columns are recognised; you see what happens before it does"))

    def say_looking(self, file: Path) -> None:
        """It is being read."""
        self.set(self.tr("Import {0}").format(file.name), self.tr("Looking at it…"))

    def say_trouble(self, file: Path | None, waiting: Sequence[Path]) -> None:
        """It did not work out."""
        title = self.tr("Import {0}").format(file.name) if file is not None else self.tr("Import a list")
        self.set(title, self._then(waiting) or self.tr("It did not work out"))

    def say_file(self, look: Look, rows: int | None, waiting: Sequence[Path], *, importing: bool) -> None:
        """What was found out; `rows` when they have been counted."""
        facts = import_words.facts(look.kind, look.delimiter, look.encoding, look.header_row, look.language)
        if rows is not None:
            facts.insert(0, self.tr("{0} rows").format(import_words.number(rows)))
        if waiting:
            facts.append(self._then(waiting))
        title = self.tr("Importing {0}") if importing else self.tr("Import {0}")
        self.set(title.format(look.path.name), " · ".join(facts))

    def say_imported(self, name: str, source: str, waiting: Sequence[Path]) -> None:
        """It is in."""
        facts = [source, self._then(waiting)]
        self.set(self.tr("Imported {0}").format(name), " · ".join(fact for fact in facts if fact))

    def say_other(self, said: Said, waiting: Sequence[Path]) -> None:
        """How far something has come that is no list of inquiries, and what can be done."""
        self.set(said.title, " · ".join(fact for fact in (said.facts, self._then(waiting)) if fact))
        self.go.setVisible(bool(said.go))
        self.go.setEnabled(said.may_go)
        self.go.set_words(said.go)
        self.cancel.set_words(said.cancel)

    def say_buttons(self, count: int | None, *, preview: bool, importing: bool, more: bool) -> None:
        """What can be done: `count` rows could go in (None: not known yet), `more` files wait."""
        self.go.setVisible(preview and not importing)
        self.go.setEnabled(bool(count))
        if count is None:
            self.go.set_words(self.tr("Import"))
        elif count:
            rows = self.tr("Import 1 row") if count == 1 else self.tr("Import {0} rows")
            self.go.set_words(rows.format(import_words.number(count)))
        else:
            self.go.set_words(self.tr("Nothing to import"))
        if importing:
            self.cancel.set_words(self.tr("Stop"))
        elif preview:
            self.cancel.set_words(self.tr("Skip this file") if more else self.tr("Cancel"))
        else:
            self.cancel.set_words(self.tr("Back"))

    def _then(self, waiting: Sequence[Path]) -> str:
        if not waiting:
            return ""
        if len(waiting) == 1:
            return self.tr("then {0}").format(waiting[0].name)
        return self.tr("then {0} more files").format(len(waiting))

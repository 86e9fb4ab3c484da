"""What reading a list gives, whatever kind of file it was: rows, refusals, and the file's own facts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from app.models.columns import Column
from app.services.errors import Refused

Kind = Literal["table", "workbook", "cards"]


class Caps(msgspec.Struct, frozen=True):
    """How much of a file is read at most; a larger one is refused before it is read."""

    bytes: int = 10 * 2**30
    columns: int = 500
    field: int = 32_767  # characters, as in a spreadsheet's cell
    unzipped: int = 2 * 2**30  # bytes of a workbook's parts together
    sheet: int = 512 * 2**20  # bytes of its largest part, which is read into memory whole


WIDEST = 16_384  # columns of a spreadsheet; so many are looked at to say how many there are too many


class FileRefused(Refused):
    """The file is no list that can be read, or larger than allowed; nothing of it was imported."""

    code = "file_refused"


class RawRow(NamedTuple):
    """One row as it stands in the file; `line` is the file's own count from 1 (a card's number for cards)."""

    line: int
    cells: list[str]


class Refusal(NamedTuple):
    """A row that could not be used, and why; the others go in."""

    line: int
    reason: str


class Source:
    """An opened list: what is known about it, and its rows as a stream that holds one row in memory.

    Attributes:
        kind: table (text with delimiters), workbook or cards.
        encoding: of a text, else "". delimiter: of a table, else "".
        header_row: the line of the column names, 0 when there is none.
        columns: what each column was taken for; replace it to map by hand.
        language: of the column names ("de"), "" when unknown.
        day_first: what 03/04 means in the dates of this file.
        total_bytes, position: of the file, and how far reading has come.
    """

    kind: Kind = "table"

    def __init__(self, path: Path, *, total_bytes: int, region: str, caps: Caps) -> None:
        self.path = path
        self.name = path.name
        self.total_bytes = total_bytes
        self.region = region
        self.caps = caps
        self.encoding = ""
        self.delimiter = ""
        self.header_row = 0
        self.columns: list[Column] = []
        self.language = ""
        self.day_first = True

    @property
    def position(self) -> int:
        """Bytes of the file that were read so far."""
        return 0

    def rows(self) -> Iterator[RawRow | Refusal]:
        """Every row that is not blank, from the beginning at each call."""
        raise NotImplementedError

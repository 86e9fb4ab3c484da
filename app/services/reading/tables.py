"""Lists in text with delimiters (CSV and its relatives), read as a stream that a broken line does not end."""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from msgspec.structs import replace

from app.models.columns import language_of, recognise
from app.models.dates import decide_day_first
from app.services.reading import detection
from app.services.reading.source import WIDEST, Caps, FileRefused, RawRow, Refusal, Source

LINE = 1_048_576  # characters of one line; a longer one is passed over
LINES = 1_000  # of one record; more, and a quote was left open
SAMPLE_ROWS = 200

_UNCLOSED = "a quote is opened and never closed"
_TOO_LONG = "the line is too long"
_UNREADABLE = "holds characters that are not {encoding}"


class _Endless(Exception):
    """The record does not end where one should."""


class _Lines:
    """Lines for the CSV reader, remembered as long as their record lasts, so that they can be read again."""

    def __init__(self, readline: Callable[[int], str]) -> None:
        self._readline = readline
        self._again: deque[str] = deque()
        self.taken: list[str] = []
        self.ended = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._readline(LINE)
        if not line:
            self.ended = True
            raise StopIteration
        taken = self.taken
        taken.append(line)
        if len(line) >= LINE or len(taken) > LINES:
            self._skip_rest(line)
            raise _Endless
        return line if "\0" not in line else line.replace("\0", "")

    def _skip_rest(self, line: str) -> None:
        while len(line) >= LINE and line[-1] not in "\r\n" and not self._again:
            line = self._readline(LINE)

    def give_back_all_but_first(self) -> None:
        self._again.extendleft(reversed(self.taken[1:]))
        self.taken = []
        self.ended = False


def records(
    readline: Callable[[int], str], delimiter: str, *, spaced: bool, encoding: str, caps: Caps
) -> Iterator[RawRow | Refusal]:
    """Every record with the line on which it begins, blank ones left out.

    A quote that is never closed costs its own line: the lines after it are read again as records of their own.

    Args:
        spaced: whether a space may stand between a delimiter and a quote.
    """
    lines = _Lines(readline)
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=spaced)
    line, width = 1, 0
    while True:
        lines.taken = []
        trouble = ""
        cells: list[str] = []
        try:
            cells = next(reader)
        except StopIteration:
            return
        except _Endless:
            trouble = _UNCLOSED if len(lines.taken) > 1 else _TOO_LONG
        except csv.Error:  # a field beyond the library's own limit
            trouble = _UNCLOSED if len(lines.taken) > 1 else _TOO_LONG
        taken = lines.taken
        if not trouble and len(taken) > 1 and _swallowed(taken, cells, width, delimiter, lines.ended):
            trouble = _UNCLOSED
        if trouble:
            yield Refusal(line, trouble)
            line += 1
            lines.give_back_all_but_first()
            reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=spaced)
            continue
        if any(map(str.strip, cells)):
            yield _checked(line, cells, taken, encoding, caps)
            width = width or (len(cells) if len(cells) > 1 else 0)
        line += len(taken)


def _swallowed(taken: list[str], cells: list[str], width: int, delimiter: str, ended: bool) -> bool:
    """Whether a record of several lines has taken in records that follow it, because a quote was left open."""
    if ended:
        return True
    whole = max(1, width - 1)
    if not any(line.count(delimiter) >= whole for line in taken[1:-1] or taken[1:]):
        return False
    if len(cells) != width:
        return True
    try:
        list(csv.reader(taken, delimiter=delimiter, strict=True))
    except csv.Error:
        return True
    return False


def _checked(line: int, cells: list[str], taken: list[str], encoding: str, caps: Caps) -> RawRow | Refusal:
    for text in taken:
        if detection.MARK in text:
            return Refusal(line, _UNREADABLE.format(encoding=encoding.removesuffix("-sig").upper()))
    if sum(map(len, taken)) > caps.field and any(len(cell) > caps.field for cell in cells):
        return Refusal(line, f"a field holds more than {caps.field:,} characters")
    if len(cells) > caps.columns:
        if any(cell.strip() for cell in cells[caps.columns :]):
            return Refusal(line, f"more than {caps.columns} columns")
        del cells[caps.columns :]
    return RawRow(line, cells)


class Table(Source):
    """A text with delimiters."""

    kind = "table"

    def __init__(self, path: Path, *, total_bytes: int, region: str, caps: Caps, encoding: str, text: str) -> None:
        super().__init__(path, total_bytes=total_bytes, region=region, caps=caps)
        self.encoding = encoding
        self.delimiter = detection.detect_delimiter(text)
        self._spaced = f'{self.delimiter} "' in text
        self._file: BinaryIO | None = None
        whole = total_bytes <= detection.SAMPLE
        wide = replace(caps, columns=WIDEST)
        beginning = self._records(io.StringIO(text, newline="").readline, wide)
        sample = [row for row in beginning if isinstance(row, RawRow)]
        describe(self, sample[:SAMPLE_ROWS] if whole else sample[: max(1, len(sample) - 1)][:SAMPLE_ROWS])

    @property
    def position(self) -> int:
        return self._file.tell() if self._file and not self._file.closed else self.total_bytes if self._file else 0

    def rows(self) -> Iterator[RawRow | Refusal]:
        with self.path.open("rb", buffering=1 << 16) as file:
            self._file = file
            text = io.TextIOWrapper(file, encoding=self.encoding, errors="winnow-mark", newline="")
            for row in self._records(text.readline, self.caps):
                if row.line > self.header_row:
                    yield row

    def _records(self, readline: Callable[[int], str], caps: Caps) -> Iterator[RawRow | Refusal]:
        rows = records(readline, self.delimiter, spaced=self._spaced, encoding=self.encoding, caps=caps)
        for row in rows:
            if row.line == 1 and isinstance(row, RawRow) and row.cells[0].lstrip("\ufeff").lower()[:4] == "sep=":
                continue
            yield row


def describe(source: Source, sample: list[RawRow]) -> None:
    """Find header, columns and the order of dates from the first rows, and note them in the source.

    Raises:
        FileRefused: there are more columns than allowed.
    """
    at = detection.find_header(sample, source.region)
    header = sample[at].cells if at >= 0 else []
    while header and not header[-1].strip():
        header = header[:-1]
    if len(header) > source.caps.columns:
        raise FileRefused(
            f"{source.name} has {len(header)} columns; {source.caps.columns} are allowed.",
            kept="Nothing was imported.",
            todo="Delete the columns that are not needed, then import it again.",
        )
    source.header_row = sample[at].line if at >= 0 else 0
    rows = [row.cells for row in sample[at + 1 :]]
    source.columns = recognise(header, rows, source.region)
    if not rows and not any(column.field for column in source.columns):
        raise FileRefused(
            f"{source.name} holds no rows, and no name of a column that is known.",
            kept="Nothing was imported.",
            todo="Export the list as CSV, XLSX or vCard, and import that.",
        )
    source.language = language_of(header)
    source.day_first = decide_day_first(_dates(source, rows), source.region)


def _dates(source: Source, rows: Iterable[list[str]]) -> list[str]:
    """The values of the columns that may hold the date."""
    at = [column.index for column in source.columns if column.field == "captured_at"]
    return [cells[index] for cells in rows for index in at if index < len(cells)]

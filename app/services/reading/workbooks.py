"""Workbooks of Excel and its relatives: their list, as text; a cover sheet before it is passed over."""

from __future__ import annotations

import datetime as dt
import zipfile
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import python_calamine as calamine
from msgspec.structs import replace

from app.services.reading.detection import BEGINNING, NAMED, header_likeness
from app.services.reading.source import WIDEST, Caps, FileRefused, RawRow, Refusal, Source
from app.services.reading.tables import SAMPLE_ROWS, describe

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Excel before 2007, and workbooks locked by a password
_DEFLATE = 1_032  # no deflated byte gives more than that many
_KEPT = "Nothing was imported."


class Workbook(Source):
    """A workbook; its sheet is read into memory, so its size is checked before."""

    kind = "workbook"

    def __init__(self, path: Path, *, total_bytes: int, region: str, caps: Caps) -> None:
        super().__init__(path, total_bytes=total_bytes, region=region, caps=caps)
        _check_size(path, caps)
        self._share = 0.0
        self._sheet = self._list_sheet()
        self._first_row = self._sheet.start[0] + 1
        sample: list[RawRow] = []
        for row in self._cells(replace(caps, columns=WIDEST)):
            if isinstance(row, RawRow):
                sample.append(row)
            if len(sample) == SAMPLE_ROWS:
                break
        if not sample:
            raise _no_list(self.name)
        describe(self, sample)
        self._share = 0.0

    @property
    def position(self) -> int:
        return int(self._share * self.total_bytes)

    def rows(self) -> Iterator[RawRow | Refusal]:
        for row in self._cells(self.caps):
            if row.line > self.header_row:
                yield row

    def _list_sheet(self) -> Any:
        """The first sheet that names columns, as no cover does; else the first that holds something."""
        first = None
        try:
            with calamine.CalamineWorkbook.from_path(str(self.path)) as book:
                for name in book.sheet_names:
                    sheet = book.get_sheet_by_name(name)
                    if not sheet.height or not sheet.width or sheet.start is None:
                        continue
                    if _names_columns(sheet):
                        return sheet
                    first = sheet if first is None else first
        except calamine.PasswordError as error:
            raise _locked(self.name) from error
        except (calamine.CalamineError, OSError, ValueError) as error:
            raise _no_list(self.name) from error
        except BaseException as error:
            if type(error).__name__ != "PanicException":  # how the library's own faults arrive
                raise
            raise _no_list(self.name) from error
        if first is not None:
            return first
        raise FileRefused(
            f"{self.name} has no sheet that holds anything.", kept=_KEPT, todo="Check that it is the right file."
        )

    def _cells(self, caps: Caps) -> Iterator[RawRow | Refusal]:
        height = max(1, self._sheet.height)
        column = self._sheet.start[1]
        for at, values in enumerate(self._sheet.iter_rows()):
            self._share = (at + 1) / height
            # A sheet may begin to the right of column A; a width beyond the cap is empty formatting or refused.
            line = self._first_row + at
            texts = [as_text(value) for value in values]
            if not any(map(str.strip, texts)):
                continue
            yield _checked(line, [""] * min(column, caps.columns) + texts, caps)


def _names_columns(sheet: Any) -> bool:
    return any(
        header_likeness([as_text(value) for value in values]) >= NAMED
        for values in islice(sheet.iter_rows(), BEGINNING)
    )


def _checked(line: int, cells: list[str], caps: Caps) -> RawRow | Refusal:
    while cells and not cells[-1]:
        cells.pop()
    if len(cells) > caps.columns:
        return Refusal(line, f"more than {caps.columns} columns")
    if any(len(cell) > caps.field for cell in cells):
        return Refusal(line, f"a field holds more than {caps.field:,} characters")
    return RawRow(line, cells)


def as_text(value: Any) -> str:
    """A cell as people read it: 5550100.0 is 5550100, a date is ISO 8601, a formula is its last value."""
    if isinstance(value, str):
        return value.replace("\0", "").replace("_x000D_", "\r") if "\0" in value or "_x000D_" in value else value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e17 else repr(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return "" if value is None else str(value)


def _check_size(path: Path, caps: Caps) -> None:
    """Refuse what would unzip to more than allowed, before anything unzips it.

    Raises:
        FileRefused: too large, not a workbook, or locked.
    """
    with path.open("rb") as file:
        if not file.read(4).startswith(ZIP):
            if path.stat().st_size > caps.sheet:
                raise _too_large(path.name, caps)
            return
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise _no_list(path.name) from error
    if any(part.flag_bits & 1 for part in parts):
        raise _locked(path.name)
    if not any(part.filename.startswith(("xl/", "content.xml")) for part in parts):
        raise _no_list(path.name)
    total = sum(part.file_size for part in parts)
    largest = max(part.file_size for part in parts)
    if total > caps.unzipped or largest > caps.sheet or len(parts) > 10_000:
        raise _too_large(path.name, caps)
    # The directory may lie. What is too small to unzip to more than allowed need not be tried.
    if sum(part.compress_size for part in parts) * _DEFLATE > min(caps.unzipped, caps.sheet):
        for part in parts:
            if part.compress_size * _DEFLATE > part.file_size and not _unzips_as_said(path, part):
                raise _too_large(path.name, caps)


def _unzips_as_said(path: Path, part: zipfile.ZipInfo) -> bool:
    """Whether a part unzips to no more than the directory says; found out piece by piece."""
    if part.compress_type != zipfile.ZIP_DEFLATED:
        return part.compress_type == zipfile.ZIP_STORED and part.file_size <= part.compress_size
    with path.open("rb") as file:
        file.seek(part.header_offset)
        head = file.read(30)
        if len(head) < 30:
            return False
        file.seek(int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little"), 1)
        inflate, given, left = zlib.decompressobj(-15), 0, part.compress_size
        while left > 0 and not inflate.eof:
            data = file.read(min(left, 1 << 16))
            if not data:
                break
            left -= len(data)
            while data and not inflate.eof:
                try:
                    given += len(inflate.decompress(data, 1 << 20))
                except zlib.error:
                    return True  # damaged, not swollen; opening it says so
                if given > part.file_size:
                    return False
                data = inflate.unconsumed_tail
    return True


def _too_large(name: str, caps: Caps) -> FileRefused:
    return FileRefused(
        f"{name} would unzip to more than is read from a workbook ({caps.sheet >> 20} MiB a sheet, "
        f"{caps.unzipped >> 20} MiB together).",
        kept=_KEPT,
        todo="Save the sheet as CSV, which may be of any length, and import that.",
    )


def _locked(name: str) -> FileRefused:
    return FileRefused(
        f"{name} is locked by a password.",
        kept=_KEPT,
        todo="Open it in its own program and save it without the password.",
    )


def _no_list(name: str) -> FileRefused:
    return FileRefused(
        f"{name} is no workbook that can be read.", kept=_KEPT, todo="Save it as XLSX or CSV, and import that."
    )

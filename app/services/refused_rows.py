"""The rows that could not be imported, as a list of their own: to be mended and imported again."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app.services.errors import EnvironmentFailed
from app.services.reading import FileRefused, RawRow, open_source

if TYPE_CHECKING:
    from app.services.seat import Seat

# A spreadsheet takes a cell that begins so for a formula: https://owasp.org/www-community/attacks/CSV_Injection
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe_cell(text: str) -> str:
    """The text, so that a spreadsheet shows it and never computes it."""
    return f"'{text}" if text.startswith(DANGEROUS) else text


def save_refused(seat: Seat, path: Path, reasons: Sequence[tuple[int, str]], target: Path) -> int:
    """Write row, reason and the cells as they stand in the list; returns the number of rows.

    Cells are left out where the list is gone or the row itself cannot be read.

    Raises:
        EnvironmentFailed: the target cannot be written.
    """
    header, cells = _cells_of(path, {line for line, _ in reasons}, seat.settings["region"])
    try:
        with target.open("w", newline="", encoding="utf-8-sig") as file:  # the mark tells spreadsheets the encoding
            writer = csv.writer(file)
            writer.writerow(["Row", "Reason", *map(safe_cell, header)])
            for line, reason in reasons:
                writer.writerow([line, *map(safe_cell, [reason, *cells.get(line, [])])])
    except OSError as error:
        raise EnvironmentFailed(
            f"{target.name} cannot be written: {error.strerror or error}.",
            kept="What was imported stays.",
            todo="Save it in another folder.",
        ) from error
    return len(reasons)


def _cells_of(path: Path, lines: set[int], region: str) -> tuple[list[str], dict[int, list[str]]]:
    try:
        source = open_source(path, region=region)
        found: dict[int, list[str]] = {}
        for row in source.rows():
            if isinstance(row, RawRow) and row.line in lines:
                found[row.line] = list(row.cells)
                if len(found) == len(lines):
                    break
    except (FileRefused, OSError):
        return [], {}
    return [column.name for column in source.columns], found

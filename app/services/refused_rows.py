"""The rows that could not be imported, as a list of their own: to be mended and imported again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app.services.exporting import harmless, write_csv
from app.services.files import whole
from app.services.reading import FileRefused, RawRow, open_source

if TYPE_CHECKING:
    from app.services.seat import Seat


def save_refused(seat: Seat, path: Path, reasons: Sequence[tuple[int, str]], target: Path) -> int:
    """Write row, reason and the cells as they stand in the list; returns the number of rows.

    Cells are left out where the list is gone or the row itself cannot be read.

    Raises:
        EnvironmentFailed: the target cannot be written.
    """
    header, cells = _cells_of(path, {line for line, _ in reasons}, seat.settings["region"])
    rows = ((line, reason, *cells.get(line, [])) for line, reason in reasons)
    with whole(target, "What was imported stays.") as beside:
        return write_csv(beside, rows, ("Row", "Reason", *map(harmless, header)))


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

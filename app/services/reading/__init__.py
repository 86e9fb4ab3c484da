"""Lists as people have them become people who could be called, without touching the store."""

from __future__ import annotations

from app.services.reading.opening import open_source
from app.services.reading.people import ImportedRow, RowReader, normalise_row, read_people
from app.services.reading.source import Caps, FileRefused, RawRow, Refusal, Source

__all__ = [
    "Caps", "FileRefused", "ImportedRow", "RawRow", "Refusal", "RowReader", "Source", "normalise_row", "open_source",
    "read_people",
]  # fmt: skip

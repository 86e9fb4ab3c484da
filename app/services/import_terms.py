"""What is asked of an import and what it tells: its options, the fate of each row, its progress and its report."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

import msgspec

from app.models.columns import Column
from app.services.seat import Changed


class Fate(StrEnum):
    """What becomes of a row."""

    NEW = "created"
    UPDATED = "updated"  # somebody known: what they said changed
    MERGED = "merged"  # somebody known: joined with what was there, nothing changed
    SKIPPED = "skipped"
    REFUSED = "refused"


class ImportOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How a list is to be taken in."""

    source: str
    region: str = ""  # of numbers without a country; empty: the home's
    mapping: dict[str, str] = {}  # field -> column name; an empty column takes the field away
    on_match: Literal["update", "skip"] = "update"
    as_new: bool = False  # every row is a new inquiry, whoever is known
    dry_run: bool = False
    overwrite_hand: bool = False  # let the list overwrite what was corrected by hand


class RowFate(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of one row."""

    line: int
    fate: Fate
    name: str
    company: str
    number: str
    why: str
    warned: bool = False


class FileReport(msgspec.Struct, kw_only=True):
    """What became of one file."""

    file: str
    kind: str
    encoding: str
    delimiter: str
    header_row: int
    language: str
    columns: tuple[Column, ...]
    mapping: dict[str, str]
    counts: dict[Fate, int]
    rows: tuple[RowFate, ...] = ()
    reasons: tuple[tuple[int, str], ...] = ()

    @property
    def read(self) -> int:
        """Rows that were not blank."""
        return sum(self.counts.values())


class ImportReport(msgspec.Struct, kw_only=True):
    """What became of all files."""

    files: tuple[FileReport, ...]
    seconds: float
    cancelled: bool = False
    changed: Changed = Changed()

    def count(self, fate: Fate) -> int:
        """Rows of one fate in all files."""
        return sum(file.counts[fate] for file in self.files)

    @property
    def read(self) -> int:
        """Rows that were not blank, in all files."""
        return sum(file.read for file in self.files)


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far an import has come."""

    file: str
    rows: int
    bytes_done: int
    bytes_total: int
    counts: dict[Fate, int]

"""What is known of a list before it is read: its columns, and how a list of the same form was mapped before."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from app.models.columns import Column, MappingError, apply_mapping
from app.models.folding import fold_text
from app.services import changing_settings
from app.services.errors import EnvironmentFailed, NotFound

if TYPE_CHECKING:
    from app.services.seat import Seat

PREFIX = "import.form."


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """How lists with the same column names are taken in."""

    name: str
    mapping: dict[str, str]  # field -> column name, "" takes a field away
    source: str = ""
    region: str = ""


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """A list at first sight; nothing of it has been imported."""

    path: Path
    kind: str  # table, workbook or cards
    encoding: str
    delimiter: str
    header_row: int
    language: str
    columns: tuple[Column, ...]
    print: str  # of the column names; empty where there are none
    form: Form | None = None


def look(seat: Seat, path: Path, region: str = "") -> Look:
    """Open a list and tell what its columns are, with the form that is remembered for them.

    Raises:
        FileRefused: it is no list, damaged, or larger than allowed.
        NotFound: there is no such file. EnvironmentFailed: it cannot be read.
    """
    from app.services.reading import open_source  # brings the workbook's library with it

    try:
        source = open_source(path, region=region or seat.settings["region"])
    except FileNotFoundError as error:
        raise NotFound(
            f"There is no file {path.name}.", kept="Nothing was imported.", todo="It may have been moved: choose it."
        ) from error
    except OSError as error:
        raise EnvironmentFailed(
            f"{path.name} cannot be read: {error.strerror or error}.",
            kept="Nothing was imported.",
            todo="Close it in other programs, or copy it to a folder of yours.",
        ) from error
    named = bool(source.header_row)
    seal = fingerprint(column.name for column in source.columns) if named else ""
    form = recall(seat, seal)
    return Look(
        path=path,
        kind=source.kind,
        encoding=source.encoding,
        delimiter=source.delimiter,
        header_row=source.header_row,
        language=source.language,
        columns=tuple(source.columns),
        print=seal,
        form=form if form is not None and _fits(form, source.columns) else None,
    )


def _fits(form: Form, columns: list[Column]) -> bool:
    try:
        apply_mapping(columns, form.mapping)
    except MappingError:
        return False
    return True


def fingerprint(names: Iterable[str]) -> str:
    """The same for the same column names in the same order, however they are written."""
    text = "\n".join(fold_text(name) for name in names)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def recall(seat: Seat, seal: str) -> Form | None:
    """The form that was remembered for a fingerprint; what a newer Winnow kept otherwise counts as none."""
    kept = changing_settings.aside(seat, PREFIX + seal) if seal else ""
    try:
        return msgspec.json.decode(kept, type=Form) if kept else None
    except msgspec.MsgspecError:
        return None


def remember(seat: Seat, seal: str, form: Form) -> Form:
    """From now on lists with this fingerprint are taken in by this form."""
    changing_settings.keep_aside(seat, PREFIX + seal, msgspec.json.encode(form).decode())
    return form


def forget(seat: Seat, seal: str) -> None:
    """The columns of such lists are recognised anew."""
    changing_settings.keep_aside(seat, PREFIX + seal, "")

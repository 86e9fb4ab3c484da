"""A row of cells becomes a person who could be called, or a refusal that says why not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, tzinfo
from functools import lru_cache

import msgspec

from app.models import places
from app.models.columns import Column, base_field
from app.models.dates import read_when
from app.models.emails import email_key, split_emails
from app.models.entries import Millis, Person, Phone
from app.models.folding import fold_text, without_controls, without_invisible
from app.models.full_names import split_full_name
from app.models.languages import language_code
from app.models.phones import is_plausible, normalise, region_of_calling_code, split_numbers
from app.services.reading.source import RawRow, Refusal, Source

EXTRA = 40  # values without a field that are kept of a row
EXTRA_LENGTH = 1_000  # characters of each

NOT_VALID = "number is not valid: kept, cannot be called yet"
NO_CONTACT = "no number or e-mail that could be used"
_EMPTY = frozenset(
    (
        *("-", "--", "---", "–", "—", ".", "?", "n/a", "#n/a", "n.a.", "null", "(null)", "none", "nil", "nan"),
        *("undefined", "k.a.", "s/n", "n/d", "#ref!", "#value!", "#name?", "無", "无", "なし", "\\n"),
    )
)
_YES = frozenset(
    (
        *(
            "1",
            "x",
            "y",
            "yes",
            "t",
            "true",
            "on",
            "wahr",
            "j",
            "ja",
            "oui",
            "o",
            "vrai",
            "si",
            "s",
            "verdadero",
            "vero",
        ),
        *("sim", "verdadeiro", "tak", "prawda", "はい", "是", "✓", "✔", "do not call", "dnc"),
    )
)
_TOTALS = re.compile(
    r"(?:grand )?(?:total|totals|sum|summe|gesamt|gesamtsumme|somme|suma|totale|totaal|razem|合計|总计|合计)\b:?"
)
_COUNT = re.compile(r"\d{1,3}(?:[.,'\s]\d{3})+|\d+")


class ImportedRow(msgspec.Struct, frozen=True):
    """One row, understood: who it is, the facts that name nobody, and what a person should know about it."""

    line: int
    person: Person
    country: str | None = None  # ISO 3166-1 alpha-2, where a column said so
    state: str | None = None  # its code where it is known, else as written
    size: float | None = None  # people at the company
    language: str | None = None  # ISO 639-1
    captured_at: Millis | None = None
    source: str = ""  # what the file itself calls the source; also among the person's extra values
    do_not_call: bool = False
    warnings: tuple[str, ...] = ()


def clean(cell: str) -> str:
    """The cell without what surrounds it; what stands for nothing ("N/A", "-", "null") is nothing."""
    text = without_controls(cell.strip() if cell.isascii() else without_invisible(cell).strip())
    if text[:2] == '="' and text[-1] == '"' and len(text) > 2:  # how some write figures that are text
        text = text[2:-1].strip()
    if len(text) <= 9 and text.casefold() in _EMPTY:
        return ""
    return text


class _Places(msgspec.Struct, frozen=True, kw_only=True):
    """Where a row has each field that it has once; without a column: behind its end, where nothing stands."""

    first_name: int = -1
    last_name: int = -1
    full_name: int = -1
    company: int = -1
    title: int = -1
    postal_code: int = -1
    city: int = -1
    website: int = -1
    country: int = -1
    state: int = -1
    dial_code: int = -1
    size: int = -1
    language: int = -1
    captured_at: int = -1
    source: int = -1
    do_not_call: int = -1


class RowReader:
    """Makes people of the rows of one file.

    Args:
        columns: which column is which field.
        region: ISO 3166-1 alpha-2 of numbers without country code, where the row names no country.
        day_first: what 03/04 means. zone: of dates that name none. now: milliseconds UTC.
    """

    def __init__(
        self, columns: Sequence[Column], *, region: str, day_first: bool | None, zone: tzinfo, now: Millis
    ) -> None:
        self._region, self._day_first, self._zone, self._now = region, day_first, zone, now
        single = {column.field: column.index for column in columns}
        self._at = _Places(**{name: single[name] for name in _Places.__struct_fields__ if name in single})
        self._names = {column.index: column.name for column in columns}
        self._phones, self._emails, self._streets, self._notes, self._requests = (
            [column.index for column in columns if base_field(column.field) == field]
            for field in ("phone", "email", "street", "note", "request")
        )
        kept_as_extra = ("", "source", "salutation")
        self._extra = [column.index for column in columns if column.field in kept_as_extra]
        self._width = max(self._names, default=-1) + 1

    def __call__(self, raw: RawRow) -> ImportedRow | Refusal:
        """The person of a row, or why it cannot be used."""
        cells = [clean(cell) if cell else "" for cell in raw.cells]
        warnings: list[str] = []
        if len(cells) < self._width:
            cells += [""] * (self._width - len(cells))
        elif len(cells) > self._width and any(cells[self._width :]):
            warnings.append("more cells than columns: check who got which value")
        cells.append("")  # for every field that has no column
        at = self._at
        extra = {self._names[place]: cells[place][:EXTRA_LENGTH] for place in self._extra if cells[place]}
        country = self._country(cells, extra, warnings)
        phones = self._all_phones(cells, country or self._dial_region(cells) or self._region, extra)
        emails = self._all_emails(cells, extra, warnings)
        first, last, company = cells[at.first_name], cells[at.last_name], cells[at.company]
        if not first and not last and (full := cells[at.full_name]):
            first, last = split_full_name(full)
        valid = [phone for phone in phones if phone.e164]
        if not (emails or valid):
            refusal = _refusal(raw, cells, phones, first or last or company)
            if refusal:
                return refusal
        if len(valid) < len(phones):
            warnings.append("one number is not valid" if valid else NOT_VALID)
        captured_at = self._captured_at(cells, extra, warnings)
        state, size, language = self._facts(cells, country, extra)
        person = Person(
            first_name=first or None,
            last_name=last or None,
            company=company or None,
            title=cells[at.title] or None,
            phones=tuple(phones) or None,
            emails=tuple(emails) or None,
            street=_together(cells, self._streets, ", "),
            postal_code=cells[at.postal_code] or None,
            city=cells[at.city] or None,
            website=cells[at.website] or None,
            request=_together(cells, self._requests, "\n"),
            note=_together(cells, self._notes, "\n"),
            extra=_bounded(extra),
        )
        return ImportedRow(
            raw.line, person, country or None, state, size, language, captured_at, cells[at.source],
            bool(cells[at.do_not_call]) and fold_text(cells[at.do_not_call]) in _YES, tuple(warnings),
        )  # fmt: skip

    def _country(self, cells: list[str], extra: dict[str, str], warnings: list[str]) -> str:
        at = self._at
        text = cells[at.country]
        if not text:
            return ""
        country = _country_of(text)
        if not country:
            extra[self._names[at.country]] = text[:EXTRA_LENGTH]
            warnings.append("the country is not known: kept as written")
        return country

    def _dial_region(self, cells: list[str]) -> str:
        text = cells[self._at.dial_code]
        return region_of_calling_code(text) if text else ""

    def _all_phones(self, cells: list[str], region: str, extra: dict[str, str]) -> list[Phone]:
        found: dict[str, Phone] = {}
        for at in self._phones:
            cell = cells[at]
            if not cell:
                continue
            for raw in split_numbers(cell):
                phone = normalise(raw, region)
                if phone.e164 or any(sign.isdigit() for sign in raw):
                    found.setdefault(phone.e164 or raw, phone)
                else:
                    extra[self._names[at]] = cell[:EXTRA_LENGTH]
        return list(found.values())

    def _all_emails(self, cells: list[str], extra: dict[str, str], warnings: list[str]) -> list[str]:
        found: dict[str, str] = {}
        for at in self._emails:
            cell = cells[at]
            if not cell:
                continue
            addresses = split_emails(cell)
            if not addresses:
                extra[self._names[at]] = cell[:EXTRA_LENGTH]
                warnings.append("e-mail is not valid: kept as written")
            for address in addresses:
                found.setdefault(email_key(address), address)
        return list(found.values())

    def _captured_at(self, cells: list[str], extra: dict[str, str], warnings: list[str]) -> Millis | None:
        at = self._at
        text = cells[at.captured_at]
        if not text:
            return None
        when = read_when(text, day_first=self._day_first, zone=self._zone, now=self._now)
        if when.ms is None:
            extra[self._names[at.captured_at]] = text[:EXTRA_LENGTH]
            warnings.append(f"{when.reason}: not used")
        return when.ms

    def _facts(
        self, cells: list[str], country: str, extra: dict[str, str]
    ) -> tuple[str | None, float | None, str | None]:
        """State, size and language; what cannot be read stays among the extra values."""
        at = self._at
        state, size, language = cells[at.state], cells[at.size], cells[at.language]
        count = _COUNT.search(size) if size else None
        code = language_code(language[:60]) if language else ""
        if size and not count:
            extra[self._names[at.size]] = size[:EXTRA_LENGTH]
        if language and not code:
            extra[self._names[at.language]] = language[:EXTRA_LENGTH]
        figures = re.sub(r"\D", "", count[0])[:9] if count else ""
        return (
            (_state_of(country or self._region, state) if state else None),
            float(figures) if figures else None,
            code or None,
        )


def _refusal(raw: RawRow, cells: list[str], phones: list[Phone], named: str) -> Refusal | None:
    """Nobody can be reached by this row, now or after a number was put right."""
    if named and any(is_plausible(phone.raw) for phone in phones):
        return None
    total = next((True for cell in cells if cell and _TOTALS.match(fold_text(cell))), False)
    return Refusal(raw.line, "a line of totals" if total and len(cells) > 2 else NO_CONTACT)


def _together(cells: list[str], at: list[int], glue: str) -> str | None:
    if len(at) <= 1:
        return (cells[at[0]] or None) if at else None
    return glue.join(cells[index] for index in at if cells[index]) or None


def _bounded(extra: dict[str, str]) -> dict[str, str]:
    return extra if len(extra) <= EXTRA else dict(list(extra.items())[:EXTRA])


@lru_cache(maxsize=1024)
def _country_of(text: str) -> str:
    return places.country_of(text[:100])


@lru_cache(maxsize=1024)
def _state_of(country: str, text: str) -> str:
    return places.state_of(country, text[:100]) or text


def normalise_row(
    source: Source, raw: RawRow, *, region: str, day_first: bool | None, now: Millis, zone: tzinfo = UTC
) -> ImportedRow | Refusal:
    """The person of one row of a source; for many rows `read_people` is faster."""
    return RowReader(source.columns, region=region, day_first=day_first, zone=zone, now=now)(raw)


def read_people(
    source: Source, *, region: str, now: Millis, zone: tzinfo = UTC, day_first: bool | None = None
) -> Iterator[ImportedRow | Refusal]:
    """Everybody in a list, row by row, with the rows that could not be used; blank rows are not counted.

    Args:
        region: ISO 3166-1 alpha-2 of numbers without country code, where the row names no country.
        now: milliseconds UTC, after which no date may be. zone: of dates that name none.
        day_first: what 03/04 means; None: as the file's own dates say.
    """
    reader = RowReader(
        source.columns,
        region=region,
        day_first=source.day_first if day_first is None else day_first,
        zone=zone,
        now=now,
    )
    for row in source.rows():
        yield row if isinstance(row, Refusal) else reader(row)

"""Business cards (vCard 2.1, 3.0 and 4.0), one after the other, so that a broken one costs no other."""

from __future__ import annotations

import codecs
import io
import logging
import quopri
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from app.models.columns import Column
from app.services.reading.detection import MARK, SAMPLE
from app.services.reading.source import Caps, RawRow, Refusal, Source

CARD = 262_144  # characters of one card, pictures not counted
LINE = 65_536  # characters of one line; the rest of a longer one is passed over
DEEPEST = 8  # cards within cards
_PHONES, _EMAILS = 4, 3  # columns; further ones share the last
_KEPT = frozenset("N FN ORG TITLE ROLE TEL EMAIL ADR URL NOTE LANG VERSION NICKNAME CATEGORIES".split())  # noqa: SIM905
_NOT_CALLED = frozenset(("fax", "pager", "bbs", "modem", "telex", "textphone"))
_PROPERTY = re.compile(r"(?:[A-Za-z0-9-]+\.)?([A-Za-z0-9-]+)((?:;[^:]*?)?):", re.DOTALL)
_CHARSET = re.compile(r";charset=\"?([\w-]+)\"?", re.IGNORECASE)
_ENCODING = re.compile(r";(?:encoding=)?\"?(?:quoted-printable|8bit|7bit)\"?(?=[;:]|$)", re.IGNORECASE)

_FIELDS = (
    *(("First name", "first_name"), ("Last name", "last_name"), ("Full name", "full_name"), ("Company", "company")),
    ("Title", "title"),
    *((f"Phone {n}" if n > 1 else "Phone", f"phone_{n}" if n > 1 else "phone") for n in range(1, _PHONES + 1)),
    *((f"E-mail {n}" if n > 1 else "E-mail", f"email_{n}" if n > 1 else "email") for n in range(1, _EMAILS + 1)),
    *(("Street", "street"), ("City", "city"), ("State", "state"), ("Postal code", "postal_code")),
    *(
        ("Country", "country"),
        ("Website", "website"),
        ("Note", "note"),
        ("Language", "language"),
        ("Department", ""),
        ("Categories", ""),
    ),
)


class Cards(Source):
    """A file of cards; `line` of its rows is the card's number."""

    kind = "cards"

    def __init__(self, path: Path, *, total_bytes: int, region: str, caps: Caps, encoding: str, text: str) -> None:
        super().__init__(path, total_bytes=total_bytes, region=region, caps=caps)
        self.encoding = encoding
        self._file: BinaryIO | None = None
        first: dict[int, str] = {}
        for card in self._rows(io.StringIO(text[:SAMPLE], newline="").readline, most=20):
            if isinstance(card, RawRow):
                for at, cell in enumerate(card.cells):
                    if cell:
                        first.setdefault(at, cell[:100])
        self.columns = [
            Column(at, name, field, 1.0, "a card says so", first.get(at, ""))
            for at, (name, field) in enumerate(_FIELDS)
        ]

    @property
    def position(self) -> int:
        if self._file is None:
            return 0
        return self.total_bytes if self._file.closed else self._file.tell()

    def rows(self) -> Iterator[RawRow | Refusal]:
        with self.path.open("rb", buffering=1 << 16) as file:
            self._file = file
            text = io.TextIOWrapper(file, encoding=self.encoding, errors="winnow-mark", newline="")
            yield from self._rows(text.readline)

    def _rows(self, readline: Callable[[int], str], most: int = 0) -> Iterator[RawRow | Refusal]:
        for number, card in enumerate(split_cards(readline), start=1):
            if most and number > most:
                return
            yield self._row(number, card)

    def _row(self, number: int, card: list[str] | str) -> RawRow | Refusal:
        if isinstance(card, str):
            return Refusal(number, card)
        if any(MARK in line for line in card):
            return Refusal(number, f"holds characters that are not {self.encoding.upper()}")
        cells = cells_of(card)
        if cells is None:
            return Refusal(number, "the card is damaged")
        if any(len(cell) > self.caps.field for cell in cells):
            return Refusal(number, f"a field holds more than {self.caps.field:,} characters")
        return RawRow(number, cells)


def split_cards(readline: Callable[[int], str]) -> Iterator[list[str] | str]:
    """The whole lines of each card that matter, pictures and keys left out; a text says why a card is refused."""
    card: list[str] | None = None
    kept = False  # whether the property that is being read matters
    size = depth = 0
    while line := readline(LINE):
        cut = line
        while len(cut) >= LINE and cut[-1] not in "\r\n":
            cut = readline(LINE)
        line = line.rstrip("\r\n")
        upper = line[:20].strip().upper()
        if upper == "BEGIN:VCARD":
            if card is not None and not kept and size >= 0 and card[-1:] == ["AGENT"]:
                depth += 1
                continue
            if card is not None and not depth:
                yield "the card has no end"
            if depth and depth < DEEPEST:
                depth += 1
                continue
            card, size, depth, kept = [], 0, 0, False
        elif card is None:
            continue
        elif upper == "END:VCARD":
            if depth:
                depth -= 1
                continue
            yield [text for text in card if text != "AGENT"] if size <= CARD else "the card is too long"
            card = None
        elif not depth and size <= CARD:
            kept = _take(card, line, kept)
            size += len(line) if kept else 0
    if card is not None:
        yield "the card has no end"


def _take(card: list[str], line: str, kept: bool) -> bool:
    """Add a line to the card: as a property, or to the one that it continues; says whether it matters."""
    if kept and card and _is_open(card[-1]):  # a soft line break of quoted-printable
        card[-1] = card[-1][:-1] + line.lstrip("\t ")
        return True
    if line[:1] in (" ", "\t"):
        if kept and card:
            card[-1] += line[1:]
        return kept
    match = _PROPERTY.match(line)
    if match is None:
        return kept  # a picture's figures, or nothing that a card has
    if match[1].upper() == "AGENT":
        card.append("AGENT")  # the card that follows belongs to another person
        return False
    if match[1].upper() not in _KEPT:
        return False
    card.append(line)
    return True


def _is_open(line: str) -> bool:
    return line.endswith("=") and "QUOTED-PRINTABLE" in line.partition(":")[0].upper()


def cells_of(lines: list[str]) -> list[str] | None:
    """One card as cells in the order of `_FIELDS`; None when the library makes nothing of it."""
    plain = [_decoded(line) for line in lines]
    card = _parsed(plain)
    if card is None:  # leave out what it stumbles over
        card = _parsed([line for line in plain if _parsed([line]) is not None])
    if card is None:
        return None
    first, last = _name(card)
    full = _text(card, "fn")
    units = [_joined(part, ", ") for part in _first(card, "org", []) or [""]]
    address = next((a.value for a in card.get("adr", []) if any(map(_joined, vars(a.value).values()))), None)
    place = [_joined(getattr(address, part, "")) for part in ("street", "city", "region", "code", "country")]
    phones = _spread([_number(tel.value) for tel in _by_preference(card.get("tel", [])) if _is_called(tel)], _PHONES)
    emails = _spread([_joined(mail.value) for mail in _by_preference(card.get("email", []))], _EMAILS)
    title = _text(card, "title") or _text(card, "role")
    notes = "\n".join(_joined(note.value) for note in card.get("note", []))
    return [
        *(first, last, "" if first or last else full, units[0], title, *phones, *emails, *place),
        *(
            _text(card, "url").replace("\\:", ":"),
            notes,
            _text(card, "lang"),
            ", ".join(filter(None, units[1:])),
            _joined(_first(card, "categories", "")),
        ),
    ]


def _decoded(line: str) -> str:
    """The line without quoted-printable and character set, its line ends written as cards write them."""
    head, colon, value = line.partition(":")
    if "QUOTED-PRINTABLE" in head.upper():
        charset = _CHARSET.search(head)
        data = quopri.decodestring(value.encode("utf-8", "surrogateescape"))
        value = _text_of(data, charset[1] if charset else "utf-8").replace("\r\n", "\n").replace("\n", "\\n")
    return _ENCODING.sub("", _CHARSET.sub("", head)) + colon + value.replace("\r", "")


def _text_of(data: bytes, charset: str) -> str:
    try:
        return data.decode(codecs.lookup(charset).name)
    except (LookupError, UnicodeDecodeError):
        return data.decode("utf-8", "replace") if charset != "utf-8" else data.decode("cp1252", "replace")


def _parsed(lines: list[str]) -> dict[str, list[Any]] | None:
    import vobject  # loads slowly, and few lists are cards

    logging.getLogger("vobject.base").setLevel(logging.CRITICAL)  # it would print whole lines of people's cards
    text = "\r\n".join(["BEGIN:VCARD", *lines, "END:VCARD", ""])
    try:
        card = vobject.readOne(text)
        return dict(card.contents) if card is not None else None
    except Exception:  # noqa: BLE001 - the library raises whatever its code stumbles over; the card is refused
        return None


def _name(card: dict[str, list[Any]]) -> tuple[str, str]:
    name = _first(card, "n", None)
    if name is None:
        return "", ""
    first = _joined(getattr(name, "given", "")) or _joined(getattr(name, "additional", ""))
    return first, _joined(getattr(name, "family", ""))


def _is_called(tel: Any) -> bool:
    kinds = {kind.lower() for kind in [*tel.params.get("TYPE", []), *tel.singletonparams] if isinstance(kind, str)}
    return not {part for kind in kinds for part in kind.split(",")} & _NOT_CALLED


def _by_preference(lines: list[Any]) -> list[Any]:
    """The preferred one first; the others as they stand."""
    return sorted(lines, key=lambda line: "PREF" not in str(line.params).upper() + str(line.singletonparams).upper())


def _number(value: Any) -> str:
    return _joined(value).removeprefix("tel:").replace(";ext=", " ext. ")


def _spread(values: list[str], columns: int) -> list[str]:
    """One value a column; what is left over shares the last."""
    filled = list(dict.fromkeys(value for value in values if value))
    return [*filled[: columns - 1], "\n".join(filled[columns - 1 :]), *[""] * (columns - 1 - len(filled))][:columns]


def _first(card: dict[str, list[Any]], name: str, other: Any) -> Any:
    lines = card.get(name)
    return lines[0].value if lines else other


def _text(card: dict[str, list[Any]], name: str) -> str:
    return _joined(_first(card, name, ""))


def _joined(value: Any, glue: str = " ") -> str:
    if isinstance(value, list | tuple):
        return glue.join(str(part).strip() for part in value if str(part).strip())
    return str(value).strip() if value is not None else ""

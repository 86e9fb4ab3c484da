"""Opens a list whatever it is called: what is in it decides how it is read."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from app.services.reading import detection
from app.services.reading.cards import Cards
from app.services.reading.source import Caps, FileRefused, Source
from app.services.reading.tables import Table
from app.services.reading.workbooks import OLE, ZIP, Workbook

_CARD = re.compile(r"(?im)^\s*BEGIN:VCARD\s*$")
_PROGRAM = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"\x1f\x8b",
    b"GIF8",
    b"MZ",
    b"\x7fELF",
    b"SQLite format 3",
    b"{\\rtf",
)
_OTHER_TEXTS = (  # what people export beside lists, and what reading it as one would make of it: nothing, silently
    (re.compile(r"(?i)\s*<(?:!doctype|html|table|\?xml|meta|head|body)\b"), "a web page or XML"),
    (re.compile(r'\s*(?:\[\s*)?\{\s*"[^"\n]{0,80}"\s*:|\s*\[\s*["\[\]]'), "JSON"),
)
_KEPT = "Nothing was imported."


def open_source(path: Path, *, region: str = "", limits: Caps | None = None) -> Source:
    """Open a list and find out what it is; its rows are read later, as a stream.

    Args:
        path: CSV, TSV or the like, a workbook, or cards; the name's ending does not matter.
        region: ISO 3166-1 alpha-2 code; numbers without a country code, dates and encodings that fit alike go by it.

    Raises:
        FileRefused: it is no list, larger than allowed, or damaged.
        OSError: the operating system gives no access to it.
    """
    caps = limits or Caps()
    region = region.upper()
    total = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(detection.SAMPLE)
    if total > caps.bytes:
        raise FileRefused(
            f"{path.name} has {total:,} bytes; {caps.bytes:,} are allowed.",
            kept=_KEPT,
            todo="Divide the list into several files.",
        )
    if not head.strip(b"\0\r\n\t ,;|") or head in (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        raise FileRefused(f"{path.name} is empty.", kept=_KEPT, todo="Check that the list was saved.")
    if head.startswith((ZIP, OLE, b"PK\x05\x06")):
        return Workbook(path, total_bytes=total, region=region, caps=caps)
    if head.startswith(_PROGRAM):
        raise _not_a_list(path)
    return _open_text(path, head, total=total, region=region, caps=caps)


def _open_text(path: Path, head: bytes, *, total: int, region: str, caps: Caps) -> Source:
    encoding = detection.detect_encoding(head, region)
    decoder = codecs.getincrementaldecoder(encoding)("winnow-mark")
    text = decoder.decode(head, final=total <= len(head))
    if not detection.is_text(text[:65_536]):
        raise _not_a_list(path)
    for look, what in _OTHER_TEXTS:
        if look.match(text.removeprefix("\ufeff")):
            raise FileRefused(
                f"{path.name} is {what}, not a list.",
                kept=_KEPT,
                todo="Open it in a spreadsheet and save it as XLSX or CSV, or export it as that.",
            )
    card = _CARD.search(text[:8192])
    if card and (not text[: card.start()].strip("\ufeff \r\n\t") or path.suffix.lower() in (".vcf", ".vcard")):
        return Cards(path, total_bytes=total, region=region, caps=caps, encoding=encoding, text=text)
    return Table(path, total_bytes=total, region=region, caps=caps, encoding=encoding, text=text)


def _not_a_list(path: Path) -> FileRefused:
    return FileRefused(
        f"{path.name} is no list of people that can be read.",
        kept=_KEPT,
        todo="Export the list as CSV, XLSX or vCard, and import that.",
    )

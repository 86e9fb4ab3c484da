"""What a list is before it is read: its encoding, its delimiter, and the line that names its columns."""

from __future__ import annotations

import codecs
import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from app.models.columns import by_name
from app.models.contents import contents

BEGINNING = 40  # rows among which the names of the columns stand
NAMED = 1.8  # names that are known, from which a row names the columns
SAMPLE = 256 * 1024  # bytes looked at
DELIMITERS = "\t;|,"  # where two fit alike, the earlier one
MARK = "\udcff"  # stands for bytes that the encoding does not know

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
# Which letters texts in each encoding are mostly made of, beside ASCII. In order of preference where two fit alike.
_WEST = "äöüßÄÖÜéèêëàâçîïôûùÉÈÀÇñáíóúãõÑÁÍÓÚìòºª"
_CENTRE = "ąćęłńóśźżĄĆĘŁŃÓŚŹŻáčďéěíňřšťúůýžÁČĎÉĚÍŇŘŠŤÚŮÝŽőűŐŰäöüßÄÖÜăâîşţôľĺŕ"
_CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюяАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЫЭЮЯёЁіїєІЇЄ"
_LETTERS = {
    "cp1252": _WEST, "cp1250": _CENTRE, "iso8859_2": _CENTRE, "mac_roman": _WEST,
    "cp1251": _CYRILLIC, "koi8_r": _CYRILLIC,
}  # fmt: skip
_EASTERN = ("cp932", "gb18030", "big5", "euc_jp", "euc_kr")
_LESS = "øåæØÅÆœŒšžŠŽŸ“”„‘’–—…€•«»®©°´№"  # seen often enough not to speak against an encoding
_CENTRAL_REGIONS = frozenset(("PL", "CZ", "SK", "HU", "SI", "HR", "RO", "BA", "RS", "AL"))
_HOME = {
    "JP": ("cp932", "euc_jp"), "CN": ("gb18030",), "SG": ("gb18030",), "TW": ("big5",), "HK": ("big5",),
    "KR": ("euc_kr",),
}  # fmt: skip
_STANDARD = {"gb18030": "gb2312", "cp932": "shift_jis", "euc_jp": "shift_jis", "big5": "big5", "euc_kr": "euc_kr"}


def _mark(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return MARK, error.end


codecs.register_error("winnow-mark", _mark)


def detect_encoding(sample: bytes, region: str = "") -> str:
    """The encoding of a file by its first bytes: byte order mark, UTF-8, UTF-16, else the one whose letters make words.

    Args:
        sample: from the file's beginning; may end within a character.
        region: where the file is from, which decides between encodings that fit alike.
    """
    for bom, encoding in _BOMS:
        if sample.startswith(bom):
            return encoding
    wide = _wide(sample)
    if wide:
        return wide
    if sample.isascii():
        return "iso2022_jp" if b"\x1b$" in sample else "utf-8"
    text = codecs.getincrementaldecoder("utf-8")("winnow-mark").decode(sample)
    damaged = text.count(MARK)
    good = len(sample) - len(text)  # at least that many bytes stand in characters of several bytes
    if not damaged or (damaged <= 0.02 * good and good > 50):
        return "utf-8"
    return _legacy(sample, region)


def _wide(sample: bytes) -> str:
    """UTF-16 without a mark: every ASCII letter has a zero beside it, always on the same side."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    least = max(2, len(sample) // 25)
    for encoding, zeros, others in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if zeros >= least and others * 20 <= zeros:
            return encoding
    return ""


def _legacy(sample: bytes, region: str) -> str:
    part = sample[: 64 * 1024]
    best, best_score = "cp1252", -9.0
    for encoding in (*_LETTERS, *_EASTERN):
        text = codecs.getincrementaldecoder(encoding)("winnow-mark").decode(part)
        score = _score(text, encoding)
        if region in _CENTRAL_REGIONS and encoding in ("cp1250", "iso8859_2"):
            score += 0.15
        if encoding in _HOME.get(region, ()):
            score += 0.15
        if score > best_score + 1e-9:
            best, best_score = encoding, score
    return best


def _score(text: str, encoding: str) -> float:
    """From -2 to 1: how much the characters beyond ASCII look like this encoding's own language."""
    letters = _LETTERS.get(encoding, "")
    total = weight = 0.0
    for match in _BEYOND.finditer(text[:40_000]):
        run = match[0]
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        size = len(run) * (2 if not letters else 1)
        weight += size
        if letters:
            total += _score_of_letters(run, letters, before, after)
        else:
            glued = (before.isascii() and before.isalpha()) or (after.isascii() and after.isalpha())
            total += sum(2 * _score_of_sign(sign, encoding) for sign in run) - (1.5 * size if glued else 0)
    return total / weight if weight else 0.0


_BEYOND = re.compile(r"[^\x00-\x7f]+")


def _score_of_letters(run: str, letters: str, before: str, after: str) -> float:
    score = 0.0
    cyrillic = letters is _CYRILLIC
    for at, sign in enumerate(run):
        if sign in letters:
            score += 1
        elif sign in _LESS:
            score += 0.3
        elif sign == MARK or unicodedata.category(sign) in ("Cc", "Cn", "Co"):
            score -= 2
        elif not sign.isalpha():
            score -= 1 if before.isalpha() or after.isalpha() else 0.3
        last = run[at - 1] if at else before
        if sign.isupper() and last.islower():  # "mÜller"
            score -= 0.8
        if cyrillic and last.isascii() and last.isalpha():
            score -= 1
    # Accented letters stand alone among plain ones; Cyrillic ones do not.
    if not cyrillic and len(run) > 1:
        score -= 0.7 * (len(run) - 1)
    if cyrillic and len(run) == 1:
        score -= 0.7
    return score


def _score_of_sign(sign: str, encoding: str) -> float:
    point = ord(sign)
    if sign == MARK or unicodedata.category(sign) in ("Cn", "Co", "Cc"):
        return -2
    if 0x3040 <= point <= 0x30FF:
        return 1.0 if encoding in ("cp932", "euc_jp") else 0.2
    if 0xAC00 <= point <= 0xD7A3:
        return 1.0 if encoding == "euc_kr" else -0.5
    if 0x3000 <= point <= 0x303F or 0xFF00 <= point <= 0xFF60:
        return 0.5
    if 0x4E00 <= point <= 0x9FFF:
        return _score_of_han(sign, encoding)
    return -0.6  # half-width kana, box drawing, Greek: what Latin letters turn into


def _score_of_han(sign: str, encoding: str) -> float:
    """Frequent characters come first in each of these standards; rare ones hint at another encoding."""
    standard = _STANDARD[encoding]
    try:
        lead = sign.encode(standard)[0]
    except UnicodeEncodeError:
        return -0.5
    frequent = {"gb2312": 0xB0 <= lead <= 0xD7, "shift_jis": 0x88 <= lead <= 0x97, "big5": 0xA4 <= lead <= 0xC6}
    if standard == "euc_kr":
        return 0.2
    return 0.8 if frequent[standard] else -0.3


def is_text(text: str) -> bool:
    """Whether a decoded sample is writing rather than a picture or a program."""
    if not text:
        return False
    controls = sum(1 for sign in text if (sign < " " and sign not in "\t\r\n\f\v\0\x1a\x1b") or sign == MARK)
    zeros = text.count("\0")
    return controls <= 0.02 * len(text) + 8 and zeros <= 0.1 * len(text) + 8


def detect_delimiter(text: str) -> str:
    """What separates the cells: the sign that gives most rows the same count of more than one cell."""
    excel = re.match(r"\ufeff?\s*\"?sep=(.)\"?\s*[\r\n]", text, re.IGNORECASE)
    if excel:
        return excel[1]
    lines = text.splitlines(keepends=True)[:300]
    best, best_score = ",", 0.0
    for delimiter in DELIMITERS:
        score = _consistency(lines, delimiter)
        if score > best_score + 1e-9:
            best, best_score = delimiter, score
    return best


def _consistency(lines: list[str], delimiter: str) -> float:
    counts: Counter[int] = Counter()
    names = 0.0
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                counts[len(row)] += 1
                if len(row) > 1 and reader.line_num <= 40:
                    names = max(names, header_likeness(row))
    except csv.Error:  # a field longer than any: what was counted until then decides
        pass
    several = {width: count for width, count in counts.items() if width > 1}
    if not several:
        return 0.0
    width, count = max(several.items(), key=lambda item: (item[1], item[0]))
    return count / counts.total() + 0.02 * min(width, 20) + min(names, 10) * 0.2


_FIGURE = re.compile(r"[\d.,\s]+(?:[A-Z]{3}|[€$£])?|(?=\D*\d)[0-9a-f]{8}[0-9a-f-]*")


def header_likeness(cells: Sequence[str]) -> float:
    """How many cells are names of columns; a mistyped name counts for a part."""
    found = 0.0
    for cell in cells[:600]:
        name = cell.strip()
        if name and len(name) < 80:
            field, confidence, _ = by_name(name)
            found += (1.0 if confidence > 0.8 else 0.6) if field else 0.0
    return found


def find_header(records: Sequence[tuple[int, list[str]]], region: str) -> int:
    """Which of the first records names the columns, counted from 0; -1 when the list begins at once."""
    best, best_score = -1, 0.0
    for at, (_, cells) in enumerate(records[:BEGINNING]):
        filled = [cell for cell in cells if cell.strip()]
        score = header_likeness(cells)
        enough = score >= NAMED or (at < 3 and filled and score / len(filled) >= 0.5)
        if enough and score > best_score + 0.9 and not _holds_data(filled, region):
            best, best_score = at, score
    if best >= 0 or not records:
        return best
    first = next((at for at, (_, cells) in enumerate(records) if sum(map(bool, cells)) > 1), 0)
    cells = [cell.strip() for cell in records[first][1] if cell.strip()]
    if _holds_data(cells, region) or len(set(cells)) < len(cells) or any(_is_figure(cell) for cell in cells):
        return -1
    # Unknown names: what follows must look unlike them.
    following = [cell for _, row in records[first + 1 : first + 20] for cell in row if cell.strip()]
    return first if not following or _holds_data(following, region) or any(map(_is_figure, following)) else -1


def _holds_data(cells: Sequence[str], region: str) -> bool:
    """Whether a cell is an address, a number or a date, which no name of a column is."""
    for cell in cells:
        held = contents([cell], region)
        if held.email or held.typed_phone or held.date or (held.url and "/" in cell):
            return True
    return False


def _is_figure(cell: str) -> bool:
    """Whether a cell is a number, an amount of money, or an id of figures, which no name of a column is."""
    return _FIGURE.fullmatch(cell.strip()) is not None

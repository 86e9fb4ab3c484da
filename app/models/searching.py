"""Text for Find: what is indexed of an inquiry, and how a question becomes index queries."""

from __future__ import annotations

import re
import unicodedata

import msgspec

from app.models.entries import Person
from app.models.folding import fold_text
from app.models.inquiry import Inquiry

GRAM = 3  # inside words from this many characters
_SINGLE = re.compile(
    "([\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff])"
)
_NO_DIGITS = bytes(code for code in range(128) if not chr(code).isdecimal())
_NOT_WORD = re.compile(r"[^\w@.+-]+", re.UNICODE)


def words_of(who: Inquiry | Person) -> str:
    """Names, company, title, place and e-mails, folded; each Chinese, Japanese or Korean character stands alone."""
    parts = (who.first_name, who.last_name, who.company, who.title, who.city, *(who.emails or ()))
    return spaced(fold_text(" ".join([part for part in parts if part])))


def digits_of(who: Inquiry | Person) -> str:
    """The digits of every number: as E.164, and as it was typed where that differs."""
    runs = ""
    for phone in who.phones or ():
        e164, raw = phone.e164[1:], phone.raw
        for digits in (e164,) if raw == phone.e164 else (e164, only_digits(raw)):
            if digits and digits not in runs:
                runs = f"{runs} {digits}" if runs else digits
    return runs


def only_digits(text: str) -> str:
    """Every decimal digit of a text, whatever the script, as 0 to 9."""
    if text.isascii():
        return text.encode().translate(None, _NO_DIGITS).decode()
    return "".join(str(unicodedata.decimal(c)) for c in text if c.isdecimal())


def spaced(text: str) -> str:
    """Each character of a script without spaces becomes a word."""
    if text.isascii():
        return " ".join(text.split())
    return " ".join(_SINGLE.sub(r" \1 ", text).split())


class Question(msgspec.Struct, frozen=True):
    """What to ask the indexes; empty parts are not asked."""

    words: str  # FTS5 expression over word prefixes
    inside: str  # FTS5 expression over trigrams
    digits: str  # a run of digits


def question(text: str) -> Question:
    """Words begin with, or contain, what was typed; a text of digits and signs is a number."""
    stripped = text.strip()
    digits = only_digits(stripped)
    if digits and not any(c.isalpha() or c == "@" for c in stripped):
        return Question("", f'digits : "{digits}"' if len(digits) >= GRAM else "", digits)
    terms = [term.strip(".-") for term in spaced(_NOT_WORD.sub(" ", fold_text(stripped))).split()]
    terms = [term for term in terms if term]
    words = " AND ".join(_phrase(term) for term in terms)
    inside = " AND ".join(f'words : "{term}"' for term in terms) if terms and all(len(t) >= GRAM for t in terms) else ""
    return Question(words, inside, "")


def _phrase(term: str) -> str:
    return f'"{term}"' + ("" if _SINGLE.match(term) else " *")

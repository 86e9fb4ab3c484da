"""The one form in which texts are compared, matched and found."""

from __future__ import annotations

import re
import unicodedata

_LETTERS = str.maketrans(
    {
        "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ı": "i", "ŋ": "n",
        "ŧ": "t", "ĸ": "k", "ƒ": "f", "’": "'", "‘": "'", "ʼ": "'", "´": "'", "`": "'", "‐": "-", "‑": "-", "–": "-",
        "—": "-", "−": "-",
        "\u200b": "", "\u200c": "", "\u200d": "", "\u200e": "", "\u200f": "", "\u2060": "", "\ufeff": "", "\u00ad": "",
        "\u202a": "", "\u202b": "", "\u202c": "", "\u202d": "", "\u202e": "",
        "\u2066": "", "\u2067": "", "\u2068": "", "\u2069": "",
    }
)  # fmt: skip
# Accents of Latin, Greek, Cyrillic, Hebrew and Arabic. The marks of Indic scripts and of kana are letters of their own.
_ACCENTS = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\ufe20-\ufe2f]+"
)


_INVISIBLE = {ord(sign): None for sign in "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"}
_INVISIBLE |= dict.fromkeys([0x2060, 0x2066, 0x2067, 0x2068, 0x2069, 0xFEFF])

_CONTROLS = {sign: None for sign in (*range(32), *range(127, 160)) if chr(sign) not in "\t\n\r\x85"}


def fold_text(text: str) -> str:
    """The form in which texts are compared and found: no case, no accents, no full width; ß = ss, ł = l, ø = o.

    Folding what is folded changes nothing. White space stays as it is.
    """
    if text.isascii():
        return text.lower().replace("`", "'")
    folded = unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS)
    folded = _ACCENTS.sub("", unicodedata.normalize("NFKD", folded.casefold()).translate(_LETTERS))
    return unicodedata.normalize("NFC", folded)


def without_controls(text: str) -> str:
    """The text without signs that steer a terminal or a printer; tabs and ends of lines stay."""
    return text if text.isprintable() else text.translate(_CONTROLS)


def without_invisible(text: str) -> str:
    """The text without zero-width signs and marks of direction, which copying from other programs leaves behind."""
    return text if text.isascii() else text.translate(_INVISIBLE)

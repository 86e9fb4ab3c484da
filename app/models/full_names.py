"""First and last name out of one text, by what the order and the words of names say."""

from __future__ import annotations

import re

from app.models import naming
from app.models.folding import fold_text

_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\u3005]+")
_HANGUL = re.compile("[\uac00-\ud7af]+")
_JAPANESE = re.compile("[\u3005\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
_EASTERN = re.compile("[\u3005\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff・\uff65\\s]+")


def split_full_name(text: str) -> tuple[str, str]:
    """First and last name from one text; titles are dropped, one word alone counts as the first name.

    Knows "Rossi, Maria", particles ("von der Leyen"), two Spanish or Portuguese surnames, surnames in capitals, and
    the family name first in Chinese, Japanese, Korean and (from three words) Vietnamese.
    """
    text = " ".join(text.split())
    if not text.isascii() and _EASTERN.fullmatch(text):
        return _split_eastern(text)
    before, comma, after = text.partition(",")
    if comma:
        given, family = " ".join(_name_words(after)), " ".join(_name_words(before))
        if family and (given or not after.strip()):
            return given, family
        text = before if family else after  # "Maria Rossi, PhD"
    words = _name_words(text)
    if len(words) < 2:
        return (words[0] if words else "", "")
    at = _surname_at(words)
    if at < 0:  # the family name comes first
        return " ".join(words[-at:]), " ".join(words[:-at])
    return " ".join(words[:at]), " ".join(words[at:])


def _name_words(text: str) -> list[str]:
    """The words of a name without titles, letters after it and signs that are no letters."""
    words = [word for word in text.split() if any(c.isalnum() for c in word)]
    return [word for word in words if not _is_title(word)]


def _is_title(word: str) -> bool:
    plain = fold_text(word).replace(".", "").strip("()")
    return plain in naming.TITLES or (word.endswith(".") and plain in naming.ABBREVIATED_TITLES)


def _surname_at(words: list[str]) -> int:
    """Where the surname begins; negative: that many words at the beginning are the surname."""
    folded = [fold_text(word).strip(".'") for word in words]
    capitals = [len(word) > 1 and word.isupper() and "." not in word for word in words]
    if any(capitals) and not all(capitals):  # "ROSSI Maria", "Maria ROSSI"
        first = capitals.index(True)
        run = capitals[first:].index(False) if False in capitals[first:] else len(words) - first
        if first + run == len(words):
            return first
        if first == 0:
            return -run
    if len(words) >= 3 and folded[0] in naming.VIETNAMESE_SURNAMES and folded[-1] not in naming.VIETNAMESE_SURNAMES:
        return -1
    if words[0].islower() and folded[0] in naming.PARTICLES:
        return 0
    for at, word in enumerate(folded[:-1]):
        if at and word in naming.PARTICLES:
            return at
    if len(words) >= 3 and (
        folded[-2] in naming.IBERIAN_SURNAMES or (folded[-2].endswith("ez") and len(folded[-2]) > 4)
    ):
        return len(words) - 2
    return len(words) - 1


def _split_eastern(text: str) -> tuple[str, str]:
    parts = [part for part in re.split(r"[\s・\uff65]+", text) if part]
    if not parts:
        return "", ""
    for honorific in naming.EASTERN_HONORIFICS:
        if parts[-1] == honorific and len(parts) > 1:
            parts.pop()
        elif parts[-1].endswith(honorific) and len(parts[-1]) > len(honorific) + 1:
            parts[-1] = parts[-1].removesuffix(honorific)
    if len(parts) > 1:
        if "・" in text or "\uff65" in text:  # a foreign name in katakana keeps its own order
            return " ".join(parts[:-1]), parts[-1]
        return " ".join(parts[1:]), parts[0]
    word = parts[0]
    # Chinese or Japanese beginning with its characters, or all Korean; kana alone does not tell the parts apart.
    if len(word) < 2 or not (_HANGUL.fullmatch(word) or (_HAN.match(word) and _JAPANESE.fullmatch(word))):
        return word, ""
    at = _eastern_surname_length(word)
    return word[at:], word[:at]


def _eastern_surname_length(word: str) -> int:
    if word[:2] in naming.COMPOUND_SURNAMES and len(word) > 2:
        return 2
    if _HANGUL.fullmatch(word):
        return 1
    kanji = _HAN.match(word)
    length = len(kanji[0]) if kanji else 0
    if length < len(word):  # 山田たろう: the given name is written in kana
        return max(1, length)
    if len(word) == 2 or (len(word) == 3 and word[0] in naming.CHINESE_SURNAMES):
        return 1
    return 2

"""Languages as people write them, as ISO 639-1 codes."""

from __future__ import annotations

from functools import cache, lru_cache

from app.models.folding import fold_text

NAMED_IN = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "ja", "zh")

USUAL = frozenset((*NAMED_IN, "ar", "bg", "cs", "da", "el", "fi", "he", "hu", "ko", "nb", "ro", "ru", "sv", "tr", "uk"))
"""Codes that need no look into the names, whose loading takes half a second."""


@lru_cache(maxsize=512)
def language_code(text: str) -> str:
    """The code of a language given by its name in one of ten languages, its own name or a code ("de-AT"), else ""."""
    folded = fold_text(text).strip()
    code = folded.replace("_", "-").partition("-")[0]
    if code in USUAL or (len(code) == 2 and code in set(_names().values())):
        return code
    return _names().get(folded, "")


@cache
def _names() -> dict[str, str]:
    from babel import Locale, UnknownLocaleError  # loads slowly

    found: dict[str, str] = {}
    for named_in in NAMED_IN:
        for code, name in Locale.parse(named_in).languages.items():
            if len(code) == 2:
                found.setdefault(fold_text(name), code)
    for code in sorted(set(found.values())):
        try:
            own = Locale.parse(code).get_display_name()
        except (UnknownLocaleError, ValueError):
            continue
        if own:
            found.setdefault(fold_text(own), code)
    return found

"""What a caller reads aloud: texts with fields such as {first_name}, natural also where a field is empty."""

from __future__ import annotations

import re
from collections.abc import Mapping

FIELDS = ("first_name", "last_name", "company", "title", "source", "caller")
"""The fields that a text may name; anything else is treated as empty, and the prover reports it."""

# A company is often the subject of its sentence, so that leaving it out breaks the sentence.
_STAND_INS = {"company": "your company"}
_PREPOSITIONS = "about|as|at|by|for|from|in|of|on|through|to|via|with"
# Only what touches the field is taken with it: a comma or a preposition before, a comma after.
_FIELD = re.compile(
    rf"(?P<lead>(?:(?:^|\s+)(?:{_PREPOSITIONS})\s+)|,\s*|\s+)?"
    r"\{(?P<name>[A-Za-z_]+)(?:\|(?P<otherwise>[^{}]*))?\}"
    r"(?P<tail>,\s*)?",
    re.IGNORECASE,
)
_NAMED = re.compile(r"\{([^{}|]*)(?:\|[^{}]*)?\}")


def fill(text: str, fields: Mapping[str, str]) -> str:
    """The text with its fields filled in; an empty or unknown field leaves with the comma or preposition before it.

    `{company|your firm}` says what to put where the field is empty. Values are put in as they are, once: what a
    person typed as a name is never read as a field.
    """
    if "{" not in text:  # most texts name nobody, and each is looked through at every question
        return text
    cut_at_start = False

    def put(match: re.Match[str]) -> str:
        nonlocal cut_at_start
        lead, tail, name = match["lead"] or "", match["tail"] or "", match["name"]
        value = (fields.get(name, "") if name in FIELDS else "").strip()
        value = value or match["otherwise"] or _STAND_INS.get(name, "")
        if value:
            return f"{lead}{value}{tail}"
        if match.start() == 0:
            cut_at_start = True
            return ""
        return tail

    filled = _FIELD.sub(put, text)
    if not cut_at_start:
        return filled
    filled = filled.lstrip(" ,")
    return filled[:1].upper() + filled[1:]


def is_torn(text: str) -> bool:
    """Whether a brace is opened and not closed, or the other way round, and would be read out."""
    return not {"{", "}"}.isdisjoint(_NAMED.sub("", text))


def unknown_fields(text: str) -> tuple[str, ...]:
    """Names in braces that no inquiry has, in the order of the text."""
    return tuple(name for name in _NAMED.findall(text) if name not in FIELDS)

"""What a column holds, judged by its values alone, whatever it is called."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC
from typing import NamedTuple

from app.models import naming, places
from app.models.dates import looks_like_date, read_when
from app.models.emails import clean_email
from app.models.folding import fold_text, without_invisible
from app.models.phones import normalise

MOST = 60  # values looked at

_TYPED_NUMBER = re.compile(r"[+(0]?[\d\s().\-/+]{5,24}(?:\s*(?:x|ext\.?|#)\s*\d{1,6})?", re.IGNORECASE)
_ADDRESS_OF_SITE = re.compile(
    r"(?:https?://\S+|www\.\S+|[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|io|de|fr|it|es|pl|nl|jp|cn|example)(?:/\S*)?)"
)
_DIAL_CODE = re.compile(r"(?:\+|00|011)\s?\d{1,3}")
_PERSON = re.compile(r"(?:[^\W\d_][\w'’.-]*\s+){1,3}[^\W\d_][\w'’.-]*")
_TEXT_OF_COMPANY = re.compile(
    r"\b(?:gmbh|inc|ltd|llc|corp|co|ag|kg|sa|sarl|srl|s\.p\.a|spa|bv|nv|plc|sp\. ?z ?o\.? ?o)\b\.?"
)
_SALUTATIONS = naming.TITLES | {"herr", "frau", "m", "pan", "dhr", "先生", "女士", "小姐", "様"}


class Contents(NamedTuple):
    """Shares, 0 to 1, of the values that are not empty."""

    filled: int = 0  # how many
    email: float = 0.0
    phone: float = 0.0  # could be dialled: written as a number, or figures that are valid in the region
    typed_phone: float = 0.0  # written with the signs of a number
    date: float = 0.0
    any_date: float = 0.0  # bare figures that a spreadsheet means as a date included
    url: float = 0.0
    dial_code: float = 0.0
    country: float = 0.0
    person: float = 0.0
    company: float = 0.0
    salutation: float = 0.0
    figures: float = 0.0  # figures alone


def contents(values: Sequence[str], region: str) -> Contents:
    """What the first `MOST` values that are not empty look like; numbers are tried in the region."""
    seen = [without_invisible(value).strip() for value in values if value.strip()][:MOST]
    if not seen:
        return Contents()

    def share(test: Callable[[str], bool]) -> float:
        return sum(1 for value in seen if test(value[:300])) / len(seen)

    date = share(looks_like_date)
    return Contents(
        filled=len(seen),
        email=share(lambda value: bool(clean_email(value))),
        phone=share(lambda value: _is_number(value, region)),
        typed_phone=share(_is_typed_number),
        date=date,
        any_date=max(date, share(lambda value: read_when(value, day_first=None, zone=UTC).ms is not None)),
        url=share(lambda value: bool(_ADDRESS_OF_SITE.fullmatch(value)) and "@" not in value),
        dial_code=share(lambda value: bool(_DIAL_CODE.fullmatch(value))),
        country=share(lambda value: len(value) < 40 and not value.isdigit() and bool(places.country_of(value))),
        person=share(lambda value: bool(_PERSON.fullmatch(value)) and len(value) < 60),
        company=share(lambda value: bool(_TEXT_OF_COMPANY.search(fold_text(value)))),
        figures=share(str.isdigit),
        salutation=share(lambda value: fold_text(value).replace(".", "") in _SALUTATIONS),
    )


def _is_typed_number(value: str) -> bool:
    """Written with signs as numbers are: a plus, brackets, spaces, hyphens or a zero in front."""
    if not _TYPED_NUMBER.fullmatch(value) or looks_like_date(value):
        return False
    digits = sum(sign.isdigit() for sign in value)
    return (
        7 <= digits <= 15 and (not value.isdigit() or value[0] == "0") and "," not in value and not _is_decimal(value)
    )


def _is_decimal(value: str) -> bool:
    return value.count(".") == 1 and value.replace(".", "").isdigit()


def _is_number(value: str, region: str) -> bool:
    if _is_typed_number(value):
        return True
    # Figures alone may be anything; figures that this region could dial are more than chance.
    return value.isdigit() and 7 <= len(value) <= 15 and bool(normalise(value, region).e164)

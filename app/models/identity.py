"""The same person: what two names, addresses and numbers say about whether they belong to one human being."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz

from app.models import naming
from app.models.emails import clean_email, email_key, is_role_address, split_emails
from app.models.folding import fold_text
from app.models.full_names import split_full_name

__all__ = [
    "Name", "Sight", "clean_email", "company_key", "compatible", "email_key", "fold_text", "is_role_address",
    "proposal_key", "proposes_same", "split_emails", "split_full_name",
]  # fmt: skip

_WORD = re.compile(r"[^\W_]+")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "Å": "Aa"})


class Name(NamedTuple):
    """A person's name as far as it is known."""

    first: str = ""
    last: str = ""


def compatible(a: Name, b: Name) -> bool:
    """Whether two names may be one person's: "M. Rossi" and "Maria Rossi" may, "Anna Rossi" and "Maria Rossi" not.

    No name at all fits every name. With only one part known, it must be found in the other name.
    """
    if a == b:
        return True
    a_first, a_last, b_first, b_last = _words(a.first), _words(a.last), _words(b.first), _words(b.last)
    if not (a_first or a_last) or not (b_first or b_last):
        return True
    if sorted(a_first + a_last) == sorted(b_first + b_last):
        return True
    # 王 伟 and 王伟: written without a space, in either order.
    if {"".join(a_first + a_last), "".join(a_last + a_first)} & {"".join(b_first + b_last), "".join(b_last + b_first)}:
        return True
    if a_last and b_last:
        if a_first and b_first:
            return _fits(a_first, a_last, b_first, b_last) or _swapped(a_first, a_last, b_first, b_last)
        if a_first or b_first:
            return _same_surname(a_last, b_last) or _part_of(a_last, b_first) or _part_of(b_last, a_first)
        return _same_surname(a_last, b_last)
    if not a_last and not b_last:
        return _same_given(a_first, b_first)
    return _one_part(a_first, b_first, b_last) if not a_last else _one_part(b_first, a_first, a_last)


@lru_cache(maxsize=4096)  # a switchboard's names are compared with every row that shares it
def _words(text: str) -> list[str]:
    """The folded words of a name, without titles and nicknames in quotes; umlauts as two letters ("Müller")."""
    folded = fold_text(text.translate(_UMLAUTS)) if not text.isascii() else text.lower()
    words = _WORD.findall(folded.replace("'", ""))
    return [word for word in words if word not in naming.TITLES] or words


def _loose(word: str) -> str:
    """One spelling for "Müller", "Mueller" and "Muller"."""
    return word.replace("ae", "a").replace("oe", "o").replace("ue", "u").replace("aa", "a")


def _alike(a: str, b: str) -> bool:
    if a == b or _loose(a) == _loose(b):
        return True
    if len(a) == 1 or len(b) == 1:
        return a[0] == b[0]
    return naming.nickname_of(a) == naming.nickname_of(b)


def _same_given(a: list[str], b: list[str]) -> bool:
    """The shorter one fits the longer, word by word: "Maria" and "Maria Luisa", "J. P." and "Jean-Pierre"."""
    if not a or not b:
        return True
    short, long = sorted((a, b), key=len)
    if all(_alike(x, y) for x, y in zip(short, long, strict=False)):
        return True
    return "".join(a) == "".join(b)


def _same_surname(a: list[str], b: list[str]) -> bool:
    """Equal without particles, or one begins the other ("García" and "García López"), or an initial fits."""
    a = [word for word in a if word not in naming.PARTICLES] or a
    b = [word for word in b if word not in naming.PARTICLES] or b
    short, long = sorted((a, b), key=len)
    if len(short) == 1 and min(len(short[0]), len(long[0])) == 1:
        return long[0][0] == short[0][0]
    same = [_loose(x) == _loose(y) for x, y in zip(short, long, strict=False)]
    return all(same) or _loose("".join(a)) == _loose("".join(b)) or (len(short) == 1 and short[0] == long[-1])


def _fits(a_first: list[str], a_last: list[str], b_first: list[str], b_last: list[str]) -> bool:
    return _same_surname(a_last, b_last) and _same_given(a_first, b_first)


def _swapped(a_first: list[str], a_last: list[str], b_first: list[str], b_last: list[str]) -> bool:
    """First and last name changed places; initials prove too little for that."""
    if min(map(len, (*a_first, *a_last, *b_first, *b_last))) < 2:
        return False
    return _same_surname(a_last, b_first) and _same_given(a_first, b_last)


def _part_of(part: list[str], whole: list[str]) -> bool:
    return bool(whole) and _same_surname(part, whole) and min(map(len, (*part, *whole))) > 1


def _one_part(single: list[str], first: list[str], last: list[str]) -> bool:
    """One word or two without knowing which is which, against a name that has a surname."""
    if first and _same_given(single, first) and len(single[0]) > 1:
        return True
    if _same_surname(single, last) and len(single[0]) > 1:
        return True
    return (
        len(single) > 1
        and bool(first)
        and (_fits(single[:-1], single[-1:], first, last) or _fits(single[1:], single[:1], first, last))
    )


class Sight(NamedTuple):
    """What identifies somebody: the name, the company, the valid E.164 numbers and the e-mail addresses."""

    name: Name
    company: str = ""
    phones: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()


def proposes_same(a: Sight, b: Sight) -> float:
    """How much name and company alone suggest one person, 0 to 1; 0 where numbers or e-mails differ.

    It only proposes: nobody is merged by it. From 0.9 a person should be asked.
    """
    if (a.phones and b.phones and not a.phones & b.phones) or (a.emails and b.emails and not a.emails & b.emails):
        return 0.0
    company_a, company_b = company_key(a.company), company_key(b.company)
    name_a, name_b = " ".join(_words(" ".join(a.name))), " ".join(_words(" ".join(b.name)))
    if not (company_a and company_b and name_a and name_b) or not (a.name.last and b.name.last):
        return 0.0
    if compatible(a.name, b.name):
        names = max(0.9, fuzz.token_sort_ratio(name_a, name_b) / 100)
    else:
        names = fuzz.token_sort_ratio(name_a, name_b) / 100
    return round(min(names, fuzz.token_sort_ratio(company_a, company_b) / 100), 4)


def company_key(company: str) -> str:
    """A company's name without its legal form and punctuation: "Officine Rossi S.p.A." gives "officine rossi"."""
    words = _WORD.findall(re.sub(r"(?<=\w)\.(?=\w)|\.$", "", fold_text(company)).replace("'", ""))
    while len(words) > 1 and words[-1] in naming.LEGAL_FORMS:
        words.pop()
    return " ".join(words)


def proposal_key(name: Name, company: str) -> str:
    """What two people must share before it is worth comparing them; "" where a part is missing."""
    last = [word for word in _words(name.last) if word not in naming.PARTICLES]
    firm = company_key(company)
    return f"{_loose(last[-1])[:3]}|{firm[:4]}" if last and firm else ""

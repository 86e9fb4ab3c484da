"""E-mail addresses: found in what was typed, and told apart from those of functions such as info@."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from app.models import naming
from app.models.folding import fold_text, without_invisible

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "Å": "Aa"})

_ADDRESS = re.compile(
    r"[^\s@<>()\[\],;:\"'`\\|/=\x00-\x1f\x7f][^\s@<>()\[\],;:\"`\\|\x00-\x1f\x7f]{0,63}"
    r"@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][^\W_]{1,62}"
)
_ONE_ADDRESS = re.compile(r"[a-z0-9_+-][a-z0-9_.+-]{0,63}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_ROLE_ENDS = re.compile(r"[\d._+-]+")


def clean_email(text: str) -> str:
    """The one address in a text, its domain in small letters; "" where there is none that could be written to."""
    if _ONE_ADDRESS.fullmatch(text) and ".." not in text:  # nearly all: already clean
        return text if len(text) <= 254 else ""
    return next(_addresses(text), "")


def split_emails(text: str) -> list[str]:
    """Every address in a text ("a@x.com; b@y.com", "Maria <m@x.com>"), each once, at most ten."""
    if _ONE_ADDRESS.fullmatch(text) and ".." not in text and len(text) <= 254:
        return [text]
    found: dict[str, str] = {}
    for address in _addresses(text):
        found.setdefault(email_key(address), address)
        if len(found) == 10:
            break
    return list(found.values())


def email_key(email: str) -> str:
    """What two spellings of one address share; mail systems do not tell capitals apart."""
    return email.casefold()


def _addresses(text: str) -> Iterator[str]:
    if "@" not in text and "\uff20" not in text:
        return
    plain = text if text.isascii() else without_invisible(unicodedata.normalize("NFKC", text))
    for match in _ADDRESS.finditer(re.sub(r"(?i)mailto:", " ", plain[:32_767])):
        local, _, domain = match[0].rpartition("@")
        local = local.strip(".")
        if local and ".." not in local and len(local) + len(domain) <= 253:
            yield f"{local}@{domain.casefold()}"


@lru_cache(maxsize=4096)  # asked three times for each address of a list
def is_role_address(email: str) -> bool:
    """Whether an address belongs to a function (info@, vertrieb@, sales-uk@) and so identifies nobody."""
    local = email.partition("@")[0]
    folded = local.lower() if local.isascii() else fold_text(local.translate(_UMLAUTS))
    words = [word for word in _ROLE_ENDS.split(folded) if word]
    if not words or "".join(words) in naming.ROLES:
        return True
    if words[0] not in naming.ROLES:  # "maria.sales" is Maria
        return False
    # "vertrieb.sued", "info.berlin": taken for a person's, such an address would join strangers.
    return len(words[0]) >= 4 or all(word in naming.ROLES or len(word) <= 2 for word in words[1:])

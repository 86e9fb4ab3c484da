"""What systems of sales call the end of a lead: won, lost, rejected, accepted, prospect, or still open."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from app.models.entries import MOST_AMOUNT
from app.models.folding import fold_text

WON, LOST, REJECTED, ACCEPTED, PROSPECT, OPEN = "won", "lost", "rejected", "accepted", "prospect", "open"
OUTCOMES = (WON, LOST, REJECTED, ACCEPTED, PROSPECT, OPEN)
# As CRMs name their stages, in English, German, French, Spanish and Italian; letters alone count.
_WORDS = {
    WON: "won closedwon closewon dealwon wonclosed sold ordered customer gewonnen geschlossengewonnen "
    "verkauft auftrag kunde gagne fermegagne vendu ganado cerradoganado vendido vinto chiusovinto venduto 成約 受注",
    LOST: "lost closedlost closelost deallost lostclosed verloren geschlossenverloren perdu fermeperdu perdido "
    "cerradoperdido perso chiusoperso 失注",
    REJECTED: "rejected returned disqualified unqualified notqualified badfit junk notaccepted declined refused "
    "recycled recycle abgelehnt zurueckgewiesen zurueckgegeben unqualifiziert nichtqualifiziert refuse rejete "
    "nonqualifie "
    "rechazado descartado nocalificado rifiutato scartato nonqualificato",
    ACCEPTED: "accepted assigned working contacted connected attempted salesaccepted sal angenommen akzeptiert "
    "inbearbeitung kontaktiert accepte encours aceptado accettato",
    PROSPECT: "prospect qualified qualifiedtobuy salesqualified sql opportunity proposal quote quotesent negotiation "
    "presentationscheduled appointmentscheduled decisionmakerboughtin contractsent qualifiziert angebot "
    "verhandlung interessent qualifie proposition calificado propuesta qualificato proposta",
    OPEN: "open new none pending offen neu nouveau ouvert nuevo abierto nuovo aperto",
}  # fmt: skip
_MEANING = {word: outcome for outcome, words in _WORDS.items() for word in words.split()}
_CURRENCIES = {"€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "zł": "PLN", "US$": "USD", "$": ""}


def outcome_of(text: str, meanings: dict[str, str] | None = None) -> str:
    """What a word of the other system means; empty when nobody knows. `meanings` are said by hand, and go first."""
    own = {_plain(word): outcome for word, outcome in (meanings or {}).items()}
    plain = _plain(text)
    if not plain:
        return OPEN
    return own.get(plain) or _MEANING.get(plain, "")


def _plain(text: str) -> str:
    folded = fold_text(text.replace("ü", "ue").replace("Ü", "ue").replace("ä", "ae").replace("ö", "oe"))
    return "".join(sign for sign in folded if sign.isalpha())


def amount_of(text: str) -> tuple[str, str]:
    """An amount as people and systems write it, with its currency where it is named: "1.234,56 €" is 1234.56, EUR.

    Raises:
        ValueError: it is none, or less than nothing.
    """
    text = text.strip().replace("\u00a0", " ").replace("\u202f", " ")
    code = re.search(r"\b([A-Z]{3})\b", text)
    currency = code[1] if code else next((name for sign, name in _CURRENCIES.items() if sign in text), "")
    digits = re.sub(r"[^\d.,'’-]", "", text.replace(code[0], "") if code else text).replace("'", "").replace("’", "")
    digits = digits.removesuffix(".-").removesuffix(",-").removesuffix("-") if digits.endswith("-") else digits
    try:
        amount = Decimal(_with_point(digits))
    except InvalidOperation as error:
        raise ValueError(f"{text} is no amount") from error
    if amount < 0:
        raise ValueError(f"{text} is less than nothing")
    if amount >= MOST_AMOUNT:
        raise ValueError(f"{text} is more than there is")
    return f"{amount:.2f}", currency


def _with_point(digits: str) -> str:
    """With a decimal point and nothing else: of both signs the last divides, of one the one that has no thousands."""
    point, comma = digits.rfind("."), digits.rfind(",")
    if point >= 0 and comma >= 0:
        last, other = (".", ",") if point > comma else (",", ".")
        return digits.replace(other, "").replace(last, ".")
    sign = "," if comma >= 0 else "."
    parts = digits.split(sign)
    if len(parts) > 2 or (len(parts) == 2 and len(parts[1]) == 3 and parts[0] not in {"", "0"}):
        return "".join(parts)
    return digits.replace(",", ".")

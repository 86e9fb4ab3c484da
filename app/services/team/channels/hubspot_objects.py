"""What Winnow makes in HubSpot: the properties of each kind of object, and what ties it to the others."""

from __future__ import annotations

import html
import uuid
from typing import Any
from urllib.parse import urlsplit

from app.models.agreed_ids import NAMESPACE
from app.models.folding import fold_text
from app.services.team.channels.packet import Packet
from app.services.team.channels.packet_words import headline, sections

OBJECTS = "/crm/v3/objects"
KEY = "winnow_id"
MOST_TEXT = 60_000  # characters of a note; HubSpot takes 65,536
# HubSpot's own numbers of what ties one object to another (developers.hubspot.com, "Associations", type ids)
TIES = {
    ("companies", "contacts"): 280, ("deals", "contacts"): 3, ("deals", "companies"): 341,
    ("notes", "contacts"): 202, ("notes", "companies"): 190, ("notes", "deals"): 214,
    ("tasks", "contacts"): 204, ("tasks", "companies"): 192, ("tasks", "deals"): 216,
}  # fmt: skip
# A domain of these says nothing about a company.
FREE_MAIL = frozenset((
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "icloud.com", "me.com",
    "aol.com", "gmx.de", "gmx.net", "gmx.at", "gmx.ch", "web.de", "t-online.de", "freenet.de", "orange.fr", "free.fr",
    "laposte.net", "libero.it", "proton.me", "protonmail.com", "mail.ru", "yandex.ru", "qq.com", "163.com",
))  # fmt: skip


def creation(kind: str, key: str, properties: dict[str, str], ties: dict[str, str]) -> dict[str, Any]:
    """The body that makes an object with its unique key, tied to others."""
    return {
        "properties": {**properties, KEY: key},
        "associations": [
            {
                "to": {"id": number},
                "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": TIES[kind, other]}],
            }
            for other, number in ties.items()
            if (kind, other) in TIES
        ],
    }


def upsert(made: Packet) -> dict[str, Any]:
    """A contact by e-mail, made or brought up to date."""
    return {"idProperty": "email", "id": made.email, "properties": person_of(made)}


def person_of(made: Packet) -> dict[str, str]:
    """What is known; what is empty here overwrites nothing there."""
    found = {
        "email": made.email, "firstname": made.first_name, "lastname": made.last_name, "company": made.company,
        "jobtitle": made.title, "phone": made.phone, "address": made.street, "city": made.city, "zip": made.postal_code,
        "state": made.state, "country": made.country, "website": made.website,
    }  # fmt: skip
    return {name: value for name, value in found.items() if value}


def company_of(made: Packet) -> tuple[str, dict[str, str]]:
    """A company's unique key and its properties."""
    domain = domain_of(made)
    key = uuid.uuid5(NAMESPACE, f"company:{domain or fold_text(made.company)}").hex
    return key, {"name": made.company, **({"domain": domain} if domain else {})}


def domain_of(made: Packet) -> str:
    """The company's domain: of its website, else of an e-mail that no free provider gives."""
    site = made.website if "//" in made.website else f"//{made.website}"
    try:
        host = (urlsplit(site).hostname or "").removeprefix("www.")
    except ValueError:
        host = ""
    host = host or made.email.rpartition("@")[2].casefold()
    return "" if host in FREE_MAIL or "." not in host else host


def note_of(made: Packet) -> dict[str, str]:
    """A note with everything that was said."""
    parts = [f"<p><b>{html.escape(headline(made))}</b></p>"]
    for head, lines in sections(made):
        block = f"<p><b>{html.escape(head)}</b><br>{'<br>'.join(map(html.escape, lines))}</p>"
        if sum(map(len, parts)) + len(block) < MOST_TEXT:
            parts.append(block)
    return {"hs_note_body": "".join(parts), "hs_timestamp": made.at}

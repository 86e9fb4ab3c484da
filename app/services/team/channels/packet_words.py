"""A packet in words: as JSON, as the fields that a template names, and as a text for people."""

from __future__ import annotations

from typing import Any

import msgspec

from app.services.team.channels.packet import Packet


def plain(made: Packet) -> dict[str, Any]:
    """A packet as JSON has it, without what is empty."""
    found: dict[str, Any] = msgspec.to_builtins(made)
    return {key: value for key, value in found.items() if value not in ("", None, [], ())}


FIELDS = (
    "id", "delivery", "decision", "what", "correction", "replaces", "root", "number", "at", "by", "for_member", "until",
    "track", "name", "first_name", "last_name", "company", "title", "phone", "phones", "email", "emails", "street",
    "postal_code", "city", "state", "country", "website", "language", "source", "captured_at", "consent_at", "request",
    "score", "advice", "reasons", "answers", "answers_list", "note", "reason", "next_step", "attempts", "history",
    "summary",
)  # fmt: skip
"""What a template may name in braces."""


def fields(made: Packet, delivery: str, number: str = "") -> dict[str, Any]:
    """The values behind `FIELDS`; several lines of answers, reasons and history are joined as text."""
    values: dict[str, Any] = {name: getattr(made, name) for name in FIELDS if name in Packet.__struct_fields__}
    said = [f"{one.question}: {one.answer} ({one.points:+d})" for one in made.answers]
    return values | {
        "delivery": delivery,
        "number": number,
        "name": made.name,
        "phone": made.phone,
        "email": made.email,
        "phones": list(made.phones),
        "emails": list(made.emails),
        "request": "\n".join(made.requests),
        "reasons": "\n".join(f"{one.text} ({one.points:+d})" for one in made.reasons),
        "answers": "\n".join(said),
        "answers_list": [msgspec.to_builtins(one) for one in made.answers],
        "history": "\n".join(f"{one.at} {one.by}: {one.text}" for one in made.history),
        "summary": summary(made),
    }


HEADLINES = {"sell": "A lead for sales", "nurture": "To nurture", "withdrawn": "Taken back", "erase": "To be erased"}


def headline(made: Packet) -> str:
    """One line: what it is, and about whom."""
    start = "A test" if made.test else HEADLINES[made.what]
    if made.correction and made.what in {"sell", "nurture"}:
        start = f"Correction: {start[0].lower()}{start[1:]}"
    who = " · ".join(part for part in (made.name, made.company if made.company != made.name else "") if part)
    points = f" ({made.score} points)" if made.score is not None and made.what in {"sell", "nurture"} else ""
    return f"{start}: {who or made.id[:8]}{points}"


def sections(made: Packet) -> list[tuple[str, list[str]]]:
    """A packet for people: headings with their lines, empty ones left out."""
    who = [made.name, made.title, made.company, *made.phones, *made.emails, made.website]
    place = " ".join(part for part in (made.street, made.postal_code, made.city, made.state, made.country) if part)
    next_lines = [made.next_step, f"for {made.for_member}" if made.for_member else ""]
    if made.until:
        next_lines.append(f"wakes on {made.until[:10]}" + (f", track {made.track}" if made.track else ""))
    found = [
        ("Who", list(dict.fromkeys([*who, place]))),
        ("What happened", [made.reason] if made.what == "withdrawn" else []),
        ("Next step", next_lines),
        ("They asked for", list(made.requests)),
        ("What they said", [f"{one.question}: {one.answer} ({one.points:+d})" for one in made.answers]),
        ("Why it scores so", [f"{one.text} ({one.points:+d})" for one in made.reasons]),
        ("Note", [made.note, made.reason if made.what != "withdrawn" else ""]),
        ("History", [f"{one.at[:16].replace('T', ' ')} {one.by}: {one.text}" for one in made.history]),
    ]
    kept = [(head, [line for line in lines if line]) for head, lines in found]
    return [(head, lines) for head, lines in kept if lines]


def summary(made: Packet) -> str:
    """A packet as a plain text for people."""
    parts = [headline(made)]
    for head, lines in sections(made):
        parts += ["", head, *(f"  {line}" for line in lines)]
    return "\n".join(parts)

"""What a channel has to be told: it follows from the entries alone, so that every computer makes the same of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from app.models.entries import Id, Millis
from app.models.entry import Entry
from app.models.fold import fold
from app.models.inquiry import Inquiry

DECIDES = frozenset({"disposed", "reviewed", "undone", "settled", "erased"})  # may change what is delivered
WITHOUT_ERASURE = frozenset({"email"})  # kinds of channels that cannot be asked to erase


class Channel(msgspec.Struct, frozen=True, kw_only=True):
    """One configured place to which leads are delivered. `settings` are those of its kind, and hold no secret."""

    name: str
    kind: str
    settings: dict[str, Any] = {}
    dispositions: tuple[str, ...] = ("sell",)  # which decisions go there
    sources: tuple[str, ...] = ()  # of which sources; empty: of all
    countries: tuple[str, ...] = ()  # ISO 3166-1 alpha-2; empty: of all
    since: Millis = 0  # decisions before are not delivered
    corrections: bool = True  # whether it is told of what was taken back

    def wants(self, disposition: str | None, source: str, country: str) -> bool:
        """Whether a lead like this goes here."""
        if disposition not in self.dispositions:
            return False
        if self.sources and source.casefold() not in {name.casefold() for name in self.sources}:
            return False
        return not self.countries or country in self.countries


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a channel has to be told."""

    cause: Id
    subject: Id
    decision: Id
    what: str
    at: Millis
    replaces: Id = ""
    root: Id = ""


def items(entries: Iterable[Entry], subjects: Iterable[Id], channel: Channel) -> list[Item]:
    """What a channel has to be told about an inquiry, in order; a pure reading of its entries."""
    ordered, about = sorted(entries, key=Entry.order), list(subjects)
    found: list[Item] = []
    for index, entry in enumerate(ordered):
        if entry.kind not in DECIDES:
            continue
        last = found[-1] if found else None
        now = fold(ordered[: index + 1], about)
        made = _erasure(entry, last, channel) if now.erased else _next(entry, now, last, channel)
        if made is not None:
            found.append(made)
        if now.erased:
            break
    return found


def _erasure(entry: Entry, last: Item | None, channel: Channel) -> Item | None:
    if last is None or channel.kind in WITHOUT_ERASURE:
        return None
    return Item(
        cause=entry.id, subject=entry.subject, decision=last.decision, what="erase", at=entry.wall,
        replaces=last.cause, root=last.root,
    )  # fmt: skip


def _next(entry: Entry, now: Inquiry, last: Item | None, channel: Channel) -> Item | None:
    disposition = now.disposition.value if now.disposition else None
    country = now.country or (now.number.region if now.number else "")
    wanted = entry.wall >= channel.since and channel.wants(disposition, now.source, country)
    standing = last is not None and last.what != "withdrawn"
    if wanted:
        if last is not None and standing and (last.decision, last.what) == (now.decision, disposition):
            return None
        follows = last if last is not None and channel.corrections and not _closed(now, last) else None
        return Item(
            cause=entry.id, subject=entry.subject, decision=now.decision, what=str(disposition), at=entry.wall,
            replaces=follows.cause if follows else "", root=follows.root if follows else entry.id,
        )  # fmt: skip
    if last is None or not standing or not channel.corrections or _closed(now, last):
        return None
    return Item(
        cause=entry.id, subject=entry.subject, decision=now.decision or last.decision, what="withdrawn", at=entry.wall,
        replaces=last.cause, root=last.root,
    )  # fmt: skip


def _closed(now: Inquiry, last: Item) -> bool:
    """Whether what was told last came to its end in a sale won or lost: what comes now is another lead."""
    return now.closed_at is not None and now.closed_at >= last.at

"""What entries say about sources, tracks, scripts and scorecards, as rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from app.models.entries import (
    Body,
    LeadRulesPublished,
    ScorecardPublished,
    ScriptPublished,
    SourceCost,
    SourceDefined,
    TrackDefined,
)
from app.models.entry import Entry

if TYPE_CHECKING:
    from app.services.store.connection import Store

LEAD_RULES = "lead-rules"
WHAT: dict[type[Body], str] = {
    ScriptPublished: "script", ScorecardPublished: "scorecard", LeadRulesPublished: LEAD_RULES,
}  # fmt: skip
"""What `publication` calls them."""


def keep(store: Store, entry: Entry, about: Sequence[Entry]) -> None:
    """Fold one entry about a source, track, script or scorecard into its row. Inside `writing()`.

    `about`: every entry on the same subject, in the order of the fold.
    """
    body = entry.facts()
    if isinstance(body, SourceDefined):
        _define(store, entry.subject, about)
    elif isinstance(body, TrackDefined):
        _define_track(store, entry.subject, about)
    elif isinstance(body, SourceCost | ScriptPublished | ScorecardPublished | LeadRulesPublished):
        _insert(store, entry, body)


def drop(store: Store, entry: Entry) -> None:
    """Take away the row that one entry alone has made; what is left about its subject is to be kept anew.

    Inside `writing()`.
    """
    for table in ("source_cost", "publication"):
        store.writer.execute(f"DELETE FROM {table} WHERE entry = ?", (entry.id,))
    if entry.kind in {"source_defined", "track_defined"}:
        table = "source" if entry.kind == "source_defined" else "track"
        store.writer.execute(f"DELETE FROM {table} WHERE id = ?", (entry.subject,))


def _insert(store: Store, entry: Entry, body: Body) -> None:
    from app.models import tables

    if isinstance(body, SourceCost):
        row: dict[str, Any] = {
            "entry": entry.id, "source": body.name, "amount": body.amount, "currency": body.currency, "at": body.at,
        }  # fmt: skip
        store.run(tables.source_cost.insert(), row)
        return
    assert isinstance(body, ScriptPublished | ScorecardPublished | LeadRulesPublished)
    row = {
        "entry": entry.id,
        "what": WHAT[type(body)],
        "key": LEAD_RULES if isinstance(body, LeadRulesPublished) else body.key,
        "number": body.number,
        "document": msgspec.json.encode(body.document),
    }
    store.run(tables.publication.insert(), row)


def _define(store: Store, subject: str, about: Sequence[Entry]) -> None:
    """Each field of a source is what was said last about it."""
    from app.models import tables

    row: dict[str, Any] = {"id": subject, "name": "", "limit_hours": None, "working_hours": None, "returns": None}
    for entry in about:
        body = entry.facts()
        if isinstance(body, SourceDefined):
            row["name"] = body.name
            row["limit_hours"] = body.limit_hours if body.limit_hours is not None else row["limit_hours"]
            row["working_hours"] = int(body.working_hours) if body.working_hours is not None else row["working_hours"]
            row["returns"] = int(body.returns) if body.returns is not None else row["returns"]
    store.run(tables.source.delete().where(tables.source.c.id == subject))
    store.run(tables.source.insert(), row)


def _define_track(store: Store, subject: str, about: Sequence[Entry]) -> None:
    """A track is what was said last about it."""
    from app.models import tables

    bodies = [body for entry in about if isinstance(body := entry.facts(), TrackDefined)]
    last = bodies[-1]
    row = {
        "id": subject, "key": bodies[0].key, "name": last.name, "wake_days": last.wake_days, "wake_on": last.wake_on,
        "purpose": last.purpose, "retired": int(last.retired),
    }  # fmt: skip
    store.run(tables.track.delete().where(tables.track.c.id == subject))
    store.run(tables.track.insert(), row)

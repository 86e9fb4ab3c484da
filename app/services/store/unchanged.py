"""Which rows of an inquiry need not be looked at, since what they are made of is as it was."""

from __future__ import annotations

from operator import attrgetter

from app.models.inquiry import Inquiry
from app.services.store.projection import HIDDEN, is_single

_MADE_OF = {
    "attempt": ("calls",),
    "phone": ("phones",),
    "email": ("emails",),
    "suppression": ("blocks",),
    "imported_row": ("row_keys", "amended", "phones", "emails"),
    "search": ("first_name", "last_name", "company", "title", "city", "phones", "emails"),
}


def same_rows(before: Inquiry, after: Inquiry) -> frozenset[str]:
    """The tables beside `inquiry` in which both have the same rows, as far as a glance tells."""
    if before.id != after.id or (before.stage in HIDDEN) != (after.stage in HIDDEN):
        return frozenset()
    differ = {name for name in _FIELDS if getattr(before, name) != getattr(after, name)}
    return frozenset([table for table, fields in _MADE_OF.items() if differ.isdisjoint(fields)])


_FIELDS = frozenset(field for fields in _MADE_OF.values() for field in fields)


UNSEEN = frozenset({  # what no row says of an inquiry
    "subjects", "heads", "street", "postal_code", "website", "extra", "size", "language", "by_hand", "requests",
    "consent_at", "answers", "words", "script", "script_version", "decision", "advice", "next_step", "lead_entry",
    "looked", "looked_words", "returned", "returned_by", "planned_minutes", "planned_by", "objections",
})  # fmt: skip
_BY_KEYS = frozenset({"row_keys", "amended"})  # these say alone which imported rows there are
_seen = attrgetter(*[name for name in Inquiry.__struct_fields__ if name not in UNSEEN | _BY_KEYS])
_keyed = attrgetter(*sorted(_BY_KEYS))


def only_brought(before: Inquiry, after: Inquiry) -> set[tuple[str, str]] | None:
    """The rows of `imported_row` that come with `after`, where everything else is as it was; None where it is not.

    Most of whom a list brings again are like this: all other rows then need be neither made nor read.
    """
    if _seen(before) != _seen(after):
        return None
    if _keyed(before) == _keyed(after):
        return set()
    had = set(before.row_keys)
    if is_single(before) or is_single(after) or not had.issubset(after.row_keys):
        return None
    return {(key, after.id) for key in after.row_keys if key not in had}

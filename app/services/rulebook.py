"""Reads the rules of calling hours that come with Winnow."""

from __future__ import annotations

from functools import cache, partial

from app import shipped
from app.models.calling_rules import RuleBook


@cache
def load_rules() -> RuleBook:
    """Every country's rules; a country's are read when it is first asked for.

    Raises:
        FileNotFoundError: this copy of Winnow is incomplete.
    """
    return RuleBook(shipped.names("calling_rules"), partial(shipped.document, "calling_rules"))

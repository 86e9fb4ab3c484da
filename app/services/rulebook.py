"""Reads the rules of calling hours that come with Winnow."""

from __future__ import annotations

import tomllib
from functools import cache

from app import paths
from app.models.calling_rules import RuleBook


@cache
def load_rules() -> RuleBook:
    """Every country's rules, read once in a process (about 10 ms).

    Raises:
        ValueError: a file breaks the format.
        FileNotFoundError: this copy of Winnow is incomplete.
    """
    files = sorted((paths.resources() / "calling_rules").glob("*.toml"))
    return RuleBook.from_documents(tomllib.loads(file.read_text("utf-8")) for file in files)

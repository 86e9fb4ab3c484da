"""The documents that come with Winnow as TOML, taken from one file in which all of them are parsed already.

A window needs a dozen of them before its queue is painted, and parsing takes longer than reading the queue. Who edits
one runs tools/parsed_documents.py; a test compares.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec

from app import paths

FILE = "parsed.json"
FOLDERS = ("calling_rules", "places")


def names(folder: str) -> tuple[str, ...]:
    """The documents of a folder of resources, sorted.

    Raises:
        FileNotFoundError: this copy of Winnow is incomplete.
    """
    return tuple(name.partition("/")[2] for name in _parsed() if name.startswith(f"{folder}/"))


def document(folder: str, name: str) -> dict[str, Any]:
    """A document of one of `FOLDERS`, its own copy.

    Raises:
        KeyError: there is none.
        FileNotFoundError: this copy of Winnow is incomplete.
    """
    found: dict[str, Any] = msgspec.json.decode(_parsed()[f"{folder}/{name}"])
    return found


@cache
def _parsed() -> dict[str, msgspec.Raw]:
    """Each as it stands in the file: decoded when it is asked for."""
    return msgspec.json.decode((paths.resources() / FILE).read_bytes(), type=dict[str, msgspec.Raw])


def parse() -> bytes:
    """The file anew, from the documents themselves."""
    import tomllib

    found = {
        f"{folder}/{file.stem}": tomllib.loads(file.read_text("utf-8"))
        for folder in FOLDERS
        for file in sorted((paths.resources() / folder).glob("*.toml"))
    }
    lines = (b'"%s": %s' % (name.encode(), msgspec.json.encode(one)) for name, one in found.items())
    return b"{\n" + b",\n".join(lines) + b"\n}\n"

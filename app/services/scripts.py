"""Reads scripts and scorecards from TOML files: those that come with Winnow, and those of the home, which go first."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, TypeVar

from app.models.documents import ScriptError
from app.models.scorecard import Scorecard
from app.models.script import Script
from app.paths import resources
from app.services.errors import EnvironmentFailed, Refused

MOST_BYTES = 1_000_000
"""A script is a few kilobytes; what is larger is another file."""


class ScriptRefused(Refused):
    """A file that is no script or scorecard; nothing was changed.

    Attributes:
        file: the file.
        line: the line of the error, counted from 1; 0 where only the key is known.
        key: the offending key, as `questions[2].ask`; empty where the file is no TOML.
    """

    code = "script_refused"

    def __init__(self, file: Path, problem: str, *, line: int = 0, key: str = "") -> None:
        place = f"{file.name}, line {line}" if line else file.name
        super().__init__(f"{place}: {problem.rstrip('.')}.")
        self.file = file
        self.line = line
        self.key = key


class _Keyed(Protocol):
    @property
    def key(self) -> str: ...


K = TypeVar("K", bound=_Keyed)


def read_script(file: Path) -> Script:
    """The script in a file.

    Raises:
        EnvironmentFailed: the file cannot be read.
        ScriptRefused: it is no script.
    """
    return _made(file, Script.from_document)


def read_scorecard(file: Path) -> Scorecard:
    """The scorecard in a file.

    Raises:
        EnvironmentFailed: the file cannot be read.
        ScriptRefused: it is no scorecard.
    """
    return _made(file, Scorecard.from_document)


def load_scripts(home: Path | None = None) -> dict[str, Script]:
    """Scripts by key: Winnow's own, and in their place those of the home's folder `scripts` with the same key.

    Raises:
        EnvironmentFailed: a file cannot be read.
        ScriptRefused: a file is no script, or two in one folder have the same key.
    """
    return _all(home, "scripts", Script.from_document)


def load_scorecards(home: Path | None = None) -> dict[str, Scorecard]:
    """Scorecards by key: Winnow's own, and in their place those of the home's folder `scorecards` with the same key.

    Raises:
        EnvironmentFailed: a file cannot be read.
        ScriptRefused: a file is no scorecard, or two in one folder have the same key.
    """
    return _all(home, "scorecards", Scorecard.from_document)


def _all(home: Path | None, name: str, make: Callable[[dict[str, Any]], K]) -> dict[str, K]:
    own = _folder(resources() / name, make)
    return own | _folder(home / name, make) if home else own


def _folder(folder: Path, make: Callable[[dict[str, Any]], K]) -> dict[str, K]:
    found: dict[str, K] = {}
    files: dict[str, Path] = {}
    for file in sorted(folder.glob("*.toml")):
        made = _made(file, make)
        if made.key in found:
            raise ScriptRefused(file, f'has the key "{made.key}", as {files[made.key].name} has', key="key")
        found[made.key], files[made.key] = made, file
    return found


def _made(file: Path, make: Callable[[dict[str, Any]], K]) -> K:
    text, document = _parsed(file)
    try:
        return make(document)
    except ScriptError as error:
        raise ScriptRefused(file, str(error), line=_line_of(text, error.path), key=error.path) from error


def _parsed(file: Path) -> tuple[str, dict[str, Any]]:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise ScriptRefused(file, "is too large for a script or scorecard")
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise EnvironmentFailed(f"{file.name} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ScriptRefused(file, "is not written in UTF-8", line=line) from error
    try:
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        # "… (at line 3, column 5)" or "… (at end of document)" are the two endings that tomllib has.
        said = re.match(r"(.*?) \(at (?:line (\d+), column \d+|end of document)\)$", str(error), re.DOTALL)
        problem = said[1] if said else str(error)
        line = int(said[2]) if said and said[2] else text.count("\n") + 1
        raise ScriptRefused(file, f"is not TOML: {problem[:1].lower()}{problem[1:]}", line=line) from error


def _line_of(text: str, path: str) -> int:
    """The line where the table with the offending key begins, found by counting `[[tables]]`; 0 if it is elsewhere."""
    place = re.match(r"([a-z_]+)\[(\d+)\]", path)
    if place is None:
        top = re.search(rf"(?m)^[ \t]*{re.escape(path.split('.', maxsplit=1)[0])}\s*=", text) if path else None
        return text.count("\n", 0, top.start()) + 1 if top else 0
    heads = list(re.finditer(rf"(?m)^[ \t]*\[\[\s*{re.escape(place[1])}\s*\]\]", text))
    number = int(place[2])
    return text.count("\n", 0, heads[number].start()) + 1 if number < len(heads) else 0

"""Scripts and scorecards as documents (what a TOML file holds): read strictly, refused with the place of the error."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Self, TypeAlias, TypeVar

import msgspec

KEY_PATTERN = r"^[a-z0-9][a-z0-9_-]*$"
Key: TypeAlias = Annotated[str, msgspec.Meta(pattern=KEY_PATTERN, max_length=64)]
Words: TypeAlias = Annotated[str, msgspec.Meta(max_length=2000)]

T = TypeVar("T")

_AT = re.compile(r"^(?P<problem>.*?)(?: - at `(?P<path>.+)`)?$", re.DOTALL)
_STEP = re.compile(r"\.([A-Za-z_]+)|\[(\d+)\]")
_KINDS = {
    "str": "text", "int": "a whole number", "float": "a number", "bool": "true or false", "array": "a list",
    "object": "a table", "null": "empty", "date": "a date such as 2030-06-30",
}  # fmt: skip

_SAID = {
    "unknown field": "this key is not known here",
    "missing required field": "this key is missing",
    "matching regex": "a key is made of small letters, digits, - and _ only",
}


class ScriptError(ValueError):
    """A script or scorecard that cannot be used as it is written.

    Attributes:
        path: the offending key as a path from the top, such as `questions[2].options[0].label` (first is 0).
        where: the same place in words, such as `question "budget", option "approved", label`.
        problem: what is wrong there.
    """

    def __init__(self, path: str, where: str, problem: str) -> None:
        super().__init__(f"{where}: {problem}" if where else problem)
        self.path = path
        self.where = where
        self.problem = problem


def read_document(document: Mapping[str, Any], kind: type[T]) -> T:
    """The struct that a document describes; unknown keys and wrong types are refused.

    Raises:
        ScriptError: with the path of the offending key.
    """
    try:
        return msgspec.convert(document, kind)
    except msgspec.ValidationError as error:
        found = _AT.match(str(error))
        problem, path = (found["problem"], found["path"] or "") if found else (str(error), "")
        path = path.removeprefix("$").removeprefix(".")
        missing = re.search(r"(?:unknown|required) field `(.+)`", problem)
        if missing:
            path = f"{path}.{missing[1]}".removeprefix(".")
        raise ScriptError(path, _in_words(document, path), _plain(problem)) from error


def write_document(struct: msgspec.Struct) -> dict[str, Any]:
    """The document that `read_document` makes the same struct of; defaults are left out."""
    document = msgspec.to_builtins(struct)
    assert isinstance(document, dict)
    return document


class Published(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, dict=True):
    """What is written as a document, proven, and published as a version: scripts and scorecards."""

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """What a TOML file describes; unknown keys are refused.

        Raises:
            ScriptError: with the path of the offending key.
        """
        return read_document(document, cls)

    def to_document(self) -> dict[str, Any]:
        """What `from_document` makes the same of."""
        return write_document(self)

    def encode(self) -> bytes:
        """As JSON, for the entry that publishes it."""
        return msgspec.json.encode(self)

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """What was published; with keys of a newer Winnow it is refused rather than half understood.

        Raises:
            ScriptError: the data is none of this version of Winnow.
        """
        try:
            document = msgspec.json.decode(data)
        except msgspec.DecodeError as error:
            raise ScriptError("", "", f"not readable: {error}") from error
        return cls.from_document(document)

    def published_as(self, version: int) -> Self:
        """The same with the version that publishing gave it (1 and up)."""
        return msgspec.structs.replace(self, version=version)


def _plain(problem: str) -> str:
    """What msgspec says, as a person who edits a text file would say it."""
    for said, meant in _SAID.items():
        if said in problem:
            return meant
    if problem.startswith("Invalid enum value"):
        return problem.replace("Invalid enum value", "there is no such choice as")
    wrong = re.match(r"Expected `([^`]+)`(?:, got `([^`]+)`)?(.*)$", problem)
    if wrong is None:
        return problem
    wanted = " or ".join(_KINDS.get(part.strip(), part.strip()) for part in wrong[1].split("|"))
    if wrong[2] is None:
        return f"should be {wanted}{wrong[3]}"
    return f"should be {wanted}, not {_KINDS.get(wrong[2], wrong[2])}"


def _in_words(document: object, path: str) -> str:
    """The path with the keys of the questions and options that it passes."""
    words: list[str] = []
    for name, index in _STEP.findall(f".{path}"):
        if name:
            words.append(name)
            document = document.get(name) if isinstance(document, Mapping) else None
            continue
        document = document[int(index)] if isinstance(document, list) and int(index) < len(document) else None
        named = next((document[k] for k in ("key", "question", "name", "say") if k in document), None) \
            if isinstance(document, Mapping) else None  # fmt: skip
        singular = words.pop().rstrip("s") if words else "entry"
        words.append(f'{singular} "{named}"' if isinstance(named, str) else f"{singular} {int(index) + 1}")
    return ", ".join(words)

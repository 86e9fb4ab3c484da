"""What the documents name is there: files, links, commands and their options."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from app.cli.main import winnow

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), *ROOT.glob("*/README.md")]
LINK = re.compile(r"\]\(([^)#\s]+)")
FILE = re.compile(r"`((?:app|benchmarks|migrations|packaging|resources|tests|tools)/[\w./-]+)`")
SPAN = re.compile(r"`(winnow [^`]+)`")
LINE = re.compile(r"^(?:    |```\n)?(?:[A-Z_]+=\S+ )?(winnow .+)$", re.MULTILINE)


def _commands(text: str) -> Iterator[list[str]]:
    """Every command line, as its words, without what explains it."""
    text = text.replace("\\\n", " ")
    for found in [*SPAN.findall(text), *LINE.findall(text)]:
        line = re.split(r"\s{2,}|\s#", found.strip())[0].replace("…", " ").replace("’", "")
        yield shlex.split(line)[1:]


def _unknown(words: list[str]) -> str:
    """What of a command line Winnow does not know; empty where it knows all of it."""
    context, command, rest = click.Context(winnow), winnow, list(words)
    while rest and isinstance(command, click.Group) and not rest[0].startswith("-"):
        found = command.get_command(context, rest[0])
        if found is None:
            return rest[0] if re.fullmatch(r"[a-z-]+", rest[0]) else ""
        command, rest = found, rest[1:]
    known = {name for each in command.params for name in each.opts + each.secondary_opts} | {"--help", "--version"}
    options = [word.split("=")[0].strip("[]") for word in rest if word.lstrip("[").startswith("--")]
    return next((option for option in options if option not in known), "")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_document_names_is_there(document: Path):
    text = document.read_text(encoding="utf-8")
    links = [link for link in LINK.findall(text) if "://" not in link]
    assert [link for link in links if not (document.parent / link).exists()] == []
    assert [file for file in FILE.findall(text) if not (ROOT / file).exists()] == []
    assert [(" ".join(words), unknown) for words in _commands(text) if (unknown := _unknown(words))] == []


def test_what_is_not_there_is_noticed():
    assert _unknown(["quueue"]) == "quueue"
    assert _unknown(["queue", "--last", "5"]) == "--last"
    assert _unknown(["channel", "add", "CRM", "webhook", "--url", "https://crm.example.com"]) == ""
    assert list(_commands("Run `winnow queue --first 5` or\n\n    winnow next   # whoever waits longest\n")) == [
        ["queue", "--first", "5"], ["next"],
    ]  # fmt: skip

"""A folder that another program watches: one CSV or vCard for each delivery, never half written."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path
from typing import Any

from app.models.deliveries import Channel
from app.services.errors import Refused
from app.services.exporting import _escaped, _folded, harmless
from app.services.team.channels.base import Letter, Reply, Shown
from app.services.team.channels.packet import Packet
from app.services.team.channels.packet_words import fields, summary
from app.services.team.channels.wire import Wire

SECRETS = ()
FORMATS = ("csv", "vcf")
COLUMNS = (
    "id", "delivery", "what", "correction", "replaces", "at", "by", "for_member", "until", "track", "first_name",
    "last_name", "company", "title", "phone", "email", "street", "postal_code", "city", "state", "country", "website",
    "source", "captured_at", "score", "request", "answers", "note", "reason", "next_step",
)  # fmt: skip


def checked(settings: dict[str, Any], secrets: dict[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Settings as they are kept: `path`, `format`.

    Raises:
        Refused: the folder is not there, or the format is none.
    """
    path, form = Path(str(settings.get("path") or "")).expanduser(), str(settings.get("format") or "csv").lower()
    if not settings.get("path") or not path.is_dir():
        raise Refused(f"There is no folder {path}.", todo="Make it, or name another with --path.")
    if form not in FORMATS:
        raise Refused(f"A lead is not written as {form}.", todo=f"Use one of: {', '.join(FORMATS)}.")
    return {"path": str(path.resolve()), "format": form}, secrets


class Folder:
    """Writes files. The same delivery has the same name, so that writing it again changes nothing."""

    erases = True

    def __init__(self, channel: Channel) -> None:
        self._path, self._format = Path(channel.settings["path"]), str(channel.settings.get("format", "csv"))

    def freeze(self, made: Packet, letter: Letter) -> bytes:
        """The file's bytes."""
        values = fields(made, letter.id, letter.number)
        return _vcard(made, values) if self._format == "vcf" and made.what != "erase" else _csv(values)

    def deliver(self, letter: Letter, wire: Wire) -> Reply:
        """Write the file under another name, then give it its own; an erasure takes this lead's files away first."""
        try:
            if letter.what == "erase":
                for old in self._path.glob(f"{letter.lead}-*"):
                    old.unlink(missing_ok=True)
            self._write(self._path / self._name(letter), letter.body)
        except OSError as error:
            return Reply(outcome="again", why=f"{self._path} cannot be written: {error.strerror or error}.", busy=True)
        return Reply(outcome="received")

    def preview(self, letter: Letter) -> list[Shown]:
        """The file."""
        return [Shown(to=str(self._path / self._name(letter)), head=(), body=letter.body.decode("utf-8-sig"))]

    def _name(self, letter: Letter) -> str:
        ending = "csv" if letter.what == "erase" else self._format
        what = f"correction-{letter.what}" if letter.correction and letter.what in {"sell", "nurture"} else letter.what
        return f"{letter.lead}-{what}-{letter.id.removeprefix('msg_')[:12]}.{ending}"

    @staticmethod
    def _write(target: Path, content: bytes) -> None:
        beside = target.with_name(f".{target.name}.{os.getpid()}.part")
        try:
            with beside.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)


def _csv(values: dict[str, Any]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerow(["" if values[name] is None else harmless(values[name]) for name in COLUMNS])
    return text.getvalue().encode("utf-8-sig")  # the mark tells spreadsheets the encoding


def _vcard(made: Packet, values: dict[str, Any]) -> bytes:
    """A card in version 3.0 (RFC 2426) with everything else as its note."""
    first, last = _escaped(made.first_name), _escaped(made.last_name)
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"UID:{made.id}", f"N:{last};{first};;;", f"FN:{_escaped(made.name)}"]
    for name, value in (("ORG", made.company), ("TITLE", made.title), ("URL", made.website)):
        lines += [f"{name}:{_escaped(value)}"] if value else []
    lines += [f"EMAIL;TYPE=INTERNET:{_escaped(address)}" for address in made.emails]
    lines += [f"TEL;TYPE=WORK:{_escaped(number)}" for number in made.phones]
    place = [made.street, made.city, made.state, made.postal_code, made.country]
    if any(place):
        lines.append(f"ADR;TYPE=WORK:;;{';'.join(map(_escaped, place))}")
    lines += [f"CATEGORIES:{_escaped(made.what)},{_escaped(made.source)}", f"NOTE:{_escaped(summary(made))}"]
    lines += [f"X-WINNOW-DELIVERY:{values['delivery']}", "END:VCARD"]
    return "".join(_folded(line) + "\r\n" for line in lines).encode()


def carrier(channel: Channel, secrets: dict[str, str]) -> Folder:
    """Whoever writes into this channel's folder."""
    return Folder(channel)

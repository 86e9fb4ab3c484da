"""A short e-mail after a call that reached nobody: from a template, through the mail program or a mail server."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

import msgspec

from app import paths
from app.models.emails import is_role_address
from app.models.entries import AUTOMATIC, Id, Mailed, Person
from app.models.inquiry import Inquiry, Stage
from app.services.errors import EnvironmentFailed, NotFound, Refused
from app.services.seat import Changed, Seat, new_id

FOLDER = "mail"  # beside the store: templates of this home, which go before those that come with Winnow
DEFAULT = "voicemail"
LONGEST_LINK = 1900  # characters of a mailto: address that every mail program takes
_NAMED = re.compile(r"\{([a-z_]+)\}")
FIELDS = ("first_name", "last_name", "full_name", "company", "title", "source", "request", "about", "number", "sender")
"""What a template may name in braces."""


class Template(msgspec.Struct, frozen=True, kw_only=True):
    """One template: "voicemail" in one language."""

    name: str
    language: str  # "en", or empty
    says: str  # what it is for
    subject: str
    text: str


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """One e-mail, ready to be sent."""

    inquiry: Id
    template: str
    to: str
    subject: str
    text: str

    @property
    def url(self) -> str:
        """As the system's mail program takes it (RFC 6068); a text too long for it is cut at a line."""
        text = self.text
        while True:
            made = f"mailto:{quote(self.to, safe='@')}?subject={_coded(self.subject)}&body={_coded(text)}"
            if len(made) <= LONGEST_LINK or not text:
                return made
            text = text.rpartition("\n")[0]


def templates(seat: Seat) -> list[Template]:
    """Every template, the home's own first.

    Raises:
        Refused: one of the home's own names a field that there is not, or has no subject.
    """
    found: dict[tuple[str, str], Template] = {}
    for folder in (seat.store.path.parent / FOLDER, paths.resources() / "mail"):
        for file in sorted(folder.glob("*.txt")) if folder.is_dir() else ():
            made = _read(file)
            found.setdefault((made.name, made.language), made)
    return list(found.values())


def write(seat: Seat, inquiry_id: Id, template: str = DEFAULT, *, language: str = "") -> Mail:
    """The e-mail to an inquiry in its own language where there is a template in it, else in English.

    Raises:
        Refused: they have no e-mail, asked not to be contacted, or are gone.
        NotFound: there is no such inquiry or template.
    """
    inquiry = seat.inquiry(inquiry_id)
    to = _address(inquiry)
    wanted = [one for one in templates(seat) if one.name == template]
    if not wanted:
        names = ", ".join(sorted({one.name for one in templates(seat)}))
        raise NotFound(f"There is no template {template}.", todo=f"There are: {names}.")
    spoken = [language, *_languages(inquiry), "en", ""]
    chosen = min(wanted, key=lambda one: spoken.index(one.language) if one.language in spoken else len(spoken))
    values = _values(seat, inquiry)
    subject = _filled(chosen.subject, values)
    return Mail(
        inquiry=inquiry.id, template=template, to=to, subject=" ".join(subject.split()),
        text=_filled(chosen.text, values),
    )  # fmt: skip


def mailed(seat: Seat, mail: Mail, how: str = "program") -> Changed:
    """Log that the e-mail went out: handed to the mail program, or sent by a server.

    Raises:
        NotFound: there is no such inquiry.
    """
    with seat.act() as act:
        inquiry = act.inquiry(mail.inquiry)
        body = Mailed(template=mail.template, at=seat.now(), how="smtp" if how == "smtp" else "program")
        act.append(inquiry.id, body, Person(note=f"{mail.subject}\n\n{mail.text}"))
        return act.changed()


def send(seat: Seat, mail: Mail, channel: str = "") -> Changed:
    """Send through the mail server of an e-mail channel and log it; on a thread that may wait for the network.

    Raises:
        NotFound: there is no such channel. Refused: the server does not take it for good.
        EnvironmentFailed: the server cannot be reached, or asks to try later; nothing was logged.
    """
    from app.models.agreed_ids import letter_id
    from app.services.team.channels.configured import named, secrets_of, standings
    from app.services.team.channels.mail import hand_over, message_of
    from app.services.team.channels.wire import Wire

    if not channel:
        channel = next((one.channel.name for one in standings(seat.store) if one.channel.kind == "email"), "")
        if not channel:
            raise NotFound("There is no mail server.", todo="Add an e-mail channel, or use the mail program.")
    server = named(seat.store, channel)
    if server.kind != "email":
        raise Refused(f"{server.name} sends no e-mail.", kept="Nothing was sent.")
    settings, secrets = server.settings, secrets_of(seat, server.name)
    at = _iso(seat.now())
    message = message_of(
        settings["sender"], [mail.to], mail.subject, mail.text, at, letter_id(AUTOMATIC, new_id()), name=seat.member
    ).as_bytes()
    with Wire() as wire:
        reply = hand_over(settings, secrets.get("password", ""), message, wire)
    if reply.outcome == "never":
        raise Refused(f"It was not sent. {reply.why}", kept="Nothing was logged.")
    if reply.outcome != "received":
        raise EnvironmentFailed(f"It was not sent. {reply.why}", kept="Nothing was logged.", todo="Try again later.")
    return mailed(seat, mail, "smtp")


def _address(inquiry: Inquiry) -> str:
    if inquiry.stage in {Stage.DISCARDED, Stage.ERASED}:
        raise Refused(f"This inquiry is {inquiry.stage.value}.", kept="Nothing was written.")
    if inquiry.objections:
        raise Refused("They asked not to be contacted.", kept="Nothing was written.")
    own = sorted(inquiry.emails, key=is_role_address)  # their own before the office's
    if not own:
        raise Refused("They have no e-mail.", todo="Add one, or call again.")
    return own[0]


def _languages(inquiry: Inquiry) -> list[str]:
    """What they speak, as far as it is known; by country only where nearly everybody does."""
    by_country = {"DE": "de", "AT": "de", "US": "en", "GB": "en", "IE": "en", "AU": "en", "NZ": "en"}
    country = inquiry.country or (inquiry.number.region if inquiry.number else "")
    return [found for found in (inquiry.language[:2].lower(), by_country.get(country, "")) if found]


def _values(seat: Seat, inquiry: Inquiry) -> dict[str, str]:
    full = f"{inquiry.first_name} {inquiry.last_name}".strip()
    company = f" ({inquiry.company})" if inquiry.company else ""
    return {
        "first_name": inquiry.first_name or full or inquiry.company,
        "last_name": inquiry.last_name,
        "full_name": full or inquiry.company,
        "company": inquiry.company,
        "title": inquiry.title,
        "source": inquiry.source,
        "request": inquiry.requests[-1].text if inquiry.requests else "",
        "about": company,
        "number": inquiry.number.e164 if inquiry.number else "",
        "sender": seat.member,
    }


def _filled(text: str, values: dict[str, str]) -> str:
    found = _NAMED.sub(lambda match: values[match[1]], text)
    return re.sub(r"[ \t]+(?=[,.!?\n])", "", found)  # "Hello ,"


def _read(file: Path) -> Template:
    text = file.read_text("utf-8-sig")
    head, _, body = text.replace("\r\n", "\n").partition("\n\n")
    named = dict(_head_line(line) for line in head.splitlines())
    unknown = [name for name in _NAMED.findall(text) if name not in FIELDS]
    if unknown:
        raise Refused(f"{file.name} names {{{unknown[0]}}}, which there is not.", todo=f"Fields: {', '.join(FIELDS)}.")
    if not named.get("subject") or not body.strip():
        raise Refused(f"{file.name} needs a line with Subject:, an empty line, and a text.")
    name, dash, language = file.stem.rpartition("-")
    if not dash or len(language) != 2:
        name, language = file.stem, ""
    says = named.get("description", name)
    return Template(name=name, language=language, says=says, subject=named["subject"], text=body.strip() + "\n")


def _head_line(line: str) -> tuple[str, str]:
    key, _, value = line.partition(":")
    return key.strip().lower(), value.strip()


def _coded(text: str) -> str:
    return quote(text.replace("\r\n", "\n").replace("\n", "\r\n"), safe="")


def _iso(at: int) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="seconds")

"""HubSpot CRM by its API v3: contact, company, deal, a note with the answers and a task for the owner.

Everything that Winnow makes there carries `winnow_id`, a property with unique values: what is there already is found
by it, and of two who make it at once HubSpot refuses one. So a delivery that is repeated makes nothing twice.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import msgspec

from app.models.deliveries import Channel
from app.services.errors import Refused
from app.services.team.channels.addresses import AddressRefused, checked_url
from app.services.team.channels.base import MASK, Letter, Reply, Shown
from app.services.team.channels.hubspot_objects import (
    KEY,
    MOST_TEXT,
    OBJECTS,
    company_of,
    creation,
    domain_of,
    note_of,
    person_of,
    upsert,
)
from app.services.team.channels.packet import Packet
from app.services.team.channels.packet_words import headline, summary
from app.services.team.channels.webhook import reply_of
from app.services.team.channels.wire import Heard, Unreached, Wire, head_of

SECRETS = ("token",)
HOME = "https://api.hubapi.com"
NEVER = frozenset({400, 404, 413, 422})
TIMES = 3.0  # one delivery is up to eight requests
WAYS_TO_ERASE = ("task", "delete")
_decoder = msgspec.json.Decoder(Packet)


def checked(settings: dict[str, Any], secrets: dict[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Settings as they are kept: `url`, `pipeline`, `stage`, `withdrawn_stage`, `owner`, `owners`, `erase`, `private`.

    `owners` gives the HubSpot owner's number of each salesperson; `owner` is for leads that are meant for nobody in
    particular. `erase` says whether an erasure asks the owner to erase the contact (task) or does it (delete).

    Raises:
        Refused: no token, or a setting is none.
    """
    if not secrets.get("token"):
        raise Refused("HubSpot needs the token of a private app.", todo="Give it with --secret.")
    private, erase = bool(settings.get("private")), str(settings.get("erase") or "task")
    if erase not in WAYS_TO_ERASE:
        raise Refused(f"HubSpot is not asked to erase by {erase}.", todo=f"Use one of: {', '.join(WAYS_TO_ERASE)}.")
    kept: dict[str, Any] = {
        "url": checked_url(str(settings.get("url") or HOME), private=private).rstrip("/"),
        "pipeline": str(settings.get("pipeline") or "default"),
        "stage": str(settings.get("stage") or "appointmentscheduled"),
        "withdrawn_stage": str(settings.get("withdrawn_stage") or "closedlost"),
        "owner": str(settings.get("owner") or ""),
        "owners": {str(name): str(number) for name, number in (settings.get("owners") or {}).items()},
        "erase": erase,
        "private": private,
    }
    if settings.get("ca_file"):
        kept["ca_file"] = str(settings["ca_file"])
    return kept, secrets


class _Stopped(Exception):
    """A step did not succeed; the reply says what becomes of the delivery."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.why)
        self.reply = reply


class _Call(msgspec.Struct):
    """One request as it would be sent."""

    method: str
    path: str
    body: Any = None


class HubSpot:
    """Makes the lead's objects, one after the other."""

    erases = True

    def __init__(self, channel: Channel, secrets: dict[str, str]) -> None:
        self._settings, self._token = channel.settings, secrets.get("token", "")

    def freeze(self, made: Packet, letter: Letter) -> bytes:
        """The packet; every request follows from it."""
        return msgspec.json.encode(made)

    def deliver(self, letter: Letter, wire: Wire) -> Reply:
        """All steps; each finds first what an earlier attempt has made."""
        wire.begin(TIMES)
        talk = _Talk(self._settings, self._token, wire, letter)
        made = _decoder.decode(letter.body)
        try:
            if made.what == "erase":
                return self._erase(talk, letter, made)
            if made.what == "withdrawn":
                return self._withdraw(talk, letter, made)
            return self._tell(talk, letter, made)
        except _Stopped as stopped:
            return stopped.reply
        except (Unreached, AddressRefused) as error:
            return Reply(outcome="again", why=str(error), busy=True)

    def preview(self, letter: Letter) -> list[Shown]:
        """Every request, with numbers in angle brackets where an answer of HubSpot gives them."""
        made = _decoder.decode(letter.body)
        head = {"Authorization": f"Bearer {MASK}", "Content-Type": "application/json"}
        found = []
        for call in self._calls(letter, made):
            url = self._settings["url"] + call.path
            body = msgspec.json.encode(call.body) if call.body is not None else b""
            shown = head_of(call.method, url, head, body)
            found.append(Shown(to=f"{call.method} {url}", head=shown, body=body.decode()))
        return found

    def _tell(self, talk: _Talk, letter: Letter, made: Packet) -> Reply:
        contact = talk.contact(made)
        ties = {"contacts": contact}
        company = talk.company(made, contact)
        if company:
            ties["companies"] = company
        if made.what == "sell":
            deal = self._deal(made)
            ties["deals"] = talk.once("deals", made.root, deal, dict(ties), again=made.correction)
        elif made.correction:  # it was sold before
            talk.change("deals", made.root, {"dealstage": self._settings["withdrawn_stage"]})
        talk.once("notes", letter.id, note_of(made), ties)
        if made.what == "sell":
            talk.once("tasks", letter.id, self._task(made, f"Call {made.name or 'the lead'}"), ties)
        return Reply(outcome="received", number=contact)

    def _withdraw(self, talk: _Talk, letter: Letter, made: Packet) -> Reply:
        ties = {"contacts": letter.number} if letter.number else {"contacts": talk.contact(made)}
        deal = talk.change("deals", made.root, {"dealstage": self._settings["withdrawn_stage"]})
        if deal:
            ties["deals"] = deal
        talk.once("notes", letter.id, note_of(made), ties)
        return Reply(outcome="received", number=letter.number or ties["contacts"])

    def _erase(self, talk: _Talk, letter: Letter, made: Packet) -> Reply:
        if not letter.number:
            return Reply(outcome="never", why="HubSpot's number of the contact is not known.")
        if self._settings["erase"] == "delete":
            talk.do(_Call("POST", f"{OBJECTS}/contacts/gdpr-delete", {"objectId": letter.number}), missing=True)
        else:
            task = self._task(made, "Erase this person: they asked for it, or were discarded")
            talk.once("tasks", letter.id, task, {"contacts": letter.number})
        return Reply(outcome="received", number=letter.number)

    def _calls(self, letter: Letter, made: Packet) -> list[_Call]:
        """What a first attempt sends when nothing is there yet."""
        ties = {"contacts": letter.number or "<contact>"}
        if made.what == "erase" and self._settings["erase"] == "delete":
            return [_Call("POST", f"{OBJECTS}/contacts/gdpr-delete", {"objectId": ties["contacts"]})]
        if made.what == "erase":
            task = self._task(made, "Erase this person: they asked for it, or were discarded")
            return [_Call("POST", f"{OBJECTS}/tasks", creation("tasks", letter.id, task, ties))]
        note = _Call("POST", f"{OBJECTS}/notes", None)
        if made.what == "withdrawn":
            stage = {"properties": {"dealstage": self._settings["withdrawn_stage"]}}
            note.body = creation("notes", letter.id, note_of(made), {**ties, "deals": "<deal>"})
            return [_Call("PATCH", _named("deals", made.root), stage), note]
        calls = [_Call("POST", f"{OBJECTS}/contacts/batch/upsert", {"inputs": [upsert(made)]})] if made.email else []
        if made.company:
            key, properties = company_of(made)
            calls.append(_Call("POST", f"{OBJECTS}/companies", creation("companies", key, properties, ties)))
            ties = {**ties, "companies": "<company>"}
        if made.what == "sell":
            calls.append(_Call("POST", f"{OBJECTS}/deals", creation("deals", made.root, self._deal(made), ties)))
            ties = {**ties, "deals": "<deal>"}
        note.body = creation("notes", letter.id, note_of(made), ties)
        calls.append(note)
        if made.what == "sell":
            task = self._task(made, f"Call {made.name or 'the lead'}")
            calls.append(_Call("POST", f"{OBJECTS}/tasks", creation("tasks", letter.id, task, ties)))
        return calls

    def _deal(self, made: Packet) -> dict[str, str]:
        title = " – ".join(part for part in (made.name, made.company) if part)
        found = {"dealname": title[:250], "pipeline": self._settings["pipeline"], "dealstage": self._settings["stage"]}
        found["description"] = summary(made)[:MOST_TEXT]
        return found | self._owner(made)

    def _task(self, made: Packet, subject: str) -> dict[str, str]:
        return {
            "hs_task_subject": subject[:250],
            "hs_task_body": (made.next_step or headline(made))[:MOST_TEXT],
            "hs_task_status": "NOT_STARTED",
            "hs_task_priority": "HIGH",
            "hs_task_type": "TODO",
            "hs_timestamp": made.at,
        } | self._owner(made)

    def _owner(self, made: Packet) -> dict[str, str]:
        owner = self._settings["owners"].get(made.for_member) or self._settings["owner"]
        return {"hubspot_owner_id": owner} if owner else {}


class _Talk:
    """The requests of one attempt."""

    def __init__(self, settings: dict[str, Any], token: str, wire: Wire, letter: Letter) -> None:
        self._settings, self._token, self._wire, self._letter = settings, token, wire, letter

    def contact(self, made: Packet) -> str:
        """The contact's number: by e-mail, which is unique there; without one by the lead's own id."""
        if not made.email:
            return self.once("contacts", made.id, person_of(made), {}, again=made.correction)
        heard = self.do(_Call("POST", f"{OBJECTS}/contacts/batch/upsert", {"inputs": [upsert(made)]}))
        found = heard.json()
        results = found.get("results") if isinstance(found, dict) else None
        if not isinstance(results, list) or not results or heard.status == 207:
            raise _Stopped(Reply(outcome="never", why="HubSpot does not take the contact."))
        return _number(results[0])

    def company(self, made: Packet, contact: str) -> str:
        """The company's number: by domain, then by name, else made; empty where there is none."""
        if not made.company:
            return ""
        domain = domain_of(made)
        for name, value in (("domain", domain), ("name", made.company)):
            if value:
                wanted = {"filters": [{"propertyName": name, "operator": "EQ", "value": value}]}
                asked = {"filterGroups": [wanted], "properties": ["name"], "limit": 1}
                answer = self.do(_Call("POST", f"{OBJECTS}/companies/search", asked)).json()
                results = answer.get("results") if isinstance(answer, dict) else None
                if results:
                    return _number(results[0])
        key, properties = company_of(made)
        return self.once("companies", key, properties, {"contacts": contact})

    def once(
        self, kind: str, key: str, properties: dict[str, str], ties: dict[str, str], *, again: bool = False
    ) -> str:
        """The number of the object with this key, made where there is none; `again`: its properties are set anew."""
        number = self.change(kind, key, properties) if again else self._known(kind, key)
        if number:
            return number
        heard = self.do(_Call("POST", f"{OBJECTS}/{kind}", creation(kind, key, properties, ties)), taken=True)
        if heard.status == 409:  # somebody made it in the meantime
            number = self._known(kind, key)
            if not number:
                raise _Stopped(Reply(outcome="again", why=f"HubSpot says that the {kind} is there, and shows none."))
            return number
        return _number(heard.json())

    def change(self, kind: str, key: str, properties: dict[str, str]) -> str:
        """Set properties of the object with this key; its number, empty where there is none."""
        heard = self.do(_Call("PATCH", _named(kind, key), {"properties": properties}), missing=True)
        return "" if heard.status == 404 else _number(heard.json())

    def _known(self, kind: str, key: str) -> str:
        heard = self.do(_Call("GET", _named(kind, key)), missing=True)
        return "" if heard.status == 404 else _number(heard.json())

    def do(self, call: _Call, *, missing: bool = False, taken: bool = False) -> Heard:
        """One request; `missing` and `taken` say whether 404 and 409 are answers, not failures."""
        settings = self._settings
        head = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        heard = self._wire.send(
            call.method, settings["url"] + call.path, head,
            b"" if call.body is None else msgspec.json.encode(call.body),
            private=bool(settings.get("private")), ca_file=str(settings.get("ca_file", "")),
        )  # fmt: skip
        if (missing and heard.status == 404) or (taken and heard.status == 409):
            return heard
        reply = reply_of(heard, self._letter.at, never=NEVER)
        if heard.status in {401, 403}:
            reply = Reply(outcome="again", why=f"HubSpot does not accept the token ({heard.status}).", busy=True)
        if reply.outcome == "received":
            return heard
        raise _Stopped(reply)


def _named(kind: str, key: str) -> str:
    return f"{OBJECTS}/{kind}/{quote(key, safe='')}?idProperty={KEY}"


def _number(answer: Any) -> str:
    number = answer.get("id") if isinstance(answer, dict) else None
    if not isinstance(number, str | int) or not str(number):
        raise _Stopped(Reply(outcome="again", why="HubSpot's answer names no number."))
    return str(number)


def carrier(channel: Channel, secrets: dict[str, str]) -> HubSpot:
    """Whoever speaks to this HubSpot."""
    return HubSpot(channel, secrets)

"""What became of leads, as another system says in a list: rehearsed first, then taken into the ledger.

A row names its lead by an id that Winnow had sent (the lead's, the delivery's, or the receiver's own number), else by
e-mail or number. What is known already changes nothing, so that the same list may come every week.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from app.models.agreed_ids import letter_id
from app.models.columns import Column
from app.models.dates import decide_day_first, parse_when
from app.models.emails import email_key, split_emails
from app.models.entries import Closed, Disposition, Id, Millis, Person, Verdict
from app.models.folding import fold_text
from app.models.inquiry import LEAD_STAGES, Inquiry, Stage
from app.models.outcome_words import ACCEPTED, LOST, OPEN, OUTCOMES, PROSPECT, REJECTED, WON, amount_of, outcome_of
from app.models.phones import normalise
from app.services import drafts, queue
from app.services.errors import NotFound, Refused
from app.services.reading import RawRow, open_source
from app.services.reading.source import Refusal, Source
from app.services.sales import selling
from app.services.seat import Changed, Seat

FIELDS = ("id", "email", "phone", "outcome", "amount", "currency", "at", "reason")
RETURNS = {"nurture": Verdict.NURTURE, "call-again": Verdict.CALL_AGAIN, "discard": Verdict.DISCARD}
# Letters alone, as CRMs head their columns; the first that is there counts.
NAMES = {
    "id": "winnowid winnow leadid externalid externalleadid deliveryid recordid contactid hsobjectid id",
    "email": "email emailaddress mail emailadresse courriel correo correoelectronico contactemail",
    "phone": "phone phonenumber telephone telefon telefonnummer mobile mobil telefono numero",
    "outcome": "outcome result status leadstatus stage dealstage stagename opportunitystage salesstage ergebnis phase "
    "dealphase etape statut estado etapa stato fase",
    "amount": "amount dealamount value dealvalue opportunityamount revenue total betrag wert umsatz montant valeur "
    "importe valor importo valore",
    "currency": "currency amountcurrency currencycode dealcurrency waehrung währung devise moneda valuta",
    "at": "closedate closedat closed wonat losttime wontime date abschlussdatum datum dateclotur fechacierre "
    "datachiusura",
    "reason": "reason lostreason closedlostreason rejectionreason returnreason grund verlustgrund ablehnungsgrund "
    "raison motif motivo comment note",
}
NOT_KNOWN = "means is not known"  # how the reason ends where a word is none of ours
MAXIMUM_LATER = 24 * 3_600_000  # a day of tomorrow may be another zone's today
_HEX = re.compile(r"[0-9a-f]{8,32}")


class Fate(msgspec.Struct, frozen=True, kw_only=True):
    """One row, and what it would change. `why` refuses it; `known` says that nothing is new."""

    line: int
    inquiry: Id = ""
    name: str = ""
    outcome: str = ""
    amount: str = ""
    currency: str = ""
    at: Millis | None = None
    reason: str = ""
    known: bool = False
    why: str = ""

    @property
    def is_new(self) -> bool:
        """Whether it changes something."""
        return not (self.why or self.known or self.outcome == OPEN)


class Rehearsal(msgspec.Struct, frozen=True, kw_only=True):
    """What a list would change; nothing is changed yet."""

    mapping: dict[str, str]  # field -> column
    rows: tuple[Fate, ...]

    def count(self, outcome: str) -> int:
        """How many rows bring this outcome."""
        return sum(row.outcome == outcome and not row.known and not row.why for row in self.rows)

    @property
    def refused(self) -> list[Fate]:
        """The rows that cannot be used."""
        return [row for row in self.rows if row.why]


def rehearse(
    seat: Seat, path: Path, *, mapping: Mapping[str, str] | None = None, meanings: Mapping[str, str] | None = None
) -> Rehearsal:
    """Read a list and say what each row would change.

    Args:
        mapping: field (`FIELDS`) -> column, for what the column names do not tell.
        meanings: word of the other system -> outcome.

    Raises:
        NotFound: there is no such file. FileRefused: it is no list. Refused: no column says who or what.
    """
    wrong = sorted(set((meanings or {}).values()) - set(OUTCOMES))
    if wrong:
        raise Refused(f"There is no outcome {wrong[0]}.", todo=f"Use one of: {', '.join(OUTCOMES)}.")
    try:
        source = open_source(path, region=seat.settings["region"])
    except FileNotFoundError as error:
        raise NotFound(f"There is no file {path.name}.", kept="Nothing was changed.") from error
    columns = _columns(source.columns, dict(mapping or {}))
    reading = _Reading(seat, source, columns, dict(meanings or {}))
    names = {column.index: column.name for column in source.columns}
    with seat.store.snapshot():
        rows = tuple(reading.fates())
    return Rehearsal(mapping={field: names[at] for field, at in columns.items()}, rows=rows)


def take(seat: Seat, rehearsal: Rehearsal, *, returned: str = "nurture") -> tuple[Rehearsal, Changed]:
    """Put what is new into the ledger; returns the rows as they went, those that a rule refused among them.

    `returned`: what becomes of a rejected lead: nurture, call-again or discard.
    """
    rows, changed = take_rows(seat, rehearsal.rows, returned=returned)
    return msgspec.structs.replace(rehearsal, rows=rows), changed


def take_rows(seat: Seat, fates: Iterable[Fate], *, returned: str = "nurture") -> tuple[tuple[Fate, ...], Changed]:
    """As `take`, for some of the rows."""
    rows: list[Fate] = []
    inquiries: set[Id] = set()
    kinds: set[str] = set()
    for row in fates:
        if not row.is_new:
            rows.append(row)
            continue
        try:
            changed = _take(seat, row, RETURNS[returned])
        except Refused as error:
            rows.append(msgspec.structs.replace(row, why=error.sentence))
            continue
        inquiries |= changed.inquiries
        kinds |= changed.kinds
        rows.append(row)
    return tuple(rows), Changed(frozenset(inquiries), frozenset(kinds), seat.holder)


def _take(seat: Seat, row: Fate, returned: Verdict) -> Changed:
    if row.outcome in {WON, LOST}:
        return _close(seat, row)
    if row.outcome == REJECTED:
        return selling.review(seat, row.inquiry, returned, reason=row.reason or "Rejected in the other system")
    verdict = Verdict.PROSPECT if row.outcome == PROSPECT else Verdict.ACCEPT
    return selling.review(seat, row.inquiry, verdict)


def _close(seat: Seat, row: Fate) -> Changed:
    """As `selling.close`, on the day that the list names."""
    with seat.act() as act:
        inquiry = act.inquiry(row.inquiry)
        if inquiry.stage not in LEAD_STAGES | {Stage.WON, Stage.LOST}:
            raise Refused(f"This inquiry is no lead of sales: it is {inquiry.stage.value}.")
        queue.refuse_if_held(seat, inquiry.id)
        won = row.outcome == WON
        body = Closed(
            won=won, closed_at=row.at or seat.now(), amount=row.amount if won else "",
            currency=(row.currency or seat.settings["currency"]) if won else "",
        )  # fmt: skip
        reason = row.reason or ("" if won else "Lost in the other system")
        act.append(inquiry.id, body, Person(reason=reason or None))
        drafts.forget(seat, inquiry.id)
        return act.changed()


# reading


def outcome_column(seat: Seat, columns: Sequence[Column]) -> str:
    """The name of the column that may say what became of leads which sales has got; empty where there is none."""
    if seat.store.one("SELECT 1 FROM inquiry INDEXED BY inquiry_sold WHERE sold_at > 0") is None:
        return ""
    try:
        at = _columns(columns, {})["outcome"]
    except Refused:
        return ""
    return next((c.name for c in columns if c.index == at and c.sample and outcome_of(c.sample)), "")


def _columns(columns: Sequence[Column], mapping: dict[str, str]) -> dict[str, int]:
    found: dict[str, int] = {}
    by_name = {_letters(column.name): column.index for column in reversed(columns)}
    for field, words in NAMES.items():
        index = next((by_name[word] for word in words.split() if word in by_name), None)
        if index is not None:
            found[field] = index
    for column in columns:  # what the values tell, where the name does not
        if column.field in {"email", "phone"} and column.field not in found:
            found[column.field] = column.index
    for field, name in mapping.items():
        if field not in FIELDS:
            raise Refused(f"There is no field {field}.", todo=f"Fields are: {', '.join(FIELDS)}.")
        at = next((column.index for column in columns if column.name.casefold() == name.casefold()), None)
        if at is None:
            raise Refused(f"There is no column {name}.", kept="Nothing was changed.")
        found[field] = at
    if "outcome" not in found:
        raise Refused("No column says what became of the leads.", todo="Head one of them Outcome, or Status.")
    if not {"id", "email", "phone"} & found.keys():
        raise Refused("No column says which leads they are.", todo="Head one of them Id, E-mail or Phone.")
    return found


def _letters(text: str) -> str:
    return "".join(sign for sign in fold_text(text) if sign.isalpha())


class _Reading:
    """One list: finds each row's lead, and what is new about it."""

    def __init__(self, seat: Seat, source: Source, columns: dict[str, int], meanings: dict[str, str]) -> None:
        self._seat, self._source, self._columns, self._meanings = seat, source, columns, meanings
        self._seen: dict[Id, int] = {}
        self._letters: dict[str, Id] | None = None
        self._numbers: dict[str, set[Id]] | None = None
        self._zone = ZoneInfo(seat.settings["zone"])
        sample = [self._cell(row, "at") for row in source.rows() if isinstance(row, RawRow)][:200] if (
            "at" in columns
        ) else []  # fmt: skip
        self._day_first = decide_day_first(sample, seat.settings["region"])

    def fates(self) -> Iterator[Fate]:
        """Every row, in order."""
        for row in self._source.rows():
            if isinstance(row, Refusal):
                yield Fate(line=row.line, why=row.reason)
            else:
                yield self._fate(row)

    def _fate(self, row: RawRow) -> Fate:
        try:
            outcome = self._outcome(row)
            inquiry = self._seat.ledger.inquiry(self._found(row))
            made = self._made(row, inquiry, outcome)
        except (ValueError, NotFound) as error:
            return Fate(line=row.line, why=error.sentence if isinstance(error, NotFound) else str(error))
        if made.why or made.outcome == OPEN:
            return made
        earlier = self._seen.setdefault(inquiry.id, row.line)
        if earlier != row.line:
            return msgspec.structs.replace(made, why=f"row {earlier} says already what became of this lead")
        return made

    def _made(self, row: RawRow, inquiry: Inquiry, outcome: str) -> Fate:
        amount, currency = "", self._cell(row, "currency").upper()
        if outcome == WON:
            text = self._cell(row, "amount")
            if not text:
                raise ValueError("a won sale needs its amount")
            amount, named = amount_of(text)
            currency = currency or named or self._seat.settings["currency"]
            if not re.fullmatch(r"[A-Z]{3}", currency):
                raise ValueError(f"{currency} is no currency")
        known = outcome == OPEN or _is_known(inquiry, outcome, amount, currency)
        why = "" if known else _refusal(inquiry, outcome)
        return Fate(
            line=row.line, inquiry=inquiry.id, name=inquiry.name, outcome=outcome, amount=amount, currency=currency,
            at=self._at(row, inquiry), reason=self._cell(row, "reason")[:2000], known=known, why=why,
        )  # fmt: skip

    def _outcome(self, row: RawRow) -> str:
        word = self._cell(row, "outcome")
        outcome = outcome_of(word, self._meanings)
        if not outcome:
            raise ValueError(f'what "{word}" {NOT_KNOWN}')
        return outcome

    def _at(self, row: RawRow, inquiry: Inquiry) -> Millis | None:
        now = self._seat.now()
        at = parse_when(self._cell(row, "at"), day_first=self._day_first, zone=self._zone, now=now)
        earliest = inquiry.sold_at or inquiry.decided_at or 0
        return at if at is not None and earliest <= at <= now + MAXIMUM_LATER else None

    def _cell(self, row: RawRow, field: str) -> str:
        at = self._columns.get(field)
        return row.cells[at].strip() if at is not None and at < len(row.cells) else ""

    # whose

    def _found(self, row: RawRow) -> Id:
        """The inquiry of a row.

        Raises:
            ValueError: it fits nobody, or several.
        """
        ways = (("id", self._by_id), ("email", self._by_email), ("phone", self._by_phone))
        named = [(field, self._cell(row, field), find) for field, find in ways]
        for _field, text, find in named:
            found = find(text) if text else set()
            if len(found) > 1:
                found = self._leads_among(found)
            if len(found) == 1:
                return found.pop()
            if len(found) > 1:
                raise ValueError(f"{text} fits {len(found)} leads")
        texts = [text for _, text, _ in named if text]
        raise ValueError(f"{texts[0]} fits nobody here" if texts else "it says of nobody whom it is about")

    def _leads_among(self, ids: set[Id]) -> set[Id]:
        marks = ",".join("?" * len(ids))
        sql = f"SELECT id FROM inquiry WHERE sold_at IS NOT NULL AND id IN ({marks})"
        return {row[0] for row in self._seat.store.query(sql, tuple(ids))} or ids

    def _by_id(self, text: str) -> set[Id]:
        store, survivor = self._seat.store, self._seat.ledger.survivor
        if text.lower().startswith("msg_"):
            subject = self._sent().get(text.lower())
            return {survivor(subject)} if subject else set()
        plain = text.lower().replace("-", "")
        found: set[Id] = set()
        if _HEX.fullmatch(plain):
            found = {row[0] for row in store.query("SELECT id FROM inquiry WHERE id GLOB ?", (f"{plain}*",))}
            if len(plain) == 32 and not found:
                about = store.query("SELECT subject FROM ledger WHERE id = ? OR subject = ?", (plain, plain))
                found = {survivor(row[0]) for row in about}
        return found or {survivor(subject) for subject in self._numbered().get(text, ())}

    def _numbered(self) -> dict[str, set[Id]]:
        """Leads by the receivers' own numbers."""
        if self._numbers is None:
            self._numbers = {}
            rows = self._seat.store.query("SELECT number, subject FROM delivery WHERE number <> ''")
            for number, subject in rows:
                self._numbers.setdefault(number, set()).add(subject)
        return self._numbers

    def _sent(self) -> dict[str, Id]:
        if self._letters is None:
            rows = self._seat.store.query("SELECT channel, cause, subject FROM delivery")
            self._letters = {letter_id(channel, cause): subject for channel, cause, subject in rows}
        return self._letters

    def _by_email(self, text: str) -> set[Id]:
        found: set[Id] = set()
        for address in split_emails(text):
            sql = "SELECT inquiry FROM email WHERE address = ?"
            found |= {row[0] for row in self._seat.store.query(sql, (email_key(address),))}
        return found

    def _by_phone(self, text: str) -> set[Id]:
        number = normalise(text, self._seat.settings["region"]).e164
        sql = "SELECT inquiry FROM phone WHERE number = ?"
        return {row[0] for row in self._seat.store.query(sql, (number,))} if number else set()


def _is_known(inquiry: Inquiry, outcome: str, amount: str, currency: str) -> bool:
    stage = inquiry.stage
    if outcome == WON:
        return stage is Stage.WON and (inquiry.amount, inquiry.currency) == (amount, currency)
    if outcome == LOST:
        return stage is Stage.LOST
    if outcome == REJECTED:
        returned = inquiry.sold_at is not None and inquiry.reviewed_at is not None
        return returned and stage in {Stage.NURTURE, Stage.WAITING, Stage.DISCARDED}
    beyond = {Stage.PROSPECT, Stage.WON, Stage.LOST}
    return stage in (beyond if outcome == PROSPECT else beyond | {Stage.ACCEPTED})


def _refusal(inquiry: Inquiry, outcome: str) -> str:
    allowed = LEAD_STAGES | ({Stage.WON, Stage.LOST} if outcome in {WON, LOST} else set())
    if inquiry.stage in allowed:
        return ""
    decided = inquiry.disposition is Disposition.SELL
    return f"it is no lead of sales: it is {inquiry.stage.value}" + ("" if decided else ", and was not sold")


__all__ = ["ACCEPTED", "FIELDS", "RETURNS", "Fate", "Rehearsal", "rehearse", "take"]

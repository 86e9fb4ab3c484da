"""What this store hands in: every entry that the hub has not stamped, in the order in which it came into the store."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import partial
from itertools import accumulate
from typing import NamedTuple

from app.models.entries import AUTOMATIC, Id
from app.models.entry import Entry
from app.services.store.entry_rows import unstamped
from app.services.store.erasing import WHOLE
from app.services.store.held_back import hold_back
from app.services.store.ledger import OTHERS, Ledger
from app.services.team import state
from app.services.team.link import Receipt
from app.services.team.work import Work

MOST_BYTES = 1 << 20  # of one batch, which is one transaction on the hub
_FROM_TO = (
    "SELECT coalesce((SELECT value FROM cursor WHERE key = ?), 0), coalesce((SELECT max(seq) FROM ledger), 0), "
    "coalesce((SELECT value FROM team WHERE key = ?), '')"
)
TAKEN = frozenset({"stored", "known", "confirmed"})


class Offer(NamedTuple):
    """Some entries behind a local seq, and the one up to which nothing is left out."""

    entries: list[Entry]
    seqs: list[int]
    after: int
    through: int


def next_offer(work: Work, size: int) -> Offer | None:
    """The next entries to hand in; None when there are none."""
    store = work.store
    while True:
        outbox, end, member = store.query(_FROM_TO, (state.OUTBOX, state.MEMBER))[0]
        if end <= outbox:
            return None  # the usual case of a look
        found = unstamped(store, outbox, size, member, end)
        through = found[-1][0] if len(found) == size else end
        if offered := _for_others(work, found, member):
            break
        if through > outbox:
            work.do(partial(state.put_cursor, store, state.OUTBOX, through), durable=False)
        if not found:
            return None
    weights = accumulate([len(entry.body) + len(entry.person or b"") for _, entry in offered])
    some = offered[: max(1, bisect_right(list(weights), MOST_BYTES))]
    seqs = [seq for seq, _ in some]
    return Offer([entry for _, entry in some], seqs, outbox, through if len(some) == len(offered) else seqs[-1])


def _for_others(work: Work, found: Sequence[tuple[int, Entry]], member: str) -> list[tuple[int, Entry]]:
    """Less others' entries whose person this laptop may not read: whoever has all of it hands it to a restored hub.

    And less what comes with Winnow, which every home has. Who was erased by Winnow itself is handed in once the hub has
    that erasure (`arrivals`): if it refuses it, somebody else still has their details.
    """
    return [
        (seq, entry)
        for seq, entry in found
        if not (entry.actor == AUTOMATIC and entry.kind in OTHERS)
        and (
            entry.person is not None
            or not entry.digest
            or (entry.actor == member and entry.pos is not None)  # confirms what somebody else has brought
            or stays_erased(work.ledger, entry.subject)
        )
    ]


def stays_erased(ledger: Ledger, subject: Id) -> bool:
    """Whether the hub will not refuse an erasure of somebody: requested, of their own discard, or there already."""
    sql = (
        "SELECT 1 FROM ledger e INDEXED BY ledger_subject WHERE e.subject = ?1 AND e.kind = 'erased' "
        "AND (e.actor <> ?2 OR e.pos IS NOT NULL OR EXISTS (SELECT 1 FROM ledger c WHERE c.subject = ?1 "
        "AND c.id = json_extract(CAST(e.body AS TEXT), '$.disposition')))"
    )
    return ledger.store.one(sql, (subject, AUTOMATIC)) is not None


def settle(work: Work, offer: Offer, receipts: Sequence[Receipt]) -> int:
    """Remember what became of an offer; returns how many of it were turned away. What has no receipt is offered again.

    What the hub refuses or quarantines stays here with its reason, and never stops the others; but nobody stays erased
    here alone, by Winnow itself, where the hub has been restored and now says that what joined them came later.
    """
    answered, offered = {receipt.id for receipt in receipts}, {entry.id: entry for entry in offer.entries}
    missing = [seq for seq, entry in zip(offer.seqs, offer.entries, strict=True) if entry.id not in answered]
    through = min([offer.through, *(seq - 1 for seq in missing)])
    away = [receipt for receipt in receipts if receipt.outcome not in TAKEN]
    held = {receipt.id: receipt.why for receipt in receipts if receipt.outcome == "held"}
    taken = [receipt for receipt in receipts if receipt.outcome in TAKEN]
    refused = [offered[receipt.id] for receipt in away if receipt.outcome == "refused" and receipt.id in offered]
    vain = [entry for entry in refused if entry.kind == "erased" and entry.actor == AUTOMATIC]

    def step() -> set[Id]:
        writer, now = work.store.writer, work.seat.now()
        rows = [(receipt.id, receipt.outcome, receipt.why, now) for receipt in away]
        writer.executemany("INSERT OR REPLACE INTO turned_away VALUES(?, ?, ?, ?)", rows)
        state.went_through(work.store, [receipt.id for receipt in taken])
        confirmed = [(receipt.id,) for receipt in receipts if receipt.outcome == "confirmed"]
        writer.executemany("UPDATE ledger SET brought_by = '' WHERE id = ?", confirmed)
        state.put_cursor(work.store, state.OUTBOX, through)
        if vain:
            state.put_cursor(work.store, state.PERSONS, 0)  # their details are asked for again
            state.put_cursor(work.store, WHOLE, None)
        back = work.ledger.take_out(vain) if vain else set()
        return back | (hold_back(work.ledger, held, now) if held else set())

    changed = work.do(step, durable=bool(away))  # what was taken is known when it is offered again
    if held or vain:
        gone = held.keys() | {entry.id for entry in vain}
        work.note(changed, [entry.kind for entry in offer.entries if entry.id in gone])
    return len(away)

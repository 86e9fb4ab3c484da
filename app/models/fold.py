"""The fold: what the entries about somebody add up to.

`fold(entries)` is pure: any order of arrival and any duplication give the same `Inquiry`. Once an `erased` entry is
there, the result is the same with and without the person parts.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from itertools import takewhile

from app.models.entries import (
    Body,
    Called,
    Captured,
    Consented,
    Corrected,
    Disposed,
    Disposition,
    Erased,
    Id,
    LeadAssigned,
    Lifted,
    Merged,
    Millis,
    Objected,
    Outcome,
    Planned,
    Reviewed,
    Settled,
    Skipped,
    Split,
    Undone,
    Verdict,
)
from app.models.entry import Entry
from app.models.fold_steps import STEPS, Steps
from app.models.inquiry import Block, Inquiry, Stage

Fact = tuple[Entry, Body]


def fold(entries: Iterable[Entry], subjects: Iterable[Id] = ()) -> Inquiry:
    """What the entries add up to; those of joined subjects fold as one inquiry under the lowest id.

    `subjects` says who is joined, where the caller knows more than these entries tell.

    Raises:
        ValueError: there is no entry.
        msgspec.DecodeError: an entry's bytes are not its kind's.
    """
    return Folding(entries, subjects).inquiry


def woken_id(decision: Id, day: Millis, times: int = 0) -> Id:
    """The id of the entry that wakes whom `decision` put to sleep until `day`: any device makes the same one.

    `times`: how many entries of that kind are there already that came before the decision itself and so said nothing.
    """
    return uuid.uuid5(uuid.NAMESPACE_OID, f"winnow woken:{decision}:{day}" + (f":{times}" if times else "")).hex


def taken_back_id(assignment: Id) -> Id:
    """The id of the entry that takes a lead back from whom `assignment` gave it to: any device makes the same one."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"winnow taken back:{assignment}").hex


def _fullness(entry: Entry) -> tuple[bool, int, bool]:
    """Of two copies the one that the hub stamped counts, then the one that still has its person part."""
    return (entry.received_at is not None, -(entry.received_at or 0), entry.person is not None)


def _ordered(entries: Iterable[Entry]) -> list[Entry]:
    """Each entry once, in the order of the fold."""
    copies: dict[Id, Entry] = {}
    for entry in entries:
        known = copies.get(entry.id)
        if known is None or _fullness(entry) > _fullness(known):
            copies[entry.id] = entry
    return sorted(copies.values(), key=Entry.order)


def standing_merges(facts: Iterable[Fact], splits: Iterable[Id] = ()) -> list[tuple[Entry, Merged]]:
    """The merges that hold, less those that were split or taken back; `splits` names further ones that were.

    A merge or a split is taken back by what is said about the same subject, so whoever has read the one has the other.
    """
    facts = list(facts)
    undone = {(entry.subject, body.entry) for entry, body in facts if isinstance(body, Undone)}
    standing = [(entry, body) for entry, body in facts if (entry.subject, entry.id) not in undone]
    ended = {body.merge for _, body in standing if isinstance(body, Split)}.union(splits)
    return [(entry, body) for entry, body in standing if isinstance(body, Merged) and entry.id not in ended]


class Folding:
    """One run of the fold; it goes on where more entries come behind those that it has."""

    def __init__(self, entries: Iterable[Entry], subjects: Iterable[Id] = ()) -> None:
        """As `fold`."""
        ordered, joined = _ordered(entries), set(subjects)
        if not ordered:
            raise ValueError("nothing to fold")
        facts = [(entry, entry.facts()) for entry in ordered]
        kinds = {type(body) for _, body in facts}
        # A merge joins at once, though nothing else of the other one has arrived yet.
        if not joined and Merged in kinds:
            joined = {subject for entry, body in standing_merges(facts) for subject in (entry.subject, body.other)}
        joined.update([entry.subject for entry in ordered])
        found = tuple(sorted(joined))
        self.inquiry = Inquiry(id=found[0], subjects=found, erased=Erased in kinds)
        self._steps = Steps(self.inquiry)
        self._facts = facts
        self._parents = {entry.id: entry.seen for entry in ordered}
        self._seen: set[Id] = set().union(*self._parents.values())
        self._last = ordered[-1]
        self._undone: set[Id] = set()
        self._settled: dict[frozenset[Id], Id] = {}
        self._taken_back: set[Id] = set()
        if not kinds <= _ALONE:
            self._look_at_all(kinds)
        self._take(self._facts)

    def _look_at_all(self, kinds: set[type[Body]]) -> None:
        """What entries say of one another, wherever they stand."""
        steps = self._steps
        if Undone in kinds:
            self._undone = _undone(self._facts)
            self._facts = [fact for fact in self._facts if fact[0].id not in self._undone]
        if Settled in kinds:
            settled = [body.decisions for _, body in self._facts if isinstance(body, Settled)]
            self._settled = {frozenset(pair): pair[1] for pair in settled}  # the last word about a pair counts
            steps.gave_way = set(self._settled.values())
        if Lifted in kinds:
            steps.lifted = {body.objection for _, body in self._facts if isinstance(body, Lifted)}
        if LeadAssigned in kinds:
            given = [(entry, body) for entry, body in self._facts if isinstance(body, LeadAssigned)]
            self._taken_back = {entry.id for entry, body in given if body.how == "taken_back"}
        if not kinds.isdisjoint(_DECIDING):
            steps.fenced = self._fenced()

    def go_on(self, entries: Iterable[Entry]) -> bool:
        """Take further entries, as if all had been there at once; False: that needs a fold of all, and nothing is done.

        The inquiry is then another; the one before stays what it was.
        """
        more = [(entry, entry.facts()) for entry in _ordered(entries)]
        if not more or self._last.order() >= more[0][0].order():
            return not more
        for entry, body in more:
            if type(body) not in _ALONE or entry.subject not in self.inquiry.subjects:
                return False
            if entry.id in self._parents or entry.id in self._seen or entry.id in self._undone:
                return False
        self.inquiry = self._steps.inquiry = copy(self.inquiry)
        self._facts = self._facts + more
        for entry, _ in more:
            self._parents[entry.id] = entry.seen
            self._seen.update(entry.seen)
        self._last = more[-1][0]
        self._take(more)
        return True

    def _take(self, facts: Sequence[Fact]) -> None:
        """One step after the other, then what is known only behind the last of them."""
        inquiry, steps = self.inquiry, self._steps
        for entry, body in facts:
            step = STEPS.get(type(body))
            if step is not None:
                step(steps, entry, body, None if inquiry.erased else entry.who())
        inquiry.heads = tuple(sorted([id_ for id_ in self._parents if id_ not in self._seen]))
        if inquiry.lead_entry and self._taken_back and taken_back_id(inquiry.lead_entry) in self._taken_back:
            inquiry.for_member, inquiry.lead_entry, inquiry.lead_return_by = "", "", None
        inquiry.contested = len(steps.decisions) > 1 and self._is_contested()
        if inquiry.objections or inquiry.decision or inquiry.erased:
            inquiry.blocks = tuple(self._blocks())
        inquiry.stage = Stage.ERASED if inquiry.erased else steps.stage()
        inquiry.result = self._result()

    # which decision holds

    def _fenced(self) -> set[Id]:
        """Decisions under a claim that was lost: neither saw the other, and the other's claim is the younger one.

        They stay contested until a team lead settles them; which of them shows is the hub's word, in any order.
        """
        claimed = [entry for entry, body in self._facts if entry.claim_no > 0 and _decides(body)]
        if len(claimed) < 2:
            return set()
        holding = [entry for entry in claimed if entry.id not in self._steps.gave_way]
        return {
            old.id
            for old in claimed
            for young in holding
            if young.claim_no > old.claim_no
            and frozenset((old.id, young.id)) not in self._settled
            and not self._saw(old.id, young.id)
            and not self._saw(young.id, old.id)
        }

    def _is_contested(self) -> bool:
        """Two decisions contest each other when neither author had seen the other."""
        decisions = self._steps.decisions
        for index, later in enumerate(decisions):
            for earlier in decisions[:index]:
                if frozenset((later.id, earlier.id)) in self._settled:
                    continue
                if not self._saw(later.id, earlier.id) and not self._saw(earlier.id, later.id):
                    return True
        return False

    def _saw(self, later: Id, earlier: Id) -> bool:
        waiting, known = list(self._parents[later]), set()
        while waiting:
            parent = waiting.pop()
            if parent == earlier:
                return True
            if parent not in known:
                known.add(parent)
                waiting.extend(self._parents.get(parent, ()))
        return False

    def _blocks(self) -> Iterator[Block]:
        """Objections that stand, the discard that shows, and erasures; whoever asks anew came after the discard."""
        for entry, body in self._facts:
            if isinstance(body, Objected) and entry.id not in self._steps.lifted:
                yield from (Block(key, entry.id, "objection", body.objected_at) for key in body.keys)
            elif isinstance(body, Called) and entry.id in self.inquiry.objections:
                yield from (Block(key, entry.id, "objection", body.called_at) for key in body.keys)
            elif isinstance(body, (Disposed, Reviewed)) and entry.id == self.inquiry.decision:
                at = self.inquiry.decided_at or 0
                yield from (Block(key, entry.id, "discard", at) for key in body.keys)
            elif isinstance(body, Erased):
                yield from (Block(key, entry.id, "erasure", entry.no_later(entry.wall)) for key in body.keys)

    def _result(self) -> str:
        steps = self._steps
        if steps.last_result == Disposition.DISCARD and not steps.captured:
            return "uncaptured"
        if steps.last_result:
            return steps.last_result
        if self.inquiry.objections:
            return "objected"
        return "unreached" if steps.unreached else "open"


_DECIDING = frozenset({Disposed, Reviewed})
_ALONE = frozenset({Captured, Corrected, Called, Skipped, Planned, Consented})  # their steps look at what stands so far


def _decides(body: Body) -> bool:
    if isinstance(body, Reviewed):
        return body.verdict not in (Verdict.ACCEPT, Verdict.PROSPECT)
    return isinstance(body, Disposed)


def _undone(facts: Sequence[Fact]) -> set[Id]:
    """What was taken back: never an objection or its lifting, nothing after an erasure, nothing that one completed."""
    completed = {body.disposition for _, body in facts if isinstance(body, Erased)}
    protected = {entry.id for entry, body in facts if isinstance(body, Objected | Lifted | Undone | Erased)}
    protected |= {e.id for e, body in facts if isinstance(body, Called) and body.outcome is Outcome.DO_NOT_CALL}
    before = takewhile(lambda fact: not isinstance(fact[1], Erased), facts)
    return {body.entry for _, body in before if isinstance(body, Undone)} - completed - protected

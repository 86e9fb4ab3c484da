"""What became of the entries that the hub holds back: let in, they come with its feed; left out, they stay out."""

from __future__ import annotations

from app.models.entries import Id
from app.services.store import held_back
from app.services.team.link import Fate, Link
from app.services.team.work import Work

AT_ONCE = 1000


def hear_of_held(work: Work, link: Link) -> None:
    """Ask what became of them; what the hub knows nothing of any more is offered again.

    Raises:
        HubUnreachable, HubRefused: as the link.
    """
    ids = held_back.waiting(work.store)
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        fates = {fate.id: fate for fate in link.fates(some)}
        _keep(work, some, fates)


def _keep(work: Work, ids: list[Id], fates: dict[Id, Fate]) -> None:
    out = {fate.id: f"{fate.by} has left it out." for fate in fates.values() if fate.what == "left out"}
    lost = [entry_id for entry_id in ids if entry_id not in fates]
    if not out and not lost:
        return

    def step() -> set[Id]:
        held_back.leave_out(work.store, out)
        return held_back.give_back(work.ledger, lost)

    work.note(work.do(step), ("captured",))


def give_back(work: Work) -> bool:
    """Some of what is held back counts again, for another hub to decide; False when nothing is held back."""
    ids = held_back.everything(work.store, work.size("people"))
    if ids:
        work.note(work.do(lambda: held_back.give_back(work.ledger, ids), "people"), ("captured",))
    return bool(ids)

"""Whatever several people wrote, in whatever order it is handed in and read: every laptop ends with the same tables."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from app.models.entry import Entry, hash_of
from app.services.seat import Seat
from app.services.team.arrivals import take_page
from app.services.team.sync import sync_once
from app.services.team.work import Work
from tests.models.histories_at_random import DEVICES, histories
from tests.services.actions_at_random import tables_as_they_should_be, tables_now
from tests.services.made_up import Clock, new_home, profile
from tests.sync.model_hub import ModelHub, copy
from tests.sync.test_sync import shown

MEMBERS = dict(zip(DEVICES, ("Anna", "Bo", "Chen"), strict=True))
turns = st.lists(st.tuples(st.sampled_from(DEVICES), st.booleans(), st.integers(1, 5)), max_size=20)


def plain(entry: Entry) -> Entry:
    """As its author wrote it, before any hub."""
    made = copy(entry, received_at=None, actor=MEMBERS[entry.device])
    made.hash = hash_of(made)
    return made


@profile(15, 400)
@given(histories(most=16), turns)
def test_any_interleaving_of_handing_in_and_reading_ends_with_the_same_tables(
    history: list[Entry], order: list[tuple[str, bool, int]]
) -> None:
    clock = Clock()
    hub = ModelHub(clock)
    written = [plain(entry) for entry in history]
    with tempfile.TemporaryDirectory() as folder, ExitStack() as opened:
        seats = {device: _laptop(opened, Path(folder), device, clock) for device in DEVICES}
        waiting = {device: [entry for entry in written if entry.device == device] for device in DEVICES}
        for device, writes, size in order:
            clock.on(1000)
            if writes and waiting[device]:
                with seats[device].store.writing():
                    seats[device].ledger.append([waiting[device].pop(0)])
            else:
                sync_once(seats[device], hub.link(MEMBERS[device]), work=Work(seats[device], size=size))
        for device, seat in seats.items():
            with seat.store.writing():
                seat.ledger.append(waiting[device])
        for _ in range(4):
            for device, seat in seats.items():
                sync_once(seat, hub.link(MEMBERS[device]), work=Work(seat, size=3))
        for seat in seats.values():
            assert tables_now(seat) == tables_as_they_should_be(seat)
            assert shown(seat) == shown(seats[DEVICES[0]])


@profile(15, 400)
@given(histories(most=12), st.integers(1, 4), st.booleans(), st.randoms(use_true_random=False))
def test_rows_that_are_made_later_are_the_same_rows(history, size, twice, chance) -> None:  # type: ignore[no-untyped-def]
    from app.services.team.arrivals import fold_arrivals

    clock = Clock()
    stamped = [copy(plain(e), pos=n, received_at=n * 1000) for n, e in enumerate(history, 1)]
    with tempfile.TemporaryDirectory() as folder, ExitStack() as opened:
        one, two = (_laptop(opened, Path(folder), name, clock) for name in ("d0", "d1"))
        take_page(Work(one, size=size), stamped, len(stamped))
        work = Work(two, size=size)
        cut = chance.randrange(len(stamped) + 1)
        take_page(work, stamped[:cut], cut, later=True)
        if twice:
            fold_arrivals(work)
        take_page(work, stamped[cut:], len(stamped), later=True)
        while fold_arrivals(work):
            pass
        assert shown(one) == shown(two)
        assert tables_now(two) == tables_as_they_should_be(two)


def _laptop(opened: ExitStack, folder: Path, device: str, clock: Clock) -> Seat:
    home = opened.enter_context(new_home(folder / device, clock))
    home.seat.device = device
    return home.seat

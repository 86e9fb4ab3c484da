"""Stamps that come back: only where an order may move is it looked at as a whole."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.models.entry import Entry
from app.services.store.stamps import _doubtful, _orders, _with_stamp
from tests.services.made_up import profile

moments = st.integers(1, 6)
rows = st.lists(
    st.tuples(st.sampled_from("ab"), moments, st.sampled_from("xy"), st.none() | moments, st.booleans(), moments),
    max_size=8,
)


@profile(300, 3000)
@given(rows)
def test_whose_order_moves_is_always_among_those_that_are_looked_at(
    said: list[tuple[str, int, str, int | None, bool, int]],
) -> None:
    light, stamped = [], dict[str, Entry | None]()
    for number, (subject, at, device, before, comes, after) in enumerate(said):
        light.append((str(number), subject, "called", at, device, number, before, number))
        if comes:
            stamped[str(number)] = Entry(str(number), subject, "called", at=at, device=device, device_seq=number)
            stamped[str(number)].received_at = after  # type: ignore[union-attr]
    shown = {"a": "a", "b": "b"}
    before_it = _orders(light, shown)
    after_it = _orders([_with_stamp(row, stamped[row[0]]) if row[0] in stamped else row for row in light], shown)
    moved = {inquiry for inquiry, order in after_it.items() if order.ids != before_it[inquiry].ids}
    assert moved <= _doubtful(light, shown, stamped)


def test_nobody_is_looked_at_whose_entries_are_stamped_in_the_order_in_which_they_were_written() -> None:
    light = [(str(n), "a", "called", n, "x", n, None, n) for n in range(5)]
    stamped: dict[str, Entry | None] = {
        str(n): Entry(str(n), "a", "called", at=n, device="x", device_seq=n, received_at=n + 10) for n in range(3)
    }
    assert _doubtful(light, {"a": "a"}, stamped) == set()

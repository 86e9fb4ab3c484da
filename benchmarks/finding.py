"""Find by the beginnings of two words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, islice, product

from app.services import finding
from benchmarks import stores
from benchmarks.figure import Figure, Scale, alternate, figure
from benchmarks.people import FIRST, LAST

ASK = "SELECT rowid FROM search_words WHERE search_words MATCH ? LIMIT 50"


def run(scale: Scale) -> Iterator[Figure]:
    """Rows ready for the screen beside the index's own answer in the same file."""
    n = scale.times(200, 50)
    pairs = list(islice(cycle(product((f[:4].lower() for f in FIRST), (name[:5].lower() for name in LAST))), n + 3))
    with stores.opened(stores.home(scale.size)) as home:
        seat = home.seat
        ours, floor = alternate(
            lambda i: finding.find(seat, " ".join(pairs[i])),
            lambda i: seat.store.query(ASK, (f'"{pairs[i][0]}" * AND "{pairs[i][1]}" *',)),
            n,
        )
        yield figure(f"find by the beginnings of two words, {scale.size:,}", ours, floor, "ms", "<=3")

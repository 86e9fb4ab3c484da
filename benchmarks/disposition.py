"""One durable disposition: entry, fold and tables, without a window."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

from app.models.entries import Disposition
from app.services import handoff, queue
from app.services.seat import new_id
from benchmarks import plain, stores
from benchmarks.figure import Figure, Scale, alternate, figure

EVENTS = (
    "CREATE TABLE event(seq INTEGER PRIMARY KEY, id TEXT UNIQUE, subject TEXT, at INTEGER, kind TEXT, body BLOB)",
    "CREATE INDEX event_subject ON event(subject)",
)
INSERT = "INSERT INTO event(id, subject, at, kind, body) VALUES(?, ?, ?, ?, ?)"
UPDATE = "UPDATE person SET stage = 'nurture', since = since + 1, attempts = attempts + 1 WHERE id = ?"
BODY = os.urandom(200)


def run(scale: Scale) -> Iterator[Figure]:
    """`handoff.dispose` beside four inserts and an update, encrypted and durable."""
    n = scale.times(300, 40)
    folder = stores.fresh(scale.size)  # others have sold nearly everybody in the copy that they share
    path = folder / "floor.db"
    shutil.copyfile(plain.encrypted_people(scale.small), path)
    with stores.opened(folder) as home:
        seat, db = home.seat, plain.encrypted(path)
        ids = [row.id for row in queue.callable_page(seat, None, n + 3).rows]
        known = [row[0] for row in db.execute("SELECT id FROM person LIMIT ?", (n + 3,))]
        for statement in EVENTS:
            db.execute(statement)
        seat.store.warm_up()
        choice = handoff.Choice(reason="Asked to be called in autumn")

        def floor(index: int) -> None:
            db.execute("BEGIN IMMEDIATE")
            for _ in range(4):
                db.execute(INSERT, (new_id(), known[index], index, "disposed", BODY))
            db.execute(UPDATE, (known[index],))
            db.execute("COMMIT")

        ours, below = alternate(lambda index: handoff.dispose(seat, ids[index], Disposition.NURTURE, choice), floor, n)
        yield figure(f"durable disposition, {scale.size:,}", ours, below, "ms", "<=3")
        db.close()
    path.unlink()

"""Questions whose values are packed already, and whose one answer its asker unpacks: the least that a laptop does.

The driver's cursor takes a laptop 80 µs of its processor for a question that has to wait for the hub's disk, and this
30 to 40: coming back to work after a wait everything that runs runs slowly, so that little should.
"""

from __future__ import annotations

import select
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.pq import ExecStatus, Format

from app.services.team import connecting

if TYPE_CHECKING:
    from psycopg import Connection
    from psycopg.pq.abc import PGconn, PGresult

_FINE = frozenset({ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK})


def value(
    connection: Connection[Any], sql: bytes, values: Sequence[bytes | None], kept: dict[bytes, bytes] | None
) -> bytes | None:
    """The one value that a statement gives, as it travels; the connection commits at once.

    Args:
        sql: with `$1` and so on, each with its type.
        values: in PostgreSQL's binary form; None is NULL.
        kept: the names of statements that are ready on this connection; None where a pooler would lose them.

    Raises:
        psycopg.Error: the server's, or that it has been silent for too long; the connection is ended then.
    """
    pgconn, formats = connection.pgconn, [Format.BINARY] * len(values)
    if kept is None:
        pgconn.send_query_params(sql, values, param_formats=formats, result_format=Format.BINARY)
        return _answer(pgconn).get_value(0, 0)
    if sql not in kept:
        name = b"winnow_%d" % len(kept)
        pgconn.send_prepare(name, sql)
        _answer(pgconn)
        kept[sql] = name
    pgconn.send_query_prepared(kept[sql], values, formats, Format.BINARY)
    return _answer(pgconn).get_value(0, 0)


def _answer(pgconn: PGconn) -> PGresult:
    try:
        found = _heard(pgconn)
    except KeyboardInterrupt:  # nobody would read the rest of the answer
        pgconn.finish()
        raise
    if found.status not in _FINE:
        raise psycopg.errors.error_from_result(found)
    return found


def _heard(pgconn: PGconn) -> PGresult:
    """The last word of the server before it is ready for another question."""
    while pgconn.flush():
        _wait(pgconn, writing=True)
    found: PGresult | None = None
    while True:
        while pgconn.is_busy():
            _wait(pgconn)
            pgconn.consume_input()
        heard = pgconn.get_result()
        if heard is None:
            break
        found = heard
    if found is None:
        raise psycopg.OperationalError("it gave no answer")
    return found


def _wait(pgconn: PGconn, *, writing: bool = False) -> None:
    """As long as something arrives: a server that hangs behind a proxy keeps its connection up."""
    there = [pgconn.socket]
    if any(select.select(there, there if writing else [], [], connecting.ANSWER_S)[:2]):
        if writing:
            pgconn.consume_input()  # it may wait for us to listen
        return
    pgconn.finish()
    raise psycopg.errors.ConnectionTimeout(f"it has been silent for {connecting.ANSWER_S:.0f} seconds")

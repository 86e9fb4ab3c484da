"""The conversation with a hub on PostgreSQL: a few functions are called, and nothing else may be."""

from __future__ import annotations

import re
import select
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from psycopg.errors import DeadlockDetected

from app.models.entries import Id
from app.models.entry import Entry
from app.models.rights import Role
from app.services.team import ready
from app.services.team.connecting import connect, in_words
from app.services.team.link import PROTOCOL, Fate, HubUnreachable, Member, Page, Receipt, Welcome
from app.services.team.postgres_arrays import Bytes, Numbers, SmallNumbers, Texts, Uuids, register
from app.services.team.postgres_claims import ClaimsLink

if TYPE_CHECKING:
    from psycopg import Connection, Cursor

AT_ONCE = 2000  # entries in one call
TRIES = 5  # to see what was just handed in arrive in the feed; a poll brings what does not
PAUSE = 0.01  # seconds between them
TEST_SECONDS = 2.0  # how long the first poke of a conversation may take
CHANNEL = "winnow"
FEW = 100  # rows, up to which an answer may stay in memory until the next
BEATEN = 3  # times that a statement is asked again which the server gave up, so that others could go on
LOST = frozenset({"26000", "42P05"})  # a prepared statement is not there, or there already: another server answers

# what an author says of each entry, in the order of `Entry` and of the hub's function; `seen` is its last
PACKED: tuple[Any, ...] = (Uuids, Uuids, Texts, SmallNumbers, *[Bytes] * 5, Texts, Texts, *[Numbers] * 4, Texts)
_MOVED = 0  # the number of the row that says what became of moving it into the feed
_APPEND = (
    "WITH told AS MATERIALIZED (SELECT number, outcome, why FROM winnow.append(" + ", ".join(["%b"] * 17) + ", true)) "
    "SELECT number, outcome, why FROM told "
    "UNION ALL SELECT 0, winnow.advance()::text, '' WHERE (SELECT count(*) FROM told) >= 0"
)
_PAGE = "SELECT * FROM winnow.page(%b, %b::bigint, %b::integer, %b)"
_ID = re.compile(r"[0-9a-f]{32}\Z")
_DIGITS = b"0123456789abcdef"
_NO_ENTRY = "It is no entry."

Answer = TypeVar("Answer")


class PostgresLink(ClaimsLink):
    """Speaks to one hub as one member, for one thread; connects when it is first asked, and again after a failure.

    Attributes:
        pokes: whether the server tells at once that there is something new; None while nothing was asked.
        notice: why it does not, in words for the team's admin; polling goes on all the same.
    """

    _prepares = True  # statements are kept ready on the server, until a pooler is seen to lose them

    def __init__(self, options: Mapping[str, str]) -> None:
        self._options = dict(options)  # made by app.services.team.connecting.safe
        self._connection: Connection[Any] | None = None
        self._cursor: Cursor[Any]  # kept, since making one takes longer than sending a question and reading its answer
        self._device = ""
        self._left_over = False  # somebody else moved the feed just when something was handed in
        self.pokes: bool | None = None
        self.notice = ""
        self._bell, self._rope = socket.socketpair()
        self._bell.setblocking(False)
        self._rope.setblocking(False)

    # what the other words are made of

    def ask(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows that one statement gives; each statement is a transaction of its own.

        Raises:
            HubUnreachable: network or server failed; the next question connects anew. HubRefused: the answer is no.
        """
        connection = self._connected()
        rows = self._answered(connection, lambda: _rows(self._cursor, sql, parameters))
        if len(rows) > FEW:
            self._cursor = connection.cursor(binary=True)
        return rows

    def ask_packed(self, sql: bytes, values: Sequence[bytes | None]) -> bytes | None:
        """The one value that a statement gives; it, the values and the answer in binary form, see `ready`.

        Raises:
            HubUnreachable, HubRefused: as `ask`.
        """
        connection = self._connected()
        kept = self._kept if self.pokes and self._prepares else None
        return self._answered(connection, lambda: ready.value(connection, sql, values, kept))

    def _answered(self, connection: Connection[Any], question: Callable[[], Answer]) -> Answer:
        """What a statement gives, which is a transaction: given up by the server in a deadlock, it never was."""
        try:
            with in_words():
                for _ in range(BEATEN):
                    with suppress(DeadlockDetected):
                        return question()
                return question()
        except HubUnreachable as error:
            if getattr(error.__cause__, "sqlstate", None) in LOST:
                self._prepares = False
                self.close()
            raise
        finally:
            if connection.broken:
                self.close()

    @property
    def device(self) -> str:
        """The device that said hello."""
        return self._device

    def _connected(self) -> Connection[Any]:
        if self._connection is None:
            self._connection = connect(self._options)
            register(self._connection.adapters)
            self._cursor = self._connection.cursor(binary=True)
            self._kept: dict[bytes, bytes] = {}
            self.pokes = None
        return self._connection

    # the words

    def hello(self, device: str, protocol: int = PROTOCOL) -> Welcome:
        """Who is there, and how far the hub is."""
        self._device = device
        row = self.ask("SELECT * FROM winnow.hello(%s, %s)", (device, protocol))[0]
        epoch, head, now, member, role, sources, scope, oldest, may_pick = row
        return Welcome(
            epoch=epoch, head=head, now=now, member=member, role=Role(role), scope=scope, oldest_protocol=oldest,
            sources=None if sources is None else tuple(sources), may_pick=may_pick,
        )  # fmt: skip

    def push(self, entries: Sequence[Entry]) -> list[Receipt]:
        """Hand in entries, in the order of their author; safe to repeat for ever. One poison entry stops no other."""
        receipts: list[Receipt] = []
        for start in range(0, len(entries), AT_ONCE):
            receipts += self._append(entries[start : start + AT_ONCE])
        if self._left_over and any(receipt.outcome == "stored" for receipt in receipts):
            self._move_on()
        return receipts

    def _append(self, entries: Sequence[Entry]) -> list[Receipt]:
        columns = _columns(entries)
        flaws = [""] * len(entries) if _are_sound(columns) else [_flaw(entry) for entry in entries]
        sound = [entry for entry, flaw in zip(entries, flaws, strict=True) if not flaw]
        told: dict[int, tuple[Any, str]] = {}
        if sound:
            columns = columns if len(sound) == len(entries) else _columns(sound)
            packed = [pack.of(column) for pack, column in zip(PACKED, columns, strict=True)]
            told = {number: (outcome, why) for number, outcome, why in self.ask(_APPEND, (self._device, *packed))}
            self._left_over = told.pop(_MOVED)[0] != "0"
        if not told and len(sound) == len(entries):
            return [Receipt(entry.id, "stored") for entry in entries]
        receipts, number = [], 0
        for entry, flaw in zip(entries, flaws, strict=True):
            if flaw:
                receipts.append(Receipt(entry.id, "refused", flaw))
                continue
            number += 1
            receipts.append(Receipt(entry.id, *told.get(number, ("stored", ""))))
        return receipts

    def _move_on(self) -> None:
        """What was stored goes into the feed after all, though somebody else moved just then."""
        for _ in range(TRIES):
            if self.ask("SELECT winnow.advance()")[0][0] == 0:
                return
            time.sleep(PAUSE)

    def fates(self, ids: Sequence[Id]) -> list[Fate]:
        """What became of entries that were held back; of what the hub does not know, nothing is said."""
        rows = self.ask("SELECT id, fate, by FROM winnow.fates(%b)", (Uuids.of(ids),))
        return [Fate(bytes(entry).hex(), fate, by) for entry, fate, by in rows]

    def pull(self, after: int, size: int) -> Page:
        """The feed behind a position.

        What waits is moved into it in a transaction of its own: over a slow network a page takes minutes, and
        everybody would wait for whoever moves the feed.
        """
        page, waits = self._page(after, size, persons=False)
        if waits and page.through >= page.head:
            self.ask("SELECT winnow.advance()")
            page, _ = self._page(after, size, persons=False)
        return page

    def persons(self, after: int, size: int) -> Page:
        """The same, only entries with a person part that this member may read: after the scope has grown."""
        return self._page(after, size, persons=True)[0]

    def _page(self, after: int, size: int, *, persons: bool) -> tuple[Page, bool]:
        rows = self.ask(_PAGE, (self._device, after, size, persons))
        head, waits = rows[0][0], rows[0][12]
        entries = [_entry(row) for row in rows[1:]]
        full = len(entries) >= min(size, 5000)
        through = rows[-1][0] if full and entries else max(after, head)
        return Page(entries, through, head, (rows[0][3], rows[0][4])), bool(waits)

    def subjects(self, ids: Sequence[Id]) -> list[Entry]:
        """Everything in the feed about some subjects, stamped, in order of `pos`: before the feed has come that far."""
        wanted = [each for each in ids if _ID.match(each)]
        rows = self.ask("SELECT * FROM winnow.about(%b)", (Uuids.of(wanted),)) if wanted else []
        return [_entry(row) for row in rows]

    def hash_keys(self) -> dict[str, bytes]:
        """The team's ring of keyed-hash keys, by key id."""
        return {key_id: bytes(key) for key_id, key in self.ask("SELECT id, key FROM winnow.hash_keys()")}

    def add_hash_keys(self, keys: Mapping[str, bytes]) -> None:
        """Add this store's keys to the team's ring; known ids keep their key."""
        if keys:
            self.ask("SELECT winnow.add_hash_keys(%b, %b)", (Texts.of(list(keys)), Bytes.of(list(keys.values()))))

    def members(self) -> list[Member]:
        """Everybody of the team."""
        rows = self.ask("SELECT name, role, sources, revoked FROM winnow.members()")
        return [
            Member(name=name, role=Role(role), sources=None if sources is None else tuple(sources), revoked=revoked)
            for name, role, sources, revoked in rows
        ]

    def status(self) -> dict[str, Any]:
        """How the hub is, as it tells this member; keys as `winnow hub status --json` prints them, and more."""
        found: dict[str, Any] = self.ask("SELECT winnow.status()")[0][0]
        return found

    # pokes

    def wait(self, seconds: float) -> bool:
        """Waits for a poke (something is new; look), at most so long; whether one came.

        The first call subscribes, so that nothing is missed that comes after it returns.
        """
        until = time.monotonic() + seconds
        connection = self._connected()
        if self.pokes is None:
            self._subscribe(connection)
        left = max(0.0, until - time.monotonic())
        if not self.pokes:
            ready, _, _ = select.select([self._bell], [], [], left)
            if ready:
                self._bell.recv(64)
            return False
        try:
            with in_words():
                return self._heard(connection, left)
        finally:
            if connection.broken:
                self.close()

    def interrupt(self) -> None:
        """Whoever waits comes back at once; the only word that another thread may say."""
        with suppress(BlockingIOError):  # it rings already
            self._rope.send(b"!")

    def _heard(self, connection: Connection[Any], seconds: float) -> bool:
        if any(True for _ in connection.notifies(timeout=0, stop_after=1)):
            return True  # it came with an answer
        ready, _, _ = select.select([connection.fileno(), self._bell.fileno()], [], [], seconds)
        if self._bell.fileno() in ready:
            self._bell.recv(64)
        return connection.fileno() in ready and any(True for _ in connection.notifies(timeout=0, stop_after=1))

    def _subscribe(self, connection: Connection[Any]) -> None:
        """LISTEN, and a round trip that proves it: a pooler in transaction mode swallows pokes.

        Through any pooler one's own poke comes back with the answer, so there it has to be another conversation's.
        """
        own = self.ask("SELECT pg_backend_pid()")[0][0]
        with in_words():
            connection.execute(f"LISTEN {CHANNEL}")
            if own == connection.info.backend_pid:
                connection.execute(f"NOTIFY {CHANNEL}")
            else:
                with closing(connect(self._options)) as other:
                    other.execute(f"NOTIFY {CHANNEL}")
            heard = any(True for _ in connection.notifies(timeout=TEST_SECONDS, stop_after=1))
        self.pokes = heard
        if self.pokes and self._prepares:
            connection.prepare_threshold = 3
        if not self.pokes:
            self.notice = (
                "Between this computer and the hub stands a connection pooler in transaction mode, which swallows "
                "pokes (LISTEN). What colleagues do arrives by polling, some seconds later. For pokes connect to "
                "PostgreSQL itself, or put the pooler into session mode."
            )

    def close(self) -> None:
        """End the conversation."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def __del__(self) -> None:
        for end in (self._bell, self._rope):
            end.close()


def _rows(cursor: Cursor[Any], sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    cursor.execute(sql, parameters)
    return cursor.fetchall() if cursor.rownumber is not None else []


def _columns(entries: Sequence[Entry]) -> list[Sequence[Any]]:
    """What their authors said, field by field, as `PACKED`."""
    *said, seen = list(zip(*map(msgspec.structs.astuple, entries), strict=True))[: len(PACKED)]
    return [*said, [" ".join(heads) for heads in seen]]


def _are_sound(columns: Sequence[Sequence[Any]]) -> bool:
    """Whether all of them can be sent, looked at together: a tenth of the time of `_flaw` for each."""
    ids, subjects, kinds, versions, *_ = columns
    actors, devices, *numbers, seens = columns[9:]
    together = "".join((*ids, *subjects))
    texts = "".join([*kinds, *actors, *devices, *seens])
    return (
        together.isascii()
        and not together.encode().translate(None, _DIGITS)
        and {*map(len, ids), *map(len, subjects)} == {32}
        and texts.isascii()
        and "\0" not in texts
        and min(map(min, numbers)) >= 0
        and max(map(max, numbers)) < 2**63
        and min(versions) >= 0
        and max(versions) < 2**31
    )


def _flaw(entry: Entry) -> str:
    """Why an entry cannot even be sent; empty for a sound one."""
    numbers = (entry.device_seq, entry.claim_no, entry.at, entry.wall)
    text = "".join((entry.kind, entry.actor, entry.device, *entry.seen))
    if not (_ID.match(entry.id) and _ID.match(entry.subject) and "\0" not in text):
        return _NO_ENTRY
    if min(numbers) < 0 or max(numbers) >= 2**63 or not 0 <= entry.version < 2**31:
        return _NO_ENTRY
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:  # half of a sign
            return _NO_ENTRY
    return ""


def _entry(row: tuple[Any, ...]) -> Entry:
    # named one by one: to pack what lies between into a list and out again takes twice as long
    pos, id_, of, kind, version, body, person, salt, digest, hashed, actor, device, number, claim, at, wall, *rest = row
    seen, got, by = rest
    return Entry(
        id_.hex(), of.hex(), kind, version, body, person, salt, digest, hashed, actor, device, number, claim, at, wall,
        tuple(seen.split()) if seen else (), got, pos, by,
    )  # fmt: skip

"""Keeps a store in step with its hub for as long as a window or a command runs, and says at any moment how it stands.

It knows no window: it runs on a thread of its own, and writes through whoever owns the writer.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum

import msgspec

from app.models.entries import Millis
from app.models.rights import Role
from app.services.alerts import Alert
from app.services.errors import ServiceError
from app.services.seat import Changed, Seat
from app.services.team import state
from app.services.team.link import PROTOCOL, HubRefused, HubUnreachable, Link, Welcome
from app.services.team.sync import Report, sync_once
from app.services.team.work import Work

POLL_S = (3.0, 6.0)  # between two looks when no poke comes; chosen anew each time, so that a team does not look at once
SLICE_S = 0.5  # how soon something new here is handed in
BACKOFF_S = (1.0, 60.0)  # before the hub is tried again: the first time, and at most
REFUSED_S = 60.0
CALLER_S = 2.0  # between two looks of a caller for which only pokes of others are the reason; a team pokes often
GREET_S = 60.0  # between two greetings of a conversation in which every page says whether they hold
BESIDE_S = 1.0  # between two rounds of what else is said to the hub, while much arrives: somebody waits to call
SILENT_S = 120.0  # without any step for so long, the conversation counts as stuck

TOO_OLD = "This Winnow is too old for the hub: it shares, and claims nobody. Update it."

Beside = Callable[[Work, Link, Welcome], None]


class Standing(StrEnum):
    """How this store stands to its hub."""

    STARTING = "starting"
    IN_STEP = "in-step"
    CATCHING_UP = "catching-up"
    OFFLINE = "offline"
    REFUSED = "refused"
    TOO_OLD = "too-old"
    TROUBLE = "trouble"
    STUCK = "stuck"


class SyncState(msgspec.Struct, frozen=True, kw_only=True):
    """How this store stands to its hub, with the reason whenever it is not in step."""

    standing: Standing
    since: Millis  # when that began
    why: str = ""
    done: int = 0  # positions of the feed that are here, while it catches up
    of: int = 0
    unshared: int = 0  # entries that wait to be handed in
    turned_away: int = 0  # entries that the hub did not take
    set_aside: int = 0  # entries of the hub that could not be taken
    in_step_at: Millis | None = None  # when both had the same last
    member: str = ""
    role: Role | None = None
    may_claim: bool = False

    @property
    def sentence(self) -> str:
        """For people, in one line."""
        if self.standing is Standing.IN_STEP:
            return "In step with the team."
        if self.standing is Standing.CATCHING_UP:
            return f"Catching up: {self.done:,} of {self.of:,}." if self.of else "Catching up."
        return self.why or "Not connected yet."


class Syncer:
    """Connects, subscribes, looks, and looks again; after a failure it waits a little longer each time.

    `told` gets every new state, `changed` what an exchange changed here, and `alert` the new leads that it brought,
    marked as told; all on this thread. `beside` is called after each exchange and every few seconds during a long one:
    claims, presence, deliveries.
    """

    def __init__(
        self, seat: Seat, connect: Callable[[], Link], *, work: Work | None = None, beside: Beside | None = None,
        told: Callable[[SyncState], None] | None = None, changed: Callable[[Changed], None] | None = None,
        alert: Callable[[list[Alert]], None] | None = None,
        chance: random.Random | None = None,
    ) -> None:  # fmt: skip
        self._seat, self._connect, self._work = seat, connect, work or Work(seat)
        self._work.alert = alert
        self._beside, self._told, self._changed = beside, told, changed
        self._chance = chance or random.Random()
        self._link: Link | None = None
        self._welcome: Welcome | None = None
        self._looked = 0.0  # when the last look began
        self._greeted_at = 0.0
        self._failures = 0
        self._stepped = self._beside_at = time.monotonic()
        self._busy = False
        self._poked = threading.Event()
        self._ends: Callable[[], bool] = lambda: False
        self._state = SyncState(standing=Standing.STARTING, since=seat.now(), why="Not connected yet.")

    @property
    def state(self) -> SyncState:
        """How it stands; asked for on any thread, and never silent about a conversation that is stuck."""
        found = self._state
        silent = time.monotonic() - self._stepped
        if self._busy and silent > SILENT_S:
            why = f"The hub has not answered for {silent / 60:.0f} minutes; everything goes on here."
            return msgspec.structs.replace(found, standing=Standing.STUCK, why=why, may_claim=False)
        return found

    def poke(self) -> None:
        """Look now: something new is here. To be called on any thread."""
        self._poked.set()
        link = self._link
        if link is not None:
            link.interrupt()

    def run(self, stop: threading.Event) -> None:
        """Stay in step until `stop` is set; a long exchange breaks off then, and goes on another time."""
        self._ends = stop.is_set
        try:
            while not stop.is_set():
                self._rest(self.round(), stop)
        finally:
            self._hang_up()

    def round(self) -> float:
        """One exchange; returns in how many seconds the next one is due. Never raises what people can be told."""
        self._busy, self._looked = True, time.monotonic()
        self._step()
        try:
            link = self._connected()
            report = sync_once(
                self._seat, link, self._on_progress, work=self._work, between=self._between, welcome=self._greeted()
            )
            self._welcome = report.welcome if report.tells else None
            self._say(link, report.welcome)
        except HubRefused as error:
            self._failed(Standing.REFUSED, error)
            return REFUSED_S
        except HubUnreachable as error:
            self._failed(Standing.OFFLINE, error)
            low, high = BACKOFF_S
            return float(min(high, low * 2**self._failures) * self._chance.uniform(0.5, 1))
        except ServiceError as error:
            self._failed(Standing.TROUBLE, error)
            return BACKOFF_S[1]
        finally:
            self._busy = False
        self._failures = 0
        self._finished(report)
        return self._chance.uniform(*POLL_S)

    # inside

    def _connected(self) -> Link:
        if self._link is None:
            self._link = self._connect()
            self._link.wait(0)  # subscribed first: nothing that comes from now on is missed
        return self._link

    def _greeted(self) -> Welcome | None:
        """What the hub said in this conversation not long ago."""
        now = time.monotonic()
        if self._welcome is None or now - self._greeted_at > GREET_S:
            self._welcome, self._greeted_at = None, now
        return self._welcome

    def _hang_up(self) -> None:
        link, self._link, self._welcome = self._link, None, None
        if link is not None:
            with suppress(ServiceError):
                link.close()

    def _rest(self, seconds: float, stop: threading.Event) -> None:
        """Until the time is over, a poke comes, or something new is here; a broken conversation just waits."""
        until = time.monotonic() + seconds
        while not stop.is_set() and (left := until - time.monotonic()) > 0:
            if self._poked.is_set() or (self._link is not None and self._has_news()):
                self._poked.clear()
                return
            if self._link is None:
                stop.wait(min(SLICE_S, left))
                continue
            try:
                if self._link.wait(min(SLICE_S, left)):
                    until = min(until, self._looked + (CALLER_S if self._state.role is Role.CALLER else 0.0))
            except ServiceError:
                self._hang_up()
                return

    def _has_news(self) -> bool:
        outbox = state.cursor(self._work.store, state.OUTBOX) or 0
        sql = "SELECT 1 FROM ledger WHERE seq > ? AND pos IS NULL LIMIT 1"
        return self._state.standing is Standing.IN_STEP and self._work.store.one(sql, (outbox,)) is not None

    def _step(self) -> None:
        self._stepped = time.monotonic()

    def _between(self, welcome: Welcome) -> None:
        self._step()
        if self._ends():
            raise HubUnreachable("Winnow is closing.", kept="What has arrived is kept.")
        self._tell_changes()  # nobody waits for what is said beside
        if self._link is not None and time.monotonic() - self._beside_at > BESIDE_S:
            self._say(self._link, welcome)

    def _say(self, link: Link, welcome: Welcome) -> None:
        self._beside_at = time.monotonic()
        if self._beside:
            self._beside(self._work, link, welcome)
        self._step()
        self._tell_changes()

    def _tell_changes(self) -> None:
        changed = self._work.changed()
        if self._changed and (changed.inquiries or changed.kinds):
            self._changed(changed)

    def _on_progress(self, done: int, of: int) -> None:
        self._step()
        if done < of:
            self._put(Standing.CATCHING_UP, done=done, of=of)

    def _finished(self, report: Report) -> None:
        welcome = report.welcome
        if self._changed and (report.changed.inquiries or report.changed.kinds):
            self._changed(report.changed)
        standing, why = Standing.IN_STEP, ""
        if report.trouble:
            standing, why = Standing.TROUBLE, report.trouble
        elif welcome.oldest_protocol > PROTOCOL:
            standing, why = Standing.TOO_OLD, TOO_OLD
        self._put(standing, why=why, member=welcome.member, role=welcome.role)

    def _failed(self, standing: Standing, error: ServiceError) -> None:
        self._failures += 1
        self._hang_up()
        self._tell_changes()
        self._put(standing, why=str(error))

    def _put(
        self, standing: Standing, *, why: str = "", done: int = 0, of: int = 0, member: str = "",
        role: Role | None = None,
    ) -> None:  # fmt: skip
        before, store = self._state, self._work.store
        self._state = SyncState(
            standing=standing, why=why, done=done, of=of, since=before.since if before.standing is standing else
            self._seat.now(), unshared=state.unshared(store), turned_away=len(state.turned_away(store)),
            set_aside=len(state.set_aside(store)), in_step_at=state.cursor(store, state.IN_STEP),
            member=member or before.member, role=role or before.role,
            may_claim=standing in {Standing.IN_STEP, Standing.CATCHING_UP},
        )  # fmt: skip
        if self._told and self._state != before:
            self._told(self._state)

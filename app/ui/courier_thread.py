"""Delivers leads to the channels, beside the window: a thread for as long as there is something to deliver."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.services.errors import ServiceError
from app.services.seat import Changed

if TYPE_CHECKING:
    from app.services.seat import Seat
    from app.services.team.courier import Tally
    from app.ui.tasks import Tasks

EVERY_MS = 5_000  # the shortest wait between two attempts
SOON_MS = 150  # after a change


class _Relay(QObject):
    """Carries what the thread says to the GUI thread; the thread holds it."""

    ended = Signal(object)
    crashed = Signal(object)


class CourierThread(QObject):
    """Looks after each change and every few seconds; a home without a channel is asked one short question.

    Signals:
        delivered: a `Tally` of what was delivered, given up, and still waits.
        troubled: why nothing can be delivered now; empty when it can be again.
    """

    delivered = Signal(object)
    troubled = Signal(str)

    def __init__(self, seat: Seat, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._seat, self._tasks = seat, tasks
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self._trouble = ""
        self._relay = _Relay()
        self._relay.ended.connect(self._on_ended)
        self._relay.crashed.connect(tasks.crashed)
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self.look)
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self.look)
        tasks.changed.connect(self._on_changed)
        tasks.changed_elsewhere.connect(self._soon.start)

    def start(self) -> None:
        """Begins; to be called after the first paint."""
        self.look()
        self._timer.start()

    def stop(self, seconds: float) -> bool:
        """Ends it after the letter that is on its way; whether it ended in time."""
        self._timer.stop()
        self._stop.set()
        thread = self._thread
        if thread is not None:
            thread.join(seconds)
        return thread is None or not thread.is_alive()

    @Slot()
    def look(self) -> None:
        """Whether something is due."""
        if self._thread is None and not self._stop.is_set():
            self._tasks.read(_is_due, then=self._on_due, key="deliveries")

    def _on_due(self, due: bool) -> None:
        if due and self._thread is None and not self._stop.is_set():
            args = (self._seat, self._stop, self._relay)
            self._thread = threading.Thread(target=_deliver, args=args, name="courier", daemon=True)
            self._thread.start()

    @Slot(object)
    def _on_ended(self, result: tuple[Tally, frozenset[str]] | ServiceError) -> None:
        self._thread = None
        trouble = str(result) if isinstance(result, ServiceError) else ""
        if trouble != self._trouble:
            self._trouble = trouble
            self.troubled.emit(trouble)
        if isinstance(result, ServiceError):
            return
        tally, inquiries = result
        if tally.delivered or tally.failed:
            self._tasks.tell(Changed(inquiries, frozenset({"delivered"}), "courier"))
            self.delivered.emit(tally)

    @Slot(object, object)
    def _on_changed(self, changed: Changed, _origin: object) -> None:
        if changed.by != "courier":
            self._soon.start()


def _is_due(seat: Seat) -> bool:
    sql = (
        "SELECT 1 FROM delivery d JOIN channel c ON c.name = d.channel WHERE d.state IN ('waiting', 'delivering') "
        "AND d.next_at <= ? AND c.enabled = 1 AND c.not_before <= ? LIMIT 1"
    )
    now = seat.now()
    return seat.store.one(sql, (now, now)) is not None


def _deliver(seat: Seat, stop: threading.Event, relay: _Relay) -> None:
    from app.services.seat import Seat
    from app.services.team import courier
    from app.services.team.postgres_deliveries import leases_of

    own = Seat(seat.store, device=seat.device, clock=seat.clock, holder=f"courier-{seat.holder}")
    began = own.now()
    try:
        with leases_of(own, in_step=False) as hub:
            tally = courier.deliver_due(own, hub=hub, stop=stop.is_set)
        rows = own.store.query("SELECT DISTINCT subject FROM delivery WHERE settled_at >= ?", (began,))
        relay.ended.emit((tally, frozenset(row[0] for row in rows)))
    except ServiceError as error:  # the hub is away, the disk is full: it is tried again
        relay.ended.emit(error)
    except Exception as error:  # noqa: BLE001 - shown by the window, like any fault
        relay.ended.emit(ServiceError("Deliveries stopped."))
        relay.crashed.emit(error)

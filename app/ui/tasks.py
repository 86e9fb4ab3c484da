"""Work beside the window: threads write, read and count, and what they bring arrives on the GUI thread.

The GUI thread never waits for a disk. An action gives back what it changed; the change is broadcast with who started
it, and pages that show those inquiries refresh. No widget crosses a thread: workers get numbers, verbs and values.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import MethodType
from typing import TYPE_CHECKING, Any, Protocol
from weakref import WeakMethod

from PySide6.QtCore import QObject, Qt, Signal, Slot
from shiboken6 import isValid

from app.services.errors import ServiceError
from app.services.seat import Changed
from app.ui.garbage import Collector
from app.ui.workers import BACKGROUND, PEOPLE, Closing, Job, Relay, Verb, Workers, warm_up

if TYPE_CHECKING:
    from concurrent.futures import Future

    from app.services.seat import Seat

THROUGH_S = 0.5  # how often whoever waits for a written step looks whether the window closes


class _Answer:
    """Who gets a result: a bound method is held weakly, so that a page may go while its work is under way."""

    def __init__(self, call: Callable[..., Any] | None) -> None:
        weak = isinstance(call, MethodType)
        self._weak = WeakMethod(call) if weak and call is not None else None
        self._call = None if weak else call

    def receiver(self) -> object | None:
        """The object whose method it is."""
        call = self._weak() if self._weak is not None else self._call
        while isinstance(call, partial):
            call = call.func
        return getattr(call, "__self__", None)

    def __call__(self, *given: Any) -> bool:
        """Calls; False when nobody is there any more."""
        call = self._weak() if self._weak is not None else self._call
        receiver = self.receiver()
        if call is None or (isinstance(receiver, QObject) and not isValid(receiver)):
            return False
        call(*given)
        return True


class Hub(Protocol):
    """Who talks with the team's hub, on a thread of its own."""

    def state(self) -> object | None:
        """How things stand with the hub; None: this home works alone."""

    def ask(self, question: Callable[..., Any], then: Callable[[Any], Any], failed: Callable[[Any], Any]) -> None:
        """Puts a question to it."""


class Tasks(QObject):
    """The threads of a home: one writes, one reads, and one reads what takes long, so that nothing waits behind it.

    Signals:
        changed: a `Changed`, and the object whose action it was (or None).
        changed_elsewhere: another process has written the store.
        refused: a ServiceError that nobody else shows.
        crashed: any other exception of a verb.
    """

    changed = Signal(object, object)
    changed_elsewhere = Signal()
    refused = Signal(object)
    crashed = Signal(object)

    def __init__(self, seat: Seat, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.seat = seat
        self.hub: Hub | None = None  # while this home may talk with one
        self._count = 0
        self._answers: dict[int, tuple[_Answer, _Answer]] = {}
        self._offered: dict[str, Any] = {}
        self._relay = Relay()
        self._relay.done.connect(self._on_done, Qt.ConnectionType.QueuedConnection)
        self._relay.elsewhere.connect(self._on_elsewhere, Qt.ConnectionType.QueuedConnection)
        self._relay.changed.connect(self._on_told, Qt.ConnectionType.QueuedConnection)
        self._start()

    def _start(self) -> None:
        self._collector = Collector(self)
        self._worker: Workers | None = Workers(self.seat, self._relay)

    # what pages call

    def act(
        self,
        verb: Verb,
        *args: Any,
        then: Callable[[Any], Any] | None = None,
        failed: Callable[[ServiceError], Any] | None = None,
        background: bool = False,
        **named: Any,
    ) -> int:
        """Runs `verb(seat, *args, **named)` on the writer thread; gives the work's number.

        Args:
            then: called on the GUI thread with the result. failed: with the ServiceError; without it `refused` tells.
            background: waits until no action of a person waits, and is dropped when the window closes.
        """
        job = Job(BACKGROUND if background else PEOPLE, self._next(then, failed), verb, args, named)
        self._submit_write(job)
        return job.number

    def read(
        self,
        query: Verb,
        *args: Any,
        then: Callable[[Any], Any] | None = None,
        failed: Callable[[ServiceError], Any] | None = None,
        key: str = "",
        slow: bool = False,
        **named: Any,
    ) -> int:
        """Runs `query(seat, *args, **named)` on the reader thread; replaces an unstarted one of the same `key`.

        What was `offer`ed under the key is delivered instead, once, before this returns.

        Args:
            slow: it may take seconds (a count of all), and runs where no other reading waits for it.
        """
        job = Job(PEOPLE, self._next(then, failed), query, args, named, key)
        if key in self._offered:
            self._on_done(job.number, self._offered.pop(key), None)
        else:
            self._submit_read(job, slow=slow)
        return job.number

    def offer(self, key: str, result: Any) -> None:
        """What the next reading under `key` will get, since it was read already."""
        self._offered[key] = result

    def offered(self, key: str) -> Any:
        """What is there for the next reading under `key`; None when it has to be read."""
        return self._offered.get(key)

    def warm_up(self) -> None:
        """Gets the writer ready: to be called after the first paint."""
        self.act(warm_up, background=True)

    def through(self, step: Callable[[], Any]) -> Any:
        """Runs `step` on the writer thread, behind every action of a person, and gives what it gives.

        For other threads, which wait for it; never for the GUI thread.

        Raises:
            Closing: the window closes, and nothing is written any more.
        """
        from concurrent.futures import Future

        worker = self._worker
        if worker is None:
            raise Closing
        future: Future[Any] = Future()
        worker.writes.put(Job(BACKGROUND, 0, _fulfil, (future, step), {}))
        while True:
            try:
                return future.result(THROUGH_S)
            except TimeoutError:
                if future.done():
                    raise  # of the step itself
                if worker.writes.closed and future.cancel():
                    raise Closing from None

    def ask_hub(
        self, verb: Callable[..., Any], *args: Any, then: Callable[[Any], Any], failed: Callable[[ServiceError], Any]
    ) -> bool:
        """Runs `verb(seat, link, *args, work=work)` with the team's hub; False when this home works alone.

        A hub that is away fails with HubUnreachable, at once or within seconds.
        """
        if self.hub is None or self.hub.state() is None:
            return False
        seat, answered, refused = self.seat, _Answer(then), _Answer(failed)
        self.hub.ask(lambda work, link: verb(seat, link, *args, work=work), answered, refused)
        return True

    def tell(self, changed: Changed) -> None:
        """Broadcasts what another thread changed; to be called on any thread."""
        self._relay.changed.emit(changed)

    def busy(self) -> bool:
        """Whether something is under way that has not been delivered."""
        return bool(self._answers)

    def finish(self, seconds: float = 5.0) -> bool:
        """Ends both threads after the actions of people are done; False when they did not end in time."""
        worker, self._worker = self._worker, None
        if worker is None:
            return True
        ended = worker.finish(seconds)
        if ended:
            self._collector.stop()
        return ended

    # inside

    def _next(self, then: Callable[..., Any] | None, failed: Callable[..., Any] | None) -> int:
        self._count += 1
        self._answers[self._count] = (_Answer(then), _Answer(failed))
        return self._count

    def _submit_write(self, job: Job) -> None:
        if self._worker is None:
            self._answers.pop(job.number, None)
            return
        self._worker.writes.put(job)

    def _submit_read(self, job: Job, *, slow: bool = False) -> None:
        if self._worker is None:
            self._answers.pop(job.number, None)
            return
        replaced = (self._worker.counts if slow else self._worker.reads).put(job)
        self._answers.pop(replaced, None)

    @Slot(object, object, object)
    def _on_done(self, number: int, result: Any, error: Exception | None) -> None:
        then, failed = self._answers.pop(number, (None, None))
        if then is None or failed is None:
            return
        if error is None:
            then(result)
            change = result if isinstance(result, Changed) else getattr(result, "changed", None)
            if isinstance(change, Changed) and (change.inquiries or change.kinds):
                self.changed.emit(change, then.receiver())
        elif isinstance(error, ServiceError):
            if not failed(error):
                self.refused.emit(error)
        else:
            self.crashed.emit(error)

    @Slot(object)
    def _on_told(self, changed: Changed) -> None:
        if "setting" in changed.kinds:
            self.seat.settings_changed()
        self.changed.emit(changed, None)

    @Slot()
    def _on_elsewhere(self) -> None:
        self.seat.settings_changed()
        self.changed_elsewhere.emit()


def _fulfil(_seat: Seat, future: Future[Any], step: Callable[[], Any]) -> None:
    if future.set_running_or_notify_cancel():
        try:
            future.set_result(step())
        except BaseException as error:  # noqa: BLE001 - it is raised where the step was wanted
            future.set_exception(error)

"""The thread that talks with the hub, beside the window: it reads by itself, and writes through the writer."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.services.errors import ServiceError
from app.services.team.link import HubUnreachable
from app.ui.hub_words import is_away
from app.ui.workers import Closing

if TYPE_CHECKING:
    from app.services.seat import Changed, Seat
    from app.services.team.link import Link, Welcome
    from app.services.team.syncer import Syncer, SyncState
    from app.services.team.work import Work
    from app.ui.tasks import Tasks

Question = Callable[["Work", "Link"], Any]
Answered = Callable[[Any], object]
Failed = Callable[[ServiceError], object]
SILENT = "The hub does not answer."

PATIENCE_MS = 4_000  # how long a page waits for the hub's answer
SOON_MS = 20  # after an action here: its transaction is through by then
WATCH_MS = 5_000


class _Relay(QObject):
    """Carries what the thread says to the GUI thread; the thread holds it."""

    told = Signal(object)
    sold = Signal(object)
    answered = Signal(int, object, object)  # number, answer, ServiceError
    crashed = Signal(object)
    ended = Signal()


class _Questions:
    """What pages want to know from the hub, on its way to the thread that talks with it."""

    def __init__(self, relay: _Relay) -> None:
        self._relay = relay
        self._waiting: deque[tuple[int, Question]] = deque()

    def put(self, number: int, question: Question) -> None:
        """One more; to be called on any thread."""
        self._waiting.append((number, question))

    def answer(self, work: Work, link: Link) -> None:
        """Asks the hub; on the thread that talks with it."""
        while self._waiting:
            number, question = self._waiting.popleft()
            try:
                self._relay.answered.emit(number, question(work, link), None)
            except ServiceError as error:
                self._relay.answered.emit(number, None, error)
                if isinstance(error, HubUnreachable):
                    raise


class HubThread(QObject):
    """Runs while this home belongs to a team.

    Signals:
        told: every new `SyncState`; None when this home works alone.
        sold: leads that a colleague has just sold, as `app.ui.alerts.Found`.
    """

    told = Signal(object)
    sold = Signal(object)

    def __init__(self, seat: Seat, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._seat, self._tasks = seat, tasks
        self._syncer: Syncer | None = None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._awaited: dict[int, tuple[Answered, Failed, int]] = {}  # …and when it was asked, ms UTC
        self._count = 0
        self._alone = False  # and told so
        self._silent_since: int | None = None  # ms UTC; a question was not answered, and nothing was heard after it
        self._wanted = False  # started and not stopped: what is still on its way at the end begins nothing anew
        self._again = False  # a home that joined while the thread of the last team was ending
        self._relay = _Relay()
        self._relay.told.connect(self._on_told)
        self._relay.sold.connect(self.sold)
        self._relay.answered.connect(self._on_answered)
        self._relay.crashed.connect(tasks.crashed)
        self._questions = _Questions(self._relay)
        self._relay.ended.connect(self._on_ended)
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self.poke)
        self._watch = QTimer(self, interval=WATCH_MS)
        self._watch.timeout.connect(self._on_watch)
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(self._on_patience)
        tasks.changed.connect(self._on_changed)
        tasks.changed_elsewhere.connect(self._on_elsewhere)

    def start(self) -> None:
        """Begins, where this home belongs to a team; to be called again after it joined or left one."""
        self._wanted = True
        self._tasks.hub = self
        self._look()

    def stop(self, seconds: float) -> bool:
        """Ends it; whether it ended in time."""
        self._wanted = self._again = False
        self._stop.set()
        self.poke()
        thread = self._thread
        if thread is not None:
            thread.join(seconds)
        ended = thread is None or not thread.is_alive()
        if ended:
            for timer in (self._watch, self._soon, self._patience):
                timer.stop()
            self._tasks.hub = None  # no circle is left behind, which another thread might come upon
        return ended

    @Slot()
    def poke(self) -> None:
        """Something here wants to go out."""
        if self._syncer is not None:
            self._syncer.poke()

    def ask(self, question: Question, then: Answered, failed: Failed) -> None:
        """Asks the hub, on the thread that talks with it; `then` gets the answer, `failed` why there is none.

        A hub that is away, or does not answer within seconds, fails with HubUnreachable.
        """
        if is_away(self.state()) or self._thread is None:
            failed(HubUnreachable("The hub is away."))
            return
        self._count += 1
        self._awaited[self._count] = (then, failed, self._seat.now())
        self._questions.put(self._count, question)
        if not self._patience.isActive():
            self._patience.start()
        self.poke()

    @Slot()
    def _on_patience(self) -> None:
        """A page has waited long enough; until something is heard, the others need not."""
        if self._awaited:
            self._silent_since = min(asked_at for *_, asked_at in self._awaited.values())
            self._on_watch()
            for number in list(self._awaited):
                self._take_answer(number, None, HubUnreachable(SILENT))

    @Slot(int, object, object)
    def _on_answered(self, number: int, answer: object, error: ServiceError | None) -> None:
        self._silent_since = None
        self._take_answer(number, answer, error)
        self._patience.stop()
        if self._awaited:
            self._patience.start()

    def _take_answer(self, number: int, answer: object, error: ServiceError | None) -> None:
        then, failed, _ = self._awaited.pop(number, (None, None, 0))
        if error is None and then is not None:
            then(answer)
        elif error is not None and failed is not None:
            failed(error)

    def state(self) -> SyncState | None:
        """How things stand with the hub; None: this home works alone."""
        found = self._syncer.state if self._syncer is not None else None
        if found is None or self._silent_since is None or is_away(found):
            return found
        import msgspec

        from app.services.team.syncer import Standing

        return msgspec.structs.replace(
            found, standing=Standing.OFFLINE, since=self._silent_since, why=SILENT, may_claim=False
        )

    def _look(self) -> None:
        if self._wanted:
            self._tasks.read(_is_member, then=self._on_member, key="member")

    def _on_member(self, member: bool) -> None:
        if not self._wanted:
            return
        if not member:
            self._stop.set()
            self.poke()
            told, self._alone = self._alone, True
            self._syncer = None
            self._watch.stop()
            if not told:
                self.told.emit(None)
        elif self._thread is None:
            self._begin()
        elif self._stop.is_set():
            self._again = True

    def _begin(self) -> None:
        from app.services.team import company, hub
        from app.services.team.syncer import Syncer
        from app.services.team.work import Work
        from app.ui.alerts import found

        seat, relay, questions, usual = self._seat, self._relay, self._questions, company.beside()

        def beside(work: Work, link: Link, welcome: Welcome) -> None:
            questions.answer(work, link)
            usual(work, link, welcome)

        self._alone = False
        self._stop = threading.Event()
        self._syncer = Syncer(
            seat,
            lambda: hub.link_of(seat),
            work=Work(seat, through=self._tasks.through),
            beside=beside,
            told=relay.told.emit,
            changed=self._tasks.tell,
            alert=lambda leads: relay.sold.emit(found(seat, leads)),
        )
        self._thread = threading.Thread(
            target=_run, args=(self._syncer, self._stop, relay), name="network", daemon=True
        )
        self._thread.start()
        self._watch.start()

    @Slot(object)
    def _on_told(self, state: SyncState) -> None:
        self._silent_since = None
        if self._syncer is not None:
            self.told.emit(state)

    @Slot()
    def _on_ended(self) -> None:
        self._thread = None
        if self._again:
            self._again = False
            self._begin()

    @Slot()
    def _on_watch(self) -> None:
        """A conversation that is stuck says so by itself only when it is asked."""
        state = self.state()
        if state is not None:
            self.told.emit(state)

    @Slot()
    def _on_elsewhere(self) -> None:
        """A command in a terminal may have written something to hand in, have joined a team, or left it."""
        if self._wanted:
            self._soon.start()
            self._look()

    @Slot(object, object)
    def _on_changed(self, changed: Changed, _origin: object) -> None:
        if "team" in changed.kinds:
            self._look()
        elif changed.by == self._seat.holder:
            if "disposed" in changed.kinds:
                self.poke()  # sales waits for it
            else:
                self._soon.start()


def _run(syncer: Syncer, stop: threading.Event, relay: _Relay) -> None:
    try:
        syncer.run(stop)
    except Closing:
        pass  # the window closes: what was under way is begun again next time
    except Exception as error:  # noqa: BLE001 - shown by the window, like any fault
        relay.crashed.emit(error)
    finally:
        relay.ended.emit()


def _is_member(seat: Seat) -> bool:
    from app.services.team.membership import membership_of

    try:
        return membership_of(seat) is not None
    except ServiceError:
        return False

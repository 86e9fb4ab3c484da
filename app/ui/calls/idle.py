"""The calm states of the call page: nothing imported yet, nobody callable now, paused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.ui import keys
from app.ui.calls import showing
from app.ui.calls.calls_view import CallsView
from app.ui.widgets.key_button import KeyButton

if TYPE_CHECKING:
    from app.services.seat import Clock

LOOK_MS = 60_000  # at the latest: somebody may have been captured by another process
LEAST_MS = 1_000


class Idle(QObject):
    """Shows why nobody is on the page, and says when to look again.

    Signals:
        over: it is time to look for the next inquiry.
        import_wanted, capture_wanted: the buttons of an empty home.
    """

    over = Signal()
    import_wanted = Signal()
    capture_wanted = Signal()

    def __init__(self, view: CallsView, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view, self._clock = view, clock
        self._kind = ""  # nothing, nobody, paused, opening; empty: somebody is shown
        self._opens_at: int | None = None
        empty = view.empty
        self._import = empty.add_action(
            KeyButton(self.tr("Import a list"), keys.label("import", "window"), kind="primary")
        )
        self._capture = empty.add_action(KeyButton(self.tr("Capture somebody"), keys.label("capture", "window")))
        self._resume = empty.add_action(KeyButton(self.tr("Go on"), keys.label("pause"), kind="primary"))
        self._import.clicked.connect(self.import_wanted)
        self._capture.clicked.connect(self.capture_wanted)
        self._resume.clicked.connect(self.over)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._on_time)
        self._show_buttons()

    def kind(self) -> str:
        """`nothing`, `nobody`, `paused`, `opening`; empty while an inquiry is shown."""
        return self._kind

    def end(self) -> None:
        """Somebody is shown again."""
        self._kind = ""
        self._timer.stop()

    def opening(self) -> None:
        """Before the first inquiry has been claimed."""
        self._begin("opening", "phone", self.tr("One moment"), self.tr("The next inquiry is being fetched."))

    def pause(self) -> None:
        """The caller has a break; nothing is held meanwhile."""
        self._begin(
            "paused",
            "pause",
            self.tr("Paused"),
            self.tr("Nobody is held for you. What you answered and typed is kept."),
        )
        self._resume.setFocus()

    def nothing(self) -> None:
        """The home holds no inquiry."""
        self._begin(
            "nothing",
            "phone",
            self.tr("Nobody to call yet"),
            self.tr(
                "Import the list that your fair or web form gave you, or capture somebody now. Who waits longest comes "
                "first."
            ),
        )

    def nobody(self, opens_at: int | None) -> None:
        """Nobody may be called now; `opens_at` (ms UTC) is when the first may."""
        self._opens_at = opens_at
        self._begin("nobody", "clock" if opens_at else "check", *showing.nobody(opens_at, self._clock()))
        self._wait()

    def _begin(self, kind: str, icon: str, title: str, text: str) -> None:
        self._kind = kind
        self._timer.stop()
        self._view.set_empty(icon, title, text)
        self._show_buttons()

    def _show_buttons(self) -> None:
        nobody_waits = self._kind == "nobody" and self._opens_at is None
        self._import.setVisible(self._kind == "nothing" or nobody_waits)
        self._capture.setVisible(self._kind == "nothing" or nobody_waits)
        self._resume.setVisible(self._kind == "paused")

    def _wait(self) -> None:
        apart = LOOK_MS if self._opens_at is None else max(LEAST_MS, self._opens_at - self._clock())
        self._timer.start(min(LOOK_MS, apart))

    @Slot()
    def _on_time(self) -> None:
        if self._kind != "nobody":
            return
        if self._opens_at is None or self._clock() >= self._opens_at:
            self.over.emit()
            return
        self._view.empty.set("clock", *showing.nobody(self._opens_at, self._clock()))
        self._wait()

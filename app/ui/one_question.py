"""One question at a time in the popup of a page, and who takes the answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Slot

from app.ui.widgets.reason_popup import ReasonPopup


class OneQuestion(QObject):
    """What a page asks before it acts; one of its own says which questions there are, and what they lead to."""

    def __init__(self, popup: ReasonPopup, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._popup = popup
        self._then: Callable[[str, str], object] | None = None
        popup.chosen.connect(self._on_chosen)
        popup.cancelled.connect(self._on_cancelled)

    def open(self) -> bool:
        """Whether something is being asked."""
        return self._then is not None

    def close(self) -> None:
        """Takes a question away: whom it was about is gone."""
        if self._then is not None:
            self._then = None
            self._popup.close_quietly()

    def _ask(
        self, then: Callable[[str, str], object], title: str, options: Sequence[tuple[str, str]] = (), *,
        hint: str = "", words: str = "", text: str = "", whom: Sequence[tuple[str, str]] = (), whom_label: str = "",
    ) -> None:  # fmt: skip
        """As `ReasonPopup.ask`; `then` gets the key of the option, and the words that were typed."""
        self._then = then
        self._popup.ask(title, options, hint=hint, words=words, text=text, whom=whom, whom_label=whom_label)

    @Slot(str, str)
    def _on_chosen(self, key: str, words: str) -> None:
        then, self._then = self._then, None
        if then is not None:
            then(key, words)

    @Slot()
    def _on_cancelled(self) -> None:
        self._then = None

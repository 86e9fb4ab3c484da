"""All keys of Winnow in one place: what they are, what they do, and how their caps read.

Shortcuts, keycaps and the overlay of all keys read this. A key that a page has must not be a key of the window too: Qt
fires neither of two equal shortcuts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QCoreApplication, Qt

if TYPE_CHECKING:
    from PySide6.QtGui import QShortcut
    from PySide6.QtWidgets import QWidget

CAPS = {
    "Return": "↵", "Enter": "↵", "Backspace": "⌫", "Escape": "Esc", "Ctrl+": "Ctrl ", "Shift+": "⇧ ", "Alt+": "Alt ",
}  # fmt: skip


class Key(NamedTuple):
    """One key."""

    sequence: str  # in Qt's portable form
    text: str  # what it does, to be translated in the context "keys"
    repeats: bool = False  # whether holding it down does it again


WINDOW = {
    "help": Key("?", "Show all keys"),
    "capture": Key("Ctrl+N", "Capture somebody"),
    "import": Key("Ctrl+I", "Import a list"),
    "settings": Key("Ctrl+,", "Set up"),
    "page-1": Key("Alt+1", "Calls"),
    "page-2": Key("Alt+2", "Capture"),
    "page-3": Key("Alt+3", "Sales"),
    "page-4": Key("Alt+4", "Nurture"),
    "page-5": Key("Alt+5", "Desk"),
    "page-6": Key("Alt+6", "Results"),
}
CALLS = {
    "find": Key("/", "Find anyone"),
    "call": Key("C", "Call"),
    "numbers": Key("Shift+C", "Choose another number"),
    "next-question": Key("Return", "Next question"),
    "previous-question": Key("Backspace", "Previous question", repeats=True),
    "note": Key("N", "Write a note"),
    "objections": Key("F2", "Answers to objections"),
    "history": Key("F3", "What happened before"),
    "pause": Key("F4", "Pause"),
    "no-answer": Key("F5", "No answer"),
    "voicemail": Key("F6", "Voicemail"),
    "busy": Key("F7", "Busy"),
    "callback": Key("F8", "Call back…"),
    "wrong-number": Key("F9", "Wrong number"),
    "do-not-call": Key("F12", "Do not call"),
    "sell": Key("Ctrl+1", "Sell"),
    "nurture": Key("Ctrl+2", "Nurture"),
    "discard": Key("Ctrl+3", "Discard"),
    "next-inquiry": Key("Ctrl+Return", "Next call"),
    "skip": Key("Ctrl+K", "Skip, with a reason"),
    "undo": Key("Ctrl+Z", "Undo"),
    "edit": Key("Ctrl+E", "Edit the person"),
    "mail": Key("M", "E-mail whoever was not reached"),
    "pack": Key("Ctrl+P", "Take a pack along, or give it back"),
    "same-person": Key("Ctrl+J", "Same person as…"),
    "two-people": Key("Ctrl+Shift+J", "They are two people"),
}
DIGITS = {f"answer-{digit}": Key(str(digit), "Answer") for digit in range(1, 10)}
SALES = {
    "accept": Key("A", "Accept the lead"),
    "return": Key("R", "Return it, with a reason"),
    "prospect": Key("P", "Agree a next step"),
    "keep-step": Key("Ctrl+Return", "Keep the next step"),
    "save-step": Key("S", "Save it for a calendar"),
    "step-done": Key("D", "The next step is done"),
    "won": Key("W", "Won, with an amount"),
    "lost": Key("L", "Lost, with a reason"),
    "call": Key("C", "Call"),
    "give": Key("G", "Give it to somebody"),
    "look-next": Key("N", "Second look: write, or the next question"),
    "look-back": Key("Backspace", "Second look: the question before", repeats=True),
    "find": Key("/", "Find among the leads"),
    "whose": Key("M", "Mine, or all"),
    "undo": Key("Ctrl+Z", "Undo"),
}
CAPTURE = {
    "save-next": Key("Ctrl+Return", "Save, next"),
    "save-qualify": Key("Ctrl+Q", "Save, qualify now"),
    "open-known": Key("Ctrl+O", "Open who is known already"),
    "undo": Key("Ctrl+Z", "Take the last one back into the form"),
}
IMPORT = {
    "choose-file": Key("Ctrl+O", "Choose a file"),
    "paste-file": Key("Ctrl+V", "Paste a file or its path"),
    "import-rows": Key("Ctrl+Return", "Import the rows; afterwards, call them"),
    "leave-import": Key("Escape", "Cancel; what is in stays"),
    "as-answers": Key("Ctrl+L", "Take the list as what became of leads"),
}
DESK = {
    "stale": Key("1", "Those that wait too long"),
    "waiting": Key("2", "Everybody who waits"),
    "held": Key("3", "Given, and not called since"),
    "contested": Key("4", "Contested decisions"),
    "silent": Key("5", "Leads that sales has not answered"),
    "filter": Key("/", "Filter the list"),
    "choose": Key("Space", "Choose; Shift with the arrows: several"),
    "choose-all": Key("Ctrl+A", "Choose everybody on the list"),
    "clear-chosen": Key("Escape", "Choose nobody; stop"),
    "reassign": Key("R", "Reassign"),
    "share": Key("E", "Share evenly among who is there"),
    "take-back": Key("T", "Take back: anybody may call them"),
    "open": Key("Return", "Open; settle what is contested"),
    "undo": Key("Ctrl+Z", "Undo"),
}
NURTURE = {
    "lists": Key("L", "Go to the lists"),
    "filter": Key("/", "Filter the list"),
    "choose": Key("Space", "Choose; Shift with the arrows: several"),
    "choose-all": Key("Ctrl+A", "Choose everybody on the list"),
    "clear-chosen": Key("Escape", "Choose nobody; stop"),
    "wake": Key("W", "Wake now: back into the queue"),
    "move": Key("M", "Move to another track"),
    "day": Key("D", "Another day"),
    "consent": Key("C", "Consent: given, or taken back"),
    "export": Key("X", "List for the mailing tool"),
    "open": Key("Return", "Open on the call page"),
    "new-track": Key("T", "New track"),
    "edit-track": Key("E", "Edit the track that is shown"),
    "undo": Key("Ctrl+Z", "Undo"),
}
RESULTS = {
    "week": Key("1", "This week"),
    "month": Key("2", "This month"),
    "quarter": Key("3", "This quarter"),
    "year": Key("4", "This year"),
    "all-time": Key("5", "All time"),
    "days": Key("D", "Another period, or days of your own"),
    "earlier": Key("P", "The period before"),
    "later": Key("N", "The next period"),
    "source": Key("S", "One source, or all"),
    "swap": Key("T", "Pictures, or their tables"),
    "callers": Key("B", "By source, or by caller"),
    "cost": Key("C", "Costs of the source"),
    "share": Key("X", "Share a report"),
    "leave": Key("Escape", "Stop counting; all sources again"),
}
PAGES: dict[str, dict[str, Key]] = {
    "window": WINDOW, "calls": CALLS | DIGITS, "sales": SALES | DIGITS, "capture": CAPTURE, "import": IMPORT,
    "desk": DESK, "nurture": NURTURE | DIGITS, "results": RESULTS,
}  # fmt: skip


def label(name: str, page: str = "calls") -> str:
    """What the keycap reads, such as `Ctrl 1`.

    Raises:
        KeyError: the page has no such key.
    """
    return cap(PAGES[page][name].sequence)


def cap(sequence: str) -> str:
    """A portable key sequence as its cap reads."""
    for word, shown in CAPS.items():
        sequence = sequence.replace(word, shown)
    return sequence


def bind(
    name: str,
    owner: QWidget,
    slot: Callable[[], object],
    page: str = "calls",
    context: Qt.ShortcutContext = Qt.ShortcutContext.WidgetWithChildrenShortcut,
) -> list[QShortcut]:
    """Makes the key work inside `owner`; Return works from the keypad too.

    Raises:
        KeyError: the page has no such key.
    """
    from PySide6.QtGui import QKeySequence, QShortcut  # a queue is painted without

    key = PAGES[page][name]
    sequences = [key.sequence]
    if "Return" in key.sequence:
        sequences.append(key.sequence.replace("Return", "Enter"))
    made = []
    for sequence in sequences:
        shortcut = QShortcut(QKeySequence(sequence), owner)
        shortcut.setContext(context)
        shortcut.setAutoRepeat(key.repeats)
        shortcut.activated.connect(slot)
        made.append(shortcut)
    return made


def listed(page: str) -> list[tuple[str, str]]:
    """Cap and meaning of every key of a page, for the overlay; the digits are one line."""
    lines = [
        (cap(key.sequence), QCoreApplication.translate("keys", key.text))
        for name, key in PAGES[page].items()
        if name not in DIGITS
    ]
    if page in {"calls", "sales"}:
        lines.insert(2, ("1 … 9", QCoreApplication.translate("keys", "Answer, and go on")))
    if page == "nurture":
        lines.insert(0, ("1 … 9", QCoreApplication.translate("keys", "Show one of the lists")))
    return lines

"""The pages of the rail: where each is found, so that it is imported when it is first shown.

What a page is to the window. It is made as `Page(seat, tasks, parent)`, with what was painted first as a fourth. The
window uses what a page has of these:

Methods: `arrive()` when it comes to the front, `leave()` when another does, `flush()` before the window closes (hand
drafts to `tasks.act`), `open_inquiry(id)`, `set_hub(state)` how things stand with the team (None: alone),
`splitters() -> dict[str, QSplitter]` whose places are remembered.
Signals: `said(str)` for a toast; `undo_offered(str)` for a toast with Undo, answered by the page's own slot `undo()`;
`today_changed(str)` and `call_shown(str)` for the foot of the window; `head_back()` when it is finished;
`calls_wanted()`, `import_wanted()`, `capture_wanted()`, `qualify_wanted(id)`, `open_wanted(id)` to go to other pages.
"""

from __future__ import annotations

import importlib
import importlib.util
from typing import TYPE_CHECKING, Any, NamedTuple, cast

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.services.seat import Seat
    from app.ui.tasks import Tasks


class PageKind(NamedTuple):
    """One page: its name, its drawing and word on the rail, and its class as `module:Class`."""

    name: str
    icon: str
    text: str  # in the context "pages"; empty: not on the rail
    place: str
    key: str = ""  # of the window, in `keys.WINDOW`
    below: bool = False
    first: str = ""  # `module:function` of what is painted before the page is made; the page then takes it over

    def exists(self) -> bool:
        """Whether this Winnow has the page."""
        try:
            return importlib.util.find_spec(self.place.partition(":")[0]) is not None
        except ModuleNotFoundError:
            return False

    def build(self, seat: Seat, tasks: Tasks, parent: QWidget, begun: QWidget | None = None) -> QWidget:
        """A new page, made where it stays: to move it there later would style all of it twice."""
        made = _found(self.place)
        return cast("QWidget", made(seat, tasks, parent, begun) if begun is not None else made(seat, tasks, parent))

    def begin(self, tasks: Tasks, parent: QWidget) -> QWidget | None:
        """What is painted first, where there is something of that kind to be shown already."""
        return cast("QWidget | None", _found(self.first)(tasks, parent)) if self.first else None


def _found(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(importlib.import_module(module), name)


def _noop(text: str) -> str:
    """Marks a text for translation in the context "pages"; it is translated when it is shown."""
    return text


PAGES: tuple[PageKind, ...] = (
    PageKind(
        "calls",
        "phone",
        _noop("Calls"),
        "app.ui.calls.calls_page:CallsPage",
        "page-1",
        first="app.ui.calls.first_rows:begin",
    ),
    PageKind("capture", "capture", _noop("Capture"), "app.ui.capture.capture_page:CapturePage", "page-2"),
    PageKind("sales", "sales", _noop("Sales"), "app.ui.sales.sales_page:SalesPage", "page-3"),
    PageKind("import", "file", "", "app.ui.capture.import_page:ImportPage"),
    PageKind("nurture", "leaf", _noop("Nurture"), "app.ui.nurture.nurture_page:NurturePage", "page-4"),
    PageKind("desk", "people", _noop("Desk"), "app.ui.desk.desk_page:DeskPage", "page-5"),
    PageKind("results", "bars", _noop("Results"), "app.ui.results.results_page:ResultsPage", "page-6"),
    PageKind("settings", "gear", _noop("Setup"), "app.ui.setup.settings_page:SettingsPage", below=True),
)

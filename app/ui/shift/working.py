"""A shift that works itself: the real window, moved by key presses alone.

What is asked and what has happened is read from the page; everything that is done is done by keys sent to the widget
that has the keyboard. A key that does nothing ends the shift with a sentence that names it.
"""

from __future__ import annotations

import os
import random
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QApplication

from app import bootstrap
from app.ui.shift import lists, sales
from app.ui.shift.caller import ROTA, Caller
from app.ui.shift.hands import Hands, ShiftFailed, Told
from app.ui.shift.pictures import Pictures

if TYPE_CHECKING:
    from app.bootstrap import Home

DEMO, MOST = 60, 2000  # made-up inquiries
FOR_EACH = 8  # made-up inquiries for each call: most of the world sleeps or has its weekend


def run(
    home: Home | None = None, calls: int = 20, screens: Path | None = None, seed: int | None = None,
    *, told: Told | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Works so many inquiries of a home's queue, or of made-up ones; keeps a picture of each page in `screens`.

    `told` hears of every action when the store has kept it: `{"kept": what, "inquiry": id}`, and of notes as they are
    typed: `{"note": text, "inquiry": id}`. Returns `calls`, `sell`, `nurture`, `discard` and the `screens` made.

    Raises:
        ShiftFailed: a key did nothing, or nobody can be called.
    """
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication.instance() or QApplication(["winnow"])
    assert isinstance(application, QApplication)
    own = home is None
    if home is None:
        home = _made_up(min(max(DEMO, FOR_EACH * calls), MOST), seed)
    try:
        hands = Hands(application, home, told)
        try:
            return _work(hands, calls, Pictures(hands, screens), random.Random(seed))
        finally:
            hands.end()
    finally:
        if own:
            home.close()


def _made_up(count: int, seed: int | None) -> Home:
    from app.services import demo

    home = bootstrap.throw_away()
    try:
        demo.fill(home.seat, count=count, seed=seed if seed is not None else 1)
    except BaseException:
        home.close()
        raise
    return home


def _work(hands: Hands, calls: int, pictures: Pictures, chance: random.Random) -> dict[str, Any]:
    """So many inquiries, the rota over and over; then every other page."""
    hands.begin()
    if hands.page.in_hand() is None:
        raise ShiftFailed("Nobody can be called now.", todo="Try again later, or import a list.")
    counts = dict.fromkeys(("sell", "nurture", "discard"), 0)
    caller, done = Caller(hands, pictures, chance), 0
    while done < calls:
        hands.until(lambda: not hands.page.busy(), "The next inquiry did not come.")
        hands.wait_for_the_hub()
        if hands.page.in_hand() is None:  # the queue is empty for now: a shift ends so too
            break
        decided = caller.one(done, ROTA[done % len(ROTA)])
        if decided in counts:
            counts[decided] += 1
        done += 1
    hands.rest()
    _visit_pages(hands, pictures)
    return {"calls": done, **counts, "screens": pictures.made}


def _visit_pages(hands: Hands, pictures: Pictures) -> None:
    """Every other page by its key, and back."""
    for key, name in (("page-2", "capture"), ("page-3", "sales"), ("page-4", "nurture"), ("page-6", "results"),
                      ("import", "import"), ("settings", "settings")):  # fmt: skip
        if not hands.shell.workspace.has_page(name):
            continue
        hands.does(key, partial(hands.shows_page, name), f"the page {name} is shown", "window")
        hands.until(hands.is_quiet, f"The page {name} does not come to rest.")
        if name == "sales" and not hands.in_team:
            sales.work(hands, hands.shell.workspace.page(name))  # type: ignore[arg-type]
        if name == "import" and pictures.wanted():
            lists.show(hands, hands.shell.workspace.page(name), pictures)  # type: ignore[arg-type]
        else:
            pictures.take(name)
        hands.does("page-1", partial(hands.shows_page, "calls"), "the calls are shown", "window")

"""Pictures of every page of the real window, on a home full of made-up work: `python tools/window_screens.py FOLDER`.

Light and dark at 1360x850, light at 1024x700. `--pages sales,desk` chooses; `--home DIR` shows a home of your own;
`--list FILE` is what the import page has in hand.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from app import bootstrap
from app.models.entries import Disposition, Outcome, Verdict
from app.services import calling, demo, handoff, queue
from app.services.desk import reassigning
from app.services.errors import ServiceError
from app.services.handoff import Choice
from app.services.nurture import tracks
from app.services.sales import selling
from app.services.seat import wall_clock
from app.ui import look, theme
from app.ui.pages import PAGES
from app.ui.shell import Shell
from app.ui.tasks import Tasks
from tools import season

LOOKS = (("light", 1360, 850), ("dark", 1360, 850), ("light", 1024, 700))
SETTLE_MS = 1500
DAY = 24 * 3_600_000


def worked(home: bootstrap.Home, calls: int = 60) -> None:
    """A home in which a team has been at work: leads, prospects, sales, nurture, retries and callbacks."""
    seat, chance = home.seat, random.Random(7)
    offered = [track.key for track in tracks.tracks(seat)]
    for number in range(calls):
        try:
            inquiry = queue.claim_next(seat)
        except ServiceError:
            break
        what = ("sell", "nurture", "discard", "sell", "no-answer", "callback", "nurture", "sell")[number % 8]
        if what == "no-answer":
            calling.log_call(seat, inquiry, Outcome.NO_ANSWER)
        elif what == "callback":
            calling.log_call(seat, inquiry, Outcome.CALLBACK, back_at=seat.now() + 3_600_000)
        else:
            answers = {
                question.key: chance.choice(question.choices).key
                for question in seat.script.questions
                if question.choices and question.type != "several"
            }
            sells, waits = what == "sell", what == "nurture"
            choice = Choice(
                answers=answers, reason="agreed on the call", note="Wants a visit before the summer",
                next_step="Send the offer" if sells else "", track=chance.choice(offered) if waits else "",
                until=seat.now() + chance.choice((1, 3, 6, 20, 60)) * DAY if waits else None,
            )  # fmt: skip
            handoff.dispose(seat, inquiry, Disposition(what), choice)
            if what == "sell" and number % 3 == 0:
                selling.review(seat, inquiry, Verdict.PROSPECT if number % 2 else Verdict.ACCEPT)
                if number % 9 == 0:
                    selling.close(seat, inquiry, won=True, amount="41000", currency="EUR")
    queue.release(seat)
    waiting = [row.id for row in queue.whole_page(seat, size=60).rows]
    for number, name in enumerate(("Ada", "Ben", "Cleo", "Dev")):
        reassigning.reassign(seat, waiting[number * 9 : number * 9 + 5 + number], name)


def wait(milliseconds: int) -> None:
    """Lets the window live for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def main() -> None:
    """Reads the command line and renders."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", default=",".join(kind.name for kind in PAGES if kind.exists()))
    parser.add_argument("--home", type=Path)
    parser.add_argument("--list", type=Path, action="append", default=[])
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    application = QApplication(sys.argv[:1])
    if given.home:
        home = bootstrap.open_home(given.home, passphrase=os.environ.get("WINNOW_PASSPHRASE", ""))
    else:
        home = bootstrap.throw_away()
        demo.fill(home.seat, count=400, seed=1)
        worked(home)
    home.seat.holder = f"window-{home.seat.holder}"
    look.apply(application, theme.Theme.LIGHT)
    pages = given.pages.split(",")
    if not given.home and "results" in pages:  # two months of work; the other pages show a day of it
        pages.remove("results")
        clock = season.Clock(wall_clock())
        with bootstrap.throw_away(clock) as worked_long:
            season.fill(worked_long.seat, clock)
            render(application, worked_long, ["results"], given.folder, [])
    if pages:
        render(application, home, pages, given.folder, given.list)
    home.close()


def render(application: QApplication, home: bootstrap.Home, pages: list[str], folder: Path, lists: list[Path]) -> None:
    """Pictures of pages of a home, in every look."""
    shell, tasks = Shell(), Tasks(home.seat)
    tasks.crashed.connect(lambda error: print("crashed:", repr(error), file=sys.stderr))
    shell.open_home(home, tasks)
    shell.show()
    if lists:
        shell.workspace.page("import").take(lists)  # type: ignore[union-attr]
    for shown, wide, high in LOOKS:
        look.apply(application, theme.Theme(shown))
        shell.resize(wide, high)
        for name in pages:
            shell.workspace.show_page(name)
            wait(SETTLE_MS)
            file = folder / f"{name}-{shown}-{wide}.png"
            shell.grab().save(str(file))
            print(file)
    shell.close()


if __name__ == "__main__":
    main()

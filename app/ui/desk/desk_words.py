"""What the desk says about holders, waits and callers, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.models.limits import LimitState
from app.services.desk.figures import Bin, CallerRow, DeskFigures, Doing
from app.services.desk.pages import DeskRow, How
from app.ui import times

if TYPE_CHECKING:
    from app.services.desk.reassigning import Move

HOUR, MINUTE = 3_600_000, 60_000


def tr(text: str) -> str:
    """The text in the language of the window."""
    return QCoreApplication.translate("desk", text)


def holder(row: DeskRow) -> str:
    """With whom an inquiry is, and for how long where nobody has called since."""
    if row.how is How.NOBODY:
        return "—"
    if row.how is How.LINE:
        return tr("%1, on the line").replace("%1", row.holder)
    if row.how is How.HIDDEN:
        return tr("hidden by an erasure")
    if row.how is How.SALES:
        return row.holder or tr("the common list")
    if row.held_ms is not None and row.held_ms >= MINUTE:
        return tr("%1, held %2").replace("%1", row.holder).replace("%2", times.lasted(row.held_ms))
    return row.holder


def wait(row: DeskRow, now: int) -> tuple[str, str]:
    """The chip of a wait: its text and tone; what is not due says when it is."""
    if row.waited_ms < MINUTE:
        if row.row.since > now:
            return tr("due in %1").replace("%1", times.lasted(row.row.since - now)), "plain"
        return tr("new"), "fine"
    return times.lasted(row.waited_ms), row.state.value


def spoken(row: DeskRow, now: int, *, chosen: bool) -> str:
    """The whole row for a screen reader."""
    text, _ = wait(row, now)
    states = {
        LimitState.OVER: tr("over the limit"), LimitState.SOON: tr("near the limit"),
        LimitState.FINE: tr("within the limit"),
    }  # fmt: skip
    parts = [
        tr("chosen") if chosen else "", row.row.name, row.row.company, row.row.source,
        tr("with nobody") if row.how is How.NOBODY else tr("with %1").replace("%1", holder(row)),
        tr("%1 of %2 attempts").replace("%1", str(row.row.attempts)).replace("%2", str(row.row.attempts_allowed)),
        text, "" if row.how in {How.DECIDED, How.HIDDEN} else states[row.state],
    ]  # fmt: skip
    return ", ".join(part for part in parts if part)


def doing(caller: CallerRow, now: int) -> str:
    """What a caller does now."""
    passed = now - caller.since if caller.since is not None else None
    if caller.doing is Doing.CALL:
        running = tr("on a call") + (f" {times.timer(passed)}" if passed is not None else "")
        return f"{running} · {caller.person}" if caller.person else running
    if caller.doing is Doing.AWAY:
        return tr("away") + (f" {times.lasted(passed)}" if passed is not None else "")
    if caller.doing is Doing.OFFLINE:
        if caller.since is None:
            return tr("not seen yet")
        at = times.clock(caller.since)
        day = times.day(caller.since, now)
        return tr("offline since %1").replace("%1", at if day == tr("today") else f"{day}, {at}")
    if caller.doing is Doing.ABSENT:
        until = times.day(caller.since, now) if caller.since is not None else ""
        return tr("absent until %1").replace("%1", until) if until else tr("absent")
    return tr("at this computer") if caller.doing is Doing.HERE else tr("between calls")


def offered(caller: CallerRow, now: int) -> str:
    """A caller as somebody to give to: how many they have, and whether they are there."""
    passed = f" {times.lasted(now - caller.since)}" if caller.doing is Doing.AWAY and caller.since is not None else ""
    state = {Doing.CALL: tr("on a call"), Doing.AWAY: tr("away") + passed}.get(caller.doing) or doing(caller, now)
    return f"{caller.name} · {in_hand(caller)[0]} · {state}"


def in_hand(caller: CallerRow) -> tuple[str, str]:
    """How many a caller has, and how many of them are over the limit; the second is empty for none."""
    held = tr("%1 in hand").replace("%1", number(caller.in_hand))
    return held, tr("%1 over").replace("%1", number(caller.over)) if caller.over else ""


def head(figures: DeskFigures) -> str:
    """The line below the title."""
    limit = f"{figures.limit_hours:g} h"
    if figures.limit_working:
        limit = tr("%1 (working time)").replace("%1", limit)
    parts = [tr("%1 waiting").replace("%1", number(figures.waiting))]
    if figures.over:
        parts.append(tr("%1 over the %2 limit").replace("%1", number(figures.over)).replace("%2", limit))
    else:
        parts.append(tr("nobody over the %1 limit").replace("%1", limit))
    if figures.waiting:
        parts.append(tr("oldest %1").replace("%1", times.lasted(figures.oldest_ms)))
    if figures.in_team:
        on_call = tr("%1 on a call").replace("%1", str(figures.on_call))
        callers = len(figures.callers)
        parts.append(tr("1 caller") if callers == 1 else tr("%1 callers").replace("%1", str(callers)))
        parts[-1] += f", {on_call}"
    return " · ".join(parts)


def card_over(figures: DeskFigures) -> tuple[str, str]:
    """Chip and tone of the first card."""
    if not figures.over:
        return "", "fine"
    at = times.clock(figures.day_began_at)
    if figures.over_new <= 0:
        return tr("none since %1").replace("%1", at), "fine"
    return tr("+%1 since %2").replace("%1", number(figures.over_new)).replace("%2", at), "over"


def card_due(figures: DeskFigures) -> tuple[str, str]:
    """Chip and tone of the second card."""
    if not figures.due and not figures.over:
        return "", "fine"
    if figures.clears_at is None:
        return tr("nobody is calling"), "over"
    takes = figures.clears_at - figures.read_at
    if takes > 24 * HOUR:
        return tr("not today at this pace"), "over"
    tone = "over" if takes > 4 * HOUR else "soon"
    return tr("clears at %1 at this pace").replace("%1", times.clock(figures.clears_at)), tone


def card_held(figures: DeskFigures) -> tuple[str, str]:
    """Chip and tone of the third card."""
    if not figures.held:
        return "", "fine"
    if figures.held_longest_ms < MINUTE:
        return tr("just given"), "fine"
    return tr("longest %1").replace("%1", times.lasted(figures.held_longest_ms)), "soon"


def card_contested(figures: DeskFigures) -> tuple[str, str]:
    """Chip and tone of the fourth card."""
    if figures.contested:
        return tr("two callers, two answers"), "due"
    return (tr("hidden by an erasure"), "due") if figures.hidden else ("", "fine")


def age(milliseconds: int) -> str:
    """The start of a bin: `3h`, `90m`."""
    if milliseconds % HOUR == 0:
        return f"{milliseconds // HOUR}h"
    if milliseconds < 2 * HOUR:
        return f"{milliseconds // MINUTE}m"
    return f"{milliseconds / HOUR:.1f}h"


def ages(bins: tuple[Bin, ...]) -> str:
    """The whole picture in words, for a screen reader."""
    said = [
        tr("%1 from %2 on").replace("%1", number(each.count)).replace("%2", age(each.start_ms))
        for each in bins
        if each.count
    ]
    return ", ".join(said) or tr("nobody waits")


def number(count: int) -> str:
    """With a comma between thousands."""
    return f"{count:,}"


def moved(parts: Sequence[Move], *, stopped: bool) -> str:
    """What a stroke of reassignments did; empty when everybody was gone."""
    members: Counter[str] = Counter()
    for part in parts:
        members.update(part.moved)
    said = [
        tr("%1 to %2").replace("%1", number(count)).replace("%2", name)
        if name
        else tr("%1 taken back").replace("%1", number(count))
        for name, count in sorted(members.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
    shown = ", ".join(said[:4]) + ("…" if len(said) > 4 else "")
    if said and (left := sum(part.left for part in parts)):
        shown += " · " + tr("%1 were gone").replace("%1", number(left))
    if said and stopped:
        shown += " · " + tr("stopped")
    return shown


def decision(what: str) -> str:
    """A decision as a verb."""
    words = {
        "sell": tr("Sell"), "nurture": tr("Nurture"), "discard": tr("Discard"), "call-again": tr("Call again"),
    }  # fmt: skip
    return words.get(what, what)

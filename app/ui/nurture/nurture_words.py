"""What the nurture page says about days, consents and lists, in words."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QCoreApplication

from app.models.consent import CALLS, EMAIL, NEWSLETTER, Consent
from app.services.nurture.mailing_list import NO_CONSENT, NO_EMAIL, OBJECTED, TWICE, MailingList
from app.services.nurture.pages import Kind, List, ListCount, NurtureRow
from app.services.nurture.tracks import Track, rule_in_words
from app.ui import times

WEEK = 7  # days from here on are named by their date


def tr(text: str) -> str:
    """The text in the language of the window."""
    return QCoreApplication.translate("nurture", text)


def number(count: int) -> str:
    """A count as it is read."""
    return f"{count:,}"


def purpose(name: str) -> str:
    """What somebody may agree to."""
    return {CALLS: tr("calls"), EMAIL: tr("e-mail"), NEWSLETTER: tr("newsletter")}.get(name, name)


def days_apart(at: int, now: int) -> int:
    """Days of the calendar from now to a moment, at this computer."""
    return (_here(at).date() - _here(now).date()).days


def _here(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC).astimezone()


def wakes(until: int | None, now: int) -> tuple[str, str]:
    """The chip of a day: its words and tone."""
    if until is None:
        return tr("if they ask"), "plain"
    apart = days_apart(until, now)
    if apart <= 0:
        return tr("today"), "due"
    if apart == 1:
        return tr("tomorrow"), "due"
    then = _here(until)
    if apart < WEEK:
        return f"{then:%a}", "plain"
    same = then.year == _here(now).year
    return (f"{then.day} {then:%b}" if same else f"{then:%b %Y}"), "plain"


def day(until: int | None, now: int) -> str:
    """The same in a sentence."""
    return times.day(until, now) if until is not None else tr("until they ask again")


def group(until: int | None, now: int) -> int:
    """Which of `groups` somebody belongs to."""
    if until is None:
        return 3
    apart = days_apart(until, now)
    return 0 if apart <= 0 else 1 if apart < WEEK else 2


def groups() -> tuple[str, ...]:
    """The headings of a list, in the order of waking."""
    return tr("Today"), tr("This week"), tr("Later"), tr("When they ask again")


def consent(row: NurtureRow) -> tuple[str, str]:
    """The chip of what they agreed to: green when they may be called, said in words too."""
    if row.objected:
        return tr("objected"), "over"
    short = {CALLS: tr("calls"), EMAIL: tr("e-mail"), NEWSLETTER: tr("news")}
    named = [words for each, words in short.items() if each in row.consents]
    if not named:
        return tr("none yet"), "plain"
    if len(named) == len(short):
        return tr("everything"), "fine"
    if CALLS in row.consents:
        return ", ".join(named), "fine"
    return (tr("%1 only").replace("%1", named[0]) if len(named) == 1 else ", ".join(named)), "soon"


def consented(each: Consent, now: int) -> str:
    """One consent in a line: what, since when, and how."""
    what = tr("Agreed to %1") if each.given else tr("Took back %1")
    parts = [what.replace("%1", purpose(each.purpose)), times.day(each.at, now), each.how]
    return " · ".join(part for part in parts if part)


def title(each: ListCount) -> str:
    """How a list is called."""
    if each.list.kind is Kind.TRACK:
        return each.track.name if each.track is not None else each.list.track
    return {
        Kind.SOON: tr("Waking this week"), Kind.ALL: tr("Everybody"), Kind.RETURNED: tr("Returned by Sales"),
        Kind.NONE: tr("No track yet"),
    }[each.list.kind]  # fmt: skip


def tone(each: ListCount) -> str:
    """How the count of a list is meant: what waits for a decision stands out."""
    if not each.count:
        return "plain"
    return {Kind.SOON: "due", Kind.RETURNED: "soon", Kind.NONE: "over"}.get(each.list.kind, "plain")


def meaning(each: ListCount, usual_days: int) -> str:
    """What happens to whoever is on a list."""
    if each.list.kind is Kind.TRACK:
        return wakes_by_rule(each.track, usual_days)
    return {
        Kind.SOON: tr("They go back into the queue by themselves, with what was said"),
        Kind.ALL: tr("Who wakes soonest comes first"),
        Kind.RETURNED: tr("Sales wants them later; put them on a track"),
        Kind.NONE: tr("They wake on their day all the same; a track says why they wait"),
    }[each.list.kind]


def wakes_by_rule(track: Track | None, usual_days: int) -> str:
    """A track's rule and its consent, in a sentence."""
    if track is None:
        return tr("Nobody has defined this track: its people wake on their own day")
    words = tr("Wakes %1 · mailing needs consent to %2").replace("%1", rule_in_words(track, usual_days))
    words = words.replace("%2", purpose(track.purpose))
    return f"{words} · {tr('retired')}" if track.retired else words


def spoken(row: NurtureRow, now: int, *, chosen: bool) -> str:
    """A whole row for a screen reader."""
    parts = [
        tr("chosen") if chosen else "", row.name, row.company, row.why,
        tr("consent: %1").replace("%1", consent(row)[0]),
        tr("score %1").replace("%1", str(row.score)) if row.score is not None else "",
        tr("wakes %1").replace("%1", wakes(row.until, now)[0]), row.track_name or tr("no track yet"),
    ]  # fmt: skip
    return ", ".join(part for part in parts if part)


def written(made: MailingList) -> str:
    """What became of a list for the mailing tool."""
    said = tr("%1 written: who agreed to %2.").replace("%1", number(made.rows)).replace("%2", purpose(made.purpose))
    if not made.left:
        return f"{said} {tr('Nobody was left out.')}"
    why = {
        NO_CONSENT: tr("%1 without that consent"), NO_EMAIL: tr("%1 without an e-mail"),
        OBJECTED: tr("%1 who asked not to be contacted"), TWICE: tr("%1 with an e-mail that is on it already"),
    }  # fmt: skip
    parts = [
        why.get(reason, f"%1 {reason}").replace("%1", number(count))
        for reason, count in sorted(made.left_out.items(), key=lambda pair: -pair[1])
    ]
    return f"{said} {tr('Left out: %1.').replace('%1', ', '.join(parts))}"


def done(what: str, named: str, left: int, *, stopped: bool) -> str:
    """What a stroke did (`wake`, `move`, `day`) with whom, and how many of them did not wait any more."""
    words = {
        "wake": tr("Back in the queue: %1"), "move": tr("On another track: %1"),
        "day": tr("Wait until another day: %1"),
    }[what].replace("%1", named)  # fmt: skip
    if left:
        words += " · " + tr("%1 did not wait any more").replace("%1", number(left))
    return words + " · " + tr("stopped") if stopped else words


def people(count: int) -> str:
    """How many."""
    return tr("%1 people").replace("%1", number(count))


def nothing(which: List, total: int) -> tuple[str, str, str]:
    """Icon, title and text of a list without anybody, while `total` wait on all lists."""
    if not total:
        how = tr("Whom callers or sales put off comes here, with the reason and a day to wake.")
        return "leaf", tr("Nobody waits in nurture"), how
    track = ("leaf", tr("Nobody waits on this track"), tr("M moves people here from another list."))
    return {
        Kind.SOON: ("check", tr("Nobody wakes this week"), tr("Everybody else is on the lists at the left.")),
        Kind.RETURNED: ("check", tr("Sales has returned nobody"), tr("Leads that sales wants later come here first.")),
        Kind.NONE: ("check", tr("Everybody is on a track"), tr("Callers choose it when they decide.")),
    }.get(which.kind, track)

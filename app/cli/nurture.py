"""`winnow tracks`, `nurture`, `wake`, `put-off` and `consent`: who waits with marketing, until when and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from app.cli.commands import Command
from app.cli.session import Session

if TYPE_CHECKING:
    from app.services.nurture.pages import List, NurtureRow
    from app.services.nurture.tracks import Track

PAGE = 500


@click.command("tracks", cls=Command, example='winnow tracks "After the spring fair" --after 14')
@click.argument("name", required=False, metavar="[NAME]")
@click.option("--rename", metavar="NAME", help="Another name; who waits on it stays.")
@click.option("--after", "days", type=click.IntRange(1, 3650), metavar="DAYS", help="Wakes after so many days.")
@click.option("--on", "on", metavar="DAY", help="Wakes on a day: 2030-03-01, or 03-01 for every first of March.")
@click.option("--never", is_flag=True, help="Does not wake by itself: only when they ask again, or by hand.")
@click.option("--purpose", metavar="P", help="The consent that its mailing list needs: calls, e-mail, newsletter.")
@click.option("--retire/--bring-back", "retired", default=None, help="Offer it no more; or again.")
@click.pass_obj
def tracks_command(
    session: Session, name: str | None, rename: str | None, days: int | None, on: str | None, never: bool,
    purpose: str | None, retired: bool | None,
) -> None:  # fmt: skip
    """The nurture tracks, with how many wait on each; with a name, makes one or changes it."""
    from app.services.nurture import pages, tracks

    if sum((days is not None, on is not None, never)) > 1:
        raise click.UsageError("Give one rule: --after, --on or --never.")
    if name is None and any(each is not None for each in (rename, days, on, purpose, retired)) | never:
        raise click.UsageError("Name the track.")
    seat = session.seat
    if name is not None:
        tracks.define(
            seat, name, name=rename, wake_days=0 if never else days, wake_on=on, purpose=purpose, retired=retired
        )
    found = pages.counts(seat)
    waiting = {each.list.track: each.count for each in found.lists if each.list.track}
    every = tracks.tracks(seat, retired=True)
    if session.json:
        made = [_track_keys(each, waiting.get(each.key, 0)) for each in every]
        one = tracks.track(seat, rename or name) if name else None
        session.document(made if one is None else next(each for each in made if each["key"] == one.key))
        return
    from app.cli.printing import safe, table

    rows = [
        (safe(each.name), str(waiting.get(each.key, 0)), tracks.rule_in_words(each, found.usual_days), each.purpose,
         "retired" if each.retired else "")
        for each in every
    ]  # fmt: skip
    for line in table(("track", "waiting", "wakes", "mailing needs", ""), rows, right=(1,)):
        session.out(line)


def _track_keys(each: Track, waiting: int) -> dict[str, Any]:
    return {
        "key": each.key, "name": each.name, "wake_days": each.wake_days, "wake_on": each.wake_on or None,
        "purpose": each.purpose, "retired": each.retired, "waiting": waiting,
    }  # fmt: skip


@click.command("nurture", cls=Command, example='winnow nurture --track "No budget yet" --first 10')
@click.option("--track", metavar="T", help="Only this track; `none`: those on no track.")
@click.option("--soon", is_flag=True, help="Only who wakes within a week.")
@click.option("--returned", is_flag=True, help="Only whom sales returned, on no track yet.")
@click.option("--find", "text", default="", metavar="TEXT", help="Only these words in name, company or why they wait.")
@click.option("--first", type=click.IntRange(min=1), metavar="N", help="Only the first N.")
@click.pass_obj
def nurture_command(
    session: Session, track: str | None, soon: bool, returned: bool, text: str, first: int | None
) -> None:
    """Who waits in nurture, until when and why; who wakes soonest first."""
    from app.services.nurture import pages

    which = _list(session, track, soon, returned)
    rows: list[NurtureRow] = []
    place = None
    with session.seat.store.snapshot():
        while True:
            page = pages.page(session.seat, which, place, min(PAGE, first - len(rows)) if first else PAGE, text)
            rows += page.rows
            place = page.next
            if place is None or (first and len(rows) >= first):
                break
    if session.json:
        session.document([_row_keys(row) for row in rows])
    elif rows:
        _print(session, rows)
    else:
        session.out("Nobody waits there.")


def _list(session: Session, track: str | None, soon: bool, returned: bool = False) -> List:
    from app.services.nurture import tracks
    from app.services.nurture.pages import Kind, List

    if sum((track is not None, soon, returned)) > 1:
        raise click.UsageError("Give one of --track, --soon and --returned.")
    if track is not None:
        return List(Kind.NONE) if track == "none" else List(Kind.TRACK, tracks.track(session.seat, track).key)
    return List(Kind.SOON if soon else Kind.RETURNED if returned else Kind.ALL)


def _row_keys(row: NurtureRow) -> dict[str, Any]:
    from app.cli.printing import iso

    return {
        "id": row.id, "first_name": row.first_name or None, "last_name": row.last_name or None,
        "company": row.company or None, "email": row.email or None, "phone": row.phone or None,
        "track": row.track_name or None, "until": iso(row.until), "reason": row.why or None, "score": row.score,
        "consents": list(row.consents), "returned": row.returned, "decided_at": iso(row.decided_at),
        "decided_by": row.decided_by or None,
    }  # fmt: skip


def _print(session: Session, rows: list[NurtureRow]) -> None:
    from app.cli.printing import Clock, safe, table
    from app.services.finding import short_ids

    clock, short = Clock(session.seat), short_ids(session.seat, [row.id for row in rows])
    lines = table(
        ("ID", "wakes", "name", "company", "track", "score", "consent", "why"),
        [
            (
                short[row.id], clock.both(row.until)[:10] if row.until else "", safe(row.name), safe(row.company),
                safe(row.track_name), "" if row.score is None else str(row.score), ", ".join(row.consents),
                safe(row.why),
            )
            for row in rows
        ],
        right=(5,),
    )  # fmt: skip
    for line in lines:
        session.out(line)


@click.command("wake", cls=Command, example="winnow wake 0199a3f2 0199a4c1")
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.pass_obj
def wake_command(session: Session, ids: tuple[str, ...]) -> None:
    """Bring people back from nurture into the queue now; whose day has come wakes by itself."""
    from app.services.nurture import waking

    done = waking.wake(session.seat, [session.inquiry(each) for each in ids])
    if session.json:
        session.document({"woken": done.count})
    else:
        session.out(f"{done.count} back in the queue.")


@click.command("put-off", cls=Command, example='winnow put-off 0199a3f2 --until 2030-06-30 --track "No budget yet"')
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.option("--until", metavar="DATE", help="Until this day; without it, by the rule of the track.")
@click.option("--never", is_flag=True, help="Until they ask again.")
@click.option("--track", metavar="T", help="Another track; `none`: none.")
@click.option("--reason", default="", help="Why they wait.")
@click.pass_obj
def put_off_command(
    session: Session, ids: tuple[str, ...], until: str | None, never: bool, track: str | None, reason: str
) -> None:
    """Let people in nurture wait until another day, or on another track."""
    from app.cli.moments import day
    from app.services.nurture import waking

    if (until is None) == (not never) and track is None:
        raise click.UsageError("Give --until, --never or --track.")
    if never and (until is not None or track is not None):
        raise click.UsageError("--never goes with no day and no track; give the track a rule instead.")
    seat, inquiries = session.seat, [session.inquiry(each) for each in ids]
    at = day(seat, until, "--until") if until else None
    if track is not None:
        done = waking.move(seat, inquiries, "" if track == "none" else track, at, reason=reason)
    else:
        done = waking.put_off(seat, inquiries, at, reason=reason)
    if session.json:
        session.document({"moved": done.count})
    else:
        session.out(f"{done.count} moved.")


@click.command("consent", cls=Command, example='winnow consent 0199a3f2 newsletter given --how "paper at the fair"')
@click.argument("id", metavar="ID")
@click.argument("purpose", metavar="PURPOSE")
@click.argument("what", type=click.Choice(["given", "taken-back"]), metavar="given|taken-back")
@click.option("--how", default="", metavar="TEXT", help="How it was given or taken back; given needs it.")
@click.option("--on", "day_of", metavar="DAY", help="When, if it was not today.")
@click.pass_obj
def consent_command(session: Session, id: str, purpose: str, what: str, how: str, day_of: str | None) -> None:
    """Take down what somebody agreed to: calls, e-mail or newsletter; or that they took it back."""
    from app.cli.moments import day
    from app.cli.shapes import show_inquiry
    from app.services.nurture import consents

    seat, inquiry_id = session.seat, session.inquiry(id)
    at = day(seat, day_of, "--on") if day_of else None
    consents.record(seat, inquiry_id, purpose, given=what == "given", how=how, at=at)
    show_inquiry(session, inquiry_id)

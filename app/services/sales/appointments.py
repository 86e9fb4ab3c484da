"""A promised next step as an appointment of the calendar (iCalendar, RFC 5545), with a reminder."""

from __future__ import annotations

import datetime
from pathlib import Path

from app.models.entries import Id
from app.models.inquiry import Inquiry
from app.services.errors import Refused
from app.services.files import whole
from app.services.seat import Seat

SUFFIX = ".ics"


def appointment(seat: Seat, inquiry_id: Id) -> str:
    """The next step with a prospect as the text of an .ics file, in UTC.

    The same step has the same UID in every file, so that a calendar that reads a later one moves the appointment.

    Raises:
        Refused: no next step is planned. NotFound: there is no such inquiry.
    """
    import vobject

    inquiry = seat.inquiry(inquiry_id)
    if inquiry.planned_at is None:
        raise Refused("No next step is planned.", todo="Say what was agreed, and when.")
    utc = vobject.icalendar.utc  # the only one whose name it does not have to guess
    start = datetime.datetime.fromtimestamp(inquiry.planned_at / 1000, utc)
    calendar = vobject.iCalendar()
    calendar.add("prodid").value = "-//Winnow//Sales//EN"
    event = calendar.add("vevent")
    event.add("uid").value = f"{inquiry.id}@winnow"
    event.add("dtstamp").value = datetime.datetime.fromtimestamp(seat.now() / 1000, utc)
    event.add("dtstart").value = start
    event.add("dtend").value = start + datetime.timedelta(minutes=inquiry.planned_minutes)
    event.add("sequence").value = str(seat.now() // 1000 % (1 << 31))
    who = " · ".join(dict.fromkeys(part for part in (inquiry.name, inquiry.company) if part))
    event.add("summary").value = f"{inquiry.planned_step}: {who}" if who else inquiry.planned_step
    event.add("description").value = "\n".join(_lines(inquiry))
    alarm = event.add("valarm")
    alarm.add("action").value = "DISPLAY"
    alarm.add("description").value = inquiry.planned_step
    alarm.add("trigger").value = -datetime.timedelta(minutes=seat.settings.whole("reminder-minutes"))
    return str(calendar.serialize())


def _lines(inquiry: Inquiry) -> list[str]:
    who = ", ".join(part for part in (inquiry.name, inquiry.title, inquiry.company) if part)
    numbers = [phone.e164 or phone.raw for phone in inquiry.numbers]
    return [line for line in (who, *numbers, *inquiry.emails, inquiry.note) if line]


def write_appointment(seat: Seat, inquiry_id: Id, file: Path) -> Path:
    """Writes the .ics file; returns where it is.

    Raises:
        Refused: no next step is planned. EnvironmentFailed: the system does not let it be written.
    """
    text = appointment(seat, inquiry_id)
    file = file if file.suffix.lower() == SUFFIX else file.with_name(file.name + SUFFIX)
    with whole(file, "The next step is kept.") as beside:
        beside.write_text(text, "utf-8", newline="")
    return file

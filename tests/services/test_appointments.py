"""A next step as an appointment of the calendar."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
import vobject

from app.models.entries import Verdict
from app.services import changing_settings
from app.services.errors import EnvironmentFailed, Refused
from app.services.sales import selling
from app.services.sales.appointments import appointment, write_appointment
from app.services.sales.selling import Step
from app.services.seat import Seat
from tests.services.made_up import DAY, NOON
from tests.services.test_leads import sell


@pytest.fixture
def prospect(seat: Seat) -> str:
    lead = sell(seat, 1)
    selling.review(
        seat, lead, Verdict.PROSPECT, step=Step(text="Visit; bring the film, please", at=NOON + DAY, minutes=45)
    )
    return lead


def test_a_calendar_reads_what_when_with_whom_and_a_reminder(seat: Seat, prospect: str) -> None:
    changing_settings.change(seat, "reminder-minutes", "30")
    event = vobject.readOne(appointment(seat, prospect)).vevent
    begins = datetime.datetime.fromtimestamp((NOON + DAY) / 1000, datetime.UTC)
    assert event.dtstart.value == begins
    assert event.dtend.value - event.dtstart.value == datetime.timedelta(minutes=45)
    assert event.summary.value == "Visit; bring the film, please: Bruno Brinkmann · Werk 1 GmbH"
    assert "+493023125001" in event.description.value
    assert event.valarm.trigger.value == -datetime.timedelta(minutes=30)


def test_the_same_lead_keeps_its_uid_so_that_a_later_file_moves_the_appointment(seat: Seat, prospect: str) -> None:
    before = vobject.readOne(appointment(seat, prospect)).vevent.uid.value
    selling.plan(seat, prospect, Step(text="Later", at=NOON + 2 * DAY))
    assert vobject.readOne(appointment(seat, prospect)).vevent.uid.value == before


def test_the_file_has_its_suffix_and_lines_that_a_calendar_takes(seat: Seat, prospect: str, tmp_path: Path) -> None:
    file = write_appointment(seat, prospect, tmp_path / "next.step")
    assert file.name == "next.step.ics"
    data = file.read_bytes()
    assert data.startswith(b"BEGIN:VCALENDAR\r\n") and b"\n" not in data.replace(b"\r\n", b"")
    with pytest.raises(EnvironmentFailed):
        write_appointment(seat, prospect, tmp_path / "nowhere" / "x.ics")


def test_without_a_next_step_there_is_no_appointment(seat: Seat) -> None:
    with pytest.raises(Refused, match="No next step"):
        appointment(seat, sell(seat, 2))

"""Made-up homes: real-looking, the same for the same seed, and somebody can be called at any hour of any day."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import phonenumbers
import pytest

from app import bootstrap
from app.services import capture, demo, privacy, queue
from app.services.errors import Refused
from app.services.history import history
from app.services.seat import Seat
from tests.services.made_up import HOUR, NOON, Clock, form, new_home

FICTION = re.compile(
    r"\+1(671|808|310|415|303|312|212|202|416)55501\d\d|\+44(207946|161496|131496)0\d{3}|\+49(3023125|6990009|8999998)\d{3}"
    r"|\+33(199001\d{3}|1990000\d\d|465710\d{3})|\+46(8405001|3139006)\d\d|\+61[237]5550\d{4}"
)


@pytest.fixture
def filled(seat: Seat) -> Seat:
    demo.fill(seat)
    return seat


def people(seat: Seat) -> list[tuple]:
    return seat.store.query(
        "SELECT first_name, last_name, company, phone, email, source, captured_at, stage, since, score FROM inquiry "
        "ORDER BY captured_at, last_name, first_name"
    )


def test_somebody_can_be_called_at_every_hour_of_two_weeks_from_any_start(tmp_path: Path):
    """Christmas and New Year, with their Sundays, and the night on which clocks change."""
    starts = [
        datetime(2026, 12, 20, 0, 30, tzinfo=UTC),
        datetime(2026, 3, 22, 3, tzinfo=UTC),
        datetime(2027, 7, 1, tzinfo=UTC),
    ]
    for number, start in enumerate(starts):
        clock = Clock(int(start.timestamp() * 1000))
        with new_home(tmp_path / f"home-{number}", clock) as home:
            demo.fill(home.seat)
            for _ in range(14 * 24 * 2):
                assert queue.peek_next(home.seat), datetime.fromtimestamp(clock.now / 1000, UTC)
                clock.on(HOUR // 2)


@pytest.mark.parametrize("count", [30, 97, 400])
def test_as_many_as_were_asked_for(seat: Seat, count: int):
    assert demo.fill(seat, count, seed=count) == count


def test_the_same_seed_and_clock_make_the_same_people_and_another_seed_others(tmp_path: Path):
    homes = []
    for number, seed in enumerate((5, 5, 6)):
        with new_home(tmp_path / str(number), Clock()) as home:
            demo.fill(home.seat, seed=seed)
            homes.append(people(home.seat))
    assert homes[0] == homes[1] != homes[2]


def test_every_number_and_domain_is_reserved_for_fiction_and_valid(filled: Seat):
    numbers = [row[0] for row in filled.store.query("SELECT number FROM phone")]
    assert len(numbers) > 50
    assert all(FICTION.fullmatch(number) for number in numbers)
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(number)) for number in numbers)
    addresses = [row[0] for row in filled.store.query("SELECT address FROM email")]
    assert all(re.fullmatch(r"[a-z.-]+@[a-z0-9-]+\.example", address) for address in addresses)


def test_a_made_up_home_holds_every_usual_case(filled: Seat):
    stages = dict(filled.store.query("SELECT stage, count(*) FROM inquiry GROUP BY stage"))
    assert {"waiting", "sell", "won", "nurture", "objected", "erased"} <= set(stages)
    assert len(filled.store.query("SELECT DISTINCT country FROM inquiry WHERE country <> ''")) >= 7
    assert len(filled.store.query("SELECT DISTINCT source FROM inquiry")) == 5
    assert filled.store.query("SELECT count(*) FROM joined WHERE subject <> inquiry")[0][0] == 1
    assert filled.store.query("SELECT count(*) FROM source_cost")[0][0] == 5
    switchboards = filled.store.query("SELECT number FROM phone GROUP BY number HAVING count(*) > 1")
    assert len(switchboards) == 1
    rows = queue.whole_page(filled, size=500).rows
    assert any(row.promised_at and row.promised_at <= filled.now() for row in rows)
    assert any(not row.phone_valid for row in rows)
    assert any(row.attempts >= 2 for row in rows)
    ages = [filled.now() - row.captured_at for row in rows]
    assert min(ages) < HOUR and max(ages) > 48 * HOUR and max(ages) <= 73 * HOUR


def test_somebody_known_twice_is_one_inquiry_with_two_requests(filled: Seat):
    twice = filled.store.query(
        "SELECT subject FROM ledger WHERE kind = 'captured' AND subject NOT IN (SELECT subject FROM joined) "
        "GROUP BY subject HAVING count(*) = 2"
    )
    assert len(twice) >= 2
    told = [row.text for row in history(filled, twice[0][0]) if row.kind == "captured"]
    assert len(set(told)) == 2


def test_a_home_that_holds_somebody_is_refused(seat: Seat):
    capture.capture(seat, form())
    before = seat.store.query("SELECT count(*) FROM ledger")
    with pytest.raises(demo.HomeNotEmpty):
        demo.fill(seat)
    assert seat.store.query("SELECT count(*) FROM ledger") == before


def test_a_home_whose_only_person_was_erased_is_refused_too(seat: Seat):
    made = capture.capture(seat, form())
    privacy.erase(seat, made.inquiry_id)
    with pytest.raises(demo.HomeNotEmpty):
        demo.fill(seat)


@pytest.mark.parametrize("count", [0, 29, 2001])
def test_too_few_and_too_many_are_refused(seat: Seat, count: int):
    with pytest.raises(Refused):
        demo.fill(seat, count)


def test_what_was_made_up_is_sound(home: bootstrap.Home):
    from app.services import doctor

    demo.fill(home.seat)
    assert [finding.sentence for finding in doctor.check(home.seat) if finding.level == "bad"] == []
    assert home.seat.now() == NOON

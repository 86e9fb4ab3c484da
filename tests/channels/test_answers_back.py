"""What became of leads comes back in a list: rehearsed, taken once, refused row by row with reasons."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from app.models.inquiry import Stage
from app.models.outcome_words import amount_of, outcome_of
from app.services.errors import NotFound, Refused
from app.services.sales import answers_back
from app.services.seat import Seat
from app.services.team import courier, deliveries
from app.services.team.channels import configured
from tests.channels.receiver import Receiver
from tests.services.made_up import DAY, Clock, berlin

Decide = Callable[..., str]


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "deals.csv"
    file.write_text(text, "utf-8")
    return file


def taken(seat: Seat, file: Path, **options: str) -> answers_back.Rehearsal:
    return answers_back.take(seat, answers_back.rehearse(seat, file), **options)[0]


def test_leads_are_found_by_id_e_mail_and_number_and_close_on_the_day_that_is_named(
    seat: Seat, decide: Decide, tmp_path: Path, clock: Clock
) -> None:
    one, two, three, four = (decide(number) for number in range(4))
    clock.on(30 * DAY)
    file = written(
        tmp_path,
        "Winnow ID;E-Mail;Telefon;Phase;Betrag;Währung;Abschlussdatum;Verlustgrund\n"
        f"{one};;;Gewonnen;1.234,50 €;;01.04.2026;\n"
        f";PERSON1@werk1.example;;Closed Lost;;;;zu teuer\n"
        f";;{berlin(2)};abgelehnt;;;;kein Budget\n"
        f"{four[:12]};;;Angebot;;;;\n",
    )
    rehearsed = answers_back.rehearse(seat, file)
    assert rehearsed.refused == [] and [row.inquiry for row in rehearsed.rows] == [one, two, three, four]
    assert {seat.inquiry(each).stage for each in (one, two, three, four)} == {Stage.SELL}, "a rehearsal changes nothing"
    answers_back.take(seat, rehearsed)
    won, lost, back, prospect = (seat.inquiry(each) for each in (one, two, three, four))
    assert (won.stage, won.amount, won.currency) == (Stage.WON, "1234.50", "EUR")
    assert won.closed_at is not None and won.closed_at < clock.now - 5 * DAY
    assert (lost.stage, back.stage, prospect.stage) == (Stage.LOST, Stage.NURTURE, Stage.PROSPECT)
    again = taken(seat, file)
    assert all(row.known for row in again.rows) and again.refused == []


def test_the_ids_that_were_sent_and_the_receivers_own_number_name_the_lead(
    seat: Seat, decide: Decide, tmp_path: Path, receiver: Receiver
) -> None:
    configured.add(seat, "CRM", "http", {"url": receiver.url()})
    receiver.behave = lambda got: (200, {}, b'{"id": "%s"}' % got.json["phone"][-2:].encode())
    leads = [decide(number) for number in range(10, 13)]
    courier.deliver_due(seat)
    sent = {one.subject: one for lead in leads for one in deliveries.of_inquiry(seat, lead)}
    file = written(tmp_path, f"id,status\n{sent[leads[0]].id},lost\n{sent[leads[1]].root},lost\n12,lost\n")
    assert [row.inquiry for row in answers_back.rehearse(seat, file).rows] == leads
    assert taken(seat, file).count("lost") == 3


def test_rows_that_cannot_be_used_say_why_and_the_others_go_in(seat: Seat, decide: Decide, tmp_path: Path) -> None:
    good, nurtured = decide(0), decide(1, "nurture")
    file = written(
        tmp_path,
        "email,stage,amount\nperson0@werk0.example,won,100\nnobody@example.com,won,1\nperson0@werk0.example,lost,\n"
        "person1@werk1.example,won,5\nperson0@werk0.example,blubb,\n,won,3\nperson1@werk1.example,won,minus\n"
        "person1@werk1.example,open,\n",
    )
    done = taken(seat, file)
    reasons = {row.line: row.why for row in done.refused}
    assert seat.inquiry(good).stage is Stage.WON and seat.inquiry(nurtured).stage is Stage.NURTURE
    assert sorted(reasons) == [3, 4, 5, 6, 7, 8]
    assert "fits nobody" in reasons[3] and "row 2 says already" in reasons[4] and "no lead of sales" in reasons[5]
    assert '"blubb"' in reasons[6] and "whom" in reasons[7] and "no amount" in reasons[8]


def test_words_and_columns_can_be_said_by_hand(seat: Seat, decide: Decide, tmp_path: Path) -> None:
    decide()
    file = written(tmp_path, "Kundin,Ende\nperson0@werk0.example,Unterschrieben\n")
    with pytest.raises(Refused, match="became"):
        answers_back.rehearse(seat, file)
    made = answers_back.rehearse(seat, file, mapping={"outcome": "ende"}, meanings={"unterschrieben": "lost"})
    assert made.count("lost") == 1 and made.mapping["email"] == "Kundin"
    with pytest.raises(Refused, match="no outcome"):
        answers_back.rehearse(seat, file, mapping={"outcome": "ende"}, meanings={"x": "vielleicht"})
    with pytest.raises(NotFound):
        answers_back.rehearse(seat, tmp_path / "nothing.csv")


def test_a_workbook_is_read_too(seat: Seat, decide: Decide, tmp_path: Path) -> None:
    decide()
    with xlsxwriter.Workbook(tmp_path / "deals.xlsx") as book:
        sheet = book.add_worksheet()
        for at, cell in enumerate(("Email", "Deal Stage", "Amount")):
            sheet.write(0, at, cell)
        for at, cell in enumerate(("person0@werk0.example", "closedwon", 1200.5)):
            sheet.write(1, at, cell)
    assert taken(seat, tmp_path / "deals.xlsx").count("won") == 1


@pytest.mark.parametrize(
    ("text", "amount"),
    [("1200", ("1200.00", "")), ("1.234,56 €", ("1234.56", "EUR")), ("$1,234.56", ("1234.56", "")),
     ("12'500.00 CHF", ("12500.00", "CHF")),
     ("1,234", ("1234.00", "")), ("1.234.567", ("1234567.00", "")), ("12,5", ("12.50", "")), ("0,125", ("0.12", "")),
     ("EUR 3 000,00", ("3000.00", "EUR")), ("500.-", ("500.00", ""))],
)  # fmt: skip
def test_amounts_are_read_as_people_write_them(text: str, amount: tuple[str, str]) -> None:
    assert amount_of(text) == amount


@pytest.mark.parametrize("text", ["", "much", "-5", "1-2", "."])
def test_what_is_no_amount_is_none(text: str) -> None:
    with pytest.raises(ValueError):
        amount_of(text)


def test_words_of_crms_are_known_in_several_languages() -> None:
    words = {"Closed Won": "won", "closedlost": "lost", "Abgelehnt": "rejected", "Zurückgewiesen": "rejected",
             "Gagné": "won", "perdido": "lost", "SQL": "prospect", "": "open", "what": ""}  # fmt: skip
    assert {word: outcome_of(word) for word in words} == words


def test_a_list_that_names_leads_by_their_ids_alone_has_a_header(seat: Seat, decide: Decide, tmp_path: Path) -> None:
    one, two = decide(1), decide(2)
    file = written(tmp_path, f"Winnow ID,Deal stage,Amount\n{one},Closed won,1200 EUR\n{two},Closed lost,\n")
    rehearsed = answers_back.rehearse(seat, file)
    assert [(row.inquiry, row.outcome, row.why) for row in rehearsed.rows] == [(one, "won", ""), (two, "lost", "")]

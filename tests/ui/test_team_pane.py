"""Setup, Team: a hub is made, somebody is invited, joins by pasting, and is revoked; each by what the window offers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtTest import QTest

from app import bootstrap
from app.models.entries import Captured
from app.models.rights import Role
from app.services import capture
from app.services.team import aside, hub, mirrors, state
from app.services.team.membership import membership_of
from app.ui.setup.team_pane import TeamPane
from app.ui.tasks import Tasks
from tests.hub.conftest import server  # noqa: F401 - a fixture
from tests.hub.server import Server
from tests.hub.team import Author
from tests.services.made_up import Clock, form, new_home

PATIENCE_MS = 30_000
Make = Callable[[str], TeamPane]


@pytest.fixture
def pane_of(qtbot, tmp_path: Path) -> Iterator[Make]:
    with ExitStack() as opened:

        def made(name: str) -> TeamPane:
            home = opened.enter_context(new_home(tmp_path / name, Clock()))
            with home.seat.store.writing() as connection:
                connection.exec_driver_sql("INSERT OR REPLACE INTO setting VALUES('name', ?)", (name,))
            home.seat.settings_changed()
            tasks = Tasks(home.seat)
            opened.callback(tasks.finish)
            pane = TeamPane(home.seat, tasks)
            qtbot.addWidget(pane)
            pane.resize(860, 900)
            pane.show()
            qtbot.waitUntil(pane.join.isVisible)
            return pane

        yield made


def wait(qtbot, condition: Callable[[], bool]) -> None:
    qtbot.waitUntil(condition, timeout=PATIENCE_MS)


def test_from_a_hub_that_is_made_to_a_member_who_is_revoked(qtbot, pane_of: Make, server: Server):  # noqa: F811
    lena, ada = pane_of("Lena"), pane_of("Ada")
    QTest.keyClicks(lena.join._address.edit, server.url("pane_hub"))
    QTest.keyClick(lena.join._make, Qt.Key.Key_Space)
    wait(qtbot, lena.members.isVisible)
    assert membership_of(lena._seat).member == "Lena"
    assert lena.members._rows[0].name.text() == "Lena (you)"

    QTest.keyClicks(lena.members._name.edit, "Ada")
    QTest.keyClick(lena.members._invite, Qt.Key.Key_Space)
    wait(qtbot, lena.members._invitation.isVisible)
    text = lena.members._text.toPlainText()

    capture.capture(ada._seat, form(1))
    ada.join._paste.setPlainText("On Tuesday Lena wrote:\n> " + text[:40] + "\n> " + text[40:])
    wait(qtbot, lambda: "one inquiry" in ada.join._means.text())
    assert "as Ada, caller" in ada.join._means.text()
    QTest.keyClick(ada.join._join, Qt.Key.Key_Space)
    wait(qtbot, ada.members.isVisible)
    assert not ada.members._invite.isVisible()

    wait(qtbot, lambda: any(row.name.text() == "Ada" and row.isVisible() for row in lena.members._rows))
    row = next(row for row in lena.members._rows if row.name.text() == "Ada")
    QTest.keyClick(row.revoke, Qt.Key.Key_Space)
    assert row.revoke.text() == "Really revoke"
    QTest.keyClick(row.revoke, Qt.Key.Key_Space)
    wait(qtbot, lambda: not row.isVisible() or row.name.text() != "Ada")


def test_half_an_invitation_is_refused_in_words(qtbot, pane_of: Make):
    ada = pane_of("Ada")
    ada.join._paste.setPlainText("winnow-invitation-AAAA")
    wait(qtbot, lambda: "Some of the invitation is missing" in ada.join._wrong.text())
    assert not ada.join._join.isEnabled()


def test_a_server_that_does_not_answer_is_said_and_nothing_is_joined(qtbot, pane_of: Make):
    ada = pane_of("Ada")
    QTest.keyClicks(ada.join._address.edit, "postgresql://postgres@127.0.0.1:9/winnow")
    QTest.keyClick(ada.join._make, Qt.Key.Key_Space)
    wait(qtbot, lambda: "cannot be reached" in ada.join._wrong.text())
    assert membership_of(ada._seat) is None


DAY_MS = 86_400_000


def team_of(qtbot, pane_of: Make, address: str, *others: tuple[str, Role]) -> list[TeamPane]:
    """The first is the admin; on the wall's clock, which the hub goes by."""
    lena = pane_of("Lena")
    hub.create(lena._seat, address)
    panes = [lena]
    for name, role in others:
        pane = pane_of(name)
        hub.join(pane._seat, hub.invite(lena._seat, name, role))
        panes.append(pane)
    for pane in panes:
        pane._seat.clock = bootstrap.wall_clock
        mirrors.keep_members(pane._seat, hub.members(pane._seat))
        pane.read()
        wait(qtbot, pane.members.isVisible)
        wait(qtbot, lambda pane=pane: not pane.busy())
    return panes


def press(button) -> None:
    QTest.keyClick(button, Qt.Key.Key_Space)


def test_a_caller_is_away_and_there_again_and_a_lead_says_it_of_anybody(qtbot, pane_of: Make, server: Server):  # noqa: F811
    lena, ada = team_of(qtbot, pane_of, server.url("pane_away"), ("Ada", Role.CALLER))
    assert lena.absences._who_field.isVisible() and not ada.absences._who_field.isVisible()
    today = QDate.currentDate()
    ada.absences.first.setDate(today.addDays(2))
    ada.absences.last.setDate(today.addDays(4))
    press(ada.absences._add)
    wait(qtbot, lambda: len(ada.absences.rows()) == 1)
    (found,) = mirrors.absences(ada._seat)
    assert found.member == "Ada" and 2.9 * DAY_MS < found.end - found.start < 3.1 * DAY_MS
    row = ada.absences.rows()[0]
    assert row.name.text() == "You" and f"{today.addDays(4).day()} " in row.days.text()

    lena.absences._who.set_key("Ada")
    lena.absences.first.setDate(today.addDays(10))
    lena.absences.last.setDate(today.addDays(10))
    press(lena.absences._add)
    wait(qtbot, lambda: len(lena.absences.rows()) == 2)
    assert [each.member for each in mirrors.absences(lena._seat)] == ["Ada", "Ada"]

    press(row.remove)
    wait(qtbot, lambda: not ada.busy() and "–" not in ada.absences.rows()[0].days.text())
    assert len(ada.absences.rows()) == 1, "what the lead said stays"


def test_an_absence_that_cannot_be_said_is_told_there(qtbot, pane_of: Make, server: Server):  # noqa: F811
    (lena,) = team_of(qtbot, pane_of, server.url("pane_away_2"))
    lena.absences.last.setDate(QDate.currentDate().addYears(4))
    press(lena.absences._add)
    wait(qtbot, lena.absences._wrong.isVisible)
    assert "within three years" in lena.absences._wrong.text()
    assert not lena.absences.rows()


def test_an_admin_says_what_somebody_may_do_and_whose_people_they_read(qtbot, pane_of: Make, server: Server):  # noqa: F811
    lena, ada = team_of(qtbot, pane_of, server.url("pane_role"), ("Ada", Role.CALLER))
    assert not any(row.change.isVisible() for row in ada.members._rows)
    row = next(row for row in lena.members._rows if row.name.text() == "Ada")
    press(row.change)
    assert lena.members.form.isVisible()
    QTest.keyClicks(lena.members.form.sources.edit, "Web form, Fair")
    press(lena.members.form.keep)
    wait(qtbot, lambda: "Fair, Web form" in row.role.text())
    assert not lena.members.form.isVisible()
    (member,) = [each for each in hub.members(ada._seat) if each.name == "Ada"]
    assert member.sources == ("Fair", "Web form") and member.role is Role.CALLER

    press(row.change)
    assert lena.members.form.sources.text() == "Fair, Web form"
    lena.members.form.role.set_key("sales")
    lena.members.form.sources.set_text("")
    press(lena.members.form.keep)
    wait(qtbot, lambda: "sales · all sources" in row.role.text())


def picking_of(pane: TeamPane) -> list[str]:
    return sorted(hub.status(pane._seat).told["picking"])


def test_an_admin_and_a_lead_say_by_keys_whether_a_role_may_pick_whom_to_call(qtbot, pane_of: Make, server: Server):  # noqa: F811
    others = (("Ada", Role.CALLER), ("Marta", Role.LEAD))
    lena, ada, marta = team_of(qtbot, pane_of, server.url("pane_picking"), *others)
    with closing(hub.link_of(ada._seat)) as link:
        assert link.hello("a").may_pick
    row = next(row for row in lena.members._rows if row.name.text() == "Ada")
    press(row.change)
    form = lena.members.form
    lena.activateWindow()
    qtbot.waitUntil(lambda: form.role.hasFocus() or form.role.lineEdit().hasFocus())
    QTest.keyClick(form.focusWidget(), Qt.Key.Key_Tab)
    assert form.sources.edit.hasFocus()
    QTest.keyClick(form.focusWidget(), Qt.Key.Key_Tab)
    assert form.picking.hasFocus() or form.picking.lineEdit().hasFocus()
    assert form.picking.currentText() == "whomever they choose" and "all callers" in form._picking_field._hint.text()
    QTest.keyClick(form.picking, Qt.Key.Key_Down)
    assert form.picking.currentText() == "in the order of the queue alone"
    QTest.keyClick(form.focusWidget(), Qt.Key.Key_Tab)
    press(form.keep)
    wait(qtbot, lambda: not form.isVisible() and not lena.busy())
    assert picking_of(lena) == ["admin", "lead", "marketing", "sales"]
    with closing(hub.link_of(ada._seat)) as link:
        assert not link.hello("a").may_pick

    press(marta.hub._again)
    theirs = next(row for row in marta.members._rows if row.name.text() == "Ada")
    wait(qtbot, lambda: "caller" not in (marta.members._picking or {"caller"}))
    assert theirs.change.isVisible()
    assert not theirs.revoke.isVisible()
    assert not any(row.change.isVisible() for row in marta.members._rows if row.name.text() != "Ada")
    press(theirs.change)
    form = marta.members.form
    assert not form.sources.isVisible() and not form.role.isVisible()
    assert form.picking.currentText() == "in the order of the queue alone"
    form.picking.set_key("any")
    press(form.keep)
    wait(qtbot, lambda: not form.isVisible() and not marta.busy())
    assert "caller" in picking_of(lena)


def test_what_the_hub_keeps_aside_is_taken_in_or_dropped(qtbot, pane_of: Make, server: Server):  # noqa: F811
    lena, marta, ben = team_of(qtbot, pane_of, server.url("pane_aside"), ("Marta", Role.LEAD), ("Ben", Role.CALLER))
    assert not lena.aside.isVisible()
    author = Author("Ben")
    hub.revoke(lena._seat, "Ben")
    entries = [author.write(Captured(source="s", captured_at=1)) for _ in range(2)]
    with closing(hub.link_of(marta._seat)) as link:
        link.hello("m")
        link.push(entries)
    press(lena.hub._again)
    wait(qtbot, lambda: len(lena.aside.rows()) == 3)
    assert "Everything by Ben, who is no member any more: 2 entries" in lena.aside.words()
    assert "By Ben, brought by Marta" in lena.aside.words() and "Captured by hand: s" in lena.aside.words()
    press(lena.aside.rows()[1].take)
    wait(qtbot, lambda: len(lena.aside.rows()) == 1 and not lena.busy())
    press(lena.aside.rows()[0].drop)
    assert lena.aside.rows()[0].drop.text() == "Really leave out"
    press(lena.aside.rows()[0].drop)
    wait(qtbot, lambda: not lena.aside.isVisible())
    assert aside.kept_aside(lena._seat) == []
    with closing(hub.link_of(lena._seat)) as link:
        link.hello("l")
        assert [entry.brought_by for entry in link.pull(0, 100).entries if entry.actor == "Ben"] == ["Lena"]
    assert not ben.aside.rows()


def test_a_team_lead_lets_in_everything_by_somebody_in_one_stroke(qtbot, pane_of: Make, server: Server):  # noqa: F811
    lena, marta, _ben = team_of(qtbot, pane_of, server.url("pane_aside_2"), ("Marta", Role.LEAD), ("Ben", Role.CALLER))
    author = Author("Ben")
    hub.revoke(lena._seat, "Ben")
    with closing(hub.link_of(marta._seat)) as link:
        link.hello("m")
        link.push([author.write(Captured(source="s", captured_at=1)) for _ in range(25)])
    press(marta.hub._again)
    wait(qtbot, lambda: len(marta.aside.rows()) == 21)
    assert marta.aside._more.text() == "and 5 more"
    press(marta.aside.rows()[0].take)
    wait(qtbot, lambda: not marta.aside.isVisible())
    with closing(hub.link_of(lena._seat)) as link:
        link.hello("l")
        assert [e.brought_by for e in link.pull(0, 100).entries if e.actor == "Ben"] == ["Marta"] * 25


def test_what_the_hub_turned_away_says_why(qtbot, pane_of: Make):
    ada = pane_of("Ada")
    inquiry = capture.capture(ada._seat, form(1)).inquiry_id
    entry = ada._seat.ledger.entries(inquiry)[-1]
    with ada._seat.store.writing():
        sql = "INSERT INTO turned_away(entry, outcome, why, at) VALUES(?, 'refused', 'not for this role', ?)"
        ada._seat.store.writer.execute(sql, (entry.id, ada._seat.now()))
    ada.aside.show_refusals(state.turned_away(ada._seat.store), [], ada._seat.now())
    assert "An inquiry, " in ada.aside.words() and "refused: not for this role" in ada.aside.words()


def test_the_hub_says_how_it_is_to_whoever_looks_after_it(qtbot, pane_of: Make, server: Server):  # noqa: F811
    lena, ada = team_of(qtbot, pane_of, server.url("pane_health"), ("Ada", Role.CALLER))
    with closing(hub.link_of(ada._seat)) as link:
        link.hello(ada._seat.device)
    press(lena.hub._again)
    wait(qtbot, lambda: "Ada" in lena.hub.words())
    assert "transaction" in lena.hub.words() and "here now" in lena.hub.words()
    assert not ada.hub.isVisible()

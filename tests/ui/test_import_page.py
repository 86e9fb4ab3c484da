"""Importing in the window: real files, a real encrypted home, the real child process."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import xlsxwriter
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QWidget

from app import bootstrap
from app.models.columns import Column
from app.services import capture, changing_settings
from app.services.errors import EnvironmentFailed
from app.services.import_terms import Fate, ImportOptions, ImportReport, Progress
from app.services.importing import import_files
from app.ui.capture import import_words
from app.ui.capture.column_model import ColumnModel, ColumnRole
from app.ui.capture.fate_model import FateColumn
from app.ui.capture.import_page import ImportPage
from tests.ui.at_a_page import figures, put_up
from tests.ui.inline_tasks import InlineTasks

# A menu grabs the keyboard, which the offscreen platform has none of.
KEYBOARD = pytest.mark.qt_log_ignore("grabbing the keyboard", extend=True)
WAIT = 60_000  # milliseconds: a child process on a busy computer
HEADER = "Vorname;Name;Firma;Position;Rufnummer mobil;E-Mail;Bemerkung"
FAIR = f"""Messe Hannover;;;;;;
;;;;;;
{HEADER}
Maria;Rossi;Officine Rossi;Leitung;+39 02 5550 1234;m.rossi@rossi.example;Zwei Zellen
Hannah;Vogel;Vogel Präzision;Einkauf;+49 30 23125 011;h.vogel@vogel.example;
Robert;Stein;Stein Antriebe;;+49 30 23125 118;r.stein@stein.example;
;;=HYPERLINK("x");;;;@nobody
"""


@pytest.fixture
def home():
    made = bootstrap.throw_away()  # encrypted like any; its key needs no second of stretching
    changing_settings.change(made.seat, "region", "DE")
    yield made
    made.close()


@pytest.fixture
def page(home, qtbot):
    made = put_up(qtbot, ImportPage(home.seat, InlineTasks(home.seat)), 1290, 820)
    yield made
    made.flush()


@pytest.fixture
def fair(tmp_path: Path) -> Path:
    file = tmp_path / "fair.csv"
    file.write_bytes(FAIR.encode("cp1252"))
    return file


def previewed(page: ImportPage, qtbot, *files: Path, source: str = "Fair") -> None:
    if files:
        page.take(list(files))
    set_source(page, source)
    qtbot.waitUntil(lambda: page.list.report is not None, timeout=WAIT)


def set_source(page: ImportPage, source: str) -> None:
    page.preview.options._source.setEditText(source)


def imported(page: ImportPage, qtbot) -> None:
    QTest.keyClick(page.window().focusWidget() or page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page._stack.currentWidget() is page.summary, timeout=WAIT)


def inquiries(home) -> int:
    return home.seat.store.one("SELECT count(*) FROM inquiry")[0]


def head(page: ImportPage) -> list[str]:
    return [label.text() for label in page._head.findChildren(QLabel)]


class StandIn:
    """A process that tells what it is given to tell."""

    def __init__(self, options: ImportOptions):
        self.options, self.started, self.cancelled, self.alive = options, False, False, True
        self.told: list[object] = []

    def start(self) -> None:
        self.started = True

    def poll(self) -> list[object]:
        told, self.told = self.told, []
        return told

    def cancel(self) -> None:
        self.cancelled = True
        self.alive = False


@pytest.fixture
def stand_ins(home, qtbot, fair):
    made: list[StandIn] = []

    def start(_files, options):
        made.append(StandIn(options))
        return made[-1]

    page = ImportPage(home.seat, InlineTasks(home.seat), start=start)
    qtbot.addWidget(page)
    page.show()
    page.arrive()
    page.take([fair])
    return page, made


# a whole import


def test_a_list_is_shown_before_it_is_taken_in_and_a_second_time_changes_nothing(page, home, qtbot, fair):
    previewed(page, qtbot, fair)
    assert head(page) == ["Import fair.csv", "4 rows · semicolons · Windows-1252 · header in row 3 · German"]
    assert figures(page.preview.tiles) == {"New": "3", "Updated": "0", "Merged": "0", "Skipped": "0", "Refused": "1"}
    assert inquiries(home) == 0, "the preview has changed something"
    assert page._go.text() == "Import 3 rows"

    changes = []
    page._tasks.changed.connect(lambda change, _by: changes.append(change))
    imported(page, qtbot)
    assert inquiries(home) == 3
    assert changes
    assert figures(page.summary._tiles)["New"] == "3"

    with qtbot.waitSignal(page.calls_wanted):
        QTest.keyClick(page.window().focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    before = home.seat.store.one("SELECT count(*) FROM ledger")[0]
    previewed(page, qtbot, fair)
    assert figures(page.preview.tiles)["Skipped"] == "3"
    assert page._go.text() == "Nothing to import"
    assert not page._go.isEnabled()
    QTest.keyClick(page.preview.list, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert page._stack.currentWidget() is page.preview
    assert home.seat.store.one("SELECT count(*) FROM ledger")[0] == before


def workbook(path: Path) -> Path:
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["First name", "Last name", "Company", "Phone", "E-mail"])
    sheet.write_row(1, 0, ["Maria", "Rossi", "Officine Rossi", "+39 02 5550 1234", "m.rossi@rossi.example"])
    sheet.write_row(2, 0, ["Li", "Wei", "Harmonic", "+86 512 5550 1234", "li.wei@harmonic.example"])
    book.close()
    return path


def cards(path: Path) -> Path:
    path.write_text(
        "".join(
            f"BEGIN:VCARD\r\nVERSION:3.0\r\nN:{last};{first}\r\nFN:{first} {last}\r\nTEL:{phone}\r\nEND:VCARD\r\n"
            for first, last, phone in (("Maria", "Rossi", "+39 02 5550 1234"), ("Li", "Wei", "+86 512 5550 1234"))
        )
    )
    return path


@pytest.mark.parametrize(
    ("write", "name", "facts"),
    [(workbook, "list.xlsx", "workbook · header in row 1 · English"), (cards, "list.vcf", "vCards · UTF-8")],
)
def test_workbooks_and_cards_come_in_as_tables_do(page, home, qtbot, tmp_path, write, name, facts):
    previewed(page, qtbot, write(tmp_path / name))
    assert head(page)[1] == f"2 rows · {facts}"
    assert figures(page.preview.tiles)["New"] == "2"
    imported(page, qtbot)
    assert inquiries(home) == 2


def test_an_import_that_is_stopped_keeps_what_is_in_and_says_so(page, home, qtbot, tmp_path):
    file = tmp_path / "long.csv"
    rows = "".join(f"Kim{i},Muster{i},kim{i}@firma{i}.example\n" for i in range(3000))
    file.write_text("First name,Last name,E-mail\n" + rows)
    previewed(page, qtbot, file)
    page.list._run.progressed.connect(
        lambda told: page.list.importing and told.rows and QTest.keyClick(page, Qt.Key.Key_Escape)
    )
    QTest.keyClick(page.preview.list, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert page._cancel.text() == "Stop"
    qtbot.waitUntil(lambda: page._stack.currentWidget() is page.summary, timeout=WAIT)
    kept = inquiries(home)
    assert 0 < kept < 3000
    assert figures(page.summary._tiles)["New"] == import_words.number(kept)
    assert page.summary._title.text() == f"Stopped: {import_words.number(kept)} rows are in, and stay"
    previewed(page, qtbot, file)
    assert page.list.report.counts[Fate.NEW] == 3000 - kept


# the mapping


@KEYBOARD
def test_a_column_is_taken_for_another_field_by_keyboard_alone_and_the_field_moves(page, qtbot, fair):
    previewed(page, qtbot, fair)
    columns = page.preview.list
    columns.setFocus()
    assert page.preview.columns.taken()["company"] == "Firma"
    for _ in range(6):
        QTest.keyClick(columns, Qt.Key.Key_Down)
    QTest.keyClick(columns, Qt.Key.Key_Return)
    menu = columns.menu()
    assert menu is not None
    QTest.keyClicks(menu, "comp")
    assert menu.activeAction().text().startswith("Company")
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert page.preview.columns.taken()["company"] == "Bemerkung"
    assert page.preview.columns.index(2, 0).data(ColumnRole.FIELD) == "—"
    assert page.list.report is None, "the figures shown are those of the mapping before"
    qtbot.waitUntil(lambda: page.list.report is not None, timeout=WAIT)
    assert page.list.report.mapping["company"] == "Bemerkung"
    assert page.preview.rows.row_at(0).company == "Zwei Zellen"


@KEYBOARD
def test_a_letter_on_a_column_opens_the_fields_and_finds(page, qtbot, fair):
    previewed(page, qtbot, fair)
    page.preview.list.setFocus()
    QTest.keyClicks(page.preview.list, "c")
    menu = page.preview.list.menu()
    QTest.keyClicks(menu, "ountry")
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert page.preview.columns.taken()["country"] == "Vorname"


def test_delete_takes_the_field_away():
    model = ColumnModel()
    model.set_columns([Column(0, "Name", "full_name", 1.0), Column(1, "Tel", "phone", 1.0)], {})
    assert model.take_for(1, "")
    assert model.mapping() == {"phone": ""}
    assert model.take_for(1, "phone")
    assert model.mapping() == {}, "what was taken back is no change"
    assert not model.take_for(1, "phone")


def test_taking_fields_in_any_order_never_gives_one_to_two_columns():
    model = ColumnModel()
    model.set_columns([Column(0, "A", "phone", 1.0), Column(1, "B", "phone_2", 1.0), Column(2, "C", "", 0.0)], {})
    for row, field in ((1, "phone"), (0, "email"), (2, "phone"), (0, "phone"), (1, "email"), (2, "")):
        model.take_for(row, field)
        fields = [model.field_at(at) for at in range(3) if model.field_at(at)]
        assert model.field_at(row) == field
        assert len(fields) == len(set(fields))


def test_a_change_stops_the_rehearsal_under_way_and_several_begin_one(stand_ins, qtbot):
    page, made = stand_ins
    assert len(made) == 1 and made[0].started
    page.preview.list._take(0, "")
    page.preview.list._take(1, "")
    assert made[0].cancelled
    qtbot.waitUntil(lambda: len(made) == 2)
    assert made[1].options.mapping == {"first_name": "", "last_name": ""}
    assert made[1].options.dry_run
    # What the first one still says is not shown.
    made[0].told = [Progress(file="x", rows=9, bytes_done=1, bytes_total=2, counts={Fate.NEW: 9})]
    qtbot.wait(120)
    assert figures(page.preview.tiles)["New"] == "–"


def test_what_is_set_reaches_the_import(stand_ins):
    page, _ = stand_ins
    options = page.preview.options
    set_source(page, " Hannover   Messe ")
    options._more.click()
    assert options._region.isVisible()
    options._overwrite.setChecked(True)
    options._region.setCurrentText("Italy")
    options._on_match.choice("skip").click()
    assert not options._overwrite.isEnabled(), "who is skipped is not overwritten"
    options._as_new.setChecked(True)
    wanted = page.list._options(dry_run=False)
    assert (wanted.source, wanted.region, wanted.on_match, wanted.as_new, wanted.overwrite_hand, wanted.dry_run) == (
        "Hannover Messe", "IT", "skip", True, True, False,
    )  # fmt: skip


def test_without_a_source_nothing_is_imported_and_the_field_says_why(page, home, qtbot, fair):
    previewed(page, qtbot, fair, source="")
    QTest.keyClick(page.preview.list, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert not page.list.importing
    box = page.preview.options._source
    assert box.hasFocus() or box.lineEdit().hasFocus()
    assert "where they come from" in box.accessibleDescription()
    set_source(page, "Fair")
    assert box.accessibleDescription() == ""


def test_the_last_source_is_there_the_next_time(page, home, qtbot, fair):
    previewed(page, qtbot, fair, source="Hannover Messe")
    imported(page, qtbot)
    again = ImportPage(home.seat, InlineTasks(home.seat))
    qtbot.addWidget(again)
    again.take([fair])
    assert again.preview.options.wanted().source == "Hannover Messe"
    again.flush()


def test_a_form_is_remembered_by_its_column_names_and_forgotten(stand_ins, home, qtbot, tmp_path):
    page, made = stand_ins
    page.preview.list._take(6, "request")
    set_source(page, "Hannover")
    page.preview.form._name.setText("Hannover scanner")
    QTest.keyClick(page.preview.form._name, Qt.Key.Key_Return)
    assert "Hannover scanner" in page.preview.form._text.text()

    other = tmp_path / "other.csv"
    other.write_text(f"{HEADER}\nLi;Wei;Harmonic;;+86 512 5550 1234;;Greifer\n")
    again = ImportPage(home.seat, InlineTasks(home.seat), start=page.list._run._start)
    qtbot.addWidget(again)
    again.take([other])
    assert again.preview.columns.taken()["request"] == "Bemerkung"
    assert made[-1].options.mapping["request"] == "Bemerkung"
    assert again.preview.options.wanted().source == "Hannover"
    assert "as you did before" in again.preview.form._text.text()
    again.preview.form._button.click()
    assert again.preview.form._button.text() == "Remember"
    third = ImportPage(home.seat, InlineTasks(home.seat), start=page.list._run._start)
    qtbot.addWidget(third)
    third.take([other])
    assert third.preview.columns.taken()["note"] == "Bemerkung"


# rows


def test_a_tile_narrows_the_rows_and_lets_go_again(page, qtbot, fair):
    previewed(page, qtbot, fair)
    rows = page.preview.rows
    assert rows.rowCount() == 4
    page.preview.tiles[Fate.REFUSED].click()
    assert [rows.row_at(at).fate for at in range(rows.rowCount())] == [Fate.REFUSED]
    page.preview.tiles[Fate.NEW].click()
    assert not page.preview.tiles[Fate.REFUSED].isChecked()
    assert rows.rowCount() == 3
    page.preview.tiles[Fate.NEW].click()
    assert rows.rowCount() == 4
    spoken = rows.index(0, FateColumn.ROW).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "row 4, New, Maria Rossi, Officine Rossi" in spoken


def test_refused_rows_are_saved_with_their_cells_and_no_formula(page, qtbot, fair, tmp_path):
    previewed(page, qtbot, fair)
    imported(page, qtbot)
    target = tmp_path / "refused.csv"
    with qtbot.waitSignal(page.said):
        page.save_refused_as(str(target))
    with target.open(encoding="utf-8-sig", newline="") as file:
        names, row = csv.reader(file)
    assert names == ["Row", "Reason", *HEADER.split(";")]
    assert row[0] == "7" and row[1]
    assert row[4] == "'=HYPERLINK(x)" or row[4].startswith("'=")
    assert row[8] == "'@nobody"


def test_a_correction_by_hand_survives_unless_chosen_otherwise(page, home, qtbot, fair):
    import_files(home.seat, [fair], ImportOptions(source="Fair"))
    known = home.seat.store.one("SELECT id FROM inquiry WHERE last_name = 'Vogel'")[0]
    capture.edit(home.seat, known, {"title": "Owner"})
    second = fair.with_name("second.csv")
    second.write_text(f"{HEADER}\nHannah;Vogel;Vogel Präzision;Verkauf;+49 30 23125 011;;\n", encoding="utf-8")
    previewed(page, qtbot, second)
    assert "title" not in page.preview.rows.row_at(0).why
    page.preview.options._overwrite.setChecked(True)
    assert page.list.report is None
    qtbot.waitUntil(lambda: page.list.report is not None, timeout=WAIT)
    assert page.preview.rows.row_at(0).why == "title was Owner, now Verkauf"


# files, one after another, and what goes wrong


def test_files_are_dropped_anywhere_and_follow_each_other(stand_ins, tmp_path, qtbot, home):
    page, _ = stand_ins
    fair = page.list.look.path
    second = tmp_path / "second.csv"
    second.write_text("Name,Phone\nLi Wei,+86 512 5550 1234\n")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(second))])
    drop = QDropEvent(QPointF(10, 10), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton,
                      Qt.KeyboardModifier.NoModifier)  # fmt: skip
    with qtbot.waitSignal(page.said) as said:
        page.dropEvent(drop)
    assert said.args == ["second.csv comes next."]
    assert page.list.look.path == fair
    assert page._cancel.text() == "Skip this file"
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert page.list.look.path == second
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert page._stack.currentWidget() is page.zone
    with qtbot.waitSignal(page.head_back):
        QTest.keyClick(page, Qt.Key.Key_Escape)


def test_no_input_swallows_a_file_that_is_dropped_on_it(stand_ins):
    page, _ = stand_ins
    assert not [edit for edit in page.findChildren(QLineEdit) if edit.acceptDrops()]


def test_a_path_is_pasted_and_other_words_are_not_a_file(page, qtbot, fair):
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("some words")
    with qtbot.waitSignal(page.said):
        QTest.keyClick(page, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert page._stack.currentWidget() is page.zone
    clipboard.setText(f'"{fair}"')
    QTest.keyClick(page, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert page.list.look.path == fair


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 nothing", b"PK\x03\x04 broken", None])
def test_a_file_that_is_no_list_is_told_calmly(page, home, qtbot, tmp_path, content):
    file = tmp_path / "broken.csv"
    if content is not None:
        file.write_bytes(content)
    page.take([file])
    assert page._stack.currentWidget() is page.trouble
    words = " ".join(label.text() for label in page.trouble.findChildren(QLabel))
    assert "broken.csv" in words and "Nothing was imported." in words
    assert inquiries(home) == 0
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert page._stack.currentWidget() is page.zone


def test_a_process_that_dies_is_told_and_can_be_tried_again(stand_ins, qtbot):
    page, made = stand_ins
    made[0].alive = False
    qtbot.waitUntil(lambda: page._stack.currentWidget() is page.trouble)
    QTest.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert page._stack.currentWidget() is page.preview
    made[1].told = [EnvironmentFailed("The disk is full.", kept="Whole rows are in.", todo="Free some space.")]
    qtbot.waitUntil(lambda: page._stack.currentWidget() is page.trouble)
    words = " ".join(label.text() for label in page.trouble.findChildren(QLabel))
    assert "The disk is full." in words
    assert "Nothing was changed. Free some space." in words, "a rehearsal says that rows are in"


def test_an_import_goes_on_behind_another_page_and_says_when_it_is_done(stand_ins, home, qtbot, fair):
    page, made = stand_ins
    set_source(page, "Fair")
    qtbot.waitUntil(lambda: len(made) == 2)
    rehearsal = import_files(home.seat, [fair], ImportOptions(source="Fair", dry_run=True))
    made[1].told = [rehearsal]
    qtbot.waitUntil(lambda: page.list.report is not None)
    QTest.keyClick(page.preview.list, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    page.leave()
    assert not made[2].cancelled and not made[2].options.dry_run
    made[2].told = [Progress(file="fair.csv", rows=2, bytes_done=50, bytes_total=100, counts={Fate.NEW: 2}),
                    ImportReport(files=rehearsal.files, seconds=0.5)]  # fmt: skip
    with qtbot.waitSignal(page.said) as said:
        pass
    assert said.args == ["fair.csv: 3 rows are in."]


def test_closing_the_window_stops_what_is_under_way(stand_ins):
    page, made = stand_ins
    page.flush()
    assert made[0].cancelled


# for everybody


def test_everything_that_takes_the_focus_has_a_name(stand_ins):
    page, _ = stand_ins
    page.preview.options._more.click()
    nameless = [
        widget
        for widget in page.findChildren(QWidget)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus and widget.isVisible()
        and not (widget.accessibleName() or (isinstance(widget, QAbstractButton) and widget.text()))
        and not isinstance(widget.parent(), QComboBox) and widget.objectName() != "qt_scrollarea_viewport"
        and type(widget).__name__ not in {"QSplitter", "QStackedWidget"}
    ]  # fmt: skip
    assert nameless == []


def test_tab_comes_to_every_part_and_back(page, qtbot, fair):
    previewed(page, qtbot, fair)
    page.preview.list.setFocus()
    met: list[QWidget] = []
    for _ in range(40):
        focus = page.window().focusWidget()
        if focus in met:
            break
        met.append(focus)
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    wanted = [page.preview.list, page.preview.table, page._go, page._cancel, page.preview.options._more,
              *page.preview.tiles.values()]  # fmt: skip
    assert [part for part in wanted if part not in met] == []


@pytest.mark.parametrize("more", [False, True])
def test_the_smallest_window_clips_nothing(page, qtbot, fair, more):
    page.resize(1024 - 64, 700 - 30)
    previewed(page, qtbot, fair)
    if more:
        page.preview.options._more.click()
    qtbot.wait(50)
    assert page.minimumSizeHint().width() <= 1024 - 64
    assert page.minimumSizeHint().height() <= 700 - 30
    for widget in page.preview.findChildren(QWidget):
        if widget.isVisible() and isinstance(widget, (QLabel, QAbstractButton)):
            least = widget.minimumSizeHint()
            assert widget.width() >= least.width() and widget.height() >= least.height(), widget.accessibleName()
            corner = widget.mapTo(page, QPoint(widget.width(), widget.height()))
            assert corner.x() <= page.width() and corner.y() <= page.height()

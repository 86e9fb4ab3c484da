"""The window: lazy pages, keys, what it remembers, what it says, and how it ends."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QSplitter, QVBoxLayout, QWidget

from app import bootstrap, crash_report
from app.services import changing_settings
from app.services.errors import EnvironmentFailed, Refused
from app.ui import theme
from app.ui.pages import PAGES, PageKind
from app.ui.remembered import Remembered
from app.ui.setup import states
from app.ui.shell import Shell
from app.ui.tasks import Tasks
from tests.ui.inline_tasks import InlineTasks


class Calls(QWidget):
    said = Signal(str)
    undo_offered = Signal(str)
    today_changed = Signal(str)
    built = 0

    def __init__(self, seat, tasks, parent):
        super().__init__(parent)
        Calls.built += 1
        self._tasks = tasks
        self.heard: list[str] = []
        self.split = QSplitter()
        for _ in range(2):
            self.split.addWidget(QWidget())
        QVBoxLayout(self).addWidget(self.split)

    def splitters(self):
        return {"panes": self.split}

    def open_inquiry(self, inquiry_id):
        self.heard.append(f"open {inquiry_id}")

    def arrive(self):
        self.heard.append("arrive")

    def leave(self):
        self.heard.append("leave")

    def flush(self):
        self._tasks.act(changing_settings.keep_aside, "ui.draft", "half a note")

    def undo(self):
        self.heard.append("undo")


class Capture(QWidget):
    qualify_wanted = Signal(str)
    built = 0

    def __init__(self, seat, tasks, parent):
        super().__init__(parent)
        Capture.built += 1
        self.edit = QLineEdit()
        self.edit.setAccessibleName("Name")
        column = QVBoxLayout(self)
        column.addWidget(QPushButton("Import a file"))  # Qt would choose it, since it comes first
        column.addWidget(self.edit)
        self.setFocusProxy(self.edit)


KINDS = (
    PageKind("calls", "phone", "Calls", f"{__name__}:Calls", "page-1"),
    PageKind("capture", "capture", "Capture", f"{__name__}:Capture", "page-2"),
    PageKind("settings", "gear", "Setup", "app.ui.setup.settings_page:SettingsPage", below=True),
    PageKind("gone", "gear", "Gone", "app.ui.nowhere.page:Page"),
)


@pytest.fixture
def home():
    made = bootstrap.throw_away()
    yield made
    made.close()


@pytest.fixture
def shell(home, qtbot, tmp_path):
    Calls.built = Capture.built = 0
    made = Shell(Remembered(tmp_path / "window.ini"), KINDS)
    qtbot.addWidget(made)
    with qtbot.waitSignal(made.painted):
        made.open_home(home, InlineTasks(home.seat))
        made.show()
    return made


def press(qtbot, shell: Shell, key: Qt.Key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.keyClick(shell.focusWidget() or shell, key, modifier)


def test_a_page_is_built_when_it_is_first_shown(shell, qtbot):
    assert (Calls.built, Capture.built) == (1, 0)
    shell.workspace.show_page("capture")
    shell.workspace.show_page("calls")
    shell.workspace.show_page("capture")
    assert (Calls.built, Capture.built) == (1, 1)


def test_keys_go_to_the_pages_even_out_of_a_text_field(shell, qtbot):
    shell.activateWindow()
    press(qtbot, shell, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert shell.workspace.current() == "capture"
    assert shell.focusWidget() is shell.workspace.page("capture").edit
    press(qtbot, shell, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    assert shell.workspace.current() == "calls"
    press(qtbot, shell, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    assert shell.workspace.current() == "settings"


def test_pages_hear_when_they_come_and_go(shell):
    shell.workspace.show_page("capture")
    shell.workspace.show_page("calls")
    assert shell.workspace.page("calls").heard == ["arrive", "leave", "arrive"]


def test_who_is_to_be_qualified_is_opened_on_the_call_page(shell):
    shell.workspace.show_page("capture")
    shell.workspace.page("capture").qualify_wanted.emit("0123")
    assert shell.workspace.current() == "calls"
    assert shell.workspace.page("calls").heard[-1] == "open 0123"


def test_only_pages_that_exist_are_on_the_rail(shell):
    assert set(shell.workspace.rail._items) == {"calls", "capture", "settings"}


def test_every_page_of_winnow_has_a_key_and_an_icon_that_exist(qapp):
    from app.ui import icons, keys

    for kind in PAGES:
        assert kind.icon in icons.names()
        assert not kind.key or kind.key in keys.WINDOW


def test_an_action_can_be_taken_back_from_the_toast(shell, qtbot):
    shell.workspace.page("calls").undo_offered.emit("Maria Rossi is sold")
    assert shell._toast.isVisible() and shell._toast.text() == "Maria Rossi is sold"
    qtbot.mouseClick(shell._toast._button, Qt.MouseButton.LeftButton)
    assert shell.workspace.page("calls").heard[-1] == "undo"


def test_a_refusal_that_no_page_shows_is_said_by_the_window(shell):
    def refuse(_seat):
        raise Refused("The disk is full.", todo="Free some space.")

    shell._tasks.act(refuse)
    assert shell._toast.text() == "The disk is full. Free some space."


def test_todays_figures_stand_at_the_foot(shell):
    shell.workspace.page("calls").today_changed.emit("Today: 31 calls")
    assert shell.workspace.status._today.text() == "Today: 31 calls"


def test_all_keys_are_shown_and_go_with_any_key(shell, qtbot):
    shell.activateWindow()
    shell.setFocus()
    press(qtbot, shell, Qt.Key.Key_Question)
    assert shell._help.isVisible()
    press(qtbot, shell, Qt.Key.Key_A)
    assert not shell._help.isVisible()


def test_sizes_are_remembered(shell, home, qtbot, tmp_path):
    shell.resize(1200, 780)
    shell.workspace.page("calls").split.setSizes([300, 800])
    sizes = shell.workspace.page("calls").split.sizes()
    shell.close()
    again = Shell(Remembered(tmp_path / "window.ini"), KINDS)
    qtbot.addWidget(again)
    again.open_home(home, InlineTasks(home.seat))
    again.show()
    screen = QApplication.primaryScreen().availableSize()
    assert again.size() == QSize(1200, 780) or screen.width() < 1200
    left, right = again.workspace.page("calls").split.sizes()
    assert left / right == pytest.approx(sizes[0] / sizes[1], abs=0.01)


def test_closing_saves_the_drafts_of_all_pages(home, qtbot):
    shell = Shell(None, KINDS)
    qtbot.addWidget(shell)
    shell.open_home(home, Tasks(home.seat))
    shell.show()
    with qtbot.waitSignal(shell.closed) as closed:
        shell.close()
    assert closed.args == [True]
    assert changing_settings.aside(home.seat, "ui.draft") == "half a note"


def test_the_look_changes_at_once(shell, qtbot):
    shell.workspace.show_page("settings")
    page = shell.workspace.page("settings")
    qtbot.mouseClick(page.field("theme").edit.choice("dark"), Qt.MouseButton.LeftButton)
    assert theme.is_dark()
    assert shell._home.seat.settings["theme"] == "dark"


def test_a_fault_is_shown_with_the_draft_saved_and_a_way_on(shell, home, qtbot):
    try:
        {}["Maria Rossi +39 030 555 0142"]
    except KeyError as error:
        shell.show_crash(error)
    page = shell._crash
    assert page.isVisible()
    assert "KeyError" in page.report() and "test_shell.py" in page.report()
    assert "Rossi" not in page.report() and "555" not in page.report()
    assert changing_settings.aside(home.seat, "ui.draft") == "half a note"
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert shell._outer.currentWidget() is shell.workspace


def test_the_log_says_where_and_never_who_and_stays_small(tmp_path):
    try:
        raise ValueError("maria.rossi@officinerossi.example") from KeyError("Maria")
    except ValueError as error:
        text = crash_report.report(error)
    for _ in range(400):
        crash_report.keep(tmp_path, text * 9)
    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == ["winnow.log", "winnow.log.1"]
    assert all(file.stat().st_size < 2 * crash_report.LARGEST for file in files)
    assert "aria" not in files[0].read_text() + files[1].read_text()
    assert "KeyError\nand then" in files[0].read_text()


@pytest.mark.parametrize("error", [
    Refused("A newer Winnow has worked in this home.", kept="Nothing was changed.", todo="Update this one."),
    EnvironmentFailed("The home cannot be read.", todo="Ask who owns the folder."),
])  # fmt: skip
def test_a_home_that_cannot_be_opened_is_explained(qtbot, error):
    state, again, leave = states.cannot_open(error)
    qtbot.addWidget(state)
    assert error.sentence in state._title.text()
    assert error.todo in state._text.text()
    assert again.accessibleName() and leave.accessibleName()


def test_nothing_that_takes_the_focus_is_without_a_name(shell):
    for name in ("settings",):
        shell.workspace.show_page(name)
        for widget in shell.workspace.page(name).findChildren(QWidget):
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and not widget.focusProxy() and widget.isVisible():
                named = widget.accessibleName() or (widget.parentWidget() and widget.parentWidget().accessibleName())
                assert named, f"{widget} on {name}"


def test_the_least_window_holds_every_page(shell):
    shell.resize(*[1024, 700])
    for name in ("settings",):
        shell.workspace.show_page(name)
        hint = shell.workspace.page(name).minimumSizeHint()
        assert hint.width() <= 1024 - 64 and hint.height() <= 700 - 30, (name, hint)


def test_the_window_imports_nothing_heavy_before_it_is_painted(tmp_path):
    home, _ = bootstrap.create(tmp_path / "home", passphrase="a passphrase", use_keyring=False)
    home.close()
    program = textwrap.dedent("""
        import sys, pathlib
        from app import bootstrap
        from app.services.store import vault
        home = bootstrap.open_home(pathlib.Path(sys.argv[1]), passphrase="a passphrase")
        from PySide6.QtWidgets import QApplication
        from app.ui.application import Application
        class Watched(Application):
            def _on_painted(self):
                print(*sorted(set(sys.modules) & {"sqlalchemy", "alembic", "phonenumbers", "holidays", "babel",
                                                  "PySide6.QtNetwork", "click"}))
                super()._on_painted()
        application = Watched(pathlib.Path(sys.argv[1]), QApplication([]))
        application.ready.connect(application.shell.close)
        application.show_home(home)
        application.shell.show()
        QApplication.exec()
    """)
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path / "home")], capture_output=True, text=True,
                          timeout=120, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []

"""Who may import whom: `cli, ui → services → models`. Blocking from the first day, and itself tested on offenders."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_archon import archrule
from pytest_archon.collect import ImportMap, package_dir, recurse_imports
from pytest_archon.failure import pop_failures

ROOT = Path(__file__).resolve().parents[1]
Rule = Callable[[str], None]
_names = itertools.count(1)


def models_know_nothing_above_them(app: str) -> None:
    (
        archrule("models know nothing above them", "they are what is true, whoever asks")
        .match(f"{app}.models*")
        .should_not_import(f"{app}.services*", f"{app}.ui*", f"{app}.cli*", f"{app}.bootstrap", f"{app}.__main__")
        .check(app)
    )


def services_know_nothing_above_them(app: str) -> None:
    (
        archrule("services know nothing above them", "window and terminal call the same ones")
        .match(f"{app}.services*")
        .should_not_import(f"{app}.ui*", f"{app}.cli*", f"{app}.bootstrap", f"{app}.__main__")
        .check(app)
    )


def store_and_reading_know_nobody_who_works_with_them(app: str) -> None:
    for room, also in (("store", [f"{app}.services.files"]), ("reading", [])):
        (
            archrule(f"services.{room} knows no other service", "who works, for whom and in which team lies above it")
            .match(f"{app}.services.{room}*")
            .should_not_import(f"{app}.services*")
            .may_import(f"{app}.services.{room}*", f"{app}.services.errors", *also)
            .check(app)
        )


def a_seat_knows_no_team(app: str) -> None:
    (
        archrule("a seat knows no team", "the team's services take a seat; alone there is no team")
        .match(f"{app}.services.seat")
        .should_not_import(f"{app}.services.team*")
        .check(app)
    )


def no_two_modules_need_each_other(app: str) -> None:
    def no_circle(module: str, _: set[str], imports: ImportMap) -> bool:
        return all(path[-1] != module for path in recurse_imports(module, imports))

    (
        archrule("no two modules need each other", "each can be read, and moved, with those alone that lie below it")
        .match(f"{app}*")
        .should(no_circle)
        .check(app)
    )


def models_and_services_do_without_qt(app: str) -> None:
    (
        archrule("models and services do without Qt", "a server without a screen runs them")
        .match(f"{app}.models*", f"{app}.services*")
        .should_not_import("PySide6*", "shiboken6*")
        .check(app)
    )


def only_tables_among_models_import_sqlalchemy(app: str) -> None:
    (
        archrule("only models.tables imports SQLAlchemy", "the fold is pure, and SQLAlchemy slower to import than Qt")
        .match(f"{app}.models*")
        .exclude(f"{app}.models.tables")
        .should_not_import("sqlalchemy*", "alembic*", "sqlcipher3*", "sqlite3*")
        .check(app)
    )


def what_people_see_holds_no_rows_of_the_database(app: str) -> None:
    (
        archrule("ui and cli import no SQLAlchemy", "they get frozen rows: an ORM object dies when a sync deletes it")
        .match(f"{app}.ui*", f"{app}.cli*")
        .should_not_import("sqlalchemy*", "alembic*", "sqlcipher3*", "sqlite3*", f"{app}.models.tables")
        .check(app, only_direct_imports=True)
    )


def the_window_does_not_know_the_terminal(app: str) -> None:
    (
        archrule("ui does not import cli", "the window needs no terminal")
        .match(f"{app}.ui*")
        .should_not_import(f"{app}.cli*", "click*")
        .check(app)
    )


def a_widget_knows_no_service_and_no_page(app: str) -> None:
    screens = (folder for folder in (package_dir(app) / "ui").iterdir() if folder.is_dir())
    pages = [f"{app}.ui.{folder.name}*" for folder in screens if folder.name not in {"widgets", "__pycache__"}]
    (
        archrule("a widget knows no service and no page", "a page joins widgets to services")
        .match(f"{app}.ui.widgets*")
        .should_not_import(f"{app}.services*", f"{app}.bootstrap", f"{app}.ui.shell*", f"{app}.ui*_page", *pages)
        .check(app)
    )


def a_screen_knows_no_other_screen(app: str) -> None:
    screens = sorted(folder.name for folder in (package_dir(app) / "ui").iterdir() if (folder / "__init__.py").exists())
    pages = set(screens) - {"widgets", "shift"}  # a shift works at all of them
    for screen in pages:
        (
            archrule(f"ui.{screen} imports no other page's folder", "what two pages share is in ui or in ui/widgets")
            .match(f"{app}.ui.{screen}*")
            .should_not_import(*(f"{app}.ui.{other}*" for other in sorted(pages - {screen})))
            .check(app, only_direct_imports=True)
        )


def nobody_imports_the_geocoder(app: str) -> None:
    (
        archrule("nobody imports phonenumbers.geocoder", "0.7 s and 100 MB; phonenumbers.timezone is enough")
        .match(f"{app}*")
        .should_not_import("phonenumbers.geocoder*", "phonenumbers.geodata*")
        .check(app)
    )


# Each rule with a file that breaks it.
OFFENDERS: list[tuple[Rule, str, str]] = [
    (models_know_nothing_above_them, "models/offender.py", "from {app}.services import calling"),
    (models_know_nothing_above_them, "models/offender.py", "def late():\n    import {app}.bootstrap"),
    (services_know_nothing_above_them, "services/offender.py", "from {app}.ui.shell import Shell"),
    (services_know_nothing_above_them, "services/offender.py", "from {app}.cli import queue"),
    (store_and_reading_know_nobody_who_works_with_them, "services/store/offender.py", "import {app}.services.calling"),
    (store_and_reading_know_nobody_who_works_with_them, "services/reading/offender.py", "import {app}.services.files"),
    (a_seat_knows_no_team, "services/seat.py", "import {app}.services.team"),
    (no_two_modules_need_each_other, "services/seat.py", "def late():\n    import {app}.services.calling"),
    (models_and_services_do_without_qt, "models/offender.py", "from PySide6.QtCore import QObject"),
    (models_and_services_do_without_qt, "services/offender.py", "def late():\n    from PySide6 import QtCore"),
    (only_tables_among_models_import_sqlalchemy, "models/offender.py", "import sqlalchemy as sa"),
    (only_tables_among_models_import_sqlalchemy, "models/offender.py", "from {app}.models.tables import inquiry"),
    (what_people_see_holds_no_rows_of_the_database, "ui/offender.py", "from sqlalchemy import select"),
    (what_people_see_holds_no_rows_of_the_database, "cli/offender.py", "from {app}.models import tables"),
    (the_window_does_not_know_the_terminal, "ui/offender.py", "from {app}.cli import queue"),
    (a_widget_knows_no_service_and_no_page, "ui/widgets/offender.py", "from {app}.services import calling"),
    (a_widget_knows_no_service_and_no_page, "ui/widgets/offender.py", "from {app}.ui.calls.call_page import CallPage"),
    (a_widget_knows_no_service_and_no_page, "ui/widgets/offender.py", "from {app}.ui.tasks import run"),
    (a_screen_knows_no_other_screen, "ui/desk/offender.py", "from {app}.ui.calls.call_page import CallPage"),
    (a_screen_knows_no_other_screen, "ui/desk/offender.py", "def late():\n    import {app}.ui.calls.call_page"),
    (nobody_imports_the_geocoder, "services/offender.py", "from phonenumbers import geocoder"),
]
RULES = list(dict.fromkeys(rule for rule, _, _ in OFFENDERS))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_layers_hold(rule: Rule):
    rule("app")


@pytest.mark.parametrize(
    ("rule", "file", "line"),
    OFFENDERS,
    ids=[f"{rule.__name__}-{number}" for number, (rule, _, _) in enumerate(OFFENDERS)],
)
def test_a_rule_broken_on_purpose_is_noticed(rule: Rule, file: str, line: str, tmp_path: Path, monkeypatch):
    app = made_up_application(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))

    rule(app)
    assert pop_failures() == [], "the sound application was refused"

    # A new name, since archon remembers what it has read of a package.
    offending = made_up_application(tmp_path)
    (tmp_path / offending / file).write_text(line.format(app=offending))
    rule(offending)
    assert any(Path(file).stem in failure.reason for failure in pop_failures())


def made_up_application(where: Path) -> str:
    """A package with one module in each layer, importing downward alone; gives its name."""
    app = f"madeup{next(_names)}"
    modules = {
        "__init__": "",
        "bootstrap": f"from {app}.ui.shell import Shell",
        "models/__init__": "",
        "models/inquiry": "",
        "models/tables": "import sqlalchemy",
        "services/__init__": "",
        "services/calling": f"from {app}.models import tables, inquiry\nfrom {app}.services.seat import Seat",
        "services/errors": "",
        "services/files": f"from {app}.services import errors",
        "services/reading/__init__": "",
        "services/reading/opening": f"from {app}.services import errors",
        "services/seat": f"from {app}.services.store.ledger import Ledger",
        "services/store/__init__": "",
        "services/store/ledger": f"from {app}.services import errors, files",
        "services/team/__init__": f"from {app}.services.seat import Seat",
        "cli/__init__": "",
        "cli/queue": f"from {app}.services import calling",
        "ui/__init__": "",
        "ui/shell": f"from {app}.ui.calls.call_page import CallPage",
        "ui/tasks": f"from {app}.services import calling",
        "ui/calls/__init__": "",
        "ui/calls/call_page": f"from {app}.services import calling\nfrom {app}.ui.widgets.chip import Chip",
        "ui/desk/__init__": "",
        "ui/widgets/__init__": "",
        "ui/widgets/chip": "from PySide6.QtWidgets import QLabel",
    }
    for name, text in modules.items():
        path = where / app / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return app


def imported_names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "."


def called_names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def parsed(folder: str) -> Iterator[tuple[Path, ast.AST]]:
    for path in sorted((ROOT / folder).rglob("*.py")):
        yield path.relative_to(ROOT), ast.parse(path.read_bytes())


def test_migrations_import_nothing_of_the_application():
    """A migration says what was true when it was written; the application goes on changing."""
    offenders = [
        f"{path} imports {name}"
        for path, tree in parsed("migrations")
        for name in imported_names(tree)
        if name.split(".")[0] == "app" or name.startswith(".")
    ]
    assert offenders == []


def test_nothing_waits_by_processing_events():
    """A wait that works off events from inside a slot enters the same code twice, and can lock for ever."""
    offenders = [str(path) for path, tree in parsed("app") if "processEvents" in set(called_names(tree))]
    assert offenders == []


def test_no_statement_is_compiled_anew_for_its_limit():
    """As docs/decisions/0002 says: `LIMIT ?` is compiled at each execution, `LIMIT ? + 0` once."""
    bare = re.compile(r"LIMIT (\?|:\w+\b)(?! \+ 0)")
    assert [str(path) for path in sorted((ROOT / "app").rglob("*.py")) if bare.search(path.read_text("utf-8"))] == []


def test_no_module_of_the_application_is_named_after_nothing():
    empty = {"utils", "util", "helpers", "helper", "manager", "common", "misc"}
    assert [str(path) for path, _ in parsed("app") if path.stem in empty] == []

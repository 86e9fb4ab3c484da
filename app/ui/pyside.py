"""Qt for Python, imported without what no window needs: a fifth of the start.

Before anything of Qt, Qt for Python compiles some 3,600 lines of Python that make signatures for `help` and word the
errors of wrong calls; it then reads the source of every module that is imported later, for `__feature__`, which Winnow
does not use. Here that half waits until it is asked for, which in a window that works is never.

It hangs on how one release of Qt for Python is made inside (`KNOWN`); with any other all is as that one has it. Where
that one makes its half, it looks through all modules, and ends the process if another thread imports one meanwhile: so
no other thread may begin before `begin_alone`.
"""

from __future__ import annotations

import builtins
import sys
import threading
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from types import ModuleType
from typing import Any

from app.ui import pyside_enums

KNOWN = frozenset({"6.11.3"})
BOOTSTRAP = "signature_bootstrap"  # carried as text by Qt for Python, which calls `bootstrap` for its half in Python
MAPPING = "shibokensupport.signature.mapping"  # of that half: where Qt for Python looks for names, whether it is there
LOADER = "shibokensupport.signature.loader"  # that half

_compile = builtins.compile


def begin_alone() -> None:
    """What has to come before any other thread: the lower half of Qt, where its release is not known."""
    if "shiboken6" not in sys.modules:
        pyside_enums.begin()
        spec = find_spec("shiboken6")
        assert spec is not None and spec.loader is not None, "Qt for Python is not installed"
        package = sys.modules["shiboken6"] = module_from_spec(spec)
        from shiboken6 import _config as config

        if config.version not in KNOWN:
            spec.loader.exec_module(package)


def begin() -> None:
    """Import Qt, before any module of the window."""
    begin_alone()
    if "shiboken6.Shiboken" not in sys.modules:
        _import_without_half()
    import PySide6.QtCore  # noqa: F401

    feature = sys.modules.get("shibokensupport.feature")
    if hasattr(feature, "_mod_uses_pyside"):  # it is here after all: it need not read the sources
        feature._mod_uses_pyside = _unread  # type: ignore[union-attr]


def _import_without_half() -> None:
    """The lower half of Qt for Python, of a release that is known, without what the half in Python will import."""
    builtins.compile = _compile_later
    try:
        import PySide6  # noqa: F401 - it imports the extension, and on Windows knows where that finds its libraries
    finally:
        builtins.compile = _compile
    extension = vars(sys.modules["shiboken6.Shiboken"])
    vars(sys.modules["shiboken6"]).update(
        (name, value) for name, value in extension.items() if not name.startswith("_")
    )


def _unread(_module: ModuleType) -> bool:
    return False


def _compile_later(source: Any, filename: Any, *given: Any, **named: Any) -> Any:
    """As Python's own; for the text that brings the half in Python, code that makes a `_Later` instead."""
    if filename == f"{BOOTSTRAP}.py":
        later = _Later(source)
        sys.modules[MAPPING] = later.mapping
        return _compile(f"import sys; bootstrap = sys.modules[{MAPPING!r}].later", filename, *given, **named)
    return _compile(source, filename, *given, **named)


class _Later:
    """Stands for the half in Python, with the functions that Qt for Python asks it for."""

    def __init__(self, text: Any) -> None:
        self._text = text
        self._half: Any = None
        self._lock = threading.RLock()
        self.mapping = ModuleType(MAPPING)  # kept by Qt for Python from its first look on
        self.mapping.__dict__.update(later=lambda: self, update_mapping=self._update_mapping)

    def _fetch(self) -> Any:
        """The half in Python; its own `bootstrap` looks through all modules, which an import beside it would end."""
        if self._half is None:
            package, module = sys.modules["shiboken6"], sys.modules[BOOTSTRAP]
            package.__spec__.loader.exec_module(package)  # type: ignore[union-attr]  # the rest of it
            exec(_compile(self._text, f"{BOOTSTRAP}.py", "exec"), module.__dict__)
            finders, carried = module.prepare_zipfile()
            sys.modules.pop(MAPPING, None)  # ours, which stood for it
            finders.insert(0, carried)
            try:
                self._half = import_module(LOADER)
            finally:
                finders.remove(carried)
        return self._half

    def _ask(self, what: str, *given: Any) -> Any:
        """One question at a time; the first brings the half in Python."""
        with self._lock:
            return getattr(self._fetch(), what)(*given)

    def _update_mapping(self) -> None:
        """Before the name of a function is looked up there; Qt for Python expects no error here."""
        with self._lock:
            self._fetch()
            names = sys.modules[MAPPING].__dict__
            names["update_mapping"]()
            self.mapping.__dict__.update({**names, "update_mapping": self._update_mapping})

    def pyside_type_init(self, *given: Any) -> Any:
        """Reads the signatures of a type."""
        return self._ask("pyside_type_init", *given)

    def create_signature(self, *given: Any) -> Any:
        """Answers for a signature."""
        return self._ask("create_signature", *given)

    def seterror_argument(self, *given: Any) -> Any:
        """Words the error of a wrong call."""
        return self._ask("seterror_argument", *given)

    def make_helptext(self, *given: Any) -> Any:
        """Answers `help`."""
        return self._ask("make_helptext", *given)

    def finish_import(self, module: ModuleType) -> None:
        """Would add deprecated names; there are none."""

    def feature_import(self, *given: Any, **named: Any) -> None:
        """Would switch features on; None leaves the import to Python."""

    def feature_imported(self, module: ModuleType) -> None:
        """Would look whether a module wants features."""

    def post_init(self) -> None:
        """Would put itself before every import."""

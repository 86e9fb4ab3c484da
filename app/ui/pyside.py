"""Qt for Python, imported so that what is imported after it is as quick as before it."""

from __future__ import annotations

import sys
from types import ModuleType


def begin() -> None:
    """Import Qt, before any module of the window.

    PySide looks for its own name in the source of every module that is imported after it, for `__feature__`, which
    Winnow does not use; Python then keeps those sources. Unread they save a tenth of the start, and 15 MiB.
    """
    import PySide6.QtCore  # noqa: F401

    feature = sys.modules.get("shibokensupport.feature")
    if hasattr(feature, "_mod_uses_pyside"):
        feature._mod_uses_pyside = _unread  # type: ignore[union-attr]


def _unread(_module: ModuleType) -> bool:
    return False

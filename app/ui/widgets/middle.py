"""What stands alone on a page: a little above its middle, and no wider than can be read."""

from __future__ import annotations

from PySide6.QtCore import QMargins
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui import fonts


def put_in_middle(page: QWidget, inner: QWidget, wide: int, around: QMargins) -> None:
    """`inner` is all of `page`; it takes at most `wide` pixels at 100 %, and `around` stays free."""
    inner.setMaximumWidth(fonts.scaled(wide))
    across = QHBoxLayout()
    across.addStretch(1)
    across.addWidget(inner, 100)
    across.addStretch(1)
    outer = QVBoxLayout(page)
    outer.setContentsMargins(around)
    outer.addStretch(2)
    outer.addLayout(across)
    outer.addStretch(3)

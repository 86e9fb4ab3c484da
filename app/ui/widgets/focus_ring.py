"""Shows where the keyboard is: a ring around the button that has the focus, outside of it, so nothing moves."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QFocusFrame, QProxyStyle, QStyle, QStyleHintReturn, QStyleOption, QWidget

from app.ui.theme import colour, size
from app.ui.widgets.key_button import KeyButton

MARGIN = 4  # pixels between a button's edge and the outside of its ring
WIDTH = 2


class _Margins(QProxyStyle):
    """Sets the ring's distance; a style of the ring alone, so that no other widget pays for it."""

    def pixelMetric(
        self, metric: QStyle.PixelMetric, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
        if metric in {QStyle.PixelMetric.PM_FocusFrameHMargin, QStyle.PixelMetric.PM_FocusFrameVMargin}:
            return MARGIN
        return super().pixelMetric(metric, option, widget)

    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returned: QStyleHintReturn | None = None,
    ) -> int:
        if hint is QStyle.StyleHint.SH_FocusFrame_AboveWidget:
            return 1  # else the button's own parent clips the ring
        return super().styleHint(hint, option, widget, returned)


class FocusRing(QFocusFrame):
    """One for each window: `FocusRing(window)`. Inputs show the focus by their own border, rows by their ground."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._style = _Margins("fusion")
        self._style.setParent(self)
        self.setStyle(self._style)
        self.hide()
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus_changed)

    def _on_focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        around = new if isinstance(new, KeyButton) or (new is not None and new.property("ringed")) else None
        if around is not None and not self._window.isAncestorOf(around):
            around = None
        self.setWidget(around)  # type: ignore[arg-type]  # None takes the ring away; the stub does not know
        if around is None:
            self.hide()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ring."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour("focus"), WIDTH))
        half = WIDTH / 2
        radius = size("radius") + MARGIN - half
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), radius, radius)

"""Where the Tab key goes on a page."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def stops(page: QWidget) -> list[QWidget]:
    """Where the Tab key may stop on a page, in the order in which Qt goes; those that are hidden too."""
    found: list[QWidget] = []
    each = page.nextInFocusChain()
    while each is not None and each is not page:
        if page.isAncestorOf(each) and each.focusPolicy() & Qt.FocusPolicy.TabFocus and each.focusProxy() is None:
            found.append(each)
        each = each.nextInFocusChain()
    return found


def begin_with_proxy(page: QWidget) -> None:
    """Goes on from whom the page hands the keyboard to, and comes to what stands before it at the end.

    A page that hands the keyboard on counts as a stop itself: the Tab key goes from the rail to the page, thus to its
    proxy, and would never come to anything that lies between the two.
    """
    proxy: QWidget | None = page.focusProxy()
    while proxy is not None and proxy.focusProxy() is not None:
        proxy = proxy.focusProxy()
    found = stops(page)
    if proxy in found[1:]:
        place = found.index(proxy)
        for before, after in pairwise([found[-1], *found[:place]]):
            QWidget.setTabOrder(before, after)

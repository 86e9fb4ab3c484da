"""Renders a page offscreen into a PNG: `python tools/render_screens.py calls --theme dark -o calls.png`.

What is shown is made up. A page is a function that returns a widget; add yours to `PAGES`.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from app.ui import theme


def render(widget: QWidget, size: QSize, file: Path, ratio: float = 1.0) -> None:
    """Shows the widget at a size and keeps its picture."""
    widget.resize(size)
    widget.show()
    for _ in range(5):
        QApplication.processEvents()
    image = QImage(size * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    widget.render(image)
    image.save(str(file))


def calls() -> QWidget:
    """The call page with a made-up shift."""
    from tests.ui.made_up import filled_calls_window

    return filled_calls_window()


def gallery() -> QWidget:
    """Every small widget and every input of Qt, as the theme shows them."""
    from tests.ui.made_up import gallery_window

    return gallery_window()


PAGES: dict[str, Callable[[], QWidget]] = {"calls": calls, "gallery": gallery}


def main() -> None:
    """Reads the command line and renders."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("page", choices=sorted(PAGES))
    parser.add_argument("--theme", choices=["light", "dark"], default="light")
    parser.add_argument("--size", default="1360x850")
    parser.add_argument("--text", type=float, default=1.0, help="size of texts, 1.0 to 2.0")
    parser.add_argument("--ratio", type=float, default=1.0, help="pixels of the picture for each of the page")
    parser.add_argument("-o", "--out", type=Path, default=Path("page.png"))
    given = parser.parse_args()
    application = QApplication(sys.argv[:1])
    theme.apply(application, theme.Theme(given.theme), given.text)
    width, height = (int(part) for part in given.size.split("x"))
    render(PAGES[given.page](), QSize(width, height), given.out, given.ratio)


if __name__ == "__main__":
    main()

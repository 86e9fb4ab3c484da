"""Renders a page offscreen into a PNG: `python tools/render_screens.py calls --theme dark -o calls.png`.

What is shown is made up. A page is a function that returns a widget; add yours to `PAGES`.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from app.ui import look, theme


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


def made_up(name: str) -> QWidget:
    """A page filled with people who do not exist."""
    from tests.ui import made_up as pages

    window: QWidget = getattr(pages, name)()
    return window


PAGES: dict[str, Callable[[], QWidget]] = {
    "calls": partial(made_up, "filled_calls_window"),
    "calls-blocked": partial(made_up, "blocked_calls_window"),
    "calls-asking": partial(made_up, "asking_calls_window"),
    "calls-empty": partial(made_up, "empty_calls_window"),
    "calls-typed": partial(made_up, "typed_calls_window"),
    "keys": partial(made_up, "keys_window"),
    "gallery": partial(made_up, "gallery_window"),
}


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
    look.apply(application, theme.Theme(given.theme), given.text)
    width, height = (int(part) for part in given.size.split("x"))
    render(PAGES[given.page](), QSize(width, height), given.out, given.ratio)


if __name__ == "__main__":
    main()

"""The report as a PDF: the same page as the HTML one, set by Qt, where there is no screen too."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QIODevice, QMarginsF, QSaveFile
from PySide6.QtGui import QGuiApplication, QPageLayout, QPageSize, QPdfWriter, QTextDocument

from app.services.errors import EnvironmentFailed

if TYPE_CHECKING:
    from app.services.results import Results
    from app.services.seat import Seat

MARGIN_MM = 16.0


def write_report(seat: Seat, found: Results, file: Path) -> str:
    """Write a report in the form that the file's ending says; returns where it is.

    Raises:
        EnvironmentFailed: it cannot be written.
    """
    from app.services.results.report_files import WRITERS
    from app.services.results.report_page import as_html

    if file.suffix.lower() == ".pdf":
        write_pdf(as_html(seat, found), file)
    else:
        WRITERS[file.suffix.lower()](seat, found, file)
    return str(file)


def write_pdf(html: str, path: Path, *, title: str = "Winnow results") -> None:
    """Write a page of HTML as a PDF in A4, landscape; an old file of that name is replaced whole or not at all.

    Raises:
        EnvironmentFailed: it cannot be written.
    """
    application = QGuiApplication.instance() or _application()
    file = QSaveFile(str(path))
    if not file.open(QIODevice.OpenModeFlag.WriteOnly):
        raise EnvironmentFailed(f"{path} cannot be written: {file.errorString()}.", todo="Choose another place.")
    writer = QPdfWriter(file)
    writer.setTitle(title)
    writer.setResolution(150)
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4),
            QPageLayout.Orientation.Landscape,
            QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM),
            QPageLayout.Unit.Millimeter,
        )
    )
    document = QTextDocument()
    document.setHtml(html)
    document.print_(writer)
    del writer
    if not file.commit():
        raise EnvironmentFailed(f"{path} cannot be written: {file.errorString()}.", todo="Choose another place.")
    del application


def _application() -> QGuiApplication:
    """Fonts need an application; a server has no display to open one on."""
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    made = QGuiApplication([])
    from app.ui import fonts

    made.setFont(fonts.font(13))
    return made

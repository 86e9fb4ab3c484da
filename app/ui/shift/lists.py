"""A shift's look at the page of lists: one from a fair, with what would become of each of its rows; nothing goes in."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence

if TYPE_CHECKING:
    from app.ui.capture.import_page import ImportPage
    from app.ui.shift.hands import Hands
    from app.ui.shift.pictures import Pictures

# As a scanner of badges writes it: semicolons, Windows-1252, numbers as printed, one person twice, one without anything
# that could be called.
SCANS = """Vorname;Name;Firma;Position;Rufnummer mobil;Zentrale;E-Mail;Erfasst am;Bemerkung;Scanner-Nr.
Giulia;Ferrante;Officine Ferrante;Leitung;0039 030 5550142;;giulia@ferrante.example;20.11.2026 12:52;Zwei Zellen;4
Hannah;Wieland;Wieland Präzision;Einkauf;+49 7031 5550110;+49 7031 555010;h.wieland@wieland.example;20.11.2026 12:38;;4
Pieter;de Boer;De Boer Staal;Head of Purchasing;+31 85 0001234;;p.deboer@deboer.example;20.11.2026 12:21;Greifer;4
Robert;Seidel;Seidel Antriebe;Werkleiter;+49 30 23125118;;r.seidel@seidel.example;20.11.2026 12:05;;7
Robert;Seidel;Seidel Antriebe;Werkleiter;+49 30 23125118;;r.seidel@seidel.example;20.11.2026 11:58;Ruft zurück;7
Zofia;Malinowska;Malinowska Meble;;12 34;;;20.11.2026 11:40;;7
Lin;Zhao;Suzhou Harmonic;Engineer;+86 512 55501234;;lin.zhao@harmonic.example;20.11.2026 11:31;R-40;7
Ewa;Kaminska;Kaminska Logistik;Betriebsleitung;22 555 01 2;;e.kaminska@kaminska.example;20.11.2026 11:12;;7
"""


def show(hands: Hands, page: ImportPage, pictures: Pictures) -> None:
    """Drops the list on the page, keeps a picture of what would happen, and goes back by Esc."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "hannover-scans.csv"
        file.write_text(SCANS, "cp1252")
        page.take([file])
        hands.until(lambda: page.list.importable() > 0, "What would become of a list does not come.")
        pictures.take("import")
        hands.send(QKeySequence(Qt.Key.Key_Escape))
        hands.until(lambda: page.list.look is None, "Esc did not put the list away.")

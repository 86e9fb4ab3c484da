"""Makes resources/look, the drawings of the style sheet in the colours of both themes: `python tools/look_drawings.py`.

Run it when a colour of app/ui/tokens.py or one of the icons in app/ui/sheet.py has changed; a test compares.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from app import paths
from app.ui import sheet

if __name__ == "__main__":
    folder = paths.resources() / sheet.FOLDER
    folder.mkdir(exist_ok=True)
    for name, drawing in sheet.drawings().items():
        (folder / name).write_bytes(drawing)

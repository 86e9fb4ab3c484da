"""Makes resources/parsed.json from the documents: `python tools/parsed_documents.py`.

Run it when a document of resources/calling_rules or resources/places has changed; tests/test_shipped.py compares.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from app import paths, shipped

if __name__ == "__main__":
    (paths.resources() / shipped.FILE).write_bytes(shipped.parse())

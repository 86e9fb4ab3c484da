"""Finds what comes with Winnow, from a source checkout, an installed wheel and a bundle alike.

The one place that knows where `resources/` and `migrations/` are. Nothing is read or opened here.
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def resources() -> Path:
    """The folder of scripts, scorecards, rules of calling hours, icons, translations and sample inquiries.

    Raises:
        FileNotFoundError: this copy of Winnow is incomplete.
    """
    return _shipped("resources")


def migrations() -> Path:
    """The folder that holds `local/` and `hub/`, the Alembic migrations of the two stores.

    Raises:
        FileNotFoundError: this copy of Winnow is incomplete.
    """
    return _shipped("migrations")


@cache
def _shipped(name: str) -> Path:
    for base in _bases():
        folder = base / name
        if folder.is_dir():
            return folder
    looked = ", ".join(str(base) for base in _bases())
    raise FileNotFoundError(
        f"This copy of Winnow lacks its folder {name!r} (looked in {looked}). Install Winnow again."
    )


def _bases() -> list[Path]:
    """Where the folders may be, most specific first: the bundle, the wheel, the checkout."""
    bundle = getattr(sys, "_MEIPASS", None)  # set by PyInstaller's bootloader alone
    if bundle is not None:
        return [Path(bundle)]
    # A wheel carries `_data`; a checkout never does, so a checkout beside an old wheel is not taken for it. The
    # folder above the package counts only where it is a checkout: above an installed wheel are other projects' files.
    bases = [PACKAGE / "_data"]
    if (PACKAGE.parent / "pyproject.toml").is_file():
        bases.append(PACKAGE.parent)
    return bases

"""What is kept of a bug: where it happened, and nothing that a person typed.

A traceback names files, lines and functions; its last line often carries a value, such as a name that was looked up.
Only messages that Python itself writes about code are kept.
"""

from __future__ import annotations

import platform
import time
import traceback
from pathlib import Path

import app

FILE = "winnow.log"
LARGEST = 256 * 1024  # bytes; then it becomes winnow.log.1, and the one before goes
ABOUT_CODE = (AttributeError, NameError, ImportError, RecursionError, NotImplementedError)
_PACKAGE = Path(app.__file__).resolve().parent


def describe(error: BaseException) -> str:
    """Where it happened, innermost last, without a value; causes come first, as Python prints them."""
    parts = []
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        parts.append(_one(one))
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    return "\nand then\n".join(reversed(parts))


def _one(error: BaseException) -> str:
    lines = [
        f"  {_short(frame.filename)}:{frame.lineno} in {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    words = f": {error}" if isinstance(error, ABOUT_CODE) else ""
    return "\n".join([*lines, f"{type(error).__name__}{words}"])


def _short(name: str) -> str:
    """The file without the folders above, which may carry somebody's name."""
    path = Path(name)
    if path.is_relative_to(_PACKAGE):
        return path.relative_to(_PACKAGE.parent).as_posix()
    return "/".join(path.parts[-2:])


def report(error: BaseException) -> str:
    """The whole report, as it is shown and copied."""
    made = f"Winnow {app.__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    return f"{made}\n{describe(error)}"


def keep(home: Path, text: str) -> None:
    """Adds a report to the home's log, which never grows beyond two small files."""
    file = home / FILE
    try:
        if file.exists() and file.stat().st_size > LARGEST:
            file.replace(home / f"{FILE}.1")
        with file.open("a", encoding="utf-8") as log:
            log.write(f"{time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())} {text}\n\n")
    except OSError:
        return  # the disk may be what is broken; the report is on the screen

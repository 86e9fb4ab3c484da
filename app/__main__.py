"""winnow: the window, or a command.

Alone, or with a home alone, it opens the window; everything else is a command of the terminal.
"""

from __future__ import annotations

import gc
import os
import sys

HOME = "--home"
NO_DISPLAY = (
    "winnow: There is no display here for a window. Nothing was changed. "
    "The commands work without one: winnow --help; winnow shift works made-up inquiries by itself and keeps pictures."
)
SYSTEM_FAILED = 4


def home_of_window(argv: list[str]) -> tuple[bool, str | None]:
    """Whether these arguments ask for the window, and the home they name."""
    if not argv:
        return True, None
    if len(argv) == 2 and argv[0] == HOME:
        return True, argv[1]
    if len(argv) == 1 and argv[0].startswith(f"{HOME}="):
        return True, argv[0].removeprefix(f"{HOME}=")
    return False, None


def has_display() -> bool:
    """Whether Qt can open a window; without a display it would end the process."""
    elsewhere = sys.platform in {"win32", "darwin"}
    return elsewhere or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def main(argv: list[str] | None = None) -> int:
    """Runs Winnow; gives the exit code."""
    argv = sys.argv[1:] if argv is None else argv
    window, home = home_of_window(argv)
    if window and not has_display():
        print(NO_DISPLAY, file=sys.stderr)
        return SYSTEM_FAILED
    if window:
        gc.disable()  # what is imported stays: to look through it again and again costs 60 ms; the window goes on later
        from app.ui import ahead, pyside

        pyside.begin_alone()
        path, opening = ahead.begin(home)  # the home opens while Qt is imported
        pyside.begin()
        from app.ui import application

        return application.run(path, opening)
    from app.cli import main as terminal

    return int(terminal.main(argv) or 0)


if __name__ == "__main__":
    sys.exit(main())

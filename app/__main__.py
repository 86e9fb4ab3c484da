"""winnow: the window, or a command.

Alone, or with a home alone, it opens the window; everything else is a command of the terminal.
"""

from __future__ import annotations

import gc
import sys

HOME = "--home"


def home_of_window(argv: list[str]) -> tuple[bool, str | None]:
    """Whether these arguments ask for the window, and the home they name."""
    if not argv:
        return True, None
    if len(argv) == 2 and argv[0] == HOME:
        return True, argv[1]
    if len(argv) == 1 and argv[0].startswith(f"{HOME}="):
        return True, argv[0].removeprefix(f"{HOME}=")
    return False, None


def main(argv: list[str] | None = None) -> int:
    """Runs Winnow; gives the exit code."""
    argv = sys.argv[1:] if argv is None else argv
    window, home = home_of_window(argv)
    if window:
        gc.disable()  # what is imported stays: to look through it again and again costs 60 ms; the window goes on later
        from app.ui import ahead

        path, opening = ahead.begin(home)  # the home opens while Qt is imported
        from app.ui import application

        return application.run(path, opening)
    from app.cli import main as terminal

    return int(terminal.main(argv) or 0)


if __name__ == "__main__":
    sys.exit(main())

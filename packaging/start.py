"""Where the bundle starts: `python -m app`, made safe for the child processes of imports and reports."""

from __future__ import annotations

import multiprocessing
import sys

from app.__main__ import main

if __name__ == "__main__":
    # Without this a child process of the bundle would open another window.
    multiprocessing.freeze_support()
    sys.exit(main())

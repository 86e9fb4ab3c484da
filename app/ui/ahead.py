"""Work that goes on while Qt is still being imported; so this module imports nothing of it."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.bootstrap import Home
    from app.services.waiting import Waiting


class Ahead:
    """Work on a thread of its own, whose result is fetched once."""

    def __init__(self, work: Callable[[], Any]) -> None:
        self._work = work
        self.result: Any = None
        self.error: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="opening", daemon=True)
        self._thread.start()

    def wait(self, seconds: float) -> bool:
        """Whether it is done, after at most `seconds`."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def fetch(self) -> Any:
        """The result, however long it takes.

        Raises:
            Exception: whatever the work raised.
        """
        self._thread.join()
        if self.error is not None:
            raise self.error
        return self.result

    def _run(self) -> None:
        try:
            self.result = self._work()
        except Exception as error:  # noqa: BLE001 - it is delivered, and shown by the window
            self.error = error


def begin(home: str | None = None) -> tuple[Path, Ahead | None]:
    """Where the home is, and, where there is one, the opening of it under way."""
    import_msgspec()
    from app import bootstrap

    path = bootstrap.home_path(home)
    return path, Ahead(partial(with_rows, partial(_open, path))) if is_home(path) else None


def import_msgspec() -> None:
    """Without `typing_extensions`, of which it takes, where that is installed, what Python has had since 3.11.

    With it come `inspect`, `ast` and `dis`: a twentieth of the start.
    """
    if "msgspec" in sys.modules or "typing_extensions" in sys.modules:
        return
    sys.modules["typing_extensions"] = None  # type: ignore[assignment]  # so Python says that there is none
    try:
        import msgspec  # noqa: F401
    finally:
        del sys.modules["typing_extensions"]


def with_rows(open_home: Callable[[], Home]) -> tuple[Home, Waiting]:
    """An open home, and the first page of its queue."""
    from app.services.waiting import waiting

    home = open_home()
    try:
        return home, waiting(home.seat)
    except BaseException:
        home.close()
        raise


def is_home(path: Path) -> bool:
    """Whether anything of a home is there, as far as that can be seen."""
    from app import bootstrap

    try:
        return bootstrap.exists(path)
    except OSError:  # a folder above may not be entered: opening says so
        return True


def _open(path: Path) -> Home:
    """As `bootstrap.open_home`; what the system refuses is said in words."""
    from app import bootstrap
    from app.services.errors import EnvironmentFailed

    try:
        return bootstrap.open_home(path)
    except OSError as error:
        raise EnvironmentFailed(
            f"The home {path} cannot be read: {error.strerror}.", todo="Ask who owns the folder, or choose another."
        ) from error

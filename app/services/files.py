"""Files that people are given: whole under their name, or not there at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.services.errors import EnvironmentFailed


@contextmanager
def whole(file: Path, kept: str = "Nothing was changed.") -> Iterator[Path]:
    """A file beside the wanted one, that takes its name when all of it is written; `kept` is said when it is not.

    Raises:
        EnvironmentFailed: it cannot be written; an old one of that name is kept.
    """
    beside = file.with_name(f"{file.name}.part")
    try:
        yield beside
        beside.replace(file)
    except OSError as error:
        raise EnvironmentFailed(
            f"{file} cannot be written: {error.strerror or error}.", kept=kept, todo="Choose another place."
        ) from error
    finally:
        beside.unlink(missing_ok=True)

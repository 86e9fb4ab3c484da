"""Work of a page without threads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.ui.tasks import Tasks
from app.ui.workers import Job, run


class InlineTasks(Tasks):
    """As `Tasks`, but everything is done before `act` and `read` return."""

    def _start(self) -> None:
        self._worker = None

    def through(self, step: Callable[[], Any]) -> Any:
        """Runs it at once."""
        return step()

    def _submit_write(self, job: Job) -> None:
        result, error = run(self.seat, job)
        self._on_done(job.number, result, error)

    def _submit_read(self, job: Job, *, slow: bool = False) -> None:
        self._submit_write(job)

"""What of the call page is painted first: the queue, with the rows that were read while Qt was imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.ui.calls.calls_view import CallsView

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.services.waiting import Waiting
    from app.ui.tasks import Tasks


def begin(tasks: Tasks, parent: QWidget) -> CallsView | None:
    """The view that the page will complete; None where no rows were read yet."""
    read: Waiting | None = tasks.offered("queue")
    if read is None:
        return None
    view = CallsView(parent, whole=False)
    view.queue.model.set_rows(read.page.rows, read.read_at, more=read.page.next is not None)
    return view

"""A shift that works itself, by keys alone."""

from app.ui.shift.hands import ShiftFailed
from app.ui.shift.working import run

__all__ = ["ShiftFailed", "run"]

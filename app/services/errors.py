"""Errors for people: what happened, what was kept, what to do. Everything else is a bug."""

from __future__ import annotations


class ServiceError(Exception):
    """A sentence for the person at the screen; nothing was changed unless `kept` says otherwise.

    Attributes:
        code: stable name for programs, in snake case.
        sentence: what happened. kept: what was kept. todo: what to do.
    """

    code = "refused"

    def __init__(self, sentence: str, *, kept: str = "", todo: str = "") -> None:
        super().__init__(sentence)
        self.sentence, self.kept, self.todo = sentence, kept, todo

    def __str__(self) -> str:
        return " ".join(part for part in (self.sentence, self.kept, self.todo) if part)


class Refused(ServiceError):
    """A rule says no, and nothing changed (exit code 3)."""


class NotFound(Refused):
    """There is no such inquiry, entry, source or file in this home."""

    code = "not_found"


class ReasonNeeded(Refused):
    """The decision differs from the score's advice, and no reason was given."""

    code = "reason_needed"


class NobodyCallable(Refused):
    """Nobody in the queue may be called now."""

    code = "nobody_callable"


class Locked(Refused):
    """The home is encrypted, and nothing that was given opens it."""

    code = "locked"


class EnvironmentFailed(ServiceError):
    """The operating system or the network failed: disk full, file unreadable (exit code 4)."""

    code = "environment"

"""Who is next: promised callbacks that are due, then mine, then nobody's, then others' that have waited too long.

`order` says who comes when, `pages` gives rows of it, `holding` says who has whom on the line, `figures` how many there
are, `view` why somebody is not called.
"""

from app.models.rows import Group
from app.services.queue.ages import Ages
from app.services.queue.figures import counts
from app.services.queue.holding import (
    LEASE_MS,
    TERMINAL,
    NotHeld,
    behind,
    claim,
    claim_next,
    claim_no,
    first_to_take,
    forget_dead_windows,
    held_in_order,
    holder_of,
    in_team,
    keep_claims,
    let_go,
    let_go_of_others,
    lost,
    peek_next,
    refuse_if_held,
    refuse_if_taken,
    release,
    why_nobody,
)
from app.services.queue.order import Place, calling_classes, in_order
from app.services.queue.pages import Page, callable_page, numbered, row, rows, whole_page
from app.services.queue.view import COLUMNS, MINUTE, View

__all__ = [
    "COLUMNS", "LEASE_MS", "MINUTE", "TERMINAL", "Ages", "Group", "NotHeld", "Page", "Place", "View", "behind",
    "callable_page", "calling_classes", "claim", "claim_next", "claim_no", "counts", "first_to_take",
    "forget_dead_windows", "held_in_order", "holder_of", "in_order", "in_team", "keep_claims",
    "let_go", "let_go_of_others", "lost", "numbered", "peek_next", "refuse_if_held", "refuse_if_taken", "release",
    "row", "rows", "whole_page", "why_nobody",
]  # fmt: skip

"""What became of the inquiries of a period: `figures` says it, from what `counts` and `callers` count.

`predicting` says which answers a sale follows, `costs` keeps what a source cost, and `report_files` writes
what is handed round.
"""

from app.services.results.callers import CallerFigures
from app.services.results.figures import Bar, Figures, FirstCalls, Money, Results, SourceFigures, Stopped, results

__all__ = [
    "Bar", "CallerFigures", "Figures", "FirstCalls", "Money", "Results", "SourceFigures", "Stopped", "results",
]  # fmt: skip

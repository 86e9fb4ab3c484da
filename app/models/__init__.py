"""What is true: entries, their fold, scripts, scores, limits and calling hours; no I/O, no Qt, no clock."""

"""The page of sales: what was qualified, the second look, next steps, and how it ended."""

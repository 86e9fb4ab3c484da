"""The same services from a terminal, one file per group of commands."""

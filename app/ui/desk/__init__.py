"""The team lead's desk: what waits too long, who holds what, contested decisions, silent sales."""

"""Winnow: call the oldest inquiry first, and decide with one key: sell, nurture or discard."""

__version__ = "0.1.0"

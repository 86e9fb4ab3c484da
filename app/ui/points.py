"""Points as people read them: with their sign, and in a colour that says the same."""

from __future__ import annotations


def signed(points: int) -> str:
    """`+25`, `0`, `−5` with a true minus sign."""
    return f"+{points}" if points > 0 else f"−{-points}" if points < 0 else "0"


def ink(points: int) -> str:
    """The theme's name of their colour."""
    return "sell" if points > 0 else "late" if points < 0 else "ink_2"

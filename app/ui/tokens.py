"""Colours by meaning, and sizes in pixels at 100 % text; nothing else in Winnow names a colour.

Each pair of text and ground that is painted reaches 4.5:1, borders of controls 3:1. A module rather than a file of
settings: it is read before the first paint, and Python keeps it compiled.
"""

from __future__ import annotations

LIGHT = {
    "bg": "#f6f7f9",
    "panel": "#ffffff",
    "line": "#e3e6eb",
    "line_soft": "#eef0f3",
    "ink": "#1b2430",
    "ink_2": "#4f5b6c",
    "ink_3": "#616c7d",
    "accent": "#2f5bea",
    "accent_soft": "#eaf0ff",
    "on_accent": "#ffffff",
    "sell": "#0b7a53",
    "sell_soft": "#e4f6ee",
    "nurture": "#8f5400",
    "nurture_soft": "#fdf1dc",
    "discard": "#5d6675",
    "discard_soft": "#eceff3",
    "late": "#b92720",
    "late_soft": "#fdeaea",
    "rail": "#1c2434",
    "rail_ink": "#a9b4ca",
    "focus": "#2f5bea",
    "control": "#8a94a4",
}

DARK = {
    "bg": "#14181f",
    "panel": "#1b212a",
    "line": "#2c3441",
    "line_soft": "#242b36",
    "ink": "#e8ecf2",
    "ink_2": "#a9b4c3",
    "ink_3": "#8d99aa",
    "accent": "#7da0ff",
    "accent_soft": "#22304f",
    "on_accent": "#0e1420",
    "sell": "#4cc795",
    "sell_soft": "#16352a",
    "nurture": "#eab04f",
    "nurture_soft": "#3a2d14",
    "discard": "#a3adba",
    "discard_soft": "#2a313c",
    "late": "#ff8079",
    "late_soft": "#3c1f20",
    "rail": "#0f131a",
    "rail_ink": "#8f9bb3",
    "focus": "#7da0ff",
    "control": "#6d7888",
}

SIZE = {
    "body": 14,
    "secondary": 13,
    "tiny": 12,
    "heading": 18,
    "question": 20,
    "score": 52,
    "radius": 8,
    "radius_chip": 6,
    "radius_card": 10,
    "hairline": 1,
    "rail": 64,
    "queue": 296,
    "score_pane": 256,
    "button": 34,
    "button_call": 44,
    "button_answer": 46,
}

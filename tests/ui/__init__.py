"""Real widgets, offscreen."""

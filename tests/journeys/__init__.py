"""Whole shifts, worked in the real window."""

"""Sync, against a hub in memory and a real one."""

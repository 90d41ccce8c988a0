"""Backups without day keys, and the way back from one (decision 2)."""

"""Changing keys offline: the master key, and the key of the personal columns."""

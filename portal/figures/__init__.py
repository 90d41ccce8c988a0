"""Counts over all recordings or all of the history, made ahead where making them takes long."""

"""Typed searches: names and telephone numbers are looked for, but stand in no address."""

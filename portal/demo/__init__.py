"""Demo people, calls and sound: never loaded on an installation that is not a demo."""

"""One line of the table that `every.py` puts together: what was measured, and its target."""

from __future__ import annotations

MARK = "» "


def figure(what: str, found: float, limit: float, unit: str = "×", *, least: bool = False) -> bool:
    """Print it; whether the target is met: at most `limit`, or with `least` at least."""
    met = found >= limit if least else found <= limit
    word = "≥" if least else "≤"
    print(
        f"{MARK}{what} | {found:.2f} {unit} | {word} {limit:g} {unit} | {'' if met else 'missed'}"
    )
    return met

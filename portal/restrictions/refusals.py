"""Why something about a restriction is not done; `str()` says what to do instead."""

from __future__ import annotations


class RestrictionRefused(Exception):
    """The base of all of them: nothing was changed."""


class MayNot(RestrictionRefused):
    """The person must not do this with this restriction."""


class Changed(RestrictionRefused):
    """Somebody else was faster, or time went on."""


class BadEntry(RestrictionRefused):
    """Something typed is missing or does not fit; `field` names it."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)

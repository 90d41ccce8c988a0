"""What can go wrong with a paper."""

from __future__ import annotations


class DocumentError(Exception):
    """The paper cannot be printed as it should be; nothing was produced.

    The message is Korean and says what to do. A paper is never issued with a box for a letter,
    without its signature, or cut.
    """


class DoesNotFitError(DocumentError):
    """The paper came out on more or fewer pages than it must have."""

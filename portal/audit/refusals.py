"""A refused request is an event of its own, whatever happens to the rest of the request."""

from __future__ import annotations

from flask_login import current_user

from portal.audit.record import record_alone


def refused(endpoint: str) -> None:
    """Log that the person who is logged in may not open this endpoint."""
    record_alone("access.refused", by=current_user, endpoint=endpoint)

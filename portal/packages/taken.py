"""Whether anything of an application's packages ever left the portal."""

from __future__ import annotations

from sqlalchemy import ColumnElement, exists, select

from portal.applications.models import Application
from portal.extensions import db
from portal.packages.models import Package


def was_taken(application: Application) -> bool:
    """True from the first byte on: an interrupted download may lie somewhere too."""
    taken = select(Package.id).where(
        Package.application_id == application.id, Package.first_byte_at.is_not(None)
    )
    return db.session.scalar(taken.limit(1)) is not None


def is_taken() -> ColumnElement[bool]:
    """The same for a statement over `Application`."""
    return (
        exists()
        .where(Package.application_id == Application.id, Package.first_byte_at.is_not(None))
        .correlate(Application)
    )

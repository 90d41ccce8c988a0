"""Which page a turned screen shows (`portal/web/turned.py`): Form 1, Form 2 or a restriction's
notice, by what its subject is."""

from __future__ import annotations

from flask import url_for
from sqlalchemy import select

from portal.applications.models import Application
from portal.extensions import db
from portal.handover.prepare import receipt_of


def address_of(subject: str) -> str:
    """The address of the screen for a subject's public id."""
    application = db.session.scalar(select(Application).where(Application.public_id == subject))
    if application is None:
        return url_for("restrictions.screen", public_id=subject)
    signs = "handover" if receipt_of(application) else "applications"
    return url_for(f"{signs}.screen", public_id=subject)

"""What somebody puts their name to on Form 1: changed after the signature, it needs a new one."""

from __future__ import annotations

from datetime import UTC, datetime

from portal.applications.models import Application

_UNKNOWN = "?"


def signed_text(application: Application) -> tuple[str, ...]:
    """What the boxes of Form 1 say, each as a text; empty where nothing is written yet."""
    caller, callee = application.caller_number, application.callee_number
    start, end = application.asked_from, application.asked_until
    asked = f"{_moment(start)}~{_moment(end)}" if start else ""
    return (
        application.disclosure_type,
        application.name_on_form1,
        application.birth_or_business_no or "",
        application.address or "",
        _UNKNOWN if caller is None else caller,
        _UNKNOWN if callee is None else callee,
        application.called_department or "",
        asked,
        application.purpose or "",
        application.relation_to_subject or "",
        application.reason or "",
    )


def _moment(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat() if at else ""


def is_other(before: tuple[str, ...], after: tuple[str, ...]) -> bool:
    """Whether something that stood there was changed; filling in what was missing is none."""
    return any(was and was != now for was, now in zip(before, after, strict=True))

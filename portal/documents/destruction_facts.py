"""What stands on the 파기 확인서 of an application: its provision, its packages, its answer."""

from __future__ import annotations

from sqlalchemy import select

from portal import clock, phones
from portal.applications.models import Application
from portal.destruction.confirm import WORDS, destruction_of
from portal.documents import destruction_paper
from portal.documents.addresses import verification_url
from portal.documents.text import korean_datetime
from portal.documents.wording import Wording
from portal.extensions import db
from portal.handover.models import HandoverReceipt
from portal.packages.models import Package, PackageDownload
from portal.runtime import settings

_STATES = ("awaited", "unanswered", "confirmed")


def exists_for(application: Application) -> bool:
    """Something was provided, and it was not all over before anybody took it."""
    if application.disclosure_type != "provision" or not application.control_no:
        return False
    row = destruction_of(application)
    return row is not None and row.state in _STATES


def draw(application: Application, number: str) -> bytes:
    """The paper with its number: as confirmed, or to be signed by hand. Raises `DocumentError`."""
    row = destruction_of(application)
    if row is None:
        raise LookupError("the application has no provision")
    return destruction_paper.render(
        destruction_paper.DestructionPaper(
            wording=Wording.of(settings()),
            control_no=application.control_no or "",
            holder=application.recipient_name,
            contact=phones.shown(application.contact or application.official_contact or ""),
            provided_on=clock.seoul(row.awaited_since).date(),
            files=len(_handed_over(application)),
            media=_media(application),
            destroyed_on=row.destroyed_on,
            told=_told(row.told_how, row.recorded_by.name if row.recorded_by else "",
                       korean_datetime(row.recorded_at) if row.recorded_at else ""),
            note=row.note,
            verification_no=number,
            verification_url=verification_url(number),
        )
    )  # fmt: skip


def _told(how: str, officer: str, at: str) -> str:
    words = WORDS.get(how, "")
    return f"{words} ({officer}, {at})" if words and at else words


def _handed_over(application: Application) -> list[int]:
    """Positions of the recordings that lived at the handover."""
    receipt = select(HandoverReceipt.handed_over_at).where(
        HandoverReceipt.application_id == application.id
    )
    at = db.session.scalar(receipt)
    return [m.position for m in application.matches if at is None or m.recording.deleted_at > at]


def _media(application: Application) -> tuple[str, ...]:
    taken = (
        select(PackageDownload.medium, PackageDownload.medium_serial)
        .join(Package, Package.id == PackageDownload.package_id)
        .where(Package.application_id == application.id, PackageDownload.completed_at.is_not(None))
        .order_by(PackageDownload.id)
    )
    return tuple(
        " ".join(part for part in (medium, serial) if part)
        for medium, serial in db.session.execute(taken)
        if medium
    )

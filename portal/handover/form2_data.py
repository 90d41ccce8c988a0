"""What stands in the boxes of Form 2 for one application."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from portal.accounts.models import Account
from portal.applications.models import Application
from portal.documents import form2
from portal.documents.addresses import verification_url
from portal.documents.wording import Wording
from portal.recordings.models import Recording
from portal.runtime import settings


def living_recordings(application: Application) -> list[tuple[int, Recording]]:
    """The matched recordings that may still be handed over, with their positions."""
    return [(m.position, m.recording) for m in application.matches if m.recording.is_alive]


def unsigned_form(
    application: Application, *, transferor: Account, received_on: date, reply: str = ""
) -> form2.HandoverReceipt:
    """The receipt before the signatures; recordings that died meanwhile are left out.

    `reply` names the 회신 공문 where it is answered by one.
    """
    person = transferor.person
    rows = tuple(
        form2.ReceiptRow(
            control_no=f"{application.control_no}-{position:02d}",
            caller_number=recording.caller_number or "",
            callee_number=recording.callee_number or "",
            called_at=recording.called_at,
            file_count=1,
            purpose=application.purpose,
            remarks="열람" if application.disclosure_type == "inspection" else "제공",
        )
        for position, recording in living_recordings(application)
    )
    return form2.HandoverReceipt(
        wording=Wording.of(settings()),
        rows=rows,
        received_on=received_on,
        signed_on=received_on,
        transferor_department=person.department_name,
        transferor_rank=person.rank,
        transferor_name=person.name,
        transferee_address=transferee_address(application),
        transferee_name=application.recipient_name,
        reply=reply,
        control_no=application.control_no or "",
    )


def transferee_address(application: Application) -> str:
    """The department of an employee, the address of everybody else."""
    if application.applicant:
        return application.applicant.department_name
    return application.address or ""


def signed_form(
    unsigned: form2.HandoverReceipt,
    *,
    transferor_png: bytes,
    transferee_png: bytes,
    unsigned_sha256: str,
    verification_no: str,
) -> form2.HandoverReceipt:
    """The same receipt with both signatures and the hash of what was signed."""
    return replace(
        unsigned,
        transferor_signature_png=transferor_png,
        transferee_signature_png=transferee_png,
        unsigned_sha256=unsigned_sha256,
        verification_no=verification_no,
        verification_url=verification_url(verification_no),
    )

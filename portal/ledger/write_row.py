"""One row of the ledger, in the same transaction as the handover it records (제7조④)."""

from __future__ import annotations

from portal import clock
from portal.applications.models import Application
from portal.database import writing
from portal.documents.text import korean_datetime
from portal.ledger.models import LedgerNumber, LedgerRow
from portal.numbers import next_serial
from portal.phones import digits, shown
from portal.recordings.models import Recording

SERIES = "ledger"
ARROW = " → "
UNKNOWN = "모름"


class NothingToEnter(RuntimeError):
    """The application was never received, or none of its recordings is alive: no handover."""


def write_row(
    application: Application,
    *,
    basis: str,
    transferor_name: str,
    transferee_name: str,
    affiliation: str,
    remarks: str = "",
) -> LedgerRow:
    """Copy the boxes of 별지 제3호서식 as they stand at this moment, under the year's next number.

    `basis` is 이용·제공 근거 with its 공문번호, `affiliation` 소속(주소). The recordings that are
    handed over, the living ones, are named. Raises `NothingToEnter`.
    """
    matches = application.matches
    recordings = [match.recording for match in matches if match.recording.is_alive]
    if not application.control_no or not recordings:
        raise NothingToEnter("a ledger row needs a control number and a living recording")
    year = clock.today().year
    row = LedgerRow(
        application_id=application.id,
        year=year,
        serial=next_serial(SERIES, year),
        control_no=application.control_no,
        disclosure_type=application.disclosure_type,
        ground=application.ground,
        applicant_name=application.applicant_name,
        affiliation=affiliation,
        called_at_text="\n".join(korean_datetime(r.called_at) for r in recordings),
        numbers_text="\n".join(_numbers(r) for r in recordings),
        reason=application.reason,
        basis=basis,
        transferor_name=transferor_name,
        transferee_name=transferee_name,
        approvals_text=_approvals(application),
        remarks=remarks,
        recorded_at=clock.now(),
    )
    writing().add(row)
    writing().flush()
    writing().add_all(numbers_of(row))
    return row


def numbers_of(row: LedgerRow) -> list[LedgerNumber]:
    """The numbers by which a row is found, each once."""
    found = dict.fromkeys(filter(None, map(digits, row.numbers_text.split())))
    return [
        LedgerNumber(ledger_row_id=row.id, number=n, last=n[-4:] if len(n) >= 4 else None)
        for n in found
    ]


def _numbers(recording: Recording) -> str:
    pair = (recording.caller_number, recording.callee_number)
    return ARROW.join(shown(number) if number else UNKNOWN for number in pair)


def _approvals(application: Application) -> str:
    """A line per step, `팀장 김하나`; who stood in for the holder (대결) is named so."""
    lines = []
    for step in application.steps:
        if step.decided_by is None:
            continue
        acting = f" ({step.capacity})" if step.capacity not in ("", step.title) else ""
        lines.append(f"{step.title} {step.decided_by.name}{acting}")
    return "\n".join(lines)

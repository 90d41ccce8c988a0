"""Rows of the ledger as 별지 제3호서식 prints them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from portal import clock
from portal.documents import form3
from portal.documents.wording import Wording
from portal.ledger.models import LedgerRow
from portal.ledger.write_row import ARROW
from portal.runtime import settings

_COLUMNS = 3  # under 결재


def print_rows(
    rows: Sequence[LedgerRow],
    period: str,
    *,
    verification_no: str = "",
    verification_url: str = "",
    progress: Callable[[int, int], None] | None = None,
) -> bytes:
    """A PDF of the rows in their order; `progress(done, all)` in pages. Raises `DocumentError`."""
    titles = approval_titles(rows)
    return form3.render(
        form3.Ledger(
            wording=Wording.of(settings()),
            rows=tuple(paper_row(row, titles) for row in rows),
            approval_titles=titles,
            period=period,
            verification_no=verification_no,
            verification_url=verification_url,
        ),
        progress,
    )


def paper_row(row: LedgerRow, titles: Sequence[str]) -> form3.LedgerRow:
    """One row for the paper; `titles` are the columns under 결재."""
    signed = dict(approvals_of(row))
    return form3.LedgerRow(
        number=str(row.serial),
        disclosure_type=row.disclosure_type,
        applicant=row.applicant_name,
        affiliation_or_address=row.affiliation,
        called_at=tuple(_moment(line) for line in row.called_at_text.splitlines()),
        phone_numbers=tuple(numbers_of(row)),
        reason=row.reason,
        legal_basis=row.basis,
        transferor=row.transferor_name,
        transferee=row.transferee_name,
        approvals=tuple(signed.get(title, "") for title in titles),
        remarks=row.remarks,
    )


def numbers_of(row: LedgerRow) -> list[str]:
    """The telephone numbers of all its calls, as shown, each once."""
    lines = row.numbers_text.splitlines()
    return list(dict.fromkeys(number for line in lines for number in line.split(ARROW)))


def approvals_of(row: LedgerRow) -> list[tuple[str, str]]:
    """Title and name of each column of the 결재 as the row has them."""
    known = sorted((s.title for s in settings().approval.steps), key=len, reverse=True)
    return [_title_and_name(line, known) for line in row.approvals_text.splitlines()]


def approval_titles(rows: Sequence[LedgerRow]) -> tuple[str, ...]:
    """The columns of the 결재: those in force, and those of rows from before a change of them."""
    titles = dict.fromkeys(step.title for step in settings().approval.steps)
    used = dict.fromkeys(title for row in rows for title, _name in approvals_of(row))
    if rows and len(titles | used) > _COLUMNS:
        return tuple(used)
    return tuple(titles | used)


def _title_and_name(line: str, known: Sequence[str]) -> tuple[str, str]:
    for title in known:
        if line.startswith(f"{title} "):
            return title, line[len(title) + 1 :]
    title, _, name = line.partition(" ")
    return title, name


def _moment(text: str) -> datetime:
    """`2026. 11. 23. 14:05` in Seoul."""
    return datetime.strptime(text, "%Y. %m. %d. %H:%M").replace(tzinfo=clock.SEOUL)

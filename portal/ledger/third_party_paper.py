"""The lines of the statutory ledger as they are printed, shown and exported: one source for all."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from portal import clock
from portal.documents import third_party as paper
from portal.documents.text import korean_date
from portal.documents.wording import Wording
from portal.ledger.third_party import Entry
from portal.phones import shown
from portal.runtime import settings


def print_entries(
    entries: Sequence[Entry],
    period: str,
    *,
    verification_no: str = "",
    verification_url: str = "",
    progress: Callable[[int, int], None] | None = None,
) -> bytes:
    """A PDF of the lines in their order; `progress(done, all)` in pages. Raises `DocumentError`."""
    rules = settings()
    law = rules.third_party
    return paper.render(
        paper.Register(
            wording=Wording.of(rules),
            title=law.title,
            form=law.form,
            measures_label=law.measures_label,
            rows=tuple(paper_line(entry) for entry in entries),
            period=period,
            verification_no=verification_no,
            verification_url=verification_url,
        ),
        progress,
    )


def paper_line(entry: Entry) -> paper.Line:
    """One line, in full."""
    row, application, law = entry.row, entry.application, settings().third_party
    return paper.Line(
        number=f"{row.year}-{row.serial}",
        control_no=row.control_no,
        file_name=law.file_name,
        use=law.use,
        recipient=row.applicant_name,
        officer_department=application.official_department,
        officer_name=" ".join(
            part for part in (application.official_rank, application.official_name or "") if part
        ),
        officer_contact=_contact(application.official_contact or ""),
        provided_on=korean_date(clock.seoul(row.recorded_at).date()),
        form=law.inspection if row.disclosure_type == "inspection" else law.provision,
        basis=", ".join(
            part for part in (law.law(row.ground), application.legal_basis, row.basis) if part
        ),
        purpose=application.purpose,
        items=f"{law.items} ({len(row.called_at_text.splitlines())}건)",
        measures=law.measures.strip(),
        published=published_words(entry),
    )


def published_words(entry: Entry) -> str:
    """`2026. 12. 1. 이천시 누리집`, by when it is to be, or that it need not be."""
    if entry.publication:
        return f"{korean_date(entry.publication.published_on)} {entry.publication.place}"
    if entry.is_to_be_published:
        return f"공개 전 (기한 {korean_date(entry.publish_by)})"
    return "공개 대상 아님"


def _contact(text: str) -> str:
    return shown(text) if text.isdigit() else text

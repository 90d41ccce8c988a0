"""Files as people bring them, made here, and people who file."""

from __future__ import annotations

import base64
from datetime import date, timedelta
from functools import cache
from io import BytesIO
from typing import Any

import pypdfium2
from PIL import Image, ImageDraw
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

import factories
from portal import clock
from portal.accounts.models import Account
from portal.applications import evidence, signature
from portal.applications.choices import CALL_BACK, OTHER_PAPER
from portal.applications.draft import (
    CitizenEntry,
    OwnEntry,
    new_citizen_draft,
    new_draft_from_call,
    save_draft,
)
from portal.applications.models import Application
from portal.applications.submit import submit
from portal.database import write
from portal.recordings.models import Recording
from portal.roles import Role


@cache
def pdf(pages: int = 1, mark: int = 200) -> bytes:
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(300, mark)
    output = BytesIO()
    document.save(output)
    return output.getvalue()


def locked_pdf() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf())))
    writer.encrypt("secret", algorithm="RC4-128")
    return _bytes(writer)


def scripted_pdf() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf())))
    names = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert('hello');")}
    action = DictionaryObject({NameObject(key): value for key, value in names.items()})
    writer.root_object[NameObject("/OpenAction")] = action
    return _bytes(writer)


def picture(kind: str = "PNG", size: tuple[int, int] = (60, 40), grey: int = 200) -> bytes:
    output = BytesIO()
    Image.new("L", size, grey).save(output, kind)
    return output.getvalue()


def drawn(empty: bool = False, shift: int = 0) -> str:
    """The data URL of a signature pad."""
    image = Image.new("RGBA", (400, 160), (0, 0, 0, 0))
    if not empty:
        ImageDraw.Draw(image).line([(30 + shift, 120), (120, 30), (300, 110)], "black", 5)
    output = BytesIO()
    image.save(output, "PNG")
    return "data:image/png;base64," + base64.b64encode(output.getvalue()).decode()


def employee_with_call(**fields: Any) -> tuple[Account, Recording]:
    person = factories.account(name="김하늘")
    line = factories.extension(f"20{person.id:02d}", person.person)
    return person, factories.recording(line, **fields)


def counter_officer(**fields: Any) -> Account:
    return factories.account(Role.COUNTER, **fields)


def citizen_entry(**changes: Any) -> CitizenEntry:
    """A complete entry of a call of yesterday."""
    values: dict[str, Any] = {
        "ground": 2,
        "applicant_name": "홍길동",
        "birth_date": date(1980, 3, 4),
        "address": "경기도 이천시 부악로 40",
        "contact": "01012345678",
        "relation_to_subject": "본인",
        "party_check": CALL_BACK,
        "identity_document": "주민등록증",
        "caller_number": "01012345678",
        "callee_number": "0316441234",
        "asked_from": clock.now() - timedelta(days=1),
        "purpose": "민원 처리 내용 확인",
        "reason": "안내받은 서류 목록이 실제와 다릅니다.",
        **changes,
    }
    return CitizenEntry(**values)


def citizen_draft(officer: Account, **changes: Any) -> Application:
    """A signed draft, ready to be submitted unless `changes` say otherwise."""
    signed = signature.keep(signature.from_pad(drawn()))
    with write():
        draft = new_citizen_draft(by=officer)
        save_draft(draft, citizen_entry(**changes), by=officer)
        signature.sign(draft, signed, by=officer)
    return draft


def own_draft(person: Account, call: Recording) -> Application:
    signed = signature.keep(signature.from_pad(drawn()))
    with write():
        draft = new_draft_from_call(call, by=person)
        save_draft(draft, OwnEntry(purpose="민원 처리", reason="확인이 필요합니다."), by=person)
        signature.sign(draft, signed, by=person)
    return draft


def submitted(draft: Application) -> Application:
    with write():
        submit(draft, by=draft.entered_by)
    return draft


def add_paper(
    draft: Application, data: bytes | None = None, name: str = "a.pdf", paper: str = OTHER_PAPER
) -> None:
    taken = evidence.take(data or pdf(), name, paper=paper)
    with write():
        evidence.attach(draft, taken, by=draft.entered_by)


def citizen_fields(draft_id: str, **changes: Any) -> dict[str, Any]:
    """What the browser sends for a complete form."""
    asked = clock.seoul(clock.now() - timedelta(days=1))
    return {
        "draft": draft_id,
        "ground": "2",
        "applicant_name": "홍길동",
        "birth_date": "19800304",
        "address": "경기도 이천시 부악로 40",
        "contact": "010-1234-5678",
        "relation_to_subject": "본인",
        "party_check": CALL_BACK,
        "identity_document": "주민등록증",
        "caller_number": "010-1234-5678",
        "callee_number": "031-644-1234",
        "asked_from": f"{asked:%Y-%m-%dT%H:%M}",
        "purpose": "민원 처리 내용 확인",
        "reason": "안내받은 서류 목록이 실제와 다릅니다.",
        "signature": drawn(),
        "do": "submit",
        **changes,
    }


def _bytes(writer: PdfWriter) -> bytes:
    output = BytesIO()
    writer.write(output)
    return output.getvalue()

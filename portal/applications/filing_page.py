"""From a posted Form 1 to the domain's verbs: files are kept first, then what was typed.

The draft is committed before it is submitted, so that nothing typed is lost where a field is
missing, and evidence that was uploaded once need not be chosen again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import abort
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.interfaces import ORMOption
from werkzeug.datastructures import FileStorage

from portal import ids
from portal.accounts.models import Account
from portal.applications import evidence, signature
from portal.applications.act_forms import AnswerForm
from portal.applications.choices import CONSENT, OTHER_PAPER, POWER_OF_ATTORNEY
from portal.applications.complete import mistakes
from portal.applications.draft import CannotApply, NotADraft, save_draft
from portal.applications.evidence import BadFile, CheckedFile
from portal.applications.for_form import ForForm
from portal.applications.form_fields import KoreanForm
from portal.applications.forms import CitizenForm, OwnForm
from portal.applications.models import Application
from portal.applications.signed_text import is_other, signed_text
from portal.applications.states import State, WrongState
from portal.applications.submit import Incomplete, submit
from portal.applications.wording import line
from portal.database import write
from portal.extensions import db

AnyForm = OwnForm | CitizenForm | ForForm
Begin = Callable[[str], Application]

_NOT_MASKED = (
    "주민등록번호 뒷자리를 가렸는지 확인하여 '가렸거나 적혀 있지 않습니다'를 고른 뒤 파일을 다시 "
    "골라 주십시오. 가리지 않은 서류는 보관하지 않습니다."
)
_UNSIGNED = (
    "서명을 받은 뒤 신청서의 내용이 바뀌어 서명을 지웠습니다. 바뀐 내용에 다시 서명을 받아 "
    "주십시오."
)


def keep(form: AnyForm, begin: Begin, *, by: Account) -> Application | None:
    """Save what was posted into the draft the form names, or into a new one from `begin(id)`.

    Mistakes are put beside their fields. None where nothing could be saved (the form says why).
    Raises `NotADraft` where the draft was submitted meanwhile; 404 for somebody else's.
    """
    form.validate()
    papers, signed = _papers(form), signature_of(form)
    stored = [*papers, *([signed] if signed else [])]
    try:
        return _save(form, begin, papers, signed, by)
    except IntegrityError:
        # The same form arrived twice at the same moment: the other one made the draft.
        return _save(form, begin, papers, signed, by)
    except NotADraft:
        raise
    except CannotApply as error:
        form.form_errors.append(str(error))
        return None
    finally:
        evidence.forget_unused(stored)


def hand_in(form: AnyForm, draft: Application, *, by: Account) -> bool:
    """Submit the draft; False where the form now says what is wrong or missing.

    A draft that was submitted already counts as submitted: the form was sent twice.
    """
    if form.has_errors:
        form.add_errors(mistakes(draft))
        return False
    try:
        with write():
            submit(draft, by=by)
    except Incomplete as error:
        form.add_errors(error.errors)
        return False
    except CannotApply as error:
        form.form_errors.append(str(error))
        return False
    except WrongState:
        return True
    return True


def is_ready_to_sign(form: AnyForm, draft: Application) -> bool:
    """Whether nothing but the signature is missing; False where the form now says what is."""
    form.signature.errors = []
    form.add_errors([error for error in mistakes(draft) if error.field != "signature"])
    return not form.has_errors


def find(public_id: str, *loaded: ORMOption) -> Application | None:
    """The application of a public id, None for anything else; with what the options load."""
    if not ids.is_public_id(public_id):
        return None
    found = select(Application).where(Application.public_id == public_id).options(*loaded)
    return db.session.scalars(found).unique().one_or_none()


def own_draft(public_id: str, by: Account) -> Application:
    """A draft of this person; 404 for anything else."""
    found = find(public_id)
    if found is None or found.entered_by_id != by.id or found.state != State.DRAFT:
        abort(404)
    return found


def _save(
    form: AnyForm,
    begin: Begin,
    papers: list[CheckedFile],
    signed: CheckedFile | None,
    by: Account,
) -> Application:
    replaced: list[str] = []
    with write():
        draft = _draft_named(form.draft.data or "", begin, by)
        before = signed_text(draft)
        save_draft(draft, form.entry(), by=by)
        for paper in papers:
            try:
                evidence.attach(draft, paper, by=by)
            except BadFile as error:
                form.refuse("evidence", str(error))
        if signed:
            replaced = signature.sign(draft, signed, by=by)
        elif _is_void(draft, before):
            replaced = signature.unsign(draft, by=by)
            form.refuse("signature", _UNSIGNED)
    signature.drop(replaced)
    form.draft.data = draft.public_id
    return draft


def _is_void(draft: Application, before: tuple[str, ...]) -> bool:
    """Whether somebody else's signature stands under a text that they did not see."""
    if draft.applicant_id is not None or signature.signature_of(draft) is None:
        return False
    return is_other(before, signed_text(draft))


def _draft_named(public_id: str, begin: Begin, by: Account) -> Application:
    if not ids.is_public_id(public_id):
        abort(400)
    found = find(public_id)
    if found is None:
        return begin(public_id)
    if found.entered_by_id != by.id:
        abort(404)
    return found


def _papers(form: AnyForm) -> list[CheckedFile]:
    if not isinstance(form, CitizenForm):
        return []
    named = (
        ("power_papers", POWER_OF_ATTORNEY),
        ("consent_papers", CONSENT),
        ("evidence", OTHER_PAPER),
    )
    return papers_of(form, named)


def papers_of(form: KoreanForm, fields: Sequence[tuple[str, str]]) -> list[CheckedFile]:
    """The uploaded evidence, checked and stored; refused files are named beside their field.

    `fields` are the fields' names, each with what the papers in it are. The form has a field
    `masked` for the word about the 주민등록번호.
    """
    chosen = [
        (name, paper, upload)
        for name, paper in fields
        for upload in form[name].data or []
        if isinstance(upload, FileStorage) and upload.filename
    ]
    if chosen and form.masked.data != "yes":
        form.refuse("masked", _NOT_MASKED)
        return []
    return [file for one in chosen if (file := _paper(form, *one))]


def _paper(form: KoreanForm, name: str, paper: str, upload: FileStorage) -> CheckedFile | None:
    file_name = upload.filename or ""
    try:
        return evidence.take(upload.read(), file_name, paper=paper)
    except BadFile as error:
        form.refuse(name, f"{line(file_name)[-40:]}: {error}")
        return None


def signature_of(form: AnyForm | AnswerForm) -> CheckedFile | None:
    """The signature that was drawn or scanned, stored; what is wrong with it is said beside it."""
    drawn, scan = form.signature.data, form.signature_scan.data
    scanned = isinstance(scan, FileStorage) and bool(scan.filename)
    if not drawn and not scanned:
        return None
    try:
        png = signature.from_scan(scan.read()) if scanned else signature.from_pad(drawn)
        return signature.keep(png)
    except BadFile as error:
        form.refuse("signature_scan" if scanned else "signature", str(error))
        form.signature.data = ""
        return None

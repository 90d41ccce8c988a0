"""보내지 못한 메일: the custodian sees what does not get through and has it tried again."""

from __future__ import annotations

from flask import abort, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from portal.access import Permission, requires
from portal.database import write
from portal.extensions import db
from portal.notices import failed_mails
from portal.notices.blueprint import bp
from portal.notices.models import Mail
from portal.notices.wording import words_of
from portal.web.htmx import redirect
from portal.web.login import me
from portal.web.paging import paginate


@bp.get("/notices/mails")
@requires(Permission.MANAGE_ACCOUNTS)
def mails() -> ResponseReturnValue:
    return render_template(
        "notices/mails.html",
        found=paginate(failed_mails.failed()),
        words_of=words_of,
        why_of=failed_mails.why_of,
    )


@bp.post("/notices/mails/<public_id>/retry")
@requires(Permission.MANAGE_ACCOUNTS)
def retry_mail(public_id: str) -> ResponseReturnValue:
    mail = db.session.scalar(select(Mail).where(Mail.public_id == public_id)) or abort(404)
    try:
        with write():
            failed_mails.retry(mail, by=me())
    except failed_mails.CannotRetry as refused:
        flash(str(refused), "danger")
    else:
        flash("다시 보냅니다. 잠시 뒤에 목록을 확인해 주십시오.", "success")
    return redirect(url_for("notices.mails"))

"""알림: one's own list, the count in the masthead, and the 전화 안내 of the counter."""

from __future__ import annotations

from flask import abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from portal.access import Permission, polling, requires
from portal.database import write
from portal.extensions import db
from portal.notices import (
    call_tasks,
    failed_mails,
    hear,  # noqa: F401  (from here on it listens)
    mail_routes,
    reading,
)
from portal.notices.blueprint import bp
from portal.notices.forms import CallResultForm
from portal.notices.models import CallTask
from portal.notices.watch import worker_stands
from portal.notices.where_page import address_of
from portal.notices.wording import words_of
from portal.roles import Role
from portal.web.htmx import redirect, render, trigger
from portal.web.login import me
from portal.web.navigation import open_digest
from portal.web.open_work import open_work
from portal.web.paging import paginate

__all__ = ["bp", "mail_routes"]


@bp.app_context_processor
def unread_in_the_masthead() -> dict[str, object]:
    """A function, so that only the masthead asks the database."""
    return {"unread_count": _unread_count}


def _unread_count() -> int:
    return open_work(me()).get("notices.own", 0)


@bp.get("/notices")
@requires(Permission.USE_ACCOUNT)
def own() -> ResponseReturnValue:
    unread_only = request.args.get("show") != "all"
    return render(
        "notices/own.html",
        "notices/_own_list.html",
        found=paginate(reading.notices_of(me(), unread_only=unread_only)),
        unread_only=unread_only,
        words_of=words_of,
        worker_stands=Role.CUSTODIAN in me().roles and worker_stands(),
        failed_mails=failed_mails.failed_count() if Role.CUSTODIAN in me().roles else 0,
    )


@bp.get("/notices/unread")
@requires(Permission.USE_ACCOUNT)
@polling
def unread() -> ResponseReturnValue:
    """The count for the masthead; nothing (204) while it is the one that is shown."""
    count, shown = _unread_count(), request.args.get("shown", 0, type=int)
    if count == shown and request.args.get("open") in (None, open_digest()):
        return "", 204
    answer = render("notices/_news.html", "notices/_news.html", count=count)
    if count > shown:
        trigger(answer, "announce", {"message": "새 알림이 있습니다."})
    return answer


@bp.post("/notices/<public_id>/open")
@requires(Permission.USE_ACCOUNT)
def open(public_id: str) -> ResponseReturnValue:
    """Read a notice and go to where one acts."""
    notice = reading.find(public_id, me()) or abort(404)
    with write():
        reading.mark_read(notice)
    return redirect(address_of(notice))


@bp.post("/notices/read")
@requires(Permission.USE_ACCOUNT)
def read_all() -> ResponseReturnValue:
    with write():
        reading.mark_all_read(me())
    flash("모든 알림을 읽음으로 표시했습니다.", "success")
    return redirect(url_for("notices.own"))


@bp.get("/call-tasks")
@requires(Permission.ENTER_FOR_CITIZEN)
def calls() -> ResponseReturnValue:
    return _calls_page(CallResultForm())


@bp.post("/call-tasks/<public_id>")
@requires(Permission.ENTER_FOR_CITIZEN)
def call_done(public_id: str) -> ResponseReturnValue:
    task = db.session.scalar(select(CallTask).where(CallTask.public_id == public_id))
    if task is None or not call_tasks.is_mine(task, me()):
        abort(404)
    form = CallResultForm()
    try:
        with write():
            call_tasks.finish(task, form.result.data or "", form.note.data or "", by=me())
    except call_tasks.CannotFinish as refused:
        status = 409 if isinstance(refused, call_tasks.AlreadyDone) else 422
        return _calls_page(form, refused_id=public_id, error=str(refused)), status
    flash("전화 안내의 결과를 적었습니다.", "success")
    return redirect(url_for("notices.calls"))


def _calls_page(
    form: CallResultForm, refused_id: str | None = None, error: str | None = None
) -> str:
    done = request.args.get("tab") == "done"
    return render_template(
        "notices/calls.html",
        found=paginate(call_tasks.tasks_of(me(), done=done)),
        done=done,
        open_count=call_tasks.open_count(me()),
        # Also from the page that says what was wrong: the address of a result is no page to go to.
        address=lambda number, size: url_for(
            "notices.calls", tab="done" if done else None, page=number, per_page=size
        ),
        form=form,
        refused_id=refused_id,
        error=error,
        words=call_tasks.WORDS,
        results=call_tasks.RESULTS,
    )

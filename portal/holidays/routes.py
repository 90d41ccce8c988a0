"""쉬는 날: the short list of 임시공휴일 that custodians keep."""

from __future__ import annotations

from flask import Blueprint, abort, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from portal import clock
from portal.access import Permission, requires
from portal.applications.wording import line
from portal.database import write
from portal.extensions import db
from portal.holidays import change
from portal.holidays.forms import HolidayForm
from portal.holidays.models import ExtraHoliday
from portal.web.htmx import redirect
from portal.web.login import me
from portal.web.paging import paginate

bp = Blueprint("holidays", __name__)


@bp.get("/holidays")
@requires(Permission.KEEP_HOLIDAYS)
def days() -> ResponseReturnValue:
    return _page(HolidayForm())


@bp.post("/holidays")
@requires(Permission.KEEP_HOLIDAYS)
def add() -> ResponseReturnValue:
    form = HolidayForm()
    if not form.validate() or form.day.data is None:
        return _page(form), 422
    try:
        with write():
            _row, moved = change.add_holiday(form.day.data, line(form.name.data), by=me())
    except change.HolidayRefused as refused:
        form.day.errors = [str(refused)]
        return _page(form), 422
    flash(f"쉬는 날을 더했습니다. {_said(moved)}", "success")
    return redirect(url_for("holidays.days"))


@bp.post("/holidays/<public_id>/remove")
@requires(Permission.KEEP_HOLIDAYS)
def remove(public_id: str) -> ResponseReturnValue:
    row = db.session.scalar(select(ExtraHoliday).where(ExtraHoliday.public_id == public_id))
    if row is None:
        abort(404)
    try:
        with write():
            moved = change.remove_holiday(row, by=me())
    except change.HolidayRefused as refused:
        flash(str(refused), "danger")
    else:
        flash(f"쉬는 날을 지웠습니다. {_said(moved)}", "success")
    return redirect(url_for("holidays.days"))


def _said(moved: int) -> str:
    if not moved:
        return "처리 중인 신청의 처리기한은 그대로입니다."
    return f"처리 중인 신청 {moved}건의 처리기한이 바뀌었습니다. 삭제일은 그대로입니다."


def _page(form: HolidayForm) -> str:
    found = paginate(change.extra_holidays())
    return render_template("holidays/days.html", found=found, form=form, now=clock.today())

"""제공 파일: the password for the recipient, the download, and handing out again."""

from __future__ import annotations

from flask import Blueprint, Response, flash, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from portal import audit
from portal.access import Permission, polling, requires
from portal.audit.views import note_view
from portal.database import write
from portal.extensions import db
from portal.otp.codes import CodeRefused
from portal.packages import page, send
from portal.packages.ask import ask, is_sent
from portal.packages.find import concerned, open_provisions
from portal.packages.forms import AgainForm, TellForm
from portal.packages.gate import check_person
from portal.packages.models import Package, PackageDownload
from portal.packages.names import package_name
from portal.packages.offer import offer_again
from portal.packages.open_download import open_download
from portal.packages.refusal import PackageRefused
from portal.web import errors, turned
from portal.web.htmx import redirect
from portal.web.login import current_login_session, me
from portal.web.paging import paginate
from portal.web.turned import on_turned_screen

bp = Blueprint("packages", __name__)


@bp.get("/packages")
@requires(Permission.TAKE_AWAY)
def waiting() -> str:
    """What this person still hands out or receives."""
    return render_template("packages/waiting.html", found=paginate(open_provisions(me())), me=me())


@bp.get("/packages/<public_id>")
@requires(Permission.TAKE_AWAY)
def show(public_id: str) -> tuple[str, int]:
    """Where the package of an application stands, and what comes next."""
    package = concerned(public_id, me())
    note_view(me(), on=package.application)
    return page.show(package, me(), current_login_session())


@bp.post("/packages/<public_id>/turn")
@requires(Permission.TAKE_AWAY)
def turn(public_id: str) -> AnyResponse:
    """Give the screen to a recipient without an account; the officer's password brings it back."""
    package = concerned(public_id, me())
    check_person(package, me())
    if _needs_turning(package):
        with write():
            turned.turn(public_id)
            audit.record("screen.turned", by=me(), on=package.application)
    return redirect(url_for("packages.receive", public_id=public_id))


@bp.get("/packages/<public_id>/receive")
@requires(Permission.TAKE_AWAY)
@on_turned_screen
def receive(public_id: str) -> AnyResponse | str:
    """The screen for the recipient alone, before the password."""
    package = concerned(public_id, me())
    check_person(package, me())
    if package.state != "offered":
        return redirect(url_for("packages.show", public_id=public_id))
    return page.receiving(package, TellForm(formdata=None), turns=_needs_turning(package))


@bp.post("/packages/<public_id>/receive")
@requires(Permission.TAKE_AWAY)
@on_turned_screen
def password(public_id: str) -> AnyResponse | str | tuple[str, int]:
    """Make the password and show it, this once; to a citizen on the turned screen alone."""
    package, form = concerned(public_id, me()), TellForm()
    check_person(package, me())
    if _needs_turning(package):
        return redirect(url_for("packages.receive", public_id=public_id))
    try:
        shown = ask(package.application, by=me(), told_how=form.told_how.data or "")
    except PackageRefused as refused:
        if refused.code != "not_told":
            raise
        form.told_how.errors = [refused.message]
        return page.receiving(package, form), 422
    return page.password_shown(shown.package, shown.password)


@bp.get("/packages/<public_id>/progress")
@requires(Permission.TAKE_AWAY)
@polling
@on_turned_screen
def progress(public_id: str) -> AnyResponse | str:
    """How far the build is; to a page with an opened download, that the last byte went out."""
    package = concerned(public_id, me())
    if "sending" not in request.args:
        return page.progress(package)
    if package.state == "ready":
        return Response(status=204)
    return redirect(url_for("packages.show", public_id=public_id))


@bp.post("/packages/<public_id>/open")
@requires(Permission.TAKE_AWAY)
def opened(public_id: str) -> AnyResponse | tuple[str, int]:
    """Open the download with a fresh code and a reason."""
    package, login = concerned(public_id, me()), current_login_session()
    check_person(package, me())
    form = page.download_form(package)
    if form.validate():
        try:
            open_download(package, me(), login, form.code.data, form.handling())
            return redirect(url_for("packages.show", public_id=public_id))
        except CodeRefused as refused:
            form.code.errors = [str(refused)]
        except PackageRefused as refused:
            if refused.status != 422:
                raise
            form.reason.errors = [refused.message]
    return page.show(package, me(), login, form=form, status=422)


@bp.get("/packages/downloads/<download_id>/file")
@requires(Permission.TAKE_AWAY)
def file(download_id: str) -> Response:
    """The bytes; every piece passes the gate anew (제8조④)."""
    ticket = send.ticket(download_id, me(), current_login_session())
    if not page.is_satisfiable(ticket):
        return page.unsatisfiable(ticket)
    wanted = select(PackageDownload).where(PackageDownload.public_id == download_id)
    application = db.session.execute(wanted).scalar_one().package.application
    return page.file_answer(ticket, package_name(application))


@bp.post("/packages/<public_id>/again")
@requires(Permission.HAND_OVER)
def again(public_id: str) -> AnyResponse | tuple[str, int]:
    """Hand out again: a new package with a new password."""
    package, form = concerned(public_id, me()), AgainForm()
    if form.validate():
        try:
            offer_again(package.application, by=me(), reason=form.why.data)
            flash(
                "다시 제공할 수 있습니다. 인수자가 새 비밀번호를 확인하게 해 주십시오.", "success"
            )
            return redirect(url_for("packages.show", public_id=public_id))
        except PackageRefused as refused:
            if refused.status != 422:
                raise
            form.why.errors = [refused.message]
    return page.show(package, me(), current_login_session(), again=form, status=422)


def _needs_turning(package: Package) -> bool:
    """제8조②: whoever sees the password alone must not have the officer's portal in their hands."""
    application = package.application
    at_counter = application.applicant_id is None and not is_sent(application)
    return at_counter and turned.turned_to() != application.public_id


@bp.errorhandler(PackageRefused)
def _refused(refused: PackageRefused) -> tuple[str, int]:
    """Log it on its own and say why; a stranger is not told that there is anything."""
    given = request.view_args or {}
    audit.record_alone(
        "package.refused",
        by=me(),
        code=refused.code,
        endpoint=request.endpoint,
        asked=given.get("public_id") or given.get("download_id"),
    )
    if refused.status == 404:
        return errors.page(404)
    return errors.page(
        refused.status, refused.message, "제공 파일 화면에서 상태를 확인해 주십시오."
    )

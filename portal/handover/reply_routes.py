"""회신 공문: the page on which the dispatch of an answer to an agency is recorded."""

from __future__ import annotations

from flask import abort, flash, make_response, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal import clock
from portal.access import Permission, requires
from portal.applications.models import Application
from portal.applications.states import State
from portal.audit.views import note_view
from portal.handover.form2_data import living_recordings
from portal.handover.forms import ReplyForm
from portal.handover.reply import BadReply, hand_over_by_reply, may_reply
from portal.handover.routes import Refused, application_named, bp
from portal.handover.signatures import own_signature
from portal.handover.transferor import is_transferor
from portal.web.htmx import redirect
from portal.web.uploads import takes_files


@bp.get("/handover/<public_id>/reply")
@requires(Permission.HAND_OVER)
def reply(public_id: str) -> Response:
    """Document number, date, 등기번호 and the sender's signature."""
    application = _answerable(public_id)
    note_view(current_user, on=application)
    return _page(application, ReplyForm(formdata=None, doc_on=clock.today()))


@bp.post("/handover/<public_id>/reply")
@requires(Permission.HAND_OVER)
@takes_files
def replied(public_id: str) -> Response:
    """Record it: that is the handover."""
    application, form = _answerable(public_id), ReplyForm()
    form.validate()
    signature = own_signature(form)
    if form.errors:
        return _page(application, form, 422)
    try:
        hand_over_by_reply(application, form.reply(), signature, by=current_user)
    except BadReply as error:
        form[error.field].errors = [str(error)]
        return _page(application, form, 422)
    except Refused as error:
        form.form_errors.append(str(error))
        return _page(application, form, 409)
    flash("회신을 기록했습니다. 이어서 제공 파일을 만들어 매체에 담아 주십시오.", "success")
    return redirect(url_for("packages.show", public_id=public_id))


def _answerable(public_id: str) -> Application:
    application = application_named(public_id)
    if not is_transferor(application, current_user) or not may_reply(application):
        abort(404)
    if application.state not in (State.APPROVED, State.HANDED_OVER):
        abort(404)
    return application


def _page(application: Application, form: ReplyForm, status: int = 200) -> Response:
    html = render_template(
        "handover/reply.html",
        application=application,
        recordings=living_recordings(application),
        form=form,
    )
    return make_response(html, status)

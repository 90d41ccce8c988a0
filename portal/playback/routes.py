"""청취: unlocking with a code, the player, its sound in parts, and the end."""

from __future__ import annotations

from flask import Blueprint, Response, flash, jsonify, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from portal import audit, clock
from portal.access import Permission, polling, requires
from portal.accounts import sessions
from portal.applications.models import Application
from portal.applications.states import WrongState
from portal.audit.views import note_view
from portal.database import write
from portal.otp.codes import CodeRefused
from portal.otp.enrol import enrolment_of
from portal.playback import find, gate, served
from portal.playback.answer import Answer, sound_part
from portal.playback.close import finish as finish_application
from portal.playback.find import NothingThere, Visit
from portal.playback.forms import UnlockForm
from portal.playback.open_session import end_session, open_session
from portal.playback.refusal import PlaybackRefused
from portal.playback.sound import waveform
from portal.playback.tracks import tracks
from portal.web import errors
from portal.web.htmx import redirect
from portal.web.login import current_login_session

bp = Blueprint("playback", __name__)
#: Asked for by the player, not by a person: a refusal is JSON, with the sentence to show.
_FOR_THE_PLAYER = frozenset({"playback.sound", "playback.peaks", "playback.state"})


@bp.route("/listening/<public_id>", methods=["GET", "POST"])
@requires(Permission.LISTEN)
def start(public_id: str) -> AnyResponse | tuple[str, int]:
    """What will be opened, and what opens it: a purpose and a fresh code."""
    application, account = find.application(public_id), _visit().account
    gate.check_right(application, account, clock.now())
    form = UnlockForm()
    attended = gate.attends(application, account, clock.now())
    if not attended:
        del form.identity_document
    if form.validate_on_submit():
        try:
            opened = _open(application, form, attended)
            return redirect(url_for("playback.player", public_id=opened))
        except CodeRefused as refused:
            form.code.errors = [str(refused)]
    note_view(account, on=application)
    return _unlock_page(application, form, attended)


@bp.get("/listening/sessions/<public_id>")
@requires(Permission.LISTEN)
def player(public_id: str) -> str:
    """The player with every living recording of the application."""
    listening = find.passed(public_id, _visit())
    return render_template(
        "playback/player.html",
        listening=listening,
        application=listening.application,
        ends_at=clock.seoul(listening.expires_at),
        tracks=tracks(listening, url_for),
    )


@bp.get("/listening/sessions/<public_id>/recordings/<recording_id>/sound")
@requires(Permission.LISTEN)
def sound(public_id: str, recording_id: str) -> Response:
    """One range of the sound; every one passes the gate anew (제8조④)."""
    listening_id, heard = find.passed_recording(public_id, recording_id, _visit())
    head_only, asked = request.method == "HEAD", request.headers.get("Range")
    return _partial(sound_part(listening_id, heard, asked, head_only=head_only))


@bp.get("/listening/sessions/<public_id>/recordings/<recording_id>/peaks")
@requires(Permission.LISTEN)
def peaks(public_id: str, recording_id: str) -> Response:
    """The waveform."""
    _, heard = find.passed_recording(public_id, recording_id, _visit())
    return jsonify(peaks=waveform(heard))


@bp.get("/listening/sessions/<public_id>/state")
@requires(Permission.LISTEN)
@polling
def state(public_id: str) -> Response:
    """Whether listening may go on. Players ask while they play, so it counts as listening."""
    listening, now = find.passed(public_id, _visit()), clock.now()
    left = int((listening.expires_at - now).total_seconds())
    if now - listening.active_at >= served.NOTE_EVERY:
        with write():
            served.note_presence(listening, now)
            sessions.touch(current_login_session())  # who listens for an hour is there
    return jsonify(open=True, remaining_seconds=left)


@bp.post("/listening/sessions/<public_id>/end")
@requires(Permission.LISTEN)
def end(public_id: str) -> AnyResponse:
    """열람종료 for now: within the window a new code opens it again."""
    listening, visit = find.listening(public_id), _visit()
    if listening.account_id != visit.account.id:
        raise PlaybackRefused("stranger")
    with write():
        end_session(listening, visit.account, "ended")
    flash(
        "열람을 종료했습니다. 열람 기간 안에는 인증번호를 다시 입력하여 들을 수 있습니다.", "info"
    )
    return redirect(url_for("applications.detail", public_id=listening.application.public_id))


@bp.post("/listening/<public_id>/finish")
@requires(Permission.LISTEN)
def finish(public_id: str) -> AnyResponse:
    """열람종료 for good: closes the application."""
    application, visit = find.application(public_id), _visit()
    try:
        with write():
            finish_application(application, visit.account)
        flash("열람을 마치고 신청을 완료했습니다.", "success")
    except WrongState as wrong:
        flash(str(wrong), "warning")
    return redirect(url_for("applications.detail", public_id=application.public_id))


@bp.errorhandler(NothingThere)
def _nothing_there(_error: NothingThere) -> tuple[str, int]:
    return errors.page(404)


@bp.errorhandler(PlaybackRefused)
def _refused(refused: PlaybackRefused) -> tuple[Response | str, int]:
    """Log it on its own and say why; a stranger is not told that there is anything."""
    if request.endpoint != "playback.state":
        ids = request.view_args or {}
        kind = "application" if request.endpoint in _OF_APPLICATION else "listening"
        code, endpoint = refused.code, request.endpoint
        audit.record_alone(
            "playback.refused",
            by=current_user,
            code=code,
            endpoint=endpoint,
            **{kind: ids["public_id"]},
        )
    if refused.status == 404:
        return errors.page(404)
    if request.endpoint in _FOR_THE_PLAYER:
        return jsonify(code=refused.code, message=refused.message), refused.status
    return errors.page(
        refused.status, refused.message, "신청 화면에서 진행 상태를 확인해 주십시오."
    )


_OF_APPLICATION = frozenset({"playback.start", "playback.finish"})


def _visit() -> Visit:
    return Visit(current_user._get_current_object(), current_login_session())


def _partial(answer: Answer) -> Response:
    """Always 206 (or 416): who asks for no range gets the first part and is told so."""
    response = Response(answer.pieces, 206 if answer.part else 416, mimetype=answer.media_type)
    response.content_length = answer.length
    response.headers["Content-Range"] = answer.content_range
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Content-Disposition"] = "inline"  # no name: nothing to save
    return response


def _open(application: Application, form: UnlockForm, attended: bool) -> str:
    listening = open_session(
        application,
        _visit().account,
        current_login_session(),
        form.purpose.data,
        form.code.data,
        identity_document=form.identity_document.data if attended else "",
    )
    return listening.public_id


def _unlock_page(application: Application, form: UnlockForm, attended: bool) -> tuple[str, int]:
    receipt = gate.check_right(application, _visit().account, clock.now())
    page = render_template(
        "playback/unlock.html",
        application=application,
        receipt=receipt,
        form=form,
        attended=attended,
        running=find.running(application, _visit()),
        enrolled=enrolment_of(_visit().account).since is not None,
    )
    return page, 422 if form.is_submitted() else 200

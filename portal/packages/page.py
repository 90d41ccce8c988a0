"""The pages of one package: what is shown to whom, and the answer that streams it."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Self
from urllib.parse import quote

from flask import Response, current_app, render_template, request
from werkzeug.http import quote_etag

from portal.accounts.models import Account, LoginSession
from portal.applications.conflict import conflict_of
from portal.destruction.confirm import may_confirm
from portal.otp.enrol import enrolment_of
from portal.packages import send
from portal.packages.ask import TOLD_APART, WORDS, is_sent
from portal.packages.forms import AgainForm, DownloadForm, TellForm
from portal.packages.gate import carries
from portal.packages.models import Package
from portal.packages.names import package_name
from portal.packages.offer import hands_out
from portal.packages.open_download import needs_medium, open_download_of
from portal.packages.refusal import refusal_of_end
from portal.packages.send import Ticket
from portal.web.turned import turned_to


def download_form(package: Package) -> DownloadForm:
    return DownloadForm.for_package(medium=needs_medium(package))


def show(
    package: Package,
    account: Account,
    login: LoginSession,
    *,
    form: DownloadForm | None = None,
    again: AgainForm | None = None,
    status: int = 200,
) -> tuple[str, int]:
    """Where the package stands, and what this person can do with it."""
    application = package.application
    living = [match.recording for match in application.matches if match.recording.is_alive]
    goes_on = application.state == "handed_over"
    page = render_template(
        "packages/show.html",
        package=package,
        application=application,
        living=living,
        delete_on=min((recording.delete_on for recording in living), default=None),
        carries=carries(package, account),
        may_offer_again=goes_on
        and bool(living)
        and package.state != "offered"
        and hands_out(application, account)
        and conflict_of(application, account) is None,
        may_confirm=goes_on and may_confirm(application, account),
        opened=open_download_of(package, account, login),
        enrolled=enrolment_of(account).since is not None,
        needs_medium=needs_medium(package),
        sent=is_sent(application),
        told=WORDS.get(package.told_how, ""),
        ended=refusal_of_end(package.end_reason).message if package.ended_at else "",
        form=form or download_form(package),
        again=again or AgainForm(),
        **_progress(package),
    )
    return page, status


def receiving(package: Package, form: TellForm, *, turns: bool = False) -> str:
    """The screen turned to the recipient, before the password is shown; where it goes with a
    회신 공문, the sender's, with `form`. `turns`: it is to be turned first."""
    return render_template(
        "packages/receive.html",
        package=package,
        application=package.application,
        sent=is_sent(package.application),
        turns=turns,
        on_turned=turned_to() is not None,
        form=form,
    )


def password_shown(package: Package, password: str) -> str:
    """The one answer that carries the password; nothing can bring it back."""
    return render_template(
        "packages/password.html",
        package=package,
        application=package.application,
        told_apart=TOLD_APART.get(package.told_how, ""),
        password=password,
        on_turned=turned_to() is not None,
        **_progress(package),
    )


def progress(package: Package) -> str:
    on_turned = turned_to() is not None
    return render_template(
        "packages/_progress.html", package=package, on_turned=on_turned, **_progress(package)
    )


def file_answer(ticket: Ticket, name: str) -> Response:
    """The package, or the rest of it where a Range asks for one: in pieces, never from a cache.

    HEAD tells the size and sends nothing.
    """
    first, end, status = _wanted(ticket)
    if request.method == "HEAD":
        response = Response(status=status)
    else:
        response = Response(_InContext(send.pieces(ticket, first, end)), status)
    response.mimetype = "application/zip"
    response.content_length = end - first
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["ETag"] = quote_etag(ticket.sha256)
    response.headers["Content-Disposition"] = (
        f"attachment; filename=package.zip; filename*=UTF-8''{quote(name)}"
    )
    if status == 206:
        response.headers["Content-Range"] = f"bytes {first}-{end - 1}/{ticket.size}"
    return response


def unsatisfiable(ticket: Ticket) -> Response:
    """416: no such bytes."""
    response = Response(status=416)
    response.headers["Content-Range"] = f"bytes */{ticket.size}"
    return response


def is_satisfiable(ticket: Ticket) -> bool:
    return _range(ticket) is not None


def _wanted(ticket: Ticket) -> tuple[int, int, int]:
    """First byte, end and status."""
    first, end = _range(ticket) or (0, ticket.size)
    return first, end, 206 if _has_range(ticket) else 200


def _range(ticket: Ticket) -> tuple[int, int] | None:
    """The bytes asked for; all of them without a Range or for another file than this."""
    if not _has_range(ticket):
        return 0, ticket.size
    return request.range.range_for_length(ticket.size)  # type: ignore[union-attr]


def _has_range(ticket: Ticket) -> bool:
    if request.range is None or request.range.units != "bytes":
        return False
    condition = request.if_range
    return (condition.etag is None and condition.date is None) or condition.etag == ticket.sha256


def _progress(package: Package) -> dict[str, Any]:
    waiting = package.state == "building"
    return {
        "building": waiting,
        "percent": package.job.progress if package.job and waiting else 0,
        "name": package_name(package.application),
    }


class _InContext:
    """Each piece is made in an application context of its own: between two, while the server waits
    for the browser, neither a context nor a session of the database is open.
    """

    def __init__(self, pieces: Generator[bytes, None, None]) -> None:
        self._app = current_app._get_current_object()  # type: ignore[attr-defined]
        self._pieces = pieces

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        with self._app.app_context():
            return next(self._pieces)

    def close(self) -> None:
        """Called by the server at the end, also where the browser went away."""
        with self._app.app_context():
            self._pieces.close()

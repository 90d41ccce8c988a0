"""Importing a CSV: first what it would do, then the same bytes for good."""

from __future__ import annotations

import base64
import binascii

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.access import Permission, requires
from portal.accounts.refusals import AccountRefused
from portal.organisation.blueprint import bp
from portal.organisation.csv_file import LONGEST_FILE, FileRefused
from portal.organisation.forms import ImportForm
from portal.organisation.import_csv import COLUMNS, OPTIONAL, TITLES, Kind
from portal.organisation.import_csv import import_file as import_
from portal.organisation.report import WORDS, Report
from portal.web.htmx import redirect
from portal.web.login import me
from portal.web.uploads import takes_files


@bp.route("/organisation/import", methods=["GET", "POST"])
@requires(Permission.MANAGE_ORGANISATION)
@takes_files
def import_file() -> ResponseReturnValue:
    form, report = ImportForm(), None
    if form.validate_on_submit():
        try:
            report = _import(form)
        except (FileRefused, AccountRefused) as refused:
            form.file.errors = [str(refused)]
        if report and report.applied:
            flash(_told(report), "success")
            return redirect(url_for("organisation.import_file"))
    wrong = form.is_submitted() and (report is None or report.is_wrong)
    page = render_template(
        "organisation/import.html",
        form=form,
        report=report,
        columns_shown=[(TITLES[kind], ", ".join(names)) for kind, names in COLUMNS.items()],
        optional=OPTIONAL,
    )
    return page, 422 if wrong else 200


def _import(form: ImportForm) -> Report:
    """A dry run of an uploaded file; the deed where its bytes come back. Raises `FileRefused`."""
    upload = form.file.data
    if upload is not None and upload.filename:
        data = upload.stream.read(LONGEST_FILE + 1)
        form.content.data = base64.b64encode(data).decode()
        return import_(Kind(form.kind.data), data, by=me(), dry_run=True)
    try:
        data = base64.b64decode(form.content.data or "", validate=True)
    except binascii.Error as error:
        raise FileRefused("파일을 다시 골라 주십시오.") from error
    if not data:
        raise FileRefused("CSV 파일을 골라 주십시오.")
    return import_(Kind(form.kind.data), data, by=me(), dry_run=False)


def _told(report: Report) -> str:
    told = [f"{WORDS[effect]} {n}건" for effect, n in report.counts.items() if n]
    return f"반영했습니다: {', '.join(told)}."

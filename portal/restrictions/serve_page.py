"""From the posted receipt to the verb: the signature is kept before the change that names it."""

from __future__ import annotations

from portal import clock
from portal.accounts.models import Account
from portal.applications.evidence import BadFile
from portal.applications.signature import from_scan
from portal.database import write
from portal.restrictions.forms import ServeForm
from portal.restrictions.models import UseRestriction
from portal.restrictions.refusals import RestrictionRefused
from portal.restrictions.serve import Receipt, serve, store_signature


def record_service(restriction: UseRestriction, form: ServeForm, *, by: Account) -> bool:
    """Serve what was posted; False where the form now says what is wrong."""
    if not form.validate():
        return False
    try:
        png = _signature(form)
    except BadFile as error:
        form.signature_scan.errors = [str(error)]
        return False
    receipt = Receipt(
        how=form.how.data,
        served_at=form.served_at.data.replace(tzinfo=clock.SEOUL),
        note=form.note.data or "",
        signature=store_signature(png) if png else None,
        refused_to_sign=form.refused_to_sign.data,
    )
    try:
        with write():
            serve(restriction, receipt, by=by)
    except RestrictionRefused as refused:
        form.refuse(refused)
        return False
    return True


def _signature(form: ServeForm) -> bytes:
    upload = form.signature_scan.data
    scanned = upload.read() if upload else b""
    return from_scan(scanned) if scanned else b""

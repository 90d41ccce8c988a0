"""The signatures that a posted signing screen carries: drawn on a pad or scanned from paper."""

from __future__ import annotations

from portal.applications.evidence import BadFile
from portal.applications.signature import from_pad, from_scan
from portal.handover.forms import SignForm
from portal.handover.sign import Side, store_signature


def given_signatures(form: SignForm, *, both: bool) -> dict[Side, bytes]:
    """The clean PNG of each side that signed; problems are left on the form's fields.

    `both`: the 인계자's screen takes both signatures, the 인수자's own only theirs.
    """
    sides: tuple[Side, ...] = ("transferee", "transferor") if both else ("transferee",)
    found: dict[Side, bytes] = {}
    for side in sides:
        try:
            png = _one(form, side)
        except BadFile as error:
            form[side].errors = [str(error)]
            continue
        if png:
            found[side] = png
    if not found and not form.errors:
        form.transferee.errors = ["서명란에 서명하거나 서명 스캔 파일을 올려 주십시오."]
    return found


def _one(form: SignForm, side: Side) -> bytes:
    if drawn := form[side].data:
        return from_pad(drawn)
    upload = form[f"{side}_scan"].data
    scanned = upload.read() if upload else b""
    return from_scan(scanned) if scanned else b""


def stored_signatures(given: dict[Side, bytes]) -> dict[Side, str]:
    """Keep each signature before the change that names it is committed (decision 6)."""
    return {side: store_signature(png) for side, png in given.items()}

"""The signatures that a posted signing screen carries: drawn on a pad or scanned from paper."""

from __future__ import annotations

from portal.applications.evidence import BadFile
from portal.applications.signature import from_pad, from_scan
from portal.handover.forms import ReplyForm, SignForm
from portal.handover.sign import Side, store_signature

#: The 인계자's own page: their pad, and scans of what was signed on paper. The 인수자 draws on the
#: screen turned to them, or, being an employee, on their own.
OFFICER: dict[Side, frozenset[str]] = {
    "transferee": frozenset({"scan"}),
    "transferor": frozenset({"pad", "scan"}),
}
EMPLOYEE: dict[Side, frozenset[str]] = {"transferee": frozenset({"pad", "scan"})}
#: No files are chosen on a screen turned to a citizen: the dialog would show the officer's.
TURNED: dict[Side, frozenset[str]] = {"transferee": frozenset({"pad"})}


def given_signatures(form: SignForm, taken: dict[Side, frozenset[str]]) -> dict[Side, bytes]:
    """The clean PNG of each side that signed in a way that is `taken` here.

    Problems are left on the form's fields.
    """
    found: dict[Side, bytes] = {}
    for side, ways in taken.items():
        try:
            png = _one(form, side, ways)
        except BadFile as error:
            form[side].errors = [str(error)]
            continue
        if png:
            found[side] = png
    if not found and not form.errors:
        side = "transferor" if "transferor" in taken else "transferee"
        form[side].errors = ["서명란에 서명하거나 서명 스캔 파일을 올려 주십시오."]
    return found


def own_signature(form: ReplyForm) -> bytes:
    """The clean PNG of the 인계자 who sends it; empty where the form now says what is wrong."""
    try:
        png = _one(form, "transferor", OFFICER["transferor"])
    except BadFile as error:
        form.transferor.errors = [str(error)]
        return b""
    if not png:
        form.transferor.errors = ["서명란에 서명하거나 서명 스캔 파일을 올려 주십시오."]
    return png


def _one(form: SignForm | ReplyForm, side: Side, ways: frozenset[str]) -> bytes:
    if "pad" in ways and (drawn := form[side].data):
        return from_pad(drawn)
    upload = form[f"{side}_scan"].data if "scan" in ways else None
    scanned = upload.read() if upload else b""
    return from_scan(scanned) if scanned else b""


def stored_signatures(given: dict[Side, bytes]) -> dict[Side, str]:
    """Keep each signature before the change that names it is committed (decision 6)."""
    return {side: store_signature(png) for side, png in given.items()}

"""The one rule for what lists, previews and exports show of a person: masked, whole for a reason.

Official papers and the page of the very case print in full and do not ask this. The name of an
organisation or an agency is no personal data: it is whole everywhere.
"""

from __future__ import annotations

from enum import StrEnum

from portal import phones

_MOST = 4
_ORGANISATION = "organisation"  # an agency with its 공문, too
_NO_NUMBER = ("", "모름", "번호 없음")


class Shape(StrEnum):
    """What kind of value it is."""

    NAME = "name"
    PHONE = "phone"
    ADDRESS = "address"


def shown(shape: Shape, text: str, *, whole: bool = False) -> str:
    """The value as it is shown; `whole` only where `unmasking` let it (permission, reason, log).

    A telephone number is given as digits, or in any form in which one is written.
    """
    match shape:
        case Shape.NAME:
            return text if whole else masked_name(text)
        case Shape.ADDRESS:
            return text if whole else _masked_address(text)
        case Shape.PHONE:
            digits = phones.digits(text)
            if whole:
                return phones.shown(digits or text)
            return text if text in _NO_NUMBER else phones.masked(digits or text)


def shown_applicant(name: str, kind: str, *, whole: bool = False) -> str:
    """신청인 as a list shows them; `kind` as in `Application.applicant_kind`."""
    return name if whole or kind == _ORGANISATION else masked_name(name)


def shown_recipient(text: str, applicant: str, kind: str, *, whole: bool = False) -> str:
    """인수자 as `Application.recipient_name` says: `이*령 (○○유치원)`, `김*리 (홍*동의 대리인)`."""
    person, behind, rest = text.partition(" (")
    if whole or text == applicant or not behind:
        return shown_applicant(text, kind, whole=whole)
    if rest.startswith(applicant):
        rest = shown_applicant(applicant, kind) + rest.removeprefix(applicant)
    else:
        rest = masked_name(rest.removesuffix(")")) + ")"
    return f"{masked_name(person)} ({rest}"


def masked_name(name: str) -> str:
    """`홍길동` → `홍*동`, `김철` → `김*`, `남궁민수` → `남**수`; one letter stays as it is.

    Never more than four stars: no list gets as wide as a foreigner's whole name.
    """
    if len(name) <= 1:
        return name
    if len(name) == 2:
        return f"{name[0]}*"
    return f"{name[0]}{'*' * min(len(name) - 2, _MOST)}{name[-1]}"


def _masked_address(text: str) -> str:
    """`경기도 이천시 …`: no more of an address; a department stays."""
    words = text.split()
    return text if len(words) <= 2 else f"{words[0]} {words[1]} …"

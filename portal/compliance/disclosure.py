"""제7조: decided before handed over, receipt before hearing, a ledger row for each handover."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, exists

from portal.access import Permission
from portal.access_log.findings import unreceipted_playbacks
from portal.applications.models import Application, ApplicationFile
from portal.applications.states import State
from portal.compliance.check import Asking, Check, Link, number_of, problems
from portal.compliance.history import Made, Sought, as_of, years_with_gaps
from portal.ledger.models import LedgerRow
from portal.playback.models import ListeningSession
from portal.runtime import settings
from portal.words import worded

_BEFORE = (State.SUBMITTED, State.RECEIVED, State.REVIEWED, State.APPROVED)
_LEDGER = Link("관리대장", "ledger.rows", Permission.READ_LEDGER)


def grounds(made: Made) -> Asking:
    """제1항: only on one of the five grounds, decided by those who decide."""
    course = Sought("compliance.handed", made)
    counted = course.told((yield course.asked))
    handed, undecided, twice = (counted.value[one] for one in ("handed", "undecided", "twice"))
    return Check(
        settings().articles.grounds,
        "각 호에 해당하는 경우에만 열람·제공한다.",
        "모든 신청에 근거가 하나 있고, 결재선이 모두 결재해야 인계·인수할 수 있습니다.",
        (f"인계·인수한 신청 {handed}건{as_of(counted)}, 그중 결재가 끝나지 않은 것 {undecided}건",),
        problems(
            (undecided > 0, f"결재 없이 인계·인수된 신청이 {undecided}건 있습니다."),
            (twice > 0, f"한 사람이 두 칸을 결재한 신청이 {twice}건 있습니다."),
        ),
        (_LEDGER,),
    )


def forms() -> Asking:
    """제2항: Form 1, signed, for grounds 1 and 2; a 공문 for the others."""
    by_form, unsigned, bare = yield _in_hand
    return Check(
        settings().articles.application,
        worded(
            "{forms.application:을/를} 작성하여 제출한다. {articles.ground_statute}, "
            "{articles.ground_investigation}, {articles.ground_court:은/는} 공문에 따른다."
        ),
        "서명이 없는 신청서는 제출되지 않고, 공문은 문서번호와 함께 접수됩니다.",
        (f"처리 중인 신청서 {by_form}건, 서명 없는 것 {unsigned}건, 문서번호 없는 공문 {bare}건",),
        problems(
            (unsigned > 0, f"서명 없이 처리 중인 신청서가 {unsigned}건 있습니다."),
            (bare > 0, f"문서번호 없이 접수된 공문이 {bare}건 있습니다."),
        ),
        (Link("접수함", "applications.intake", Permission.RECEIVE_APPLICATION),),
    )


def _in_hand() -> Sequence[Select[int]]:
    signed = exists().where(
        ApplicationFile.application_id == Application.id, ApplicationFile.kind == "signature"
    )
    in_hand = Application.state.in_(_BEFORE)
    return (
        number_of(Application, in_hand, Application.ground <= 2),
        number_of(Application, in_hand, Application.ground <= 2, ~signed),
        number_of(Application, in_hand, Application.ground > 2, Application.official_doc_no == ""),
    )


def receipts() -> Asking:
    """제3항: 인계·인수증 before hearing."""
    early, sessions = yield lambda: (unreceipted_playbacks(), number_of(ListeningSession))
    return Check(
        settings().articles.decision,
        "인계·인수증을 작성하여 열람하게 하거나 제공한다.",
        "두 사람의 서명이 끝난 인계·인수증이 있어야 청취가 열리며, 들려줄 때마다 다시 확인합니다.",
        (f"청취 {sessions}건 중 인계·인수증 없이 열린 것 {early}건",),
        problems((early > 0, f"인계·인수증 없이 열린 청취가 {early}건 있습니다.")),
        (Link("접속기록", "access_log.events", Permission.READ_LOG),),
    )


def ledger(made: Made) -> Asking:
    """제4항: each handover in the ledger, and its numbers without a gap."""
    course = Sought("compliance.handed", made)
    early, *numbers = yield lambda: (_entered_early(), *course.asked())
    counted = course.told(numbers)
    rows, handed, without = (counted.value[one] for one in ("rows", "handed", "without_row"))
    gaps = years_with_gaps(made)
    return Check(
        settings().articles.ledger,
        worded("{forms.ledger}의 관리대장을 작성하여 보관한다."),
        "인계·인수와 함께 한 행이 적히고, 데이터베이스가 고치거나 지우지 못하게 합니다.",
        (
            f"관리대장 {rows}행, 인계·인수 {handed}건{as_of(counted)}",
            f"번호가 빠진 해 {len(gaps.value)}개{as_of(gaps)}",
        ),
        problems(
            (without > 0, f"관리대장에 없는 인계·인수가 {without}건 있습니다."),
            (early > 0, f"인계·인수하지 않은 신청이 관리대장에 {early}건 있습니다."),
            (
                bool(gaps.value),
                f"번호가 비거나 겹친 해가 있습니다: {', '.join(map(str, gaps.value))}",
            ),
        ),
        (_LEDGER,),
    )


def _entered_early() -> Select[int]:
    entered = exists().where(LedgerRow.application_id == Application.id)
    return number_of(Application, Application.state.in_(_BEFORE), entered)

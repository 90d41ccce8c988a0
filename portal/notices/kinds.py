"""The kinds of notices, and where one acts on each. What they say is in `wording.py`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Place(StrEnum):
    """Where one acts; the pages know the addresses."""

    INTAKE = "intake"
    APPROVAL = "approval"
    HANDOVER = "handover"
    APPLICATION = "application"
    CALL_TASKS = "call_tasks"
    CHANGES = "changes"
    ACCOUNT = "account"
    QUARANTINE = "quarantine"
    LOG_MONTHS = "log_months"
    DESTRUCTION = "destruction"
    THIRD_PARTY = "third_party"
    ACTING = "acting"
    MAILS = "mails"
    NOWHERE = "nowhere"


class Kind(StrEnum):
    TO_RECEIVE = "to_receive"
    RECEIVED = "received"
    TO_SUPPLEMENT = "to_supplement"
    SUPPLEMENTED = "supplemented"
    TO_DECIDE = "to_decide"
    RECALLED = "recalled"
    RETURNED = "returned"
    APPROVED = "approved"
    TO_HAND_OVER = "to_hand_over"
    REFUSED = "refused"
    NOT_FOUND = "not_found"
    WITHDRAWN = "withdrawn"
    HANDED_OVER = "handed_over"
    CLOSED = "closed"
    EXPIRED = "expired"
    EXPIRED_IN_HAND = "expired_in_hand"
    TO_CALL = "to_call"
    TO_CONFIRM = "to_confirm"
    ROLE_GRANTED = "role_granted"
    ROLE_REVOKED = "role_revoked"
    PASSWORD_RESET = "password_reset"
    OTP_RESET = "otp_reset"
    ACTING_NAMED = "acting_named"
    ACTING_FOR_YOU = "acting_for_you"
    ACTING_KNOWN = "acting_known"
    ACTING_CHANGED = "acting_changed"
    ACTING_ENDED = "acting_ended"
    QUARANTINED = "quarantined"
    REMIND_INTAKE = "remind_intake"
    REMIND_APPROVAL = "remind_approval"
    REMIND_HANDOVER = "remind_handover"
    LATE = "late"
    REMIND_SUPPLEMENT = "remind_supplement"
    SUPPLEMENT_LATE = "supplement_late"
    REMIND_DESTRUCTION = "remind_destruction"
    ASK_DESTRUCTION = "ask_destruction"
    DESTRUCTION_LATE = "destruction_late"
    DESTRUCTION_UNANSWERED = "destruction_unanswered"
    TO_PUBLISH = "to_publish"
    PUBLICATION_LATE = "publication_late"
    MONTH_TO_SIGN = "month_to_sign"
    MONTH_UNSIGNED = "month_unsigned"
    MONTH_TO_COUNTERSIGN = "month_to_countersign"
    MONTH_UNCOUNTERSIGNED = "month_uncountersigned"
    INTAKE_STANDS = "intake_stands"
    DELETION_STANDS = "deletion_stands"
    MAIL_FAILED = "mail_failed"
    WORKER_STANDS = "worker_stands"
    DISK_LOW = "disk_low"


@dataclass(frozen=True)
class Words:
    """`passing`: it asks for something, and is done with as soon as the application moves on."""

    title: str
    todo: str
    place: Place
    passing: bool = False

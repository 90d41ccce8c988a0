"""Who may open which endpoint. What is not marked is refused (제8조③).

Every view carries `@requires(Permission.X)`, `@public` or, for a machine with a bearer token of its
own, `@token`; a hook before each request refuses the rest. This is the coarse gate: the domain
verbs check the person's relation to the very thing again.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from flask import Flask, abort, current_app, request
from flask_login import current_user

from portal.roles import Role

View = TypeVar("View", bound=Callable[..., Any])
_MARK = "portal_access"
_PUBLIC = "public"
_TOKEN = "token"
_POLLING = "portal_polling"


class Permission(StrEnum):
    """What a page or action is for; each member says in a line what it allows."""

    #: Change one's own password, enrol one's own TOTP device, log out.
    USE_ACCOUNT = "use_account"
    #: See the calls of one's own extensions.
    SEE_OWN_CALLS = "see_own_calls"
    #: Confirm that a call on a shared line was the person's who claims it.
    CONFIRM_CLAIMS = "confirm_claims"
    #: Keep departments, extensions and their holders, and import them.
    MANAGE_ORGANISATION = "manage_organisation"
    #: File an application for oneself and follow it.
    FILE_APPLICATION = "file_application"
    #: Enter an application for a citizen at the counter.
    ENTER_FOR_CITIZEN = "enter_for_citizen"
    #: File for an employee who cannot, being restricted or without an account.
    FILE_FOR_EMPLOYEE = "file_for_employee"
    #: Take applications in, search for and match their recordings.
    RECEIVE_APPLICATION = "receive_application"
    #: Look into an application that waits for one's review or decision, with its evidence.
    SEE_APPROVALS = "see_approvals"
    #: Review or decide.
    DECIDE = "decide"
    #: Look at evidence that an applicant gave.
    SEE_EVIDENCE = "see_evidence"
    #: Prepare and sign a handover as 인계자.
    HAND_OVER = "hand_over"
    #: Open a listening session (own, or beside a citizen); the domain checks the handover.
    LISTEN = "listen"
    #: Receive what is provided, or carry it to the recipient; the domain checks the handover.
    TAKE_AWAY = "take_away"
    #: Confirm that what was provided is destroyed; the domain checks whose it is.
    CONFIRM_DESTRUCTION = "confirm_destruction"
    #: Read the ledger (Form 3).
    READ_LEDGER = "read_ledger"
    #: See whole what lists mask, with a reason (also in an export).
    UNMASK = "unmask"
    #: Note where a provision to a third party was made public.
    PUBLISH_PROVISIONS = "publish_provisions"
    #: Issue a paper of an application: 접수증, notices.
    ISSUE_PAPERS = "issue_papers"
    #: See what arrived and could not be taken in.
    SEE_QUARANTINE = "see_quarantine"
    #: Add and close accounts, ask for role grants and resets.
    MANAGE_ACCOUNTS = "manage_accounts"
    #: Name who acts for somebody (직무대리); the domain checks for which role.
    NAME_ACTING = "name_acting"
    #: Confirm, as the second person, what another one asked for.
    CONFIRM_CHANGES = "confirm_changes"
    #: Keep the list of 임시공휴일.
    KEEP_HOLIDAYS = "keep_holidays"
    #: Read the access log and the monthly check.
    READ_LOG = "read_log"
    #: Sign the monthly check of the log.
    SIGN_LOG = "sign_log"
    #: Countersign in it what is the head's own.
    COUNTERSIGN_LOG = "countersign_log"
    #: See whether the guideline is kept at this moment.
    SEE_COMPLIANCE = "see_compliance"
    #: See how many applications there are, how long they take, what is stored: numbers alone.
    SEE_DASHBOARD = "see_dashboard"
    #: See the settings in force.
    SEE_SETTINGS = "see_settings"
    #: Note that the recorder itself was looked at.
    CHECK_RECORDER = "check_recorder"
    #: See the restrictions of the system's use (제9조), but never the one of oneself.
    SEE_RESTRICTIONS = "see_restrictions"
    #: Draft a restriction, look for calls without prior notice, serve a notice.
    DRAFT_RESTRICTION = "draft_restriction"
    #: Decide on a restriction, and lift it.
    DECIDE_RESTRICTION = "decide_restriction"


_EVERYBODY = frozenset(Role)
_RUNS_IT = frozenset({Role.CUSTODIAN})
_DECIDES = frozenset({Role.TEAM_LEADER, Role.DIVISION_HEAD})

GRANTS: dict[Permission, frozenset[Role]] = {
    Permission.USE_ACCOUNT: _EVERYBODY,
    Permission.SEE_OWN_CALLS: _EVERYBODY,
    Permission.CONFIRM_CLAIMS: _RUNS_IT | {Role.TEAM_LEADER},
    Permission.MANAGE_ORGANISATION: _RUNS_IT,
    Permission.FILE_APPLICATION: _EVERYBODY,
    Permission.ENTER_FOR_CITIZEN: frozenset({Role.COUNTER}),
    Permission.FILE_FOR_EMPLOYEE: _RUNS_IT | {Role.COUNTER},
    Permission.RECEIVE_APPLICATION: _RUNS_IT,
    Permission.SEE_APPROVALS: _DECIDES,
    Permission.DECIDE: _DECIDES,
    Permission.SEE_EVIDENCE: _RUNS_IT | _DECIDES,
    Permission.HAND_OVER: _RUNS_IT | {Role.COUNTER},
    Permission.LISTEN: _EVERYBODY,
    Permission.TAKE_AWAY: _EVERYBODY,
    Permission.CONFIRM_DESTRUCTION: _EVERYBODY,
    Permission.READ_LEDGER: _RUNS_IT | _DECIDES | {Role.AUDITOR},
    Permission.UNMASK: _RUNS_IT | _DECIDES | {Role.AUDITOR},
    Permission.PUBLISH_PROVISIONS: _RUNS_IT,
    Permission.ISSUE_PAPERS: _RUNS_IT | {Role.COUNTER},
    Permission.SEE_QUARANTINE: _RUNS_IT,
    Permission.MANAGE_ACCOUNTS: _RUNS_IT,
    Permission.NAME_ACTING: _RUNS_IT | {Role.DIVISION_HEAD},
    Permission.CONFIRM_CHANGES: _RUNS_IT | _DECIDES,
    Permission.KEEP_HOLIDAYS: _RUNS_IT,
    Permission.READ_LOG: frozenset({Role.AUDITOR, Role.DIVISION_HEAD}),
    Permission.SIGN_LOG: frozenset({Role.DIVISION_HEAD}),
    Permission.COUNTERSIGN_LOG: frozenset({Role.AUDITOR}),
    Permission.SEE_COMPLIANCE: _RUNS_IT | {Role.DIVISION_HEAD, Role.AUDITOR},
    Permission.SEE_DASHBOARD: _RUNS_IT | {Role.DIVISION_HEAD, Role.AUDITOR},
    Permission.SEE_SETTINGS: _RUNS_IT | _DECIDES | {Role.AUDITOR},
    Permission.CHECK_RECORDER: _RUNS_IT,
    Permission.SEE_RESTRICTIONS: _RUNS_IT | {Role.DIVISION_HEAD},
    Permission.DRAFT_RESTRICTION: _RUNS_IT,
    Permission.DECIDE_RESTRICTION: frozenset({Role.DIVISION_HEAD}),
}


_LENT_STEP = frozenset({Permission.SEE_APPROVALS, Permission.DECIDE, Permission.SEE_EVIDENCE})
#: What an acting person (대결, 직무대리) may do besides what their own roles allow, while they act
#: for a role. Accounts, organisation and records are never lent.
LENT: dict[Role, frozenset[Permission]] = {
    Role.CUSTODIAN: frozenset(
        {
            Permission.RECEIVE_APPLICATION,
            Permission.SEE_EVIDENCE,
            Permission.HAND_OVER,
            Permission.ISSUE_PAPERS,
        }
    ),
    Role.TEAM_LEADER: _LENT_STEP,
    Role.DIVISION_HEAD: _LENT_STEP | {Permission.SEE_RESTRICTIONS, Permission.DECIDE_RESTRICTION},
}
#: `GRANTS` the other way round.
_HELD: dict[Role, frozenset[Permission]] = {
    role: frozenset(permission for permission, roles in GRANTS.items() if role in roles)
    for role in Role
}


class Visitor(Protocol):
    """Somebody who is logged in: the roles they have, and those in whose place they act today."""

    @property
    def roles(self) -> frozenset[Role]: ...
    @property
    def acting_roles(self) -> frozenset[Role]: ...


def allows(visitor: Visitor, permission: Permission) -> bool:
    """Whether the visitor has the permission, by a role of their own or by acting for one."""
    if may(visitor.roles, permission):
        return True
    return any(permission in LENT[role] for role in visitor.acting_roles)


def permissions_of(visitor: Visitor) -> frozenset[Permission]:
    """All that the visitor has now (`allows`), for who asks about many of them."""
    own = (_HELD[role] for role in visitor.roles)
    return frozenset().union(*own, *(LENT[role] for role in visitor.acting_roles))


def may(roles: frozenset[Role], permission: Permission) -> bool:
    """Whether somebody with these roles has the permission."""
    return not roles.isdisjoint(GRANTS[permission])


def requires(permission: Permission) -> Callable[[View], View]:
    """Mark a view as open to those who have the permission."""

    def mark(view: View) -> View:
        setattr(view, _MARK, permission)
        return view

    return mark


def public(view: View) -> View:
    """Mark a view as open to everybody, logged in or not."""
    setattr(view, _MARK, _PUBLIC)
    return view


def token(view: View) -> View:
    """Mark a view as open to machines with a bearer token, and to nobody by a login."""
    setattr(view, _MARK, _TOKEN)
    return view


def polling(view: View) -> View:
    """Mark a view that pages ask again and again by themselves: it keeps no session alive."""
    setattr(view, _POLLING, True)
    return view


def is_polling(view: Callable[..., Any]) -> bool:
    return getattr(view, _POLLING, False)


def mark_of(view: Callable[..., Any]) -> str | None:
    """The permission a view asks for, "public", "token", or None where nobody marked it."""
    return getattr(view, _MARK, None)


def is_public(view: Callable[..., Any]) -> bool:
    """Whether a view is open to those who are not logged in."""
    return mark_of(view) == _PUBLIC


def no_machine() -> None:
    """Where no check of tokens is installed, none is good."""
    abort(401)


def guard(
    app: Flask, refused: Callable[[str], None], check_token: Callable[[], None] = no_machine
) -> None:
    """Refuse every request whose view is unmarked or whose visitor lacks the permission.

    `refused(endpoint)` is called before a 403 so that the refusal is logged on its own.
    `check_token()` aborts unless the request carries a good bearer token; a login does not help.
    """

    @app.before_request
    def check_access() -> Any:
        if request.endpoint is None:
            return None  # no such address: the 404 page
        mark = mark_of(app.view_functions[request.endpoint])
        if mark == _PUBLIC:
            return None
        if mark == _TOKEN:
            return check_token()
        if not current_user.is_authenticated:
            return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
        if mark is None or not allows(current_user, Permission(mark)):
            refused(request.endpoint)
            abort(403)
        return None

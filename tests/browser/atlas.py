"""Every page there is, as somebody meets it: from the application's own endpoints.

A page without arguments is visited as every role that may open it. One with arguments, or with
more than one face, needs a line in `SAMPLES`: `gaps()` names those that nobody wrote down.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import Flask, url_for
from playwright.sync_api import Page
from sqlalchemy import select
from werkzeug.routing import Rule

from browser.scenes import account, applications
from portal import clock
from portal.access_log.months import Month
from portal.accounts.models import Extension
from portal.applications.models import Application
from portal.applications.states import State
from portal.demo.town import PASSWORD
from portal.extensions import db
from portal.handover.models import HandoverReceipt
from portal.ledger.models import LedgerRow
from portal.otp.codes import current_code
from portal.packages.models import Package
from portal.recordings.listing import Filter, calls_of
from portal.restrictions.models import UseRestriction
from portal.roles import Role
from web.access_table import PUBLIC, TABLE, TOKEN

#: GET endpoints that answer with something else than a page: files, fragments, JSON.
NO_PAGE = frozenset(
    {
        "accounts.presence",
        "applications.evidence_page",
        "applications.form1",
        "applications.search",
        "approvals.poll",
        "documents.blank",
        "documents.issued",
        "handover.unsigned",
        "health.ready",
        "health.up",
        "notices.unread",
        "packages.file",
        "packages.progress",
        "playback.peaks",
        "playback.sound",
        "playback.state",
        "prints.file",
        "prints.poll",
        "restrictions.lift_notice",
        "restrictions.notice",
        "restrictions.signature",
        "static",
    }
)
LOGINS = {
    Role.EMPLOYEE: "employee",
    Role.COUNTER: "counter",
    Role.CUSTODIAN: "custodian",
    Role.TEAM_LEADER: "leader",
    Role.DIVISION_HEAD: "head",
    Role.AUDITOR: "auditor",
}
Step = Callable[[Page], None]


@dataclass(frozen=True)
class View:
    """One page in one state, as one person (None: nobody is logged in) sees it.

    `then` is what they do there before the picture; `status` what a refused step answers with.
    """

    endpoint: str
    login: str | None
    path: str
    state: str = ""
    then: Step | None = None
    status: int = 200

    @property
    def name(self) -> str:
        return "-".join(filter(None, (self.endpoint, self.login or "nobody", self.state)))


def views(app: Flask) -> list[View]:
    """Every view of the installation at hand; needs an application context."""
    with app.test_request_context():
        rules = sorted(_pages(app), key=lambda rule: rule.endpoint)
        found = [view for rule in rules for view in _views_of(rule)]
        return [*found, *errors(), *_turned()]


def gaps(app: Flask) -> list[str]:
    """Pages of the application that nobody has said how to look at."""
    unknown = (rule for rule in _pages(app) if rule.arguments and rule.endpoint not in SAMPLES)
    return [f"{rule.endpoint} ({rule.rule}): add a line to SAMPLES or NO_PAGE" for rule in unknown]


def _pages(app: Flask) -> Iterator[Rule]:
    for rule in app.url_map.iter_rules():
        known = rule.endpoint in NO_PAGE | TOKEN
        if "GET" in (rule.methods or ()) and not known:
            yield rule


def _views_of(rule: Rule) -> list[View]:
    samples = SAMPLES.get(rule.endpoint)
    if samples is not None:
        return list(samples())
    if rule.arguments:
        return []  # see gaps()
    if rule.endpoint in PUBLIC:
        return [View(rule.endpoint, None, url_for(rule.endpoint))]
    roles = sorted(TABLE[rule.endpoint], key=list(LOGINS).index)
    return [View(rule.endpoint, LOGINS[role], url_for(rule.endpoint)) for role in roles]


def errors() -> list[View]:
    return [
        View("error", "employee", "/accounts", "403", status=403),
        View("error", "employee", "/nothing-here", "404", status=404),
    ]


def _press(name: str) -> Step:
    return lambda page: page.get_by_role("button", name=name, exact=True).first.click()


def _submit(page: Page) -> None:
    """Send the form of the page as it is: what is missing is said."""
    page.locator("main form[method=post] .button.primary").first.click()
    page.wait_for_load_state()


def _calls() -> Iterator[View]:
    for role in TABLE["recordings.own_calls"]:
        yield View("recordings.own_calls", LOGINS[role], "/calls")
    yield View("recordings.own_calls", "employee", "/calls?number=01099999999", "none-found")


def _filing() -> Iterator[View]:
    statement = calls_of(account("employee").person, Filter.of({}))
    taken = set(db.session.scalars(select(Application.asked_recording_id)))
    for call in db.session.scalars(statement).unique():
        if call.id not in taken:
            path = url_for("applications.new_from_call", call=call.public_id)
            yield View("applications.new_from_call", "employee", path)
            yield View("applications.new_from_call", "employee", path, "wrong", _submit, 422)
            return


def _citizen() -> Iterator[View]:
    path = url_for("applications.new_for_citizen")
    yield View("applications.new_for_citizen", "counter", path)
    yield View("applications.new_for_citizen", "counter", path, "wrong", _submit, 422)


def _for_employee() -> Iterator[View]:
    path = url_for("applications.new_for_employee", person_id=account("employee2").person.public_id)
    yield View("applications.new_for_employee", "custodian", path)


def _official() -> Iterator[View]:
    path = url_for("applications.new_official")
    yield View("applications.new_official", "custodian", path)
    yield View("applications.new_official", "custodian", path, "wrong", _submit, 422)


def _in_each_state(skip: frozenset[State] = frozenset()) -> Iterator[Application]:
    for state in State:
        if state not in skip:
            yield from applications(state)[:1]


def _filed_by(row: Application) -> str:
    return row.entered_by.login


def _details() -> Iterator[View]:
    for row in _in_each_state():
        path = url_for("applications.detail", public_id=row.public_id)
        yield View("applications.detail", _filed_by(row), path, row.state)


def _edits() -> Iterator[View]:
    for row in applications(State.DRAFT)[:1]:
        path = url_for("applications.edit", public_id=row.public_id)
        yield View("applications.edit", _filed_by(row), path)


def _supplements() -> Iterator[View]:
    for row in applications(State.SUPPLEMENT_REQUESTED)[:1]:
        path = url_for("applications.supplement", public_id=row.public_id)
        yield View("applications.supplement", _filed_by(row), path)


def _intake() -> Iterator[View]:
    path = url_for("applications.intake")
    for tab in ("", "all"):
        yield View("applications.intake", "custodian", f"{path}?tab={tab}" if tab else path, tab)
    yield View("applications.intake", "custodian", f"{path}?tab=all&q=9999-9999", "none-found")


def _intake_items() -> Iterator[View]:
    for row in _in_each_state(frozenset({State.DRAFT})):
        path = url_for("applications.intake_item", public_id=row.public_id)
        yield View("applications.intake_item", "custodian", path, row.state)
    for row in applications(State.RECEIVED, applicant_kind="citizen", forwarded_at=None)[:1]:
        path = url_for("applications.intake_item", public_id=row.public_id)
        yield View("applications.intake_item", "custodian", path, "search", _press("찾기"))


def _queue() -> Iterator[View]:
    for login in ("leader", "head"):
        yield View("approvals.queue", login, "/approvals")
    yield View("approvals.queue", "leader", "/approvals?tab=done", "done")
    yield View("approvals.queue", "leader", "/approvals?q=9999-9999", "none-found")
    yield View("approvals.queue", "leader", "/approvals", "keys", lambda p: p.keyboard.press("?"))


def _queue_items() -> Iterator[View]:
    waiting = {"leader": State.RECEIVED, "head": State.REVIEWED}
    for login, state in waiting.items():
        rows = [row for row in applications(state) if row.forwarded_at]
        for row in rows[:1]:
            path = url_for("approvals.item", public_id=row.public_id)
            yield View("approvals.item", login, path, "open")
            yield View("approvals.item", login, path, "approve", lambda p: p.keyboard.press("a"))
            yield View("approvals.item", login, path, "return", lambda p: p.keyboard.press("r"))
    for row in applications(State.REFUSED)[:1]:
        path = url_for("approvals.item", public_id=row.public_id, tab="done")
        yield View("approvals.item", "head", path, "refused")


def _of_application(endpoint: str, login: str, *states: State) -> Callable[[], Iterator[View]]:
    def found() -> Iterator[View]:
        for state in states:
            for row in applications(state)[:1]:
                who = login or _filed_by(row)
                yield View(endpoint, who, url_for(endpoint, public_id=row.public_id), state)

    return found


def _receipts() -> Iterator[View]:
    for state, row in {bool(_prepared(row)): row for row in applications(State.APPROVED)}.items():
        path = url_for("handover.receipt", public_id=row.public_id)
        yield View("handover.receipt", "custodian", path, "prepared" if state else "")


def _prepared(row: Application) -> HandoverReceipt | None:
    return db.session.scalar(select(HandoverReceipt).filter_by(application_id=row.id))


def _signing() -> Iterator[View]:
    for row in filter(_prepared, applications(State.APPROVED)):
        path = url_for("handover.signing", public_id=row.public_id)
        yield View("handover.signing", "custodian", path)


def _replies() -> Iterator[View]:
    for row in applications(State.APPROVED, disclosure_type="provision"):
        if row.is_official:
            path = url_for("handover.reply", public_id=row.public_id)
            yield View("handover.reply", "custodian", path)


def _turned() -> Iterator[View]:
    """The last of all: a turned screen locks the login behind it."""
    for row in filter(_prepared, applications(State.APPROVED)):
        path = url_for("handover.receipt", public_id=row.public_id)
        yield View("handover.screen", "custodian", path, "", _turn)
    for row in applications(State.DRAFT, applicant_kind="citizen"):
        path = url_for("applications.edit", public_id=row.public_id)
        yield View("applications.screen", _filed_by(row), path, "", _turn_draft)
    for notice in db.session.scalars(
        select(UseRestriction).where(
            UseRestriction.state == "approved", UseRestriction.served_at.is_(None)
        )
    ):
        path = url_for("restrictions.item", public_id=notice.public_id)
        yield View("restrictions.screen", "custodian", path, "", _turn_again(path))


def _turn(page: Page) -> None:
    page.locator("form[action$='/turn'] button").first.click()
    page.wait_for_url("**/screen")


def _turn_again(path: str) -> Step:
    """Take back the screen that was turned before, where it was, and turn it for another page."""

    def step(page: Page) -> None:
        if page.locator(".turned-back").count():
            page.locator(".turned-back summary").click()
            page.fill("[name=password]", PASSWORD)
            _press("화면 되돌리기")(page)
            page.goto(path)
        _turn(page)

    return step


def _turn_draft(page: Page) -> None:
    _press("신청인에게 화면 돌리기")(page)
    page.wait_for_url("**/screen")


def _heard(wanted: str = "inspection") -> Iterator[tuple[str, Application]]:
    """Who hears what: an employee their own call, a citizen's an officer beside them."""
    for row in applications(State.HANDED_OVER, disclosure_type=wanted):
        if row.applicant_kind == "employee" and row.applicant_name == "김하늘":
            yield "employee", row
        elif row.applicant_kind == "citizen":
            yield "counter2", row


def _unlocking() -> Iterator[View]:
    for login, row in _heard():
        path = url_for("playback.start", public_id=row.public_id)
        yield View("playback.start", login, path, row.applicant_kind)
        yield View("playback.start", login, path, f"{row.applicant_kind}-wrong", _submit, 422)


def _players() -> Iterator[View]:
    for login, row in _heard():
        path = url_for("playback.start", public_id=row.public_id)
        yield View("playback.player", login, path, row.applicant_kind, _unlock(login))


def _unlock(login: str) -> Step:
    def step(page: Page) -> None:
        if page.locator("[name=identity_document]").count():
            page.locator("[name=identity_document]").select_option(index=1)
        page.fill("[name=purpose]", "안내 내용 확인")
        db.session.rollback()
        page.fill("[name=code]", current_code(account(login)))
        _submit(page)
        page.wait_for_selector("[data-player-stage]:not([hidden])")

    return step


def _packages() -> Iterator[View]:
    for package in db.session.scalars(select(Package).where(Package.state != "void")):
        row = package.application
        path = url_for("packages.show", public_id=row.public_id)
        for login in (_filed_by(row), "custodian"):
            yield View("packages.show", login, path, package.state)


def _received() -> Iterator[View]:
    for package in db.session.scalars(select(Package).where(Package.state == "offered")):
        row = package.application
        path = url_for("packages.receive", public_id=row.public_id)
        yield View("packages.receive", _filed_by(row), path)


def _destructions() -> Iterator[View]:
    for row in applications(State.HANDED_OVER, disclosure_type="provision"):
        path = url_for("destruction.record", public_id=row.public_id)
        yield View("destruction.record", _filed_by(row), path)


def _accounts() -> Iterator[View]:
    for login in ("employee2", "custodian"):
        path = url_for("accounts.account", public_id=account(login).public_id)
        yield View("accounts.account", "custodian", path, login)


def _extensions() -> Iterator[View]:
    for row in db.session.scalars(select(Extension).order_by(Extension.id).limit(1)):
        path = url_for("organisation.extension", public_id=row.public_id)
        yield View("organisation.extension", "custodian", path)


def _people() -> Iterator[View]:
    for login in ("employee2", "custodian"):
        path = url_for("organisation.person", public_id=account(login).person.public_id)
        yield View("organisation.person", "custodian", path, login)


def _months() -> Iterator[View]:
    for login in ("head", "auditor"):
        path = url_for("access_log.month", key=Month.of(clock.now()).before.key)
        yield View("access_log.month", login, path)


def _restrictions() -> Iterator[View]:
    for row in db.session.scalars(select(UseRestriction).order_by(UseRestriction.id)):
        served = "served" if row.served_at else ""
        state = "lifted" if row.lifted_at else served or row.state
        path = url_for("restrictions.item", public_id=row.public_id)
        for login in ("custodian", "head"):
            yield View("restrictions.item", login, path, state)


def _own_accounts() -> Iterator[View]:
    for login in (*LOGINS.values(), "employee2"):
        yield View("accounts.own", login, "/account")


def _helps() -> Iterator[View]:
    for role, login in LOGINS.items():
        yield View("guidance.page", login, url_for("guidance.page", role=role.value))


def _waiting() -> Iterator[View]:
    for login in ("custodian", "counter"):
        yield View("handover.waiting", login, "/handover")
    yield View("handover.waiting", "custodian", "/handover?tab=done", "done")


def _ledger() -> Iterator[View]:
    for role in sorted(TABLE["ledger.rows"]):
        yield View("ledger.rows", LOGINS[role], "/ledger")
    if db.session.scalar(select(LedgerRow.id).limit(1)):
        yield View("ledger.rows", "head", "/ledger", "unmask", _unmask)


def _unmask(page: Page) -> None:
    page.locator("main td details summary", has_text="가림 해제").first.click()


def _settings() -> Iterator[View]:
    yield View("settings.page", "custodian", "/settings")
    for section in ("articles", "institution"):
        yield View("settings.page", "head", f"/settings?section={section}", section)


def _logins() -> Iterator[View]:
    yield View("accounts.login", None, "/login")
    yield View("accounts.login", None, "/login", "wrong", _submit, 422)


SAMPLES: dict[str, Callable[[], Iterator[View]]] = {
    "access_log.month": _months,
    "accounts.account": _accounts,
    "accounts.home": lambda: iter(()),  # leads to one of the others
    "accounts.login": _logins,
    "accounts.own": _own_accounts,
    "applications.detail": _details,
    "applications.edit": _edits,
    "applications.intake": _intake,
    "applications.intake_item": _intake_items,
    "applications.new_for_citizen": _citizen,
    "applications.new_for_employee": _for_employee,
    "applications.new_from_call": _filing,
    "applications.new_official": _official,
    "applications.screen": lambda: iter(()),  # see _turned
    "applications.supplement": _supplements,
    "approvals.item": _queue_items,
    "approvals.queue": _queue,
    "destruction.record": _destructions,
    "documents.of_application": _of_application(
        "documents.of_application", "custodian", State.RECEIVED, State.HANDED_OVER, State.CLOSED
    ),
    "handover.waiting": _waiting,
    "ledger.rows": _ledger,
    "guidance.own": lambda: iter(()),  # leads to the next
    "guidance.page": _helps,
    "handover.receipt": _receipts,
    "handover.reply": _replies,
    "handover.screen": lambda: iter(()),  # see _turned
    "handover.signing": _signing,
    "organisation.extension": _extensions,
    "organisation.person": _people,
    "packages.receive": _received,
    "packages.show": _packages,
    "playback.player": _players,
    "playback.start": _unlocking,
    "recordings.own_calls": _calls,
    "restrictions.item": _restrictions,
    "settings.page": _settings,
    "restrictions.screen": lambda: iter(()),  # see _turned
}

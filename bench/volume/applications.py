"""Applications over ten years with their steps, receipts, papers and ledger rows."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from volume.calls import put_reduced
from volume.sink import Sink, Value, stamp
from volume.town import Town, a_name

from portal import clock
from portal.ids import public_id
from portal.runtime import settings, vault

#: How the open ones lie about, in the order in which they are dealt out.
OPEN = ("submitted", "received", "forwarded", "reviewed", "approved", "supplement_requested")
ENDS = ("closed",) * 20 + ("refused", "withdrawn", "not_found", "expired")

APPLICATION = (
    "id", "public_id", "control_no", "state", "disclosure_type", "ground", "applicant_kind",
    "applicant_id", "entered_by_id", "office_id", "applicant_name", "birth_or_business_no",
    "address", "contact", "relation_to_subject", "purpose", "reason", "official_doc_no",
    "legal_basis", "official_department", "official_rank", "caller_number", "callee_number",
    "called_department", "asked_from", "asked_until", "party_check", "party_check_note",
    "identity_document", "settings_snapshot", "created_at", "saved_at", "submitted_at", "due_on",
    "received_at", "received_by_id", "searched_at", "forwarded_at", "decided_at", "closed_at",
)  # fmt: skip
STEP = (
    "id", "application_id", "position", "role", "title", "decided_by_id", "decided_at",
    "capacity", "opinion",
)  # fmt: skip
TRANSITION = (
    "id", "application_id", "action", "from_state", "to_state", "by_id", "capacity", "opinion",
    "at",
)  # fmt: skip
MATCH = ("application_id", "recording_id", "position", "matched_by_id", "matched_at")
LEDGER = (
    "id", "public_id", "application_id", "year", "serial", "control_no", "disclosure_type",
    "applicant_name", "affiliation", "called_at_text", "numbers_text", "reason", "basis",
    "transferor_name", "transferee_name", "approvals_text", "remarks", "recorded_at", "ground",
)  # fmt: skip
RECEIPT = (
    "id", "public_id", "application_id", "received_on", "transferor_id", "transferor_department",
    "transferor_rank", "transferor_name", "transferee_name", "transferee_address", "prepared_at",
    "unsigned_blob", "unsigned_sha256", "handed_over_at", "window_until", "issued_id",
    "identity_document",
)  # fmt: skip
PAPER = (
    "id", "public_id", "kind", "application_id", "verification_no", "sha256", "size",
    "issued_by_id", "issued_at", "why",
)  # fmt: skip


@dataclass
class Cases:
    """What was written, for whoever refers to it: public ids in the order of the ids."""

    public_ids: list[str] = field(default_factory=list)
    rows: dict[str, list[tuple[Value, ...]]] = field(default_factory=dict)
    ledger_serials: dict[int, int] = field(default_factory=dict)
    control_serials: dict[int, int] = field(default_factory=dict)

    def add(self, table: str, *values: Value) -> int:
        rows = self.rows.setdefault(table, [])
        rows.append((len(rows) + 1, *values))
        return len(rows)


def put_applications(
    sink: Sink, town: Town, count: int, open_ones: int, calls: int, dice: random.Random
) -> Cases:
    """`count` applications, the oldest first; the last `open_ones` are not yet at an end."""
    cases, moments, matches = Cases(), [], []
    now = clock.now()
    kept = settings().retention.days

    def applications() -> Iterator[tuple[Value, ...]]:
        for n in range(1, count + 1):
            recent = n > count - open_ones
            age = (
                timedelta(days=9) * (count - n) / max(open_ones, 1)
                if recent
                else timedelta(days=12 + 3640 * (count - n) / count)
            )
            at = now - age - timedelta(minutes=30)
            state = OPEN[n % len(OPEN)] if recent else ENDS[n % len(ENDS)]
            if recent:
                recording = max(calls - dice.randrange(max(calls // 3, 1)), 1)
            else:
                recording = calls + len(moments) + 1
                moments.append(at - timedelta(days=1))
            matches.append((n, recording, 1, town.custodian, stamp(at)))
            yield _application(cases, town, n, state, at, dice)

    # An application names recordings of after it in the file: constraints are looked at, so first.
    rows = list(applications())
    put_reduced(sink, calls + 1, moments, kept)
    sink.put("application", APPLICATION, rows)
    sink.put("application_recording", MATCH, matches)
    for table, columns in (
        ("approval_step", STEP),
        ("transition", TRANSITION),
        ("issued_document", PAPER),
        ("handover_receipt", RECEIPT),
        ("ledger_row", LEDGER),
    ):
        sink.put(table, columns, cases.rows.get(table, []))
    counters = [("ledger", cases.ledger_serials), ("application", cases.control_serials)]
    for series, serials in counters:
        for year, last in serials.items():
            sink.put("serial_counter", ("series", "year", "last"), [(series, year, last)])
    return cases


def _application(
    cases: Cases, town: Town, n: int, state: str, at: datetime, dice: random.Random
) -> tuple[Value, ...]:
    public, name, counter = public_id(), a_name(dice), dice.choice(town.counters)
    cases.public_ids.append(public)
    year = clock.seoul(at).year
    serial = cases.control_serials[year] = cases.control_serials.get(year, 0) + 1
    control_no = f"{year}-{serial:04d}" if state != "submitted" else None
    employee = n % 3 == 0
    received = None if state == "submitted" else stamp(at + timedelta(hours=2))
    forwarded = None
    if state not in ("submitted", "received", "supplement_requested", "withdrawn", "not_found"):
        forwarded = stamp(at + timedelta(hours=5))
    decided = None
    if state in ("approved", "closed", "refused"):
        decided = stamp(at + timedelta(days=dice.randrange(1, 9)))
    kind = "provision" if n % 4 == 0 else "inspection"
    steps = {"reviewed": 1, "approved": 2, "closed": 2, "refused": 2}.get(state, 0)
    _add_course(cases, town, n, state, at, steps if forwarded else None)
    person = dice.randrange(len(town.persons)) if employee else None
    if person is not None:
        name = town.names[person]
    if state == "closed":
        _add_handover(cases, town, n, (name, control_no or "", kind), at, public)
    number = f"010{dice.randrange(10**8):08d}"
    columns = vault().columns
    return (
        n, public, control_no, "received" if state == "forwarded" else state, kind,
        _ground(n),
        "employee" if employee else "citizen", None if person is None else person + 1,
        counter if person is None else person + 1, None if employee else counter % 120 + 1, name,
        columns.encrypt("1980-03-15", "application.birth_or_business_no", public),
        columns.encrypt("경기도 이천시 부악로 40", "application.address", public),
        columns.encrypt(number, "application.contact", public), "본인", "민원 처리 내용 확인",
        "안내받은 내용이 실제와 달라 통화 내용을 확인하고자 합니다.", "", "", "", "",
        number, town.lines[n % len(town.lines)], "", stamp(at - timedelta(days=1, hours=1)),
        stamp(at - timedelta(days=1)), "", "", "resident_card", json.dumps({}), stamp(at),
        stamp(at), stamp(at), str(clock.seoul(at).date() + timedelta(days=10)), received,
        town.custodian if received else None, received, forwarded, decided,
        stamp(at + timedelta(days=10)) if state == "closed" else None,
    )  # fmt: skip


def _ground(n: int) -> int:
    """One in forty asks by 공문."""
    return 4 if n % 40 == 8 else 2


def _add_course(
    cases: Cases, town: Town, n: int, state: str, at: datetime, decided: int | None
) -> None:
    """The steps of the 결재 where it was forwarded, and the history that led to the state."""
    course = [("submit", "draft", "submitted", town.counters[0])]
    if state != "submitted":
        course.append(("receive", "submitted", "received", town.custodian))
    if decided is not None:
        course.append(("forward", "received", "received", town.custodian))
        titles = settings().titles
        line = (
            ("team_leader", titles.team_leader, town.leader),
            ("division_head", titles.division_head, town.head),
        )
        for position, (role, title, by) in enumerate(line, 1):
            done = position <= decided
            moment = stamp(at + timedelta(hours=6 + position)) if done else None
            by_id = by if done else None
            cases.add("approval_step", n, position, role, title, by_id, moment, title * done, "")
    if state in ("reviewed", "approved", "closed"):
        course.append(("review", "received", "reviewed", town.leader))
    if state in ("approved", "closed"):
        course.append(("approve", "reviewed", "approved", town.head))
    if state == "closed":
        course.append(("hand_over", "approved", "handed_over", town.custodian))
        course.append(("close", "handed_over", "closed", town.custodian))
    for hours, (action, before, after, by) in enumerate(course, 1):
        moment = stamp(at + timedelta(hours=hours))
        cases.add("transition", n, action, before, after, by, "담당", "", moment)


def _add_handover(
    cases: Cases,
    town: Town,
    n: int,
    what: tuple[str, str, str],
    at: datetime,
    application: str,
) -> None:
    name, control_no, kind = what
    columns, moment = vault().columns, stamp(at + timedelta(days=9))
    day = clock.seoul(at + timedelta(days=9)).date()
    for paper in ("form1", "form2"):
        issued = cases.add(
            "issued_document", public_id(), paper, n, public_id()[:20], f"{n:064x}", 60_000,
            town.custodian, moment, "",
        )  # fmt: skip
    receipt = public_id()
    place = columns.encrypt("경기도 이천시", "handover_receipt.transferee_address", receipt)
    cases.add(
        "handover_receipt", receipt, n, str(day), town.custodian, town.departments[0], "주무관",
        town.names[1], name, place, moment, public_id(), f"{n:064x}", moment, moment, issued,
        "",
    )  # fmt: skip
    serial = cases.ledger_serials[day.year] = cases.ledger_serials.get(day.year, 0) + 1
    row = public_id()
    cases.add(
        "ledger_row", row, n, day.year, serial, control_no, kind, name,
        columns.encrypt("경기도 이천시 부악로 40", "ledger_row.affiliation", row),
        "2026. 11. 2. 14:05", f"010-{n % 10_000:04d}-{n * 7 % 10_000:04d}",
        "민원 처리 내용 확인", "제7조제1항제2호",
        town.names[1], name, "팀장 박검토\n과장 최결재", "", moment, _ground(n),
    )  # fmt: skip

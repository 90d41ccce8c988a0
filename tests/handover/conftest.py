"""An approved application of an employee, and the people around it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from itertools import count

import pytest
from flask import Flask
from PIL import Image, ImageDraw

import factories
from portal import clock
from portal.accounts.models import Account
from portal.applications.models import Application, ApplicationRecording, ApprovalStep
from portal.applications.states import State
from portal.database import write
from portal.documents.images import clean_signature
from portal.recordings.models import Recording
from portal.roles import Role

_control_numbers = count(1)


@dataclass
class Scene:
    application: Application
    recording: Recording
    employee: Account
    custodian: Account
    leader: Account
    head: Account


@pytest.fixture
def scene(app: Flask) -> Scene:
    employee = factories.account(name="김하늘", department_name="도시개발과")
    custodian = factories.account(Role.CUSTODIAN, name="최민준", department_name="정보통신과")
    leader = factories.account(Role.TEAM_LEADER, name="정수빈", department_name="정보통신과")
    head = factories.account(Role.DIVISION_HEAD, name="강지훈", department_name="정보통신과")
    line = factories.extension("0316442101", employee.person)
    recording = factories.recording(line)
    application = approved(employee, [recording], custodian, [leader, head])
    return Scene(application, recording, employee, custodian, leader, head)


def approved(
    employee: Account, recordings: list[Recording], custodian: Account, deciders: list[Account]
) -> Application:
    """An employee's application that the head has approved."""
    now = clock.now()
    with write() as session:
        row = Application(
            state=State.APPROVED,
            ground=2,
            applicant_kind="employee",
            applicant_id=employee.person_id,
            entered_by_id=employee.id,
            applicant_name=employee.name,
            relation_to_subject="본인",
            purpose="민원 분쟁 사실 확인",
            reason="통화 내용을 확인하려 합니다.",
            control_no=f"2026-{next(_control_numbers):04d}",
            submitted_at=now - timedelta(hours=2),
            received_at=now - timedelta(hours=1),
            received_by_id=custodian.id,
            forwarded_at=now - timedelta(minutes=50),
            decided_at=now - timedelta(minutes=10),
            due_on=clock.today() + timedelta(days=8),
        )
        for position, recording in enumerate(recordings, start=1):
            match = ApplicationRecording(position=position, matched_by_id=custodian.id)
            match.recording = recording
            row.matches.append(match)
        titles = (("team_leader", "팀장"), ("division_head", "과장"))
        for position, ((role, title), by) in enumerate(zip(titles, deciders, strict=True), start=1):
            step = ApprovalStep(position=position, role=role, title=title, capacity=title)
            step.decided_by_id, step.decided_at = by.id, now
            row.steps.append(step)
        session.add(row)
    return row


def drawn(width: int = 200) -> bytes:
    """A signature as the pad sends it, cleaned."""
    image = Image.new("RGBA", (400, 200), (255, 255, 255, 0))
    pen = ImageDraw.Draw(image)
    pen.line([(20, 150), (width // 2, 30), (width, 160), (width + 80, 60)], fill="black", width=6)
    output = BytesIO()
    image.save(output, "PNG")
    return clean_signature(output.getvalue())

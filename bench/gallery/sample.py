"""Made-up data for the component page: forms, a queue, calls, one sounding call."""

import io
from datetime import timedelta
from types import SimpleNamespace

import numpy as np
import soundfile as sf
from flask import request
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    Form,
    HiddenField,
    MultipleFileField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    validators,
)
from wtforms.fields.choices import SelectChoice

from portal import clock

RATE = 8000


class SampleForm(Form):
    name = StringField("성명 (기관·단체명)", [validators.DataRequired("성명을 입력해 주십시오.")])
    birth = DateField("생년월일", [validators.DataRequired()], description="예: 1980-03-15")
    phone = StringField("연락처", description="연락받으실 전화번호나 전자우편")
    kind = RadioField(
        "구분",
        [validators.DataRequired("열람과 제공 가운데 하나를 골라 주십시오.")],
        choices=[
            SelectChoice("inspection", "열람 (듣기만 합니다)"),
            SelectChoice("provision", "제공 (파일을 받습니다)"),
        ],
    )
    ground = SelectField(
        "신청 근거",
        choices=[
            SelectChoice("1", "당사자 한쪽의 동의 (제7조①1호)"),
            SelectChoice("2", "당사자 본인 (제7조①2호)"),
        ],
    )
    reason = TextAreaField(
        "신청사유", [validators.DataRequired()], description="주민등록번호는 적지 마십시오."
    )
    evidence = MultipleFileField("증명서류", description="PDF, PNG, JPEG, 한 건에 20MB까지")
    masked = BooleanField("올린 서류에서 주민등록번호 뒷자리를 가렸습니다.")
    code = StringField("인증번호", [validators.DataRequired()])
    signature = HiddenField("신청인 서명", [validators.DataRequired()])
    scan = MultipleFileField("종이에 서명한 경우 스캔 파일")
    opinion = TextAreaField("의견")
    opinion2 = TextAreaField("반려 의견", [validators.DataRequired()])


class SampleLogin(Form):
    login = StringField("아이디", [validators.DataRequired()])
    password = PasswordField("비밀번호", [validators.DataRequired()])
    code = StringField("인증번호", [validators.DataRequired()])


def sample_call() -> bytes:
    """A minute of two parties taking turns on two channels, as a WAV file."""
    t = np.arange(60 * RATE) / RATE
    words = np.abs(np.sin(t * 2.3)) * (0.4 + 0.6 * np.abs(np.sin(t * 0.9 + 1)))
    turn = (np.sin(t * 0.55) > 0).astype(float)
    voice = np.sin(2 * np.pi * 180 * t) * words * 0.6
    stereo = np.stack([voice * turn, voice * (1 - turn)], axis=1)
    out = io.BytesIO()
    sf.write(out, stereo, RATE, format="WAV", subtype="PCM_16")
    return out.getvalue()


def sample_context() -> dict[str, object]:
    form = SampleForm(MultiDict({"ground": "2", "phone": "010-1234-5678", "birth": "1980-03-15"}))
    if request.args.get("errors"):
        form.validate()
    people = ["김*수", "이*영", "박*호", "최*정", "(주)한*건설", "정*민"]
    queue = [
        SimpleNamespace(
            control_no=f"2026-{118 - i:04d}",
            applicant=person,
            department=["시민 (본인)", "민원여권과", "시민 (위임)"][i % 3],
            called_at=f"11. {21 - i}. 14:0{i}",
            purpose=["민원 처리 내용 확인", "폭언 사실 확인"][i % 2],
            days=[1, 0, 3, 6, -2, 9][i],
            kind=["inspection", "provision"][i % 2],
        )
        for i, person in enumerate(people)
    ]
    calls = [
        {
            "called_at": f"2026. 11. {23 - i}. 09:{12 + i}",
            "number": number,
            "direction": ["수신", "발신"][i % 2],
            "length": f"{3 + i}분 {10 * i:02d}초",
            "notice": ["안내방송", "말로 고지", "확인 안 됨"][i % 3],
            "days": 29 - i,
        }
        for i, number in enumerate(["010-****-5678", "031-***-1234", "02-***-0100", "내선 2201"])
    ]
    return {
        "queue": queue,
        "calls": calls,
        "sample": form,
        "total": 123,
        "url": lambda page, size: f"/gallery?page={page}&size={size}",
        "approval": [
            {
                "title": "담당",
                "name": "오지현",
                "at": "11. 22. 10:31",
                "word": "접수",
                "state": "done",
            },
            {"title": "팀장", "name": "박정호", "state": "current", "word": "검토 차례"},
            {"title": "과장", "name": "윤서연", "state": "todo", "word": "결정 예정"},
        ],
        "progress": [
            {"label": "신청", "state": "done", "detail": "11. 22."},
            {"label": "접수", "state": "done", "detail": "11. 22."},
            {"label": "팀장 결재", "state": "current", "detail": "11. 25.까지"},
            {"label": "과장 승인", "state": "todo"},
            {"label": "인계·인수", "state": "todo"},
            {"label": "완료", "state": "todo"},
        ],
        "events": [
            {"at": "2026. 11. 22. 09:14", "title": "신청", "who": "최민정", "capacity": "민원창구"},
            {
                "at": "2026. 11. 22. 10:31",
                "title": "접수",
                "who": "오지현",
                "capacity": "시스템 관리자",
                "opinion": "통화 1건을 찾아 연결했습니다.",
                "tone": "current",
            },
        ],
        "recordings": [
            {
                "label": f"2026-0118-0{i}",
                "src": f"/sound?n={i}",
                "peaks": "/peaks",
                "duration": 60.0,
                "channels": ["직원", "민원인"],
                "called_at": f"2026. 11. 21. 14:0{i}",
            }
            for i in (1, 2, 3)
        ],
        "ends_at": clock.now() + timedelta(seconds=int(request.args.get("left", 2820))),
    }

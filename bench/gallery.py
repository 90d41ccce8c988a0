"""The component page with made-up data, for looking at it: ``python bench/gallery.py [PORT]``.

Serves it under the portal's Content-Security-Policy, with one sample call in ranges of 1 MiB.
``/refuse`` lets every further range be refused, ``/allow`` undoes that.
"""

import io
import re
import secrets
import sys
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import soundfile as sf
from flask import Flask, Response, flash, g, jsonify, render_template, request
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    Form,
    HiddenField,
    MultipleFileField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    validators,
)

from portal import clock
from portal.web.htmx import htmx

ROOT = Path(__file__).resolve().parent.parent
RATE = 8000


class SampleForm(Form):
    name = StringField("성명 (기관·단체명)", [validators.DataRequired("성명을 입력해 주십시오.")])
    birth = DateField("생년월일", [validators.DataRequired()], description="예: 1980-03-15")
    phone = StringField("연락처", description="연락받으실 전화번호나 전자우편")
    kind = RadioField(
        "구분",
        [validators.DataRequired("열람과 제공 가운데 하나를 골라 주십시오.")],
        choices=[("inspection", "열람 (듣기만 합니다)"), ("provision", "제공 (파일을 받습니다)")],
    )
    ground = SelectField(
        "신청 근거",
        choices=[("1", "당사자 한쪽의 동의 (제7조①1호)"), ("2", "당사자 본인 (제7조①2호)")],
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
    form = SampleForm(MultiDict({"phone": "010-1234-5678", "birth": "1980-03-15"}))
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


def create_gallery() -> Flask:
    app = Flask(__name__, root_path=str(ROOT), static_folder="static", template_folder="templates")
    app.secret_key = secrets.token_bytes(16)
    htmx.init_app(app)
    sound = sample_call()
    state = {"refused": False}

    @app.context_processor
    def frame() -> dict[str, object]:
        titles = [
            ("내 일", ["내 통화", "내 신청", "청취"]),
            ("결재", ["결재대기함", "접수함", "인계·인수"]),
            ("관리", ["관리대장", "사용 제한", "접속기록", "지침 이행 현황", "계정·조직"]),
        ]
        return {
            "settings": SimpleNamespace(institution="이천시", portal_name="행정전화 녹취정보 포털"),
            "navigation": [
                {
                    "title": title,
                    "items": [
                        {
                            "label": label,
                            "href": "/gallery",
                            "current": label == "결재대기함",
                            "count": {"결재대기함": 6, "접수함": 12}.get(label, 0),
                        }
                        for label in labels
                    ],
                }
                for title, labels in titles
            ],
            "user_box": {
                "name": "박정호 팀장",
                "department": "정보통신과",
                "logout_url": "/gallery",
            },
            "csrf_token": lambda: "sample-token",
            "csp_nonce": g.nonce,
        }

    @app.before_request
    def make_nonce() -> None:
        g.nonce = secrets.token_urlsafe(16)

    @app.after_request
    def policy(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = (
            f"default-src 'self'; style-src 'self' 'nonce-{g.nonce}'; object-src 'none'; "
            "base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
        )
        return response

    @app.route("/gallery", methods=["GET", "POST"])
    def gallery() -> str:
        if request.args.get("flash"):
            flash("신청을 제출했습니다. 처리기한은 2026. 12. 4.입니다.", "success")
        return render_template("components/gallery.html", **sample_context())

    @app.get("/error/<int:code>")
    def error(code: int) -> tuple[str, int]:
        return render_template(
            "errors/error.html",
            code=code,
            title="권한이 없습니다",
            message="이 신청은 담당자만 볼 수 있습니다.",
            action="필요하면 시스템 관리자에게 문의해 주십시오.",
        ), code

    @app.get("/refuse")
    def refuse() -> str:
        state["refused"] = True
        return "refused"

    @app.get("/allow")
    def allow() -> str:
        state["refused"] = False
        return "allowed"

    @app.get("/peaks")
    def peaks() -> Response:
        data, _ = sf.read(io.BytesIO(sound), dtype="float32")
        bins = np.abs(data).reshape(600, -1, 2).max(axis=1)
        return jsonify(peaks=[[round(float(v), 3) for v in bins[:, c]] for c in (0, 1)])

    @app.get("/status")
    def status() -> tuple[Response, int]:
        if state["refused"]:
            return jsonify(message="사용 제한이 시작되어 재생을 멈추었습니다."), 403
        return jsonify(active=True), 200

    @app.get("/sound")
    def stream() -> Response:
        if state["refused"]:
            answer = jsonify(message="사용 제한이 시작되어 재생을 멈추었습니다.")
            answer.status_code = 403
            return answer
        match = re.match(r"bytes=(\d+)-(\d*)", request.headers.get("Range", ""))
        start = int(match[1]) if match else 0
        wanted = int(match[2]) + 1 if match and match[2] else len(sound)
        end = min(wanted, start + 131072, len(sound))
        response = Response(sound[start:end], 206, mimetype="audio/wav")
        response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{len(sound)}"
        response.headers["Accept-Ranges"] = "bytes"
        response.headers["Cache-Control"] = "no-store"
        return response

    return app


if __name__ == "__main__":
    create_gallery().run(port=int(sys.argv[1]) if len(sys.argv) > 1 else 8077, threaded=True)

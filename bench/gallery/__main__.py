"""The component page with made-up data, for looking at it: ``python bench/gallery [PORT]``.

Serves it under the portal's Content-Security-Policy, with one sample call in ranges of 1 MiB.
``/refuse`` lets every further range be refused, ``/allow`` undoes that.
"""

import io
import re
import secrets
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import soundfile as sf
from flask import Flask, Response, flash, g, jsonify, render_template, request
from PIL import Image
from sample import SampleForm, SampleLogin, sample_call, sample_context

from portal.institution import load_settings
from portal.korean import with_particle
from portal.web.htmx import htmx
from portal.words import worded_by

ROOT = Path(__file__).resolve().parents[2]


def create_gallery() -> Flask:
    app = Flask(__name__, root_path=str(ROOT), static_folder="static", template_folder="templates")
    app.secret_key = secrets.token_bytes(16)
    htmx.init_app(app)
    rules = load_settings()
    app.jinja_env.filters.update(
        worded=lambda text: worded_by(rules, text), with_particle=with_particle
    )
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
                            "key": label,
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
            "rules": rules,
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

    @app.route("/focus", methods=["GET", "POST"])
    def focus() -> str:
        return render_template(
            "components/gallery_focus.html", sample=SampleForm(), login=SampleLogin()
        )

    @app.get("/picture")
    def picture() -> Response:
        page = Image.new("L", (300, 400), 250)
        out = io.BytesIO()
        page.save(out, "PNG")
        return Response(out.getvalue(), mimetype="image/png")

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

"""The headers every answer carries (decision 9): nothing from outside, nothing kept in a cache."""

from __future__ import annotations

import secrets

from flask import Flask, Response, g, request

_POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self'",
        "img-src 'self' data:",  # the QR code of the TOTP enrolment
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def init_app(app: Flask) -> None:
    app.after_request(_add_headers)
    app.jinja_env.globals["csp_nonce"] = csp_nonce


def csp_nonce() -> str:
    """For the one style element a library adds by itself (the waveform); new for each answer."""
    nonce: str = g.setdefault("csp_nonce", secrets.token_urlsafe(16))
    return nonce


def _add_headers(response: Response) -> Response:
    if "csp_nonce" in g:
        policy = f"{_POLICY}; style-src 'self' 'nonce-{g.csp_nonce}'"
        response.headers["Content-Security-Policy"] = policy
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["Cache-Control"] = "no-store"  # static files: see `versions`
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response

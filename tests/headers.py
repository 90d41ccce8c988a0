"""What every answer of the portal carries, looked at in every test that asks it anything."""

from __future__ import annotations

from werkzeug.test import TestResponse

_EXACTLY = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_POLICY = (
    *("default-src 'self'", "script-src 'self'", "object-src 'none'", "base-uri 'none'"),
    *("form-action 'self'", "frame-ancestors 'none'"),
)


def check_headers(answer: TestResponse) -> None:
    """Fails where a page, an error, a file, a fragment or a redirect lacks one."""
    path = answer.request.path
    for name, value in _EXACTLY.items():
        assert answer.headers.get(name) == value, f"{path}: {name} {answer.headers.get(name)!r}"
    policy = answer.headers.get("Content-Security-Policy", "")
    parts = {part.strip() for part in policy.split(";")}
    assert parts >= set(_POLICY), f"{path}: {policy}"
    assert "unsafe" not in policy, f"{path}: {policy}"
    assert "http" not in policy, f"{path}: {policy}"
    _check_cache(answer, path)
    _check_cookies(answer, path)
    _check_location(answer, path)
    is_tls = answer.request.scheme == "https"
    assert ("Strict-Transport-Security" in answer.headers) == is_tls, path


def _check_cache(answer: TestResponse, path: str) -> None:
    kept = answer.headers.get("Cache-Control", "")
    if path.startswith("/static/") and answer.status_code in (200, 206, 304):
        assert kept.startswith("public, max-age="), f"{path}: {kept}"
    elif not path.startswith("/static/"):
        assert kept == "no-store", f"{path}: {kept}"


def _check_cookies(answer: TestResponse, path: str) -> None:
    for cookie in answer.headers.getlist("Set-Cookie"):
        assert cookie.startswith("portal="), f"{path}: another cookie"
        told = {part.strip() for part in cookie.split(";")}
        assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= told, f"{path}: {told}"
        assert not any(part.startswith("Domain") for part in told), path


def _check_location(answer: TestResponse, path: str) -> None:
    for name in ("Location", "HX-Redirect", "HX-Location"):
        if to := answer.headers.get(name):
            inside = to.startswith("/") and not to.startswith(("//", "/\\"))
            assert inside or name == "HX-Location", f"{path}: leads to {to!r}"

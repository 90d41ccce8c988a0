"""The application put together: wiring only."""

from __future__ import annotations

from importlib import import_module

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import (
    access,
    logs,
    models,  # noqa: F401  (every table is known before the first query)
    running,
    runtime,
    schema,
    turned_screens,
)
from portal.api.routes import check_token
from portal.audit.refusals import refused
from portal.config import Config, from_environment
from portal.database import prepare_engine
from portal.extensions import csrf, db
from portal.paths import STATIC, TEMPLATES
from portal.vault import Vault
from portal.vault.master import MasterKey
from portal.web import (
    compressed,
    errors,
    filters,
    headers,
    htmx,
    login,
    navigation,
    text_only,
    turned,
    typed_words,
    uploads,
    versions,
)

#: Slices with pages; each has `routes.bp`.
SLICES = (
    "accounts",
    "otp",
    "recordings",
    "applications",
    "approvals",
    "handover",
    "packages",
    "destruction",
    "playback",
    "ledger",
    "unmasking",
    "documents",
    "organisation",
    "restrictions",
    "api",
    "prints",
    "notices",
    "holidays",
    "access_log",
    "compliance",
    "dashboard",
    "settings",
    "finding",
    "guidance",
    "health",
)


def create_app(config: Config | None = None, *, offline: bool = False) -> Flask:
    """See `portal.create_app`."""
    logs.configure()
    config = config or from_environment()
    if not offline:
        running.refuse_unfinished(config.data)
    app = Flask("portal", template_folder=str(TEMPLATES), static_folder=str(STATIC))
    vault = Vault(config.data, MasterKey.load(config.master_key_file), config.key_replica)
    app.url_map.merge_slashes = False  # it would redirect to the host that the request names
    runtime.install(app, config, vault)
    _configure(app, config, vault)
    db.init_app(app)
    schema.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    htmx.htmx.init_app(app)
    login.init_app(app)
    turned.init_app(app, screen=turned_screens.address_of)
    access.guard(app, refused, check_token)
    uploads.init_app(app)
    csrf.init_app(app)
    text_only.init_app(app)
    login.before_each_request(app)
    for part in (versions, compressed, headers, errors, filters, navigation):
        part.init_app(app)
    typed_words.init_app(app)
    for name in SLICES:
        app.register_blueprint(import_module(f"portal.{name}.routes").bp)
    access.public(app.view_functions["static"])
    return app


def _configure(app: Flask, config: Config, vault: Vault) -> None:
    app.config.update(
        SECRET_KEY=vault.master.derive("cookies").hex(),
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={"hide_parameters": True},  # no personal data in tracebacks
        SESSION_COOKIE_NAME="portal",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=config.secure_cookies,
        WTF_CSRF_TIME_LIMIT=None,  # ends with the session
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
    )
    if config.trusted_proxies:
        hops = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]

"""What every command begins with: the installation of the environment, with its context pushed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, Protocol, TypeVar, cast

import click
from flask import Flask

from portal import create_app, schema
from portal.audit.clock_check import ClockBehind
from portal.config import Config, from_environment
from portal.extensions import db
from portal.institution import SettingsError
from portal.vault.master import MasterKeyError


class Command(Protocol):
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...


Function = TypeVar("Function", bound=Command)


class Misuse(click.ClickException):
    """The command cannot run like this; exit 2."""

    exit_code = 2


def read_config() -> Config:
    """The configuration of the environment; a setting that does not fit ends the command."""
    try:
        return from_environment()
    except SettingsError as error:
        raise Misuse(str(error)) from error


def open_app(config: Config | None = None) -> Flask:
    """The application, or a clear end where key or settings are missing."""
    try:
        return create_app(config or read_config())
    except MasterKeyError as error:
        raise Misuse(str(error)) from error


@contextmanager
def installation() -> Iterator[Flask]:
    """The application with its context, on the schema this version needs."""
    app = open_app()
    with app.app_context():
        try:
            schema.require_current()
        except schema.SchemaMismatch as error:
            raise Misuse(str(error)) from error
        try:
            yield app
        except ClockBehind as error:
            raise click.ClickException(str(error)) from error
        finally:
            db.session.remove()
            db.engine.dispose()


def in_installation(function: Function) -> Function:
    """Run a command inside `installation()`."""

    @wraps(function)
    def inside(*args: Any, **kwargs: Any) -> Any:
        with installation():
            return function(*args, **kwargs)

    return cast(Function, inside)

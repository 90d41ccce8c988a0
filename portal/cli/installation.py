"""What every command begins with: the installation of the environment, with its context pushed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, Protocol, TypeVar, cast

import click
from flask import Flask

from portal import create_app, running, schema
from portal.audit.clock_check import ClockBehind
from portal.audit.key_check import require_own_key
from portal.clock_mark import ClockAhead
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


def require_usable() -> None:
    """The schema is this version's and the master key this installation's, or a clear end."""
    try:
        schema.require_current()
        require_own_key()
    except (schema.SchemaMismatch, MasterKeyError) as error:
        raise Misuse(str(error)) from error


def take_part(config: Config) -> int | None:
    """Use the installation beside others until this process ends; a key change is in the way."""
    try:
        return running.share(config.data)
    except running.InUse as error:
        raise Misuse(str(error)) from error


@contextmanager
def installation() -> Iterator[Flask]:
    """The application with its context, on the schema this version needs."""
    config = read_config()
    held = take_part(config)
    app = open_app(config)
    with app.app_context():
        require_usable()
        try:
            yield app
        except (ClockAhead, ClockBehind) as error:
            raise click.ClickException(str(error)) from error
        finally:
            db.session.remove()
            db.engine.dispose()
            if held is not None:
                os.close(held)


def in_installation(function: Function) -> Function:
    """Run a command inside `installation()`."""

    @wraps(function)
    def inside(*args: Any, **kwargs: Any) -> Any:
        with installation():
            return function(*args, **kwargs)

    return cast(Function, inside)


@contextmanager
def offline(found: Config) -> Iterator[None]:
    """Nobody else uses the installation; ends the command otherwise."""
    try:
        with running.alone(found.data):
            yield
    except running.InUse as error:
        raise Misuse(str(error)) from error


@contextmanager
def opened(found: Config) -> Iterator[Flask]:
    """The application of an offline command, on the schema this version needs."""
    try:
        app = create_app(found, offline=True)
    except MasterKeyError as error:
        raise Misuse(str(error)) from error
    with app.app_context():
        try:
            require_usable()
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()

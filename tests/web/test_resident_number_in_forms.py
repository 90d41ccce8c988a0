"""No form of the portal takes a 주민등록번호: found by itself, so that no new one can forget it."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from flask import Flask
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, PasswordField, StringField
from wtforms.fields.core import UnboundField

import portal
from portal.applications.resident_number import MESSAGE
from portal.web.forms import EXCEPTED, PortalForm

NUMBERS = ("800304-1234567", "0403043234567", "８００３０４－５２３４５６７")


def _subclasses(form: type) -> Iterator[type]:
    for one in form.__subclasses__():
        yield one
        yield from _subclasses(one)


def forms() -> list[type[FlaskForm]]:
    for module in pkgutil.walk_packages(portal.__path__, "portal."):
        if "form" in module.name.rpartition(".")[2]:
            importlib.import_module(module.name)
    ours = {form for form in _subclasses(FlaskForm) if form.__module__.startswith("portal.")}
    return sorted(ours, key=lambda form: (form.__module__, form.__name__))


def typed_fields(form: type[FlaskForm]) -> list[str]:
    unbound = ((name, getattr(form, name)) for name in dir(form))
    kinds = {name: field.field_class for name, field in unbound if isinstance(field, UnboundField)}
    return [
        name
        for name, kind in kinds.items()
        if issubclass(kind, StringField) and not issubclass(kind, PasswordField | HiddenField)
    ]


def test_every_form_has_the_rule(app: Flask) -> None:
    assert {form.__name__ for form in forms() if not issubclass(form, PortalForm)} == set()
    assert len(forms()) > 40


@pytest.mark.parametrize("number", NUMBERS)
def test_every_field_that_people_type_into_refuses_it_with_words(app: Flask, number: str) -> None:
    checked = set()
    for form in forms():
        names = typed_fields(form)
        said = MultiDict(dict.fromkeys(names, f"확인 {number}"))
        with app.test_request_context(method="POST", data={}):
            page = form(formdata=said, meta={"csrf": False})
            for field in page:
                if getattr(field, "choices", ()) is None:
                    field.choices = []
            assert not page.validate() or not names, form
            for name in names:
                if name in EXCEPTED or name not in page:
                    continue
                assert list(page[name].errors) == [MESSAGE], (form, name)
                checked.add((form.__name__, name))
    assert len(checked) > 50


def test_words_and_telephone_numbers_are_not_taken_for_one(app: Flask) -> None:
    for form in forms():
        names = typed_fields(form)
        said = MultiDict(dict.fromkeys(names, "010-1234-5678 확인, 2026-0001"))
        with app.test_request_context(method="POST", data={}):
            page = form(formdata=said, meta={"csrf": False})
            for field in page:
                if getattr(field, "choices", ()) is None:
                    field.choices = []
            page.validate()
            assert not any(MESSAGE in page[name].errors for name in names if name in page)

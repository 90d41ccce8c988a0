"""솔내시: its settings, its people, and a client that reads every page and paper it gets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pyzipper
from flask import Flask
from werkzeug.test import TestResponse

import factories
from client import PageClient
from documents.reading import packed, text_of
from portal.accounts.models import Account
from portal.institution import load_settings
from portal.roles import Role

SETTINGS_FILE = Path(__file__).with_name("solnae.toml")
SOLNAE = load_settings(SETTINGS_FILE)
#: The words of Icheon; laws (안전성 확보조치 기준 제8조) are the same.
FOREIGN = re.compile(
    r"녹취|이천|팀장|과장|정보통신과|시스템 관리자|민원창구 직원|감사 담당자|운영 지침"
    r"|(?<!시행규칙 )별지|(?<!기준 )제(?:[1-9]|10|11)조|30일간|인계 · 인수증|관리대장\]"
)


def foreign_words(text: str) -> list[str]:
    """What stands in a text that only Icheon says, with the words around it."""
    return [text[max(m.start() - 20, 0) : m.end() + 20] for m in FOREIGN.finditer(text)]


class CityClient(PageClient):
    """Every page, message and paper it gets is in the words of 솔내시."""

    def _look_at(self, answer: TestResponse, options: dict[str, Any]) -> None:
        super()._look_at(answer, options)
        if answer.mimetype == "application/pdf":
            read_paper(answer.data)
        elif answer.mimetype in ("text/html", "application/json", "text/plain"):
            found = foreign_words(re.sub(r"<[^>]*>", "", answer.text))
            assert not found, f"{answer.request.path} says {found[:3]}"


def read_paper(pdf: bytes) -> str:
    """Its text without blanks, in which no word is Icheon's."""
    text = text_of(pdf)
    found = [m.group() for m in re.finditer(packed(FOREIGN.pattern), text)]
    assert not found, f"a paper says {found[:3]}: {text[:300]}"
    return text


@dataclass
class Staff:
    employee: Account
    custodian: Account
    head: Account
    auditor: Account


def staff() -> Staff:
    """One person for each part; the settings know of no other approver than the 국장."""
    employee = factories.account(name="김하늘", login="employee", department_name="도시디자인과")
    factories.extension("0315552101", employee.person)
    office = "스마트도시과"
    return Staff(
        employee=employee,
        custodian=factories.account(
            Role.CUSTODIAN, name="최민준", login="custodian", department_name=office
        ),
        head=factories.account(
            Role.DIVISION_HEAD, name="강지훈", login="head", department_name=office
        ),
        auditor=factories.account(
            Role.AUDITOR, name="윤채원", login="auditor", department_name=office
        ),
    )


def logged_in(app: Flask, account: Account) -> CityClient:
    client = CityClient(app)
    client.log_in(account)
    return client


def unpacked(package: bytes, password: str) -> dict[str, bytes]:
    """The files of a 제공 package by name."""
    with pyzipper.AESZipFile(BytesIO(package)) as archive:
        archive.setpassword(password.encode())
        return {name: archive.read(name) for name in archive.namelist()}

"""An approval line of three steps: in order, by three people, each in a column of the ledger."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

import factories
from client import PageClient
from documents.reading import packed
from portal.applications.models import Application
from portal.applications.states import State
from portal.config import Config
from portal.extensions import db
from portal.institution import load_settings
from portal.ledger import paper
from portal.ledger.models import LedgerRow
from portal.roles import Role
from second_city import test_road as road
from second_city.city import SETTINGS_FILE, CityClient, logged_in, read_paper, staff

STEPS = "".join(
    f'[[approval.steps]]\nrole = "{role}"\ntitle = "{title}"\n\n'
    for role, title in (
        ("team_leader", "주임"),
        ("team_leader", "기획관"),
        ("division_head", "국장"),
    )
)


@pytest.fixture
def config(config: Config, tmp_path: Path) -> Config:
    """솔내시 with two reviews before the decision."""
    text = SETTINGS_FILE.read_text("utf-8")
    one_step = re.compile(r"\[\[approval\.steps\]\].*?\n\n", re.S)
    file = tmp_path / "three.toml"
    file.write_text(one_step.sub(lambda _: STEPS, text, count=1), "utf-8")
    return replace(config, settings=load_settings(file))


def act(client: PageClient, application: Application, action: str) -> int:
    """Open it in the queue and decide; the status."""
    page = f"/approvals/{application.public_id}"
    seen = re.search(r'name="seen"[^>]*? value="([^"]*)"', client.get(page).text)
    return client.post(f"{page}/{action}", {"seen": seen[1] if seen else "0"}).status_code


def test_three_people_decide_in_order_and_stand_in_three_columns(app: Flask) -> None:
    people = staff()
    first = logged_in(app, factories.account(Role.TEAM_LEADER, name="오주임"))
    second = logged_in(app, factories.account(Role.TEAM_LEADER, name="유기획"))
    head = logged_in(app, people.head)
    call = road.own_call()
    application = road.filed(logged_in(app, people.employee), call, "inspection")
    road.received_and_forwarded(logged_in(app, people.custodian), application, call)

    assert act(head, application, "approve") != 303, "the last step came before the first"
    assert act(first, application, "approve") != 303, "the first step decided"
    assert act(first, application, "review") == 303
    assert act(first, application, "review") != 303, "one person filled two columns"
    assert road.only_application().state == State.REVIEWED
    assert act(head, application, "approve") != 303, "the last step came before the second"
    assert act(second, application, "review") == 303
    assert road.only_application().state == State.REVIEWED
    shown = logged_in(app, people.employee).get(f"/applications/{application.public_id}").text
    assert all(word in shown for word in ("주임 검토", "기획관 검토", "국장 승인"))
    assert act(head, application, "approve") == 303
    assert road.only_application().state == State.APPROVED

    road.signed_by_both(app, people, application)
    the_ledger_has_three_columns(logged_in(app, people.auditor))


def the_ledger_has_three_columns(auditor: CityClient) -> None:
    assert "기획관 유기획" in auditor.get("/ledger").text.replace("</span>", "")
    rows = db.session.scalars(select(LedgerRow)).all()
    text = read_paper(paper.print_rows(rows, "2026년"))
    for word in ("[서식 다]", "솔내시 녹음기록 (열람 · 제공) 기록부", "오주임", "유기획", "강지훈"):
        assert packed(word) in text

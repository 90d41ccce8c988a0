"""The demo's town stands in any city: its offices, ranks and approvers are the settings'."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from portal.accounts.acting import step_roles
from portal.accounts.models import Department
from portal.demo.access import accesses
from portal.demo.town import found_town, holder_of
from portal.extensions import db
from second_city.city import SOLNAE, foreign_words


def test_the_demos_people_work_in_the_citys_offices_and_decide_in_its_line(app: Flask) -> None:
    staff = found_town()

    db.session.rollback()
    offices = db.session.scalars(select(Department)).all()
    assert {office.kind for office in offices} <= set(SOLNAE.organisation.kinds)
    decider = holder_of(step_roles()[-1], staff)
    assert decider.person.department_name == SOLNAE.institution.operating_department
    assert decider.person.rank == SOLNAE.titles.division_head
    shown = " ".join(person.title.split(" (")[0] for person in accesses())
    assert foreign_words(shown) == []

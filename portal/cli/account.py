"""`portal account`: open and close accounts, reset password and TOTP from the machine itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy import select

from portal.accounts.close_account import close_account
from portal.accounts.email import set_email
from portal.accounts.grant_role import ask_for_role
from portal.accounts.models import Account, AccountChange, Department
from portal.accounts.open_account import add_department, department_named, open_account
from portal.accounts.refusals import AccountRefused
from portal.accounts.reset import ask_for_otp_reset, ask_for_password_reset
from portal.cli.installation import Misuse, in_installation
from portal.database import write
from portal.extensions import db
from portal.roles import Role

_WAITS = "다른 사람이 포털의 '계정 변경 확인'에서 확인해야 적용됩니다"
_ROLES = click.Choice([str(role) for role in Role if role is not Role.EMPLOYEE])
json_option = click.option("--json", "as_json", is_flag=True, help="JSON으로 / machine-readable.")


@click.group()
def account() -> None:
    """계정 / accounts."""


@account.command()
@click.argument("login")
@click.option("--name", required=True, help="성명.")
@click.option("--department", required=True, help="부서 이름.")
@click.option("--new-department", is_flag=True, help="없는 부서이면 만듭니다 / add it if missing.")
@click.option("--rank", default="", help="직급.")
@click.option("--employee-no", help="사번.")
@click.option("--role", "roles", multiple=True, type=_ROLES, help="직원 외의 역할, 여러 번 가능.")
@json_option
@in_installation
def add(
    login: str,
    name: str,
    department: str,
    new_department: bool,
    rank: str,
    employee_no: str | None,
    roles: tuple[str, ...],
    as_json: bool,
) -> None:
    """계정을 만듭니다 / open an account; sensitive roles wait for a second person."""
    with _refusals(), write():
        office = _department(department, add=new_department)
        opened, password = open_account(
            login, name, office, by=None, rank=rank, employee_no=employee_no
        )
        asked = {role: ask_for_role(opened, Role(role), by=None) for role in dict.fromkeys(roles)}
    waiting = [role for role, change in asked.items() if change]
    lines = [f"계정 {login}을(를) 만들었습니다. 처음 비밀번호: {password}"]
    lines += [f"역할 {role}: {_WAITS}." for role in waiting]
    _say(as_json, lines, login=login, password=password, waiting=waiting)


@account.command()
@click.argument("login")
@json_option
@in_installation
def close(login: str, as_json: bool) -> None:
    """계정을 닫습니다 / close an account; it is never deleted."""
    with _refusals(), write():
        close_account(_account(login), by=None)
    _say(as_json, [f"계정 {login}을(를) 닫았습니다."], login=login, closed=True)


@account.command()
@click.argument("login")
@json_option
@in_installation
def reset_password(login: str, as_json: bool) -> None:
    """비밀번호를 초기화합니다 / a new password for one login."""
    with _refusals(), write():
        done = ask_for_password_reset(_account(login), by=None)
    if isinstance(done, AccountChange):
        _say(as_json, [f"비밀번호 초기화: {_WAITS}."], login=login, waiting=True)
    else:
        _say(as_json, [f"{login}의 새 비밀번호: {done}"], login=login, waiting=False, password=done)


@account.command()
@click.argument("login")
@json_option
@in_installation
def reset_otp(login: str, as_json: bool) -> None:
    """인증 앱 등록을 초기화합니다 / forget the authenticator."""
    with _refusals(), write():
        change = ask_for_otp_reset(_account(login), by=None)
    done = f"{login}의 인증 앱 등록을 지웠습니다. 다시 등록하면 됩니다."
    line = f"인증 앱 초기화: {_WAITS}." if change else done
    _say(as_json, [line], login=login, waiting=change is not None)


@account.command()
@click.argument("login")
@click.argument("address", default="")
@json_option
@in_installation
def email(login: str, address: str, as_json: bool) -> None:
    """알림 메일을 받을 주소 (비우면 지움) / where notices go by mail."""
    with _refusals(), write():
        set_email(_account(login), address, by=None)
    line = f"{login}: {address}" if address else f"{login}: 메일을 보내지 않습니다."
    _say(as_json, [line], login=login, email=address or None)


@contextmanager
def _refusals() -> Iterator[None]:
    """A refusal of the domain ends the command with its message; exit 2."""
    try:
        yield
    except AccountRefused as refused:
        raise Misuse(str(refused)) from refused


def _account(login: str) -> Account:
    found = db.session.scalar(select(Account).where(Account.login == login))
    if found is None:
        raise Misuse(f"'{login}' 계정이 없습니다. 아이디를 확인하세요.")
    return found


def _department(name: str, *, add: bool) -> Department:
    found = department_named(name)
    if found is None and not add:
        raise Misuse(f"'{name}' 부서가 없습니다. 새 부서이면 --new-department를 붙이세요.")
    return found or add_department(name)


def _say(as_json: bool, lines: list[str], **facts: object) -> None:
    click.echo(json.dumps(facts, ensure_ascii=False) if as_json else "\n".join(lines))

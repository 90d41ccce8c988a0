"""Enrolling an authenticator, and enrolling again."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select

import factories
from otp.devices import NOON, code_at, enrolled, wrong_at
from portal import clock
from portal.database import write
from portal.extensions import db
from portal.otp import enrol
from portal.otp.codes import CodeRefused, consume_code
from portal.otp.models import RecoveryCode
from portal.runtime import settings


def test_a_secret_opens_nothing_before_its_first_code_was_right(app: Flask) -> None:
    account = factories.account()

    with clock.at(NOON):
        device = pyotp.TOTP(enrol.begin(account))

        with pytest.raises(CodeRefused, match="먼저 등록"):
            consume_code(account, code_at(device, NOON))
        with pytest.raises(CodeRefused, match="시각이 자동으로"):
            enrol.confirm(account, wrong_at(device, NOON))
        enrol.confirm(account, code_at(device, NOON))


def test_recovery_codes_are_given_once_and_kept_as_hashes(app: Flask) -> None:
    account = factories.account()
    with clock.at(NOON):
        device = pyotp.TOTP(enrol.begin(account))
        codes = enrol.confirm(account, code_at(device, NOON))

    stored = db.session.scalars(select(RecoveryCode.code_hash)).all()

    assert len(set(codes)) == settings().otp.recovery_codes == len(stored)
    assert not set(codes) & set(stored)
    assert enrol.enrolment_of(account).recovery_codes_left == len(codes)


def test_who_has_a_device_cannot_begin_another_without_reset_or_recovery_code(app: Flask) -> None:
    account = factories.account()
    enrolled(account)

    with pytest.raises(enrol.AlreadyEnrolled, match="복구 코드"):
        enrol.begin(account)


def test_the_first_code_cannot_confirm_twice(app: Flask) -> None:
    account = factories.account()
    device = enrolled(account, at=NOON)

    with clock.at(NOON), pytest.raises(CodeRefused):
        enrol.confirm(account, code_at(device, NOON))


def test_the_old_device_works_until_the_new_ones_first_code_is_right(app: Flask) -> None:
    account = factories.account()
    old, codes = enrolled_with_codes(account)

    with clock.at(NOON):
        new = pyotp.TOTP(enrol.recover(account, codes[0]))
        with pytest.raises(CodeRefused):
            consume_code(account, code_at(new, NOON))
        consume_code(account, code_at(old, NOON))
        enrol.confirm(account, code_at(new, NOON))

    later = NOON + timedelta(minutes=1)
    with clock.at(later):
        with pytest.raises(CodeRefused):
            consume_code(account, code_at(old, later))
        consume_code(account, code_at(new, later))


def test_a_recovery_code_is_no_code_for_anything_else(app: Flask) -> None:
    account = factories.account()
    _device, codes = enrolled_with_codes(account)

    with clock.at(NOON), pytest.raises(CodeRefused):
        consume_code(account, codes[0])


def test_a_recovery_code_works_once_and_only_for_its_own_account(app: Flask) -> None:
    account, other = factories.account(), factories.account()
    _device, codes = enrolled_with_codes(account)
    enrolled_with_codes(other)
    enrol.recover(account, codes[0])

    for holder, code in ((account, codes[0]), (other, codes[1])):
        with pytest.raises(CodeRefused, match="복구 코드가 맞지 않거나"):
            enrol.recover(holder, code)


def test_recovery_codes_may_be_typed_in_small_letters_and_without_dashes(app: Flask) -> None:
    account = factories.account()
    _device, codes = enrolled_with_codes(account)

    assert enrol.recover(account, f" {codes[0].replace('-', ' ').lower()} ")


def test_enrolling_again_makes_the_old_recovery_codes_worthless(app: Flask) -> None:
    account = factories.account()
    _device, codes = enrolled_with_codes(account)
    with clock.at(NOON):
        new = pyotp.TOTP(enrol.recover(account, codes[0]))
        enrol.confirm(account, code_at(new, NOON))

    with pytest.raises(CodeRefused):
        enrol.recover(account, codes[1])


def test_guessing_recovery_codes_locks_the_device_and_the_right_one_with_it(app: Flask) -> None:
    account = factories.account()
    device, codes = enrolled_with_codes(account)

    with clock.at(NOON):
        for _ in range(settings().otp.failures_before_lock):
            with pytest.raises(CodeRefused):
                enrol.recover(account, "AAAA-AAAA-AAAA-AAAA")

        with pytest.raises(CodeRefused, match="잠겼습니다"):
            enrol.recover(account, codes[0])
        with pytest.raises(CodeRefused, match="잠겼습니다"):
            consume_code(account, code_at(device, NOON))


def test_after_a_reset_one_enrols_as_for_the_first_time(app: Flask) -> None:
    account = factories.account()
    device, codes = enrolled_with_codes(account)

    with write():
        enrol.remove_device(account)

    with clock.at(NOON):
        with pytest.raises(CodeRefused):
            consume_code(account, code_at(device, NOON))
        with pytest.raises(CodeRefused):
            enrol.recover(account, codes[0])
        assert enrol.begin(account)


def enrolled_with_codes(account: factories.Account) -> tuple[pyotp.TOTP, list[str]]:
    with clock.at(NOON - timedelta(hours=1)):
        device = pyotp.TOTP(enrol.begin(account))
        return device, enrol.confirm(account, code_at(device, clock.now()))

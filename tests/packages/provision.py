"""A 제공 that was handed over, with real sound and a real receipt, and the people around it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pyotp

import factories
from handover.conftest import approved, drawn
from otp.devices import code_at, enrolled
from playback.hearing import with_sound
from portal import clock
from portal.accounts import sessions
from portal.accounts.models import Account, LoginSession
from portal.applications.models import Application
from portal.database import write
from portal.handover.hand_over import hand_over
from portal.handover.models import HandoverReceipt
from portal.handover.prepare import make_unsigned, prepare
from portal.handover.sign import sign, store_signature
from portal.packages.ask import Shown, ask
from portal.packages.build import build_next
from portal.packages.gate import current_package
from portal.packages.models import Package, PackageDownload
from portal.packages.open_download import Handling, open_download
from portal.recordings.models import Recording
from portal.roles import Role

STICK = Handling("인수자에게 전달", "USB 메모리", "SN-0001", no_copy_stays=True)


@dataclass
class Provision:
    """`carrier` sees the password and downloads: the employee, or for a citizen the custodian."""

    application: Application
    recordings: list[Recording]
    employee: Account
    custodian: Account
    carrier: Account
    receipt: HandoverReceipt
    device: pyotp.TOTP | None = None

    @property
    def package(self) -> Package:
        package = current_package(self.application)
        assert package is not None
        return package

    def built(self) -> Shown:
        """Asked for and built."""
        shown = ask(self.application, by=self.carrier)
        assert build_next("test")
        return shown

    def login(self) -> LoginSession:
        with write():
            return sessions.begin(self.carrier)[0]

    def opened(
        self, login: LoginSession | None = None, handling: Handling | None = None
    ) -> tuple[PackageDownload, LoginSession]:
        """A download that may begin, and the login it belongs to."""
        login = login or self.login()
        self.device = self.device or enrolled(self.carrier, clock.now() - timedelta(hours=1))
        code = code_at(self.device, clock.now())
        said = handling or (Handling("파일 수령") if self.application.applicant_id else STICK)
        return open_download(self.package, self.carrier, login, code, said), login


def provided(*recordings: Recording, citizen: bool = False, **fields: Any) -> Provision:
    employee = factories.account(name="김하늘", department_name="도시개발과")
    custodian = factories.account(Role.CUSTODIAN, name="최민준", department_name="정보통신과")
    deciders = [factories.account(Role.TEAM_LEADER), factories.account(Role.DIVISION_HEAD)]
    calls = list(recordings) or [with_sound()]
    application = approved(employee, calls, custodian, deciders)
    counter = factories.account(Role.COUNTER)
    with write():
        application.disclosure_type = "provision"
        if citizen:
            application.applicant_id, application.applicant_kind = None, "citizen"
            application.entered_by_id = counter.id
            application.applicant_name, application.address = "홍길동", "경기도 이천시 부악로 40"
        for name, value in fields.items():
            setattr(application, name, value)
    receipt = signed(application, custodian)
    hand_over(receipt, by=custodian)
    carrier = custodian if citizen else employee
    return Provision(application, calls, employee, custodian, carrier, receipt)


def signed(application: Application, custodian: Account) -> HandoverReceipt:
    document = make_unsigned(application, custodian)
    with write():
        receipt = prepare(application, document, by=custodian, identity_document="주민등록증")
    for side in ("transferee", "transferor"):
        blob = store_signature(drawn())
        with write():
            sign(receipt, side, blob, sha256=receipt.unsigned_sha256, by=custodian)
    return receipt


def dying_on(day: date) -> Recording:
    """A recording with sound whose deletion day is chosen."""
    return with_sound(delete_on=day)

"""What a page does, in a process of its own: `python -m bench.crash.steps decide|hand_over`.

Each step goes on where a killed one stopped, as a person would who presses the button again.
"""

from __future__ import annotations

import sys

from sqlalchemy import select

from handover.conftest import drawn
from portal.accounts.models import Account
from portal.applications.models import Application
from portal.applications.states import State
from portal.approvals import decide
from portal.cli.installation import installation
from portal.database import write
from portal.extensions import db
from portal.handover.hand_over import hand_over
from portal.handover.models import HandoverReceipt
from portal.handover.prepare import make_unsigned, prepare
from portal.handover.sign import sign, store_signature


def applications() -> list[Application]:
    return list(db.session.scalars(select(Application).order_by(Application.id)))


def account(login: str) -> Account:
    return db.session.scalars(select(Account).where(Account.login == login)).one()


def decide_all() -> None:
    for application in applications():
        if application.state == State.REVIEWED:
            with write():
                decide.approve(application, by=account("head"))


def hand_over_all() -> None:
    custodian = account("custodian")
    for application in applications():
        if application.state != State.APPROVED:
            continue
        found = select(HandoverReceipt).where(HandoverReceipt.application_id == application.id)
        receipt = db.session.scalar(found)
        if receipt is None:
            document = make_unsigned(application, custodian)
            with write():
                receipt = prepare(
                    application, document, by=custodian, identity_document="주민등록증"
                )
        for side in ("transferee", "transferor"):
            if getattr(receipt, f"{side}_signature") is None:
                blob = store_signature(drawn())
                with write():
                    sign(receipt, side, blob, sha256=receipt.unsigned_sha256, by=custodian)
        hand_over(receipt, by=custodian)


def main() -> None:
    with installation():
        {"decide": decide_all, "hand_over": hand_over_all}[sys.argv[1]]()


if __name__ == "__main__":
    main()

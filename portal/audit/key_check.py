"""Another installation's master key must not be worked with: what it takes in, only it opens."""

from __future__ import annotations

from sqlalchemy import select

from portal.audit.models import AuditEvent
from portal.extensions import db
from portal.runtime import vault
from portal.vault.master import MasterKeyError


class NotThisMasterKey(MasterKeyError):
    """The log was written under a key that this master key does not know."""


def require_own_key() -> None:
    """Ask the last event of the log which key it was signed with; an empty log says nothing.

    Before anything is taken in: intake would remove sources that it encrypted to the wrong key.
    Raises MasterKeyError.
    """
    last = select(AuditEvent.key_id).order_by(AuditEvent.seq.desc()).limit(1)
    key_id = db.session.scalar(last)
    db.session.rollback()
    if key_id is not None and vault().keyring.keys("audit").place(key_id) < 0:
        raise NotThisMasterKey(
            "이 자료를 만든 마스터 키가 아니거나 접속기록의 끝이 바뀌었습니다. 쓰던 마스터 키를 "
            "제자리에 두고 다시 실행하십시오. 아무것도 바꾸지 않았습니다. (not the master key of "
            "this installation)"
        )

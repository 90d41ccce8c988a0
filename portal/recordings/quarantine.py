"""반입 보류: what cannot be taken in is kept encrypted until its day, with why and what to do."""

from __future__ import annotations

import hashlib
import hmac
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError

from portal import audit, clock
from portal.announcements import announce
from portal.database import flush_commits, write
from portal.extensions import db
from portal.ids import public_id
from portal.recordings.bundle import archive, digest
from portal.recordings.commit import committing
from portal.recordings.delivery import Delivery, Outcome
from portal.recordings.late_arrival import destroy_late
from portal.recordings.models import QuarantineItem
from portal.recordings.retention_day import delete_on
from portal.runtime import settings, vault
from portal.vault import DayKeyDestroyed
from portal.words import worded

#: The reasons that are about the delivery; those about sidecar and sound come with their messages.
MESSAGES = {
    "no_sidecar": (
        "통화 정보(JSON) 파일이 오지 않아 어느 통화인지 알 수 없습니다. {recorder}의 전송 기록을 "
        "확인하고 두 파일을 함께 다시 보내 주십시오."
    ),
    "no_sound": (
        "녹음 파일 없이 통화 정보(JSON)만 왔습니다. {recorder}에서 그 통화의 두 파일을 함께 다시 "
        "보내 주십시오."
    ),
    "ambiguous_name": (
        "같은 이름의 녹음 파일이나 통화 정보(JSON)가 둘 이상이어서 짝을 지을 수 없습니다. "
        "통화마다 다른 이름으로 다시 보내 주십시오."
    ),
    "same_id_other_sound": (
        "같은 {recording} 번호(source_id)로 이미 들어온 통화와 소리가 다릅니다. "
        "{recorder:이/가} 번호를 다시 "
        "쓰는지 확인하고, 새 통화이면 새 번호로 다시 보내 주십시오."
    ),
}


def set_aside(
    delivery: Delivery, reason: str, message: str | None = None, day: date | None = None
) -> Outcome:
    """Keep the delivery encrypted under the key of `day`, or of a call of today; remove the source.

    The same bytes are set aside once. Past its day it is destroyed instead.
    """
    day = day or delete_on(clock.now(), settings())
    parts = [part for part in (delivery.sound, delivery.sidecar) if part]
    hashes = [digest(part) for part in parts]
    sha256 = _fingerprint(delivery, hashes)
    known = find(QuarantineItem.sha256 == sha256)
    if known:
        return recognise(known, delivery)
    row = QuarantineItem(
        public_id=public_id(),
        reason=reason[:40],
        message=(message or worded(MESSAGES[reason]))[:500],
        sha256=sha256,
        sidecar_mac=sidecar_mac(hashes[-1]) if delivery.sidecar else None,
        size=sum(part.size for part in parts),
        has_sound=delivery.sound is not None,
        has_sidecar=delivery.sidecar is not None,
        delete_on=day,
    )
    blob_id = row.public_id
    try:
        vault().recordings.put(day, blob_id, archive(parts))
        with committing(day, blob_id) as session:
            delivery.require_unchanged()
            session.add(row)
            session.flush()
            audit.record("recording.quarantined", by=None, on=row, code=row.reason)
            announce("recording.quarantined", row)
    except DayKeyDestroyed:
        return destroy_late(delivery, day)
    except IntegrityError:
        known = find(QuarantineItem.sha256 == sha256)
        if known is None:
            raise
        return recognise(known, delivery)
    delivery.remove()
    return Outcome.QUARANTINED


def recognise(item: QuarantineItem, delivery: Delivery) -> Outcome:
    """What was set aside before came again, or its source was still there."""
    delivery.require_unchanged()
    flush_commits()  # another importer's row may be seen before the disk has it
    delivery.remove()  # first: a source that cannot be removed would fill the log round by round
    with write():
        audit.record("recording.quarantine_recognised", by=None, on=item)
    return Outcome.RECOGNISED


def find(condition: object) -> QuarantineItem | None:
    return db.session.scalar(select(QuarantineItem).where(condition).limit(1))  # type: ignore[arg-type]


def waiting_items() -> Select[QuarantineItem]:
    """What is set aside now, newest first."""
    return (
        select(QuarantineItem)
        .where(QuarantineItem.destroyed_at.is_(None), QuarantineItem.delete_on > clock.today())
        .order_by(QuarantineItem.arrived_at.desc(), QuarantineItem.id.desc())
    )


def _fingerprint(delivery: Delivery, hashes: list[str]) -> str:
    """One hash of both parts that no other split of the same bytes has."""
    sound = hashes[0] if delivery.sound else "-"
    sidecar = hashes[-1] if delivery.sidecar else "-"
    return _keyed(f"{sound} {sidecar}")


def sidecar_mac(sha256: str) -> str:
    """What is remembered of a sidecar. A plain hash would tell the number to whoever tries all."""
    return _keyed(sha256)


def _keyed(text: str) -> str:
    key = vault().keyring.keys("quarantine").current
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()

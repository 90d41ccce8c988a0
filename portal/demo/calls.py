"""The demo's calls: real sound, dropped and taken in by the importer like any recorder's."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from io import BytesIO

from sqlalchemy import select

from portal import clock
from portal.demo.town import SHARED_EXTENSION
from portal.demo.voices import conversation, write_wav
from portal.extensions import db
from portal.recordings.intake import Intake
from portal.recordings.models import Recording
from portal.runtime import config

EMPLOYEE, EMPLOYEE2, COUNTER = "0316442101", "0316442102", "0316442200"
CUSTODIAN = "0316442300"
UNKNOWN_EXTENSION = "0316442777"  # nobody has registered it (내선 미확인)
SOURCE = "demo"


@dataclass(frozen=True)
class Call:
    """One call: days back, time of day in Seoul, the outside number, our extension, seconds."""

    key: str
    days_ago: int
    at: time
    outside: str
    extension: str
    seconds: float
    direction: str = "inbound"
    codec: str = "PCM_16"
    notice: str | None = "announcement"

    def called_at(self, present: datetime) -> datetime:
        """The moment it began, in UTC, seen from the day the demo is made.

        Of today's calls, `at` says how long ago they were.
        """
        if self.days_ago == 0:
            return present - timedelta(hours=self.at.hour, minutes=self.at.minute)
        day = clock.seoul(present).date() - timedelta(days=self.days_ago)
        return datetime.combine(day, self.at, clock.SEOUL).astimezone(UTC)


CALLS = (
    Call("gone", 32, time(10, 12), "01022220001", EMPLOYEE, 21),
    Call("e30", 30, time(9, 41), "01033330002", EMPLOYEE, 34, codec="ULAW"),
    Call("f30", 30, time(15, 2), "0316331122", EMPLOYEE2, 27),
    Call("e29", 29, time(11, 20), "01044440003", EMPLOYEE, 48, "outbound", "ALAW", "spoken"),
    Call("f29", 29, time(16, 45), "01055550004", EMPLOYEE2, 31, codec="GSM610"),
    Call("closed", 16, time(10, 5), "01066660005", EMPLOYEE2, 52),
    Call("heard", 13, time(14, 30), "01012345678", EMPLOYEE, 63),
    Call("taken", 15, time(11, 40), "01023456706", EMPLOYEE2, 36),
    Call("provided", 13, time(16, 5), "01023456705", EMPLOYEE, 41),
    Call("citizen-heard", 12, time(9, 15), "01098765432", EMPLOYEE2, 44),
    Call("refused", 11, time(13, 50), "01077770006", EMPLOYEE, 29, notice=None),
    Call("approved", 9, time(10, 40), "01088880007", EMPLOYEE2, 71, "inbound", "IMA_ADPCM"),
    Call("citizen-reviewed", 8, time(15, 25), "01024681357", EMPLOYEE, 39),
    Call("reviewed", 7, time(11, 11), "01099990008", EMPLOYEE2, 46),
    Call("citizen-forwarded", 6, time(16, 20), "01031415926", EMPLOYEE, 58),
    Call("forwarded", 5, time(9, 50), "0316337788", EMPLOYEE, 36, "outbound", "PCM_16", "spoken"),
    Call("returned", 5, time(17, 5), "01011110009", EMPLOYEE2, 25),
    Call("official", 6, time(14, 5), "01023456703", EMPLOYEE2, 38),
    Call("citizen-supplement", 5, time(11, 30), "01023456701", EMPLOYEE, 37),
    Call("withdrawn", 4, time(15, 15), "01023456702", EMPLOYEE2, 33),
    Call("citizen-received", 4, time(13, 30), "01027182818", EMPLOYEE2, 41),
    Call("citizen-submitted", 3, time(10, 55), "01016180339", EMPLOYEE, 33, codec="ULAW"),
    Call("submitted", 2, time(14, 10), "01000001111", EMPLOYEE2, 55),
    Call("draft", 1, time(11, 35), "01000002222", EMPLOYEE, 42),
    Call("e1", 1, time(15, 48), "01000003333", EMPLOYEE, 28, "outbound", "PCM_16", None),
    Call("f1", 1, time(16, 12), "01000004444", EMPLOYEE2, 37, codec="GSM610", notice=None),
    Call("shared1", 1, time(16, 40), "01000005555", SHARED_EXTENSION, 30),
    Call("custodian1", 1, time(10, 20), "01000006666", CUSTODIAN, 26),
    Call("e0", 0, time(1, 10), "01000007777", EMPLOYEE, 60),
    Call("e0b", 0, time(0, 25), "01000008888", EMPLOYEE, 19, "outbound", "PCM_16", "spoken"),
    Call("f0", 0, time(0, 40), "01000009999", EMPLOYEE2, 47),
    Call("c0", 0, time(0, 15), "01013572468", COUNTER, 32),
    Call("unknown0", 0, time(2, 5), "01024682468", UNKNOWN_EXTENSION, 22, notice=None),
)
#: Somebody applies for it, and it was never recorded (해당 녹취 없음).
NOT_RECORDED = Call("citizen-none", 8, time(10, 45), "01023456704", COUNTER, 0)
BY_KEY = {call.key: call for call in (*CALLS, NOT_RECORDED)}


def drop(call: Call, called_at: datetime, seed: int) -> None:
    """Put the call's sound and sidecar into the drop folder, as a recorder does: JSON last."""
    sound = BytesIO()
    write_wav(sound, conversation(call.seconds, seed), codec=call.codec)
    _write(f"demo-{call.key}.wav", sound.getvalue())
    _write(f"demo-{call.key}.json", json.dumps(_sidecar(call, called_at)).encode())


def _sidecar(call: Call, called_at: datetime) -> dict[str, object]:
    ours_first = call.direction == "outbound"
    caller, callee = (
        (call.extension, call.outside) if ours_first else (call.outside, call.extension)
    )
    notice = {
        "kind": call.notice,
        "source": "교환기 안내 멘트" if call.notice == "announcement" else "통화자",
    }
    return {
        "called_at": called_at.isoformat(),
        "duration_s": call.seconds,
        "caller": caller,
        "callee": callee,
        "extension": call.extension,
        "direction": call.direction,
        "source": SOURCE,
        "source_id": call.key,
        "channels": ["caller", "callee"] if call.codec != "GSM610" else ["mixed"],
        **({"notice": notice | {"at": called_at.isoformat()}} if call.notice else {}),
    }


def _write(name: str, data: bytes) -> None:
    path = config().drop / name
    path.write_bytes(data)
    settled = (clock.now() - timedelta(seconds=30)).timestamp()
    os.utime(path, (settled, settled))


def drop_what_cannot_be_taken_in() -> None:
    """A recorder that was cut off in the middle of a call, and one that knows no format."""
    sound = BytesIO()
    write_wav(sound, conversation(20, seed=99))
    cut_off = Call("cut-off", 1, time(13, 5), "01000001234", EMPLOYEE, 20)
    called_at = clock.now() - timedelta(minutes=5)
    _write("demo-cut-off.wav", sound.getvalue()[:9_000])
    _write("demo-cut-off.json", json.dumps(_sidecar(cut_off, called_at)).encode())
    _write("demo-unknown.wav", sound.getvalue())
    _write("demo-unknown.json", b'{"called_at": "yesterday"}')


def take_in() -> None:
    """One round of the importer."""
    Intake().round()


def recording(key: str) -> Recording:
    """The recording that a call of the demo became."""
    statement = select(Recording).where(Recording.source == SOURCE, Recording.source_id == key)
    return db.session.scalars(statement).one()

"""Why a sound cannot be taken in: a code for the program, a sentence for the custodian."""

from __future__ import annotations

_MESSAGES = {
    "empty": "소리가 들어 있지 않은 파일입니다. 장비에서 원본을 확인해 주십시오.",
    "not_sound": "지원하는 녹음 파일(WAV, MP3, FLAC, Ogg)이 아닙니다. 파일 종류를 확인해 주십시오.",
    "truncated": "파일이 중간에 끊겨 있습니다. 장비에서 다시 보내 주십시오.",
    "wrong_length": ("파일에 적힌 길이와 실제 길이가 다릅니다. 장비에서 다시 보내 주십시오."),
    "bad_header": ("파일 머리글의 값이 서로 맞지 않습니다. 장비의 저장 설정을 확인해 주십시오."),
    "bad_rate": "표본화율이 올바르지 않습니다. 장비의 저장 설정을 확인해 주십시오.",
    "too_many_channels": "채널이 셋 이상입니다. 한 채널 또는 두 채널로 저장해 주십시오.",
    "unknown_codec": (
        "지원하지 않는 음성 코덱입니다. PCM, A-law, µ-law, GSM(WAV49), IMA ADPCM, MP3, FLAC, "
        "Opus, Vorbis 가운데 하나로 저장해 주십시오."
    ),
    "too_long": "녹음이 12시간을 넘습니다. 장비의 통화 종료 설정을 확인해 주십시오.",
    "damaged": "파일이 손상되어 끝까지 읽을 수 없습니다. 장비에서 다시 보내 주십시오.",
}


class UnusableSound(Exception):
    """`code` is one of the keys above; `message` is Korean and says what to do."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.message = _MESSAGES[code]
        super().__init__(code)

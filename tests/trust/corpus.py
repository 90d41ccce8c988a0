"""Values that have broken other programs, by what they try."""

from __future__ import annotations

#: Marks what must never come back as markup.
MARKUP = "<script>alert(1)</script>"

TEXTS: dict[str, str] = {
    "nothing": "",
    "blank": " \t\u3000\u200b",
    "nul": "가\x00나",
    "control": "가\x07\x1b[31m나\x7f",
    "bidi": "\u202e홍길동\u2066gpj.exe\u2069",
    "zero_width": "홍\u200b길\u200d동\ufeff",
    "combining": "Z" + "\u0301" * 300,
    "decomposed": "\u1112\u1169\u11bc\u1100\u1175\u11af\u1103\u1169\u11bc",
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈",
    "outside_the_plane": "\U0002f8a6\U0010ffff\ufffe",
    "long": "가" * 70_000,
    "long_word": "x" * 3_000,
    "lines": "가\r\n" * 5_000,
    "markup": f"\"'>{MARKUP}<img src=x onerror=alert(1)>",
    "template": "{{ 7*7 }}{% raw %}${7*7}#{7*7}",
    "sql": "' OR '1'='1'; DROP TABLE account;--",
    "like": "%_\\%%",
    "path": "../../../../etc/passwd",
    "formula": '=HYPERLINK("http://x.example";"열기")',
    "header": "x\r\nSet-Cookie: portal=x\r\n\r\n<html>",
    "elsewhere": "//x.example/\\@x.example",
    "script_address": "javascript:alert(1)",
    "format": "%s%n{0.__class__}%(name)s",
    "integer": "9" * 40,
    "negative": "-1",
    "float": "1e400",
    "not_a_number": "NaN",
    "full_width": "１２３４５６",
    "year_0": "0000-00-00",
    "year_9999": "9999-12-31",
    "day_30_february": "2026-02-30",
    "time": "99:99",
    "other_digits": "٣٤٥٦٧٨",
    "json": "[" * 2_000,
    "id": "0" * 32,
}
#: Bytes that are no text in any encoding, as they travel in addresses and forms.
RAW = ("%ED%A0%80", "%FF%FE", "%C0%AF", "%00", "%F4%90%80%80")

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from portal.recordings.facts import (
    BadSidecar,
    CallFacts,
    Leg,
    parse_sidecar,
    refuse_future,
)

GOOD = {
    "called_at": "2026-11-23T14:05:00+09:00",
    "duration_s": 61.5,
    "caller": "+82 10-1234-5678",
    "callee": "031-644-3021",
    "extension": "3021",
    "direction": "inbound",
    "source": "pbx-main",
    "source_id": "1763874300.42",
}
START = datetime(2026, 11, 23, 5, 5, tzinfo=UTC)


def parsed(**changes) -> CallFacts:
    return parse_sidecar(json.dumps(GOOD | changes).encode())


def refusal(data: bytes) -> BadSidecar:
    with pytest.raises(BadSidecar) as refused:
        parse_sidecar(data)
    return refused.value


def test_times_become_utc_and_numbers_digits():
    facts = parsed()

    assert facts.called_at == START
    assert facts.called_at.tzinfo is UTC
    assert facts.ended_at == START + timedelta(seconds=61.5)
    assert (facts.caller, facts.callee) == ("01012345678", "0316443021")


def test_a_call_without_legs_has_its_extension_for_its_whole_length():
    facts = parsed()

    assert facts.legs == (
        Leg(extension="3021", from_at=START, until_at=START + timedelta(seconds=61.5)),
    )


def test_legs_of_a_transfer_are_kept_in_their_order():
    legs = [
        {"extension": "3021", "from": "2026-11-23T14:05:00+09:00", "to": "2026-11-23T05:05:40Z"},
        {"extension": 3055, "from": "2026-11-23T05:05:40Z", "to": "2026-11-23T14:06:01+09:00"},
    ]

    facts = parsed(legs=legs)

    assert [leg.extension for leg in facts.legs] == ["3021", "3055"]
    assert facts.legs[0].until_at == facts.legs[1].from_at == START + timedelta(seconds=40)


def test_the_extension_is_a_party_even_if_no_leg_names_it():
    legs = [{"extension": "3055", "from": GOOD["called_at"], "to": GOOD["called_at"]}]

    assert [leg.extension for leg in parsed(legs=legs).legs] == ["3021", "3055"]


def test_a_withheld_number_and_an_unknown_extension_are_nothing():
    facts = parsed(caller="anonymous", callee=None, extension=None)

    assert (facts.caller, facts.callee, facts.extension, facts.legs) == (None, None, None, ())


def test_a_notice_always_says_who_says_so():
    assert parsed(notice="announcement").notice.source == "pbx-main"
    assert parsed(notice={"kind": "none", "source": None}).notice.source == "pbx-main"
    full = parsed(notice={"kind": "spoken", "source": "agent", "at": "2026-11-23T05:05:03Z"}).notice
    assert (full.kind, full.source, full.at) == ("spoken", "agent", START + timedelta(seconds=3))
    assert parsed().notice.kind == "unknown"
    assert parsed(notice=None).notice.kind == "unknown"


def test_keys_nobody_knows_are_ignored_and_named():
    assert parsed(extention="3021", codec="ulaw").ignored == ("codec", "extention")


@pytest.mark.parametrize("key", sorted(GOOD.keys() - {"extension"}))
def test_a_missing_key_is_named(key):
    bad = refusal(json.dumps({k: v for k, v in GOOD.items() if k != key}).encode())

    assert bad.code == "missing"
    assert f" {key} 항목이 없습니다" in bad.message


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("called_at", "2026-11-23T14:05:00"),
        ("called_at", "2026-11-23"),
        ("called_at", 1763874300),
        ("called_at", "2026-02-30T14:05:00+09:00"),
        ("called_at", "2026-11-23T14:05:00+99:00"),
        ("called_at", "0001-01-01T00:00:00+14:00"),
        ("called_at", "9999-12-31T23:59:59-23:00"),
        ("called_at", None),
        ("duration_s", -0.1),
        ("duration_s", 90_000),
        ("duration_s", 10**400),
        ("duration_s", "61"),
        ("duration_s", True),
        ("caller", 1012345678),
        ("caller", "kim"),
        ("caller", "0" * 16),
        ("callee", {}),
        ("callee", "9" * 5000),
        ("extension", []),
        ("extension", True),
        ("direction", "sideways"),
        ("direction", None),
        ("source", "../../etc"),
        ("source", ""),
        ("source", "x" * 51),
        ("source_id", ""),
        ("source_id", "  "),
        ("source_id", 5),
        ("source_id", "a\nb"),
        ("source_id", "a\x00b"),
        ("source_id", "x" * 201),
        ("notice", "perhaps"),
        ("notice", 5),
        ("notice", {"kind": "spoken", "source": "x" * 101}),
        ("notice", {"kind": "spoken", "at": "noon"}),
        ("channels", "caller"),
        ("channels", ["caller"] * 3),
        ("channels", ["somebody"]),
        ("legs", {}),
        ("legs", [5]),
        ("legs", [{"extension": "1"}]),
        ("legs", [{"extension": "1", "from": GOOD["called_at"], "to": "2026-11-23T05:04:59Z"}]),
        ("legs", [{"extension": "1", "from": GOOD["called_at"], "to": GOOD["called_at"]}] * 51),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_the_name_of_its_key(key, value):
    bad = refusal(json.dumps(GOOD | {key: value}).encode())

    assert bad.code in ("bad_value", "missing")
    assert key in bad.message
    assert bad.message.endswith("주십시오(docs/drop-folder.md).")


def test_the_message_never_holds_what_was_said_about_the_call():
    bad = refusal(json.dumps(GOOD | {"caller": "010-9876-5432 홍길동"}).encode())

    assert "9876" not in bad.message
    assert "홍길동" not in bad.message
    assert "9876" not in str(bad)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_json"),
        (b"[]", "not_json"),
        (b"null", "not_json"),
        (b'{"called_at": "2026', "not_json"),
        (b'{"duration_s": NaN}', "not_json"),
        (b'{"duration_s": ' + b"9" * 6000 + b"}", "not_json"),
        (b'{"source_id": "\\ud800"}', "not_json"),
        (b"\xff\xfe{}", "not_text"),
        (b'{"source": "a", "source": "b"}', "double_key"),
        (b"[" * 60_000, "too_deep"),
        (b'{"a":' * 9_000, "too_deep"),
        (b" " * 65_537, "too_big"),
    ],
)
def test_what_is_no_small_plain_json_object_is_refused(data, code):
    assert refusal(data).code == code


def test_brackets_inside_a_text_are_no_depth_and_a_byte_order_mark_is_no_error():
    data = json.dumps(GOOD | {"source_id": '[[[[[[[["{{{{{{{{'}).encode("utf-8-sig")

    assert parse_sidecar(data).source_id == '[[[[[[[["{{{{{{{{'


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode()))
def test_no_bytes_raise_anything_but_bad_sidecar(data):
    with pytest.raises(BadSidecar):
        parse_sidecar(data)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


@given(st.sampled_from([*GOOD, "notice", "channels", "legs"]), _VALUES)
def test_no_value_of_any_key_raises_anything_but_bad_sidecar(key, value):
    try:
        facts = parsed(**{key: value})
    except BadSidecar:
        return
    assert facts.called_at.tzinfo is UTC


def test_a_call_of_the_future_is_refused_beyond_ten_minutes():
    facts = parsed()

    refuse_future(facts, START - timedelta(minutes=10))
    with pytest.raises(BadSidecar) as refused:
        refuse_future(facts, START - timedelta(minutes=10, seconds=1))
    assert refused.value.code == "future"


def test_facts_do_not_change():
    with pytest.raises(ValidationError):
        parsed().caller = "1"


def test_another_source_can_make_facts_without_a_sidecar():
    facts = CallFacts(
        called_at=START,
        duration_s=5,
        caller="3021",
        callee="3055",
        direction="internal",
        source="asterisk",
        source_id="1.2",
        legs=(Leg(extension="3021", from_at=START, until_at=START),),
    )

    assert facts.legs[0].extension == "3021"

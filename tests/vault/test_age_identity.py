import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from portal.vault.age_identity import AgeIdentityError, new_identity, recipient_of, secret_of

IDENTITY = new_identity()


def test_secret_belongs_to_the_recipient_that_pyrage_names() -> None:
    identity = new_identity()

    public = X25519PrivateKey.from_private_bytes(secret_of(identity)).public_key()

    # The Bech32 payload of the recipient is the public key: compare its 5-bit digits.
    number = int.from_bytes(public.public_bytes_raw(), "big") << 4
    digits = [number >> shift & 31 for shift in range(255, -1, -5)]
    payload = "".join("qpzry9x8gf2tvdw0s3jn54khce6mua7l"[digit] for digit in digits)
    assert recipient_of(identity)[len("age1") : -6] == payload


def test_lower_case_is_the_same_identity() -> None:
    identity = new_identity()

    assert secret_of(identity.lower()) == secret_of(identity)


@given(position=st.integers(0, 73), letter=st.sampled_from("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"))
def test_one_mistyped_letter_is_noticed(position: int, letter: str) -> None:
    mistyped = IDENTITY[:position] + letter + IDENTITY[position + 1 :]

    if mistyped != IDENTITY:
        with pytest.raises(AgeIdentityError):
            secret_of(mistyped)


@pytest.mark.parametrize(
    "text", ["", "1", "AGE-SECRET-KEY-1", "age1qqqq", "비밀", "AGE-SECRET-KEY-1b"]
)
def test_other_text_is_no_identity(text: str) -> None:
    with pytest.raises(AgeIdentityError):
        secret_of(text)
    with pytest.raises(AgeIdentityError):
        recipient_of(text)


def test_mixed_case_is_no_identity() -> None:
    identity = new_identity()

    with pytest.raises(AgeIdentityError):
        secret_of(identity[:20] + identity[20:].lower())


def test_the_refusal_does_not_repeat_the_secret() -> None:
    identity = new_identity()

    with pytest.raises(AgeIdentityError) as refusal:
        secret_of(identity + "Q")

    assert identity not in str(refusal.value)

from pathlib import Path

import pyrage
import pytest

from portal.vault.master import MasterKey, MasterKeyError


def test_a_created_key_is_a_private_age_identity_file(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "master.key"

    master = MasterKey.create(path)

    assert path.stat().st_mode & 0o777 == 0o600
    assert f"# public key: {master.recipient}" in path.read_text()
    assert path.read_text().splitlines()[-1].startswith("AGE-SECRET-KEY-1")


def test_a_loaded_key_is_the_created_one(tmp_path: Path) -> None:
    created = MasterKey.create(tmp_path / "master.key")

    loaded = MasterKey.load(tmp_path / "master.key")
    typed = MasterKey.from_text((tmp_path / "master.key").read_text())

    for key in (loaded, typed):
        assert key.recipient == created.recipient
        assert key.key_id == created.key_id
        assert key.derive("columns") == created.derive("columns")
        assert key.unwrap(created.wrap(b"day key")) == b"day key"


def test_an_existing_key_is_never_overwritten(tmp_path: Path) -> None:
    MasterKey.create(tmp_path / "master.key")
    before = (tmp_path / "master.key").read_bytes()

    with pytest.raises(MasterKeyError, match="이미 있어"):
        MasterKey.create(tmp_path / "master.key")

    assert (tmp_path / "master.key").read_bytes() == before


def test_an_uncreatable_key_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(MasterKeyError, match="만들 수 없습니다"):
        MasterKey.create(tmp_path / "file" / "master.key")


def test_a_missing_key_says_where_it_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(MasterKeyError, match="파일이 없습니다") as refusal:
        MasterKey.load(tmp_path / "master.key")

    assert str(tmp_path / "master.key") in str(refusal.value)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601, 0o644, 0o777])
def test_a_key_that_others_can_reach_is_refused(tmp_path: Path, mode: int) -> None:
    MasterKey.create(tmp_path / "master.key")
    (tmp_path / "master.key").chmod(mode)

    with pytest.raises(MasterKeyError, match="chmod 600"):
        MasterKey.load(tmp_path / "master.key")


def test_a_read_only_key_is_accepted(tmp_path: Path) -> None:
    MasterKey.create(tmp_path / "master.key")
    (tmp_path / "master.key").chmod(0o400)

    MasterKey.load(tmp_path / "master.key")


@pytest.mark.parametrize(
    "content", [b"", b"# only a comment\n", b"hello\n", b"AGE-SECRET-KEY-1QQQQ\n", b"\xff\xfe\x00"]
)
def test_a_wrong_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "master.key"
    path.write_bytes(content)
    path.chmod(0o600)

    with pytest.raises(MasterKeyError, match="주십시오"):
        MasterKey.load(path)


def test_a_folder_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "master.key").mkdir(mode=0o700)

    with pytest.raises(MasterKeyError, match="읽을 수 없습니다"):
        MasterKey.load(tmp_path / "master.key")


def test_two_keys_in_one_file_are_refused(tmp_path: Path) -> None:
    keys = f"{pyrage.x25519.Identity.generate()}\n{pyrage.x25519.Identity.generate()}\n"

    with pytest.raises(MasterKeyError, match="2개"):
        MasterKey.from_text(keys)


def test_a_mistyped_key_is_refused_without_being_repeated(tmp_path: Path) -> None:
    identity = str(pyrage.x25519.Identity.generate())
    mistyped = identity[:-1] + ("Q" if identity[-1] != "Q" else "P")

    with pytest.raises(MasterKeyError) as refusal:
        MasterKey.from_text(mistyped)

    assert mistyped not in str(refusal.value)


def test_derived_keys_differ_by_purpose_and_by_key(tmp_path: Path) -> None:
    first = MasterKey.create(tmp_path / "one")
    second = MasterKey.create(tmp_path / "two")

    derived = {first.derive("a"), first.derive("b"), second.derive("a"), second.derive("b")}

    assert len(derived) == 4
    assert all(len(key) == 32 for key in derived)
    assert len(first.derive("a", 64)) == 64
    with pytest.raises(ValueError):
        first.derive("")


def test_another_master_key_unwraps_nothing(tmp_path: Path) -> None:
    wrapped = MasterKey.create(tmp_path / "one").wrap(b"day key")

    with pytest.raises(MasterKeyError, match="열 수 없습니다"):
        MasterKey.create(tmp_path / "two").unwrap(wrapped)


def test_an_altered_wrapped_key_is_refused(tmp_path: Path) -> None:
    master = MasterKey.create(tmp_path / "one")
    wrapped = bytearray(master.wrap(b"day key"))
    wrapped[-1] ^= 1

    for broken in (bytes(wrapped), bytes(wrapped[:-1]), b"", b"age"):
        with pytest.raises(MasterKeyError):
            master.unwrap(broken)


def test_the_key_does_not_show_itself_when_printed(tmp_path: Path) -> None:
    master = MasterKey.create(tmp_path / "master.key")

    assert "AGE-SECRET" not in f"{master!r} {master}"
    assert master.key_id in repr(master)

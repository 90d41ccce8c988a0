from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.vault.durable import (
    create_once,
    ensure_folder,
    remove_durably,
    remove_with_temporaries,
    temporaries,
    write_durably,
)
from vault.crash import start, survives_kill_before_touch, wait_for


def test_a_written_file_is_whole_private_and_leaves_no_temporary(tmp_path: Path) -> None:
    path = tmp_path / "file"

    assert write_durably(path, [b"one", b"", b"two"]) == 6

    assert path.read_bytes() == b"onetwo"
    assert path.stat().st_mode & 0o777 == 0o600
    assert temporaries(tmp_path) == []


def test_a_failing_source_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_durably(path, [b"old"])

    def failing() -> Iterator[bytes]:
        yield b"new"
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_durably(path, failing())

    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_kill_anywhere_while_replacing_leaves_old_or_new(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_durably(path, [b"old" * 1000])
    seen, number = set(), 1

    while not survives_kill_before_touch(number, lambda: write_durably(path, [b"new" * 1000])):
        seen.add(path.read_bytes())
        write_durably(path, [b"old" * 1000])
        number += 1

    assert seen == {b"old" * 1000, b"new" * 1000}
    assert path.read_bytes() == b"new" * 1000


def test_a_file_made_once_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "file"
    create_once(path, b"first")

    with pytest.raises(FileExistsError):
        create_once(path, b"second")

    assert path.read_bytes() == b"first"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_dangling_link_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "file").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(FileExistsError):
        create_once(tmp_path / "file", b"secret")

    assert not (tmp_path / "elsewhere").exists()


def test_a_kill_anywhere_while_making_leaves_nothing_or_the_whole_file(tmp_path: Path) -> None:
    path, number, kills = tmp_path / "file", 1, 0

    while not survives_kill_before_touch(number, lambda: create_once(path, b"whole")):
        assert not path.exists() or path.read_bytes() == b"whole"
        path.unlink(missing_ok=True)
        number, kills = number + 1, kills + 1

    assert kills >= 3
    assert path.read_bytes() == b"whole"


def test_of_many_makers_at_once_one_wins(tmp_path: Path) -> None:
    path = tmp_path / "file"

    def make(content: bytes) -> None:
        try:
            create_once(path, content)
            (tmp_path / f"won-{content.decode()}").touch()
        except FileExistsError:
            pass

    wait_for([start(lambda name=name: make(name)) for name in (b"a", b"b", b"c", b"d", b"e")])

    (winner,) = tmp_path.glob("won-*")
    assert path.read_text() == winner.name.removeprefix("won-")
    assert temporaries(tmp_path) == []


def test_removing_says_whether_the_file_was_there(tmp_path: Path) -> None:
    write_durably(tmp_path / "file", [b"x"])

    assert remove_durably(tmp_path / "file") is True
    assert remove_durably(tmp_path / "file") is False
    assert remove_durably(tmp_path / "no folder" / "file") is False


def test_leftovers_of_the_same_name_are_removed_with_the_file_and_others_stay(
    tmp_path: Path,
) -> None:
    for name in ("a", ".a.0123.tmp", ".a.4567.tmp", ".ab.0123.tmp", "ab"):
        (tmp_path / name).touch()

    assert remove_with_temporaries(tmp_path / "a") is True

    assert {path.name for path in tmp_path.iterdir()} == {".ab.0123.tmp", "ab"}


def test_folders_are_private(tmp_path: Path) -> None:
    ensure_folder(tmp_path / "one" / "two")
    ensure_folder(tmp_path / "one" / "two")

    assert (tmp_path / "one").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "one" / "two").stat().st_mode & 0o777 == 0o700

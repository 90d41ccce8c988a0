"""`portal demo`: an invented town to try the portal with, reachable from this computer only."""

from __future__ import annotations

import fcntl
import json
import shutil
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click

from portal import schema
from portal.cli.init import make_data_folder
from portal.cli.installation import Misuse, installation, open_app, read_config
from portal.cli.serve import run_together, web_command
from portal.config import Config
from portal.demo.access import DemoAccess, accesses, code_of
from portal.demo.build import build

READY = "ready\n"
KEPT = frozenset({".gitkeep", "portal.toml"})


@click.group(invoke_without_command=True)
@click.option("--serve", "serving", is_flag=True, help="데모를 띄웁니다 / serve it.")
@click.option("--port", default=8000, type=click.IntRange(1, 65535))
@click.option("--reset", is_flag=True, help="지우고 다시 만듭니다 / throw away and make anew.")
@click.option(
    "--json", "as_json", is_flag=True, help="계정 목록을 JSON으로 / the accounts as JSON."
)
@click.pass_context
def demo(context: click.Context, serving: bool, port: int, reset: bool, as_json: bool) -> None:
    """데모 자료를 만들고 계정을 보여 줍니다 / make the demo, show its accounts."""
    if context.invoked_subcommand:
        return
    config = read_config()
    refuse_other_data(config)
    if reset or not is_whole(config):
        with held(config, fcntl.LOCK_EX):
            click.echo("데모 자료를 만듭니다 (음성 파일 포함, 잠시 걸립니다) …", err=True)
            throw_away(config)
            make_demo(config)
    bring_up_to_date(config)
    with installation():
        people = accesses()
    if as_json:
        click.echo(json.dumps([person.as_dict() for person in people], ensure_ascii=False))
    else:
        show(people)
    if serving:
        with held(config, fcntl.LOCK_SH):
            sys.exit(serve_demo(port))


@demo.command()
@click.argument("login")
def code(login: str) -> None:
    """데모 계정의 현재 TOTP 번호 / a demo account's current TOTP code."""
    if not read_config().demo_marker.exists():
        raise Misuse("데모 자료 폴더가 아닙니다. TOTP 번호는 데모에서만 보여 줍니다.")
    with installation():
        found = code_of(login)
    if found is None:
        raise Misuse(f"'{login}' 데모 계정이 없거나 TOTP를 등록하지 않았습니다.")
    click.echo(found)


def refuse_other_data(config: Config) -> None:
    """Raises `Misuse` unless everything the demo would write lies in a demo's folder.

    A demo empties its folder and gives everybody a known password: it lives in an empty folder or
    in one that says that it is a demo, with its own database and its own key.
    """
    own_database = config.database_url == f"sqlite:///{config.data / 'portal.db'}"
    own_key = config.master_key_file == config.data / "keys/master.key"
    if not own_database or not own_key:
        raise Misuse(
            "데모는 자기 폴더의 SQLite와 열쇠만 씁니다. PORTAL_DATABASE_URL과 "
            "PORTAL_MASTER_KEY_FILE을 지우고 다시 실행하십시오."
        )
    if config.demo_marker.exists() or not config.data.exists():
        return
    if others := sorted(p.name for p in config.data.iterdir() if p.name not in KEPT):
        raise Misuse(
            f"{config.data}에 실제 자료가 있습니다 ({', '.join(others[:3])}). "
            "데모를 만들지 않습니다."
        )


@contextmanager
def held(config: Config, how: int) -> Iterator[None]:
    """Hold the demo's marker, which from here on says that this folder is a demo's.

    Alone while building, shared while serving: nobody throws away what is being served. Raises
    `Misuse` where another process holds it otherwise.
    """
    config.data.mkdir(parents=True, exist_ok=True)
    with config.demo_marker.open("a", encoding="utf-8") as marker:
        try:
            fcntl.flock(marker, how | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Misuse("데모가 떠 있거나 만드는 중입니다. 끝낸 뒤 다시 실행하십시오.") from error
        yield


def is_whole(config: Config) -> bool:
    """Whether the demo was built to its end; a half one is thrown away and begun anew."""
    marker = config.demo_marker
    return marker.exists() and marker.read_text("utf-8") == READY


def throw_away(config: Config) -> None:
    """Empty a demo's data folder; only ever called with the demo's marker held."""
    for path in config.data.iterdir():
        if path == config.demo_marker or path.name in KEPT:
            continue
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def make_demo(config: Config) -> None:
    """Everything; what the marker says at last is that it was built to its end."""
    config.demo_marker.write_text("building\n", "utf-8")
    make_data_folder(config)
    app = open_app(config)
    with app.app_context():
        schema.upgrade()
        build()
    config.demo_marker.write_text(READY, "utf-8")


def bring_up_to_date(config: Config) -> None:
    """Give a demo that an earlier version made this version's schema; what was done in it stays."""
    with open_app(config).app_context():
        if schema.current() == schema.expected():
            return
        with held(config, fcntl.LOCK_EX):
            schema.upgrade()


def serve_demo(port: int) -> int:
    """Web part and worker on the loopback address, until Ctrl-C."""
    address = f"http://127.0.0.1:{port}"
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise Misuse(
                f"{port}번 포트를 이미 쓰고 있습니다. 'make run PORT=8001'처럼 바꿔 주세요."
            )

    def say_when_ready() -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    click.echo(f"\n포털이 떴습니다: {address}  (끝내기: Ctrl-C)")
                    return
            time.sleep(0.1)

    return run_together(
        web_command("127.0.0.1", port, 2, 8), with_worker=True, ready=say_when_ready
    )


def show(people: list[DemoAccess]) -> None:
    """The accounts as a table for the eye."""
    click.echo("데모 계정 (로그인 / 비밀번호 / 누구)")
    for person in people:
        totp = "TOTP 등록됨" if person.totp_secret else "TOTP 미등록"
        click.echo(f"  {person.login:10} {person.password}   {person.title} · {totp}")
    click.echo("TOTP 번호: .venv/bin/portal demo code LOGIN")

"""The `portal` command. Exit codes: 0 fine, 1 something found, 2 misuse."""

from __future__ import annotations

import click

from portal.cli.account import account
from portal.cli.audit import audit
from portal.cli.backup import backup, restore
from portal.cli.clock import clock
from portal.cli.demo import demo
from portal.cli.help_pages import help_pages
from portal.cli.ingest import ingest
from portal.cli.init import init, upgrade
from portal.cli.key import key
from portal.cli.notices import notices
from portal.cli.organisation import organisation
from portal.cli.packages import packages
from portal.cli.print import print_job
from portal.cli.recorder import recorder
from portal.cli.retention import reconcile, retention
from portal.cli.serve import serve
from portal.cli.worker import worker


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="call-recording-portal")
def main() -> None:
    """행정전화 통화 기록 포털.

    환경 변수: PORTAL_DATA (자료 폴더), PORTAL_DATABASE_URL, PORTAL_MASTER_KEY_FILE,
    PORTAL_SETTINGS (기관 설정 TOML).
    """


for command in (
    init,
    upgrade,
    demo,
    serve,
    worker,
    print_job,
    ingest,
    retention,
    reconcile,
    audit,
    key,
    backup,
    restore,
    clock,
    packages,
    account,
    organisation,
    notices,
    recorder,
    help_pages,
):
    main.add_command(command)

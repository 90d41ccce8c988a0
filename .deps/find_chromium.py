"""Find a Chromium for the browser tests, or install one: the system's, Playwright's, Debian's.

Prints what it uses. Exit 1, with what to install, where nothing works.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def installed() -> str | None:
    """A Chromium that starts, or None."""
    named = [os.environ.get("PORTAL_TEST_CHROMIUM"), *map(shutil.which, NAMES)]
    for path in [*filter(None, named), playwrights_own()]:
        if path and Path(path).exists() and starts(path):
            return path
    return None


def playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def starts(path: str) -> bool:
    answer = subprocess.run([path, "--version"], capture_output=True, timeout=60)
    return answer.returncode == 0


def download() -> bool:
    print("Chromium이 없어 Playwright로 내려받습니다 / downloading Chromium", flush=True)
    command = [sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"]
    if os.geteuid() != 0:
        command.remove("--with-deps")
    return subprocess.run(command, timeout=600).returncode == 0


def apt() -> bool:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    print("apt로 Chromium을 설치합니다 / installing Debian's chromium with apt", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], env=environment)
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]
    return subprocess.run(install, env=environment, stdout=subprocess.DEVNULL).returncode == 0


def main() -> int:
    path = installed()
    if not path and (download() or apt()):
        path = installed()
    if not path and apt():
        path = installed()
    if not path:
        print(
            "브라우저 시험에는 Chromium이 필요합니다. 설치한 뒤 다시 실행하세요 "
            "(apt-get install chromium 또는 playwright install chromium).\n"
            "The browser tests need Chromium: install it, then run again.",
            file=sys.stderr,
        )
        return 1
    print(f"Chromium: {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

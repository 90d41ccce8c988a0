"""Find the programs that tests use beside Python, or install them with apt.

`age` is the stock program of the file format (the proof that nothing of a destroyed day can be
read); `strace` kills a process at a chosen fsync or rename; `7z` opens what was provided as its
recipient does. Exit 1, with what to install, where one is missing and cannot be installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

#: Each program with the Debian package that brings it.
TOOLS = {"age": "age", "strace": "strace", "7z": "p7zip-full"}


def missing() -> list[str]:
    return [tool for tool in TOOLS if not shutil.which(tool)]


def apt(packages: list[str]) -> None:
    print(f"apt로 설치합니다 / installing with apt: {' '.join(packages)}", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], env=environment)
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    subprocess.run(install, env=environment, stdout=subprocess.DEVNULL)


def main() -> int:
    if missing() and os.geteuid() == 0 and shutil.which("apt-get"):
        apt([TOOLS[tool] for tool in missing()])
    if missing():
        print(
            f"시험에 필요한 프로그램이 없습니다 / programs the tests need are missing: "
            f"{' '.join(missing())}\n설치한 뒤 다시 실행하세요 / install them and run again "
            "(Debian: apt-get install age strace p7zip-full)",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

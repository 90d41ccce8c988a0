"""Print every sample paper for the eye: `python bench/papers.py OUTDIR [WORD]` writes PDF and PNG.

With WORD only the samples whose name contains it. `index.html` shows all pages on one sheet.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pypdfium2

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "tests")]

from documents import samples  # noqa: E402

_SCALE = 110 / 72  # 110 dpi


def write(name: str, pdf: bytes, folder: Path) -> int:
    """Write one paper as PDF and each of its pages as PNG; the number of pages."""
    (folder / f"{name}.pdf").write_bytes(pdf)
    document = pypdfium2.PdfDocument(pdf)
    for number, page in enumerate(document, 1):
        page.render(scale=_SCALE).to_pil().save(folder / f"{name}-{number}.png")
    return len(document)


def main() -> int:
    """Exit code 2 on misuse."""
    if len(sys.argv) not in (2, 3):
        sys.stderr.write(f"{__doc__}\n")
        return 2
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    shown = []
    for name, draw in samples.papers().items():
        if len(sys.argv) == 3 and sys.argv[2] not in name:
            continue
        start = time.perf_counter()
        pdf = draw()
        took = time.perf_counter() - start
        pages = write(name.replace(" ", "-"), pdf, folder)
        shown.append((name, name.replace(" ", "-"), pages))
        sys.stdout.write(f"{name}: {pages}쪽, {len(pdf):,} bytes, {took * 1000:.0f} ms\n")
    (folder / "index.html").write_text(index(shown), "utf-8")
    return 0


def index(shown: list[tuple[str, str, int]]) -> str:
    """A page with every picture under its paper's name: name, name of the files, pages."""
    parts = []
    for name, file, pages in shown:
        pictures = "".join(
            f'<a href="{file}-{n}.png"><img src="{file}-{n}.png" alt="{name} {n}쪽"></a>'
            for n in range(1, pages + 1)
        )
        parts.append(f'<h2><a href="{file}.pdf">{name}</a> ({pages}쪽)</h2><p>{pictures}</p>')
    style = "img{height:480px;border:1px solid #999;margin:4px;vertical-align:top}"
    return (
        '<!doctype html><html lang="ko"><meta charset="utf-8"><title>모든 문서</title>'
        f"<style>{style}</style><h1>모든 문서 ({len(shown)}종)</h1>{''.join(parts)}"
    )


if __name__ == "__main__":
    raise SystemExit(main())

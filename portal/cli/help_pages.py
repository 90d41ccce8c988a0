"""`portal help-pages`: writes the help of each role into a folder."""

from __future__ import annotations

from pathlib import Path

import click

from portal import create_app
from portal.guidance.markdown import document
from portal.roles import Role


@click.command("help-pages")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def help_pages(folder: Path) -> None:
    """역할별 도움말을 FOLDER에 씁니다 / write help-<role>.md."""
    app = create_app()
    with app.test_request_context():
        for role in Role:
            path = folder / f"help-{role.value}.md"
            path.write_text(document(role), encoding="utf-8")
            click.echo(path.name)

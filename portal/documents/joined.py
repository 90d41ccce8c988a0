"""A long paper printed in parts and put together: so its progress can be told."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO


def joined(parts: Sequence[bytes], title: str, author: str) -> bytes:
    """The pages of all parts in their order; the same parts give the same bytes."""
    from pypdf import PdfWriter  # not with the module: web workers never join

    writer = PdfWriter()
    for part in parts:
        writer.append(BytesIO(part), import_outline=False)
    writer.compress_identical_objects(remove_duplicates=True)
    writer.metadata = {"/Title": title, "/Author": author}
    output = BytesIO()
    writer.write(output)
    return output.getvalue()

"""What a page shows, as a file for a spreadsheet."""

from collections.abc import Iterable
from io import BytesIO

from moderation.comment_files.outputs import export_row, write_export
from moderation.store import StoredComment


def as_csv(comments: Iterable[StoredComment]) -> bytes:
    """Return comments with their latest decisions as CSV; no cell of it runs as a formula."""
    file = BytesIO()
    write_export((export_row(comment) for comment in comments), file, format="csv")
    return file.getvalue()

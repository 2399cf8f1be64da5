"""What is exported runs nowhere."""

import csv
import io
from dataclasses import replace

from dashboard.components.exports import as_csv
from moderation.store import get
from tests.store.samples import comment, save_comments

FORMULA = '=HYPERLINK("http://evil.example","x")'


def test_no_cell_of_an_export_is_a_formula(store):
    hostile = comment("+c", FORMULA, site="@site", thread="-1+1")
    hostile = replace(hostile, author=replace(hostile.author, id="\t=1"))
    (decided,) = save_comments(store, [hostile])
    with store.reading() as session:
        stored = get(decided.comment_id, session=session)
    (row,) = csv.DictReader(io.StringIO(as_csv([stored]).decode(), newline=""))
    assert row["text"] == f"'{FORMULA}"
    assert (row["site"], row["external_id"], row["thread"]) == ("'@site", "'+c", "'-1+1")
    assert row["author_id"] == "'\t=1"

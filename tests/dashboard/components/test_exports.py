"""What is exported runs nowhere."""

import csv
import io

from dashboard.components.exports import as_csv
from moderation.domain import Author
from moderation.store import iterate
from tests.store.samples import comment, save_comments

FORMULA = '=HYPERLINK("http://evil.example","x")'


def test_no_cell_of_an_export_is_a_formula(store):
    save_comments(store, [comment("+c", FORMULA, site="@site", thread="-1+1", author=Author("\t=1"))])
    (stored,) = iterate(store)
    (row,) = csv.DictReader(io.StringIO(as_csv([stored]).decode(), newline=""))
    assert row["text"] == f"'{FORMULA}"
    assert (row["site"], row["external_id"], row["thread"]) == ("'@site", "'+c", "'-1+1")
    assert row["author_id"] == "'\t=1"

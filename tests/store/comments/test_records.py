"""Stored comments as the rules once saw them."""

from dataclasses import replace

import pytest

from moderation.domain import Action, Cause, Reason
from moderation.store.comments.records import CommentRange, read_records
from moderation.version import __version__
from tests.store.samples import comment, decision, new_row, save


@pytest.mark.parametrize(
    ("evidence", "cause", "version", "plain"),
    [
        pytest.param({"score": 0.9}, Cause.SUBMITTED, __version__, True, id="as-ever"),
        pytest.param({"braked": True}, Cause.SUBMITTED, __version__, False, id="under-the-brake"),
        pytest.param({"found": "braked"}, Cause.SUBMITTED, __version__, True, id="about-the-word"),
        pytest.param({"braked": False}, Cause.SUBMITTED, __version__, True, id="not-braked"),
        pytest.param({"score": 0.9}, Cause.UNDONE, __version__, False, id="decided-anew"),
        pytest.param({"score": 0.9}, Cause.SUBMITTED, "0.0.1", False, id="another-release"),
    ],
)
def test_a_plain_decision_is_one_that_the_ruleset_alone_made(store, evidence, cause, version, plain):
    made = decision(Action.HOLD)
    reasons = (Reason("slow-down", Action.HOLD, "Slow down.", evidence=evidence),)
    provenance = replace(made.provenance, version=version)
    save(store, new_row(comment(), replace(made, reasons=reasons, cause=cause, provenance=provenance)))
    with store.reading() as session:
        (record,) = read_records(CommentRange(1, 1), session=session)
    assert record.plain is plain

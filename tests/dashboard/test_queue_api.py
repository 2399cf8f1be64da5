"""What a browser may say of a verdict."""

import pytest
from pydantic import TypeAdapter, ValidationError

from dashboard.components.queue.api import SentVerdict
from moderation.desk import VerdictRequest

SENT = TypeAdapter(SentVerdict)
UID = "6d2c1c0e-1f0b-4a53-9c57-2a8f5a1c0b77"
WELL = {
    "uid": UID,
    "item": 1,
    "version": 2,
    "text_hash": "ab",
    "kind": "approve",
    "seconds": 1.5,
}


def test_what_a_browser_sends_is_a_verdict_request():
    request = VerdictRequest(**SENT.validate_python(WELL | {"uid": UID.upper()}))
    assert (request.uid, request.item, request.version, request.seconds) == (UID, 1, 2, 1.5)
    assert (request.comment, request.at) == (None, None)


@pytest.mark.parametrize(
    "field",
    [
        pytest.param({"at": "2020-01-01T00:00:00Z"}, id="its-own-time"),
        pytest.param({"comment": 3}, id="any-comment"),
        pytest.param({"by": "kim"}, id="somebody-else"),
        pytest.param({"uid": "1"}, id="no-uuid"),
        pytest.param({"reason": "x" * 201}, id="a-long-reason"),
        pytest.param({"note": "x" * 2001}, id="a-long-note"),
        pytest.param({"text_hash": "x" * 65}, id="no-hash"),
        pytest.param({"seconds": 90_000}, id="more-than-a-day"),
        pytest.param({"kind": "publish"}, id="no-kind"),
    ],
)
def test_what_a_browser_has_no_say_in_is_refused(field):
    with pytest.raises(ValidationError):
        SENT.validate_python(WELL | field)

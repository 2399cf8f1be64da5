"""A filter of the queue, as a link has it."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.domain import ATTRIBUTES, Action
from moderation.errors import InvalidFilterError
from moderation.store.queue.filters import EVERYTHING, QueueFilter

texts = st.none() | st.text(min_size=1, max_size=20)
scores = st.none() | st.floats(0, 1)
ages = st.none() | st.integers(0, 999_999).map(lambda seconds: timedelta(seconds=seconds))
filters = st.builds(
    QueueFilter,
    site=texts,
    thread=texts,
    language=texts,
    rule=texts,
    attribute=st.sampled_from([None, *ATTRIBUTES]),
    low=scores,
    high=scores,
    min_age=ages,
    max_age=ages,
    escalated=st.sampled_from([None, True, False]),
    assigned_to=texts,
    action=st.sampled_from([None, *Action]),
)


@given(filters)
def test_a_link_opens_the_same_view(wanted):
    assert QueueFilter.from_query(wanted.to_query()) == wanted


def test_the_whole_queue_needs_no_parameters():
    assert EVERYTHING.to_query() == {}
    assert QueueFilter.from_query({"comment": "77", "site": ""}) == EVERYTHING


@pytest.mark.parametrize(
    "query",
    [
        {"low": "much"}, {"low": "2"}, {"high": "nan"}, {"min_age": "2 hours"}, {"max_age": "9999999d"},
        {"escalated": "true"}, {"action": "ban"}, {"attribute": "rudeness"},
    ],
)  # fmt: skip
def test_a_link_that_was_tampered_with_is_refused(query):
    with pytest.raises(InvalidFilterError):
        QueueFilter.from_query(query)

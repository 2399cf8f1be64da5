"""Perspective's names and ours."""

import pytest

from moderation.domain import ATTRIBUTES
from moderation.perspective_names import ATTRIBUTE_OF, NAMES_OF


def test_every_attribute_has_names_and_every_name_an_attribute():
    assert set(NAMES_OF) == set(ATTRIBUTES) == set(ATTRIBUTE_OF.values())
    assert {name: ours for ours, names in NAMES_OF.items() for name in names} == ATTRIBUTE_OF


@pytest.mark.parametrize(
    ("attribute", "best"),
    [("toxicity", "TOXICITY"), ("obscene", "PROFANITY"), ("sexual_explicit", "SEXUALLY_EXPLICIT")],
)
def test_the_best_name_is_first(attribute, best):
    assert NAMES_OF[attribute][0] == best

"""What checks get to see."""

from datetime import UTC, datetime

from moderation import text as text_module
from moderation.checks.base import Subject
from moderation.domain import CheckResult, Comment, Outcome
from moderation.text import same_text_key

NOW = datetime(2026, 11, 23, tzinfo=UTC)
DONE = CheckResult(Outcome.OK)


def test_a_text_is_normalised_once_for_all_checks_and_only_if_one_asks(monkeypatch):
    normalised = []

    def normalise(text):
        normalised.append(text)
        return text_module.normalise(text)

    monkeypatch.setattr("moderation.checks.base.normalise", normalise)
    first = Subject(Comment("Ｗell said"), NOW)
    second = first.after("length", DONE)
    assert (first.normalised, second.normalised, normalised) == (None, None, [])
    assert second.text.text == "Well said"
    third = second.after("links", DONE)
    assert third.text is third.normalised is first.text
    assert third.text_key == first.text_key == same_text_key(third.text)
    assert normalised == ["Ｗell said"]
    assert list(third.results) == ["length", "links"]

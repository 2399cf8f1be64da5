"""The language check, with the real detector."""

from datetime import UTC, datetime

import pytest

from moderation.checks.base import Subject
from moderation.checks.language import LanguageCheck
from moderation.domain import Comment, Outcome, SignalName
from moderation.language import LangdetectDetector

NOW = datetime(2026, 11, 23, tzinfo=UTC)
CHECK = LanguageCheck(LangdetectDetector(["en", "ko"]))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("I have lived here for thirty years", "en"),
        ("여기서 삼십 년을 살았어요", "ko"),
        ("바\u200b보", "ko"),
        ("Ｉ ｈａｖｅ lived here for thirty years", "en"),
        ("lol", "und"),
        ("", "und"),
    ],
)
def test_one_signal_names_the_language(text, code):
    result = CHECK.guarded(Subject(Comment(text), NOW))
    (signal,) = result.signals
    assert result.outcome is Outcome.OK
    assert (signal.name, signal.value, signal.spans) == (SignalName.LANGUAGE, code, ())
    assert signal.confidence is not None
    assert (signal.confidence == 0) == (code == "und")


def test_later_checks_see_the_language():
    subject = Subject(Comment("여기서 삼십 년을 살았어요"), NOW)
    assert subject.after("language", CHECK.guarded(subject)).language == "ko"


def test_a_detector_that_raises_is_a_failed_outcome():
    class Broken:
        name = "broken"

        def detect(self, text):
            raise RuntimeError(text)

    result = LanguageCheck(Broken()).guarded(Subject(Comment("private"), NOW))
    assert (result.outcome, result.error) == (Outcome.FAILED, "RuntimeError")

"""What happens to a comment when a check has no answer for it."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field, model_validator

from moderation.domain import Action, Outcome
from moderation.rules.values.sections import ActionField, Section

NO_ANSWER = (Outcome.FAILED, Outcome.TIMED_OUT, Outcome.NOT_COVERED)
"""Outcomes that `on_failure` decides about; a check that is skipped never counts against a comment."""


class Failures(Section):
    """What happens by how the check ended."""

    failed: ActionField = Field(Action.HOLD, description="the check broke")
    timed_out: ActionField = Field(Action.HOLD, description="it took too long")
    not_covered: ActionField = Field(
        Action.HOLD, description="the model does not know the comment's language"
    )


_DEFAULTS: Mapping[str, Mapping[str, Action]] = {
    "language": dict.fromkeys(NO_ANSWER, Action.FLAG),  # it says nothing about what was written
    "toxicity": {"not_covered": Action.FLAG},
}


def _failures(check: str) -> Failures:
    return Failures(**_DEFAULTS.get(check, {}))


class OnFailure(Section):
    """What happens when a check has no answer: one action, or one per outcome over the defaults."""

    length: Failures = Field(Failures(), description="whether the comment is too long is not known")
    repetition: Failures = Field(Failures(), description="what was said before can't be looked up")
    links: Failures = Field(Failures(), description="links could not be counted")
    word_lists: Failures = Field(Failures(), description="word lists could not be searched")
    language: Failures = Field(_failures("language"), description="the language could not be told")
    toxicity: Failures = Field(_failures("toxicity"), description="there are no scores")

    @model_validator(mode="before")
    @classmethod
    def _fill(cls, data: Any) -> Any:  # noqa: ANN401 - whatever stands in the file
        return (
            {check: _filled(check, value) for check, value in data.items()}
            if isinstance(data, dict)
            else data
        )

    def action(self, check: str, outcome: Outcome) -> Action:
        """Return what happens if a check ended this way; a check that isn't listed holds."""
        failures = getattr(self, check) if check in type(self).model_fields else _failures(check)
        return Action(getattr(failures, outcome.value))


def _filled(check: str, value: object) -> object:
    if isinstance(value, str):
        return dict.fromkeys(NO_ANSWER, value)
    return {**_DEFAULTS.get(check, {}), **value} if isinstance(value, dict) else value

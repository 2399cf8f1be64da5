"""Decides comments that an admin wrote: with the real checks, but for what the admin says they find."""

from collections.abc import Iterator, Mapping, Sequence

from moderation.domain import CheckResult, Decision, Outcome, Signal, SignalName
from moderation.pipeline import Pipeline
from moderation.rules.conditions import Condition, When
from moderation.rules.schema.examples import Example
from moderation.rules.values.failures import NO_ANSWER


def decide_examples(examples: Sequence[Example], pipeline: Pipeline) -> list[Decision]:
    """Decide examples; nothing is stored, and no earlier comment is known."""
    return pipeline.decide([one.comment() for one in examples], given=[_given(one) for one in examples])


def conditions_by_key(when: When) -> Iterator[tuple[str, Condition]]:
    """Yield the conditions of a rule, each with its key; of maps in maps, the outer ones."""
    yield from when.texts.items()
    for name, field in type(when).model_fields.items():
        value = getattr(when, name)
        if value is not None and name != "texts":
            key = field.alias or name
            yield key, When.model_construct({name}, **{name: value}) if field.alias else value


def say_who_is_silent(results: Mapping[str, CheckResult]) -> str:
    """Say which checks had no answer, as the end of a sentence; nothing if all had one."""
    silent = [f"{check} {result.outcome}" for check, result in results.items() if result.outcome in NO_ANSWER]
    return f" ({', '.join(silent)})" if silent else ""


def _given(example: Example) -> dict[str, CheckResult]:
    given = {}
    if example.language:
        language = Signal(SignalName.LANGUAGE, example.language, confidence=1.0)
        given["language"] = CheckResult(Outcome.OK, (language,))
    if example.scores:
        scores = (
            Signal(SignalName.SCORE, score, key=attribute) for attribute, score in example.scores.items()
        )
        given["toxicity"] = CheckResult(Outcome.OK, tuple(scores))
    return given

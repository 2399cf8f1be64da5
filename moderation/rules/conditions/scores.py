"""Conditions on what the checks found: scores, languages, word lists, and how the checks ended."""

from typing import Annotated, ClassVar, Self

from pydantic import BeforeValidator, ConfigDict, Field, PlainValidator, RootModel, model_validator

from moderation.domain import UNDETERMINED, Outcome, SignalName
from moderation.rules.conditions.base import Answer, Holds, No, all_hold
from moderation.rules.conditions.facts import Facts
from moderation.rules.reading.faults import Fault, kind_of_value, one_of, quoted, refuse
from moderation.rules.values.comparisons import ConfidenceComparison, ShareComparison
from moderation.rules.values.editing import AS_TEXT, as_one_of
from moderation.rules.values.failures import OnFailure
from moderation.rules.values.languages import found_language
from moderation.rules.values.sections import Attribute, Name, OneOrMore

_NOT = "~"


class Scores(RootModel[dict[Attribute, ShareComparison]]):
    """What attributes score: `scores: {toxicity: ">= 0.4"}`; all that are named must hold."""

    model_config = ConfigDict(frozen=True)
    placeholders: ClassVar = ("score", "limit")

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if not self.root:
            raise refuse(Fault("`scores` names no attribute", 'write `{toxicity: ">= 0.4"}`'))
        return self

    def hit(self, facts: Facts) -> Answer:
        """Compare every score asked for."""
        return all_hold([self._compared(attribute, facts) for attribute in self.root])

    def _compared(self, attribute: str, facts: Facts) -> Answer:
        score, wanted = facts.scores.get(attribute), self.root[attribute]
        if score is None:
            return No.UNKNOWN
        if not wanted.holds(score):
            return No.MISS
        return Holds({attribute: score}, fills={"score": f"{score:.2f}", "limit": wanted.limit})


def _listed_language(value: object) -> str:
    """Take a code that the check can answer with, or `~` and a code."""
    if isinstance(value, str) and value.startswith(_NOT):
        return _NOT + found_language(value.removeprefix(_NOT))
    return found_language(value)


class LanguageIs(
    RootModel[
        Annotated[
            tuple[Annotated[str, PlainValidator(_listed_language), AS_TEXT], ...],
            Field(strict=False, min_length=1),
            OneOrMore,
        ]
    ]
):
    """Which language it is in: `language: de`, any of `[de, und]`, or any known one but `[~en, ~ko]`."""

    model_config = ConfigDict(frozen=True)
    placeholders: ClassVar = ()

    @model_validator(mode="after")
    def _no_contradiction(self) -> Self:
        for place, entry in enumerate(self.root):
            if entry.startswith(_NOT) and entry.removeprefix(_NOT) in self.root:
                code = entry.removeprefix(_NOT)
                raise refuse(
                    Fault(f"`{code}` and `~{code}` stand in one list", "delete one of the two", (place,))
                )
        return self

    def hit(self, facts: Facts) -> Answer:
        """Compare the language found."""
        language = facts.language
        if language is None:
            return No.UNKNOWN
        refused = [entry.removeprefix(_NOT) for entry in self.root if entry.startswith(_NOT)]
        if language in self.root:
            return Holds({"language": language})
        if language == UNDETERMINED and UNDETERMINED not in refused:
            return No.UNKNOWN
        return Holds({"language": language}) if refused and language not in refused else No.MISS


class LanguageConfidence(RootModel[ConfidenceComparison]):
    """How sure the detector is of the language: `language_confidence: "< 0.7"`."""

    model_config = ConfigDict(frozen=True)
    placeholders: ClassVar = ("limit",)

    def hit(self, facts: Facts) -> Answer:
        """Compare the detector's confidence."""
        found = facts.all(SignalName.LANGUAGE)
        confidence = found[0].confidence if found else None
        if confidence is None:
            return No.UNKNOWN
        if not self.root.holds(confidence):
            return No.MISS
        return Holds({"language_confidence": confidence}, fills={"limit": self.root.limit})


class Words(RootModel[Annotated[tuple[Name, ...], Field(strict=False, min_length=1), OneOrMore]]):
    """An entry of a word list: `words: slurs`, or any of several lists."""

    model_config = ConfigDict(frozen=True)
    placeholders: ClassVar = ("match", "match-words")

    def hit(self, facts: Facts) -> Answer:
        """Collect what was found of the lists asked for."""
        if "word_lists" not in facts.answered:
            return No.UNKNOWN
        found = [signal for signal in facts.all(SignalName.WORD) if signal.key in self.root]
        if not found:
            return No.MISS
        entries = list(dict.fromkeys(str(signal.value) for signal in found))
        lists = list(dict.fromkeys(signal.key for signal in found))
        spans = tuple(span for signal in found for span in signal.spans)
        match = facts.quoted(spans) or entries[0]
        return Holds({"words": entries, "lists": lists}, spans, {"match": match, "match-words": match})


_CHECKS = tuple(OnFailure.model_fields)
_Outcome = Annotated[Outcome, BeforeValidator(lambda value: Outcome(one_of("an outcome", Outcome)(value)))]


def _map_of_checks(value: object) -> object:
    if isinstance(value, str):
        hint = f"write `{{toxicity: {value}}}`"
        raise refuse(Fault(f"{quoted(value)} needs the check that it is about", hint))
    if not isinstance(value, dict) or not value:
        wrote = "nothing" if isinstance(value, dict) else kind_of_value(value)
        raise refuse(Fault(f"`check_outcome` needs a check, not {wrote}", "write `{toxicity: failed}`"))
    return value


class CheckOutcome(
    RootModel[
        Annotated[
            dict[
                Annotated[str, PlainValidator(one_of("a check", _CHECKS)), as_one_of(_CHECKS)],
                Annotated[tuple[_Outcome, ...], Field(strict=False, min_length=1), OneOrMore],
            ],
            BeforeValidator(_map_of_checks),
        ]
    ]
):
    """How checks ended: `check_outcome: {toxicity: [failed, timed_out]}`; all that are named must hold."""

    model_config = ConfigDict(frozen=True)
    placeholders: ClassVar = ()

    def hit(self, facts: Facts) -> Answer:
        """Compare every outcome asked for."""
        return all_hold([self._compared(check, facts) for check in self.root])

    def _compared(self, check: str, facts: Facts) -> Answer:
        result = facts.results.get(check)
        if result is None:
            return No.UNKNOWN
        return (
            Holds({f"{check}_outcome": result.outcome.value})
            if result.outcome in self.root[check]
            else No.MISS
        )

"""Which of our scores answers for an attribute of Perspective's, and what else can be asked for."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from moderation.api.perspective.envelope import PerspectiveError
from moderation.api.perspective.forms import AnalyzeForm
from moderation.domain import Action
from moderation.perspective_names import ATTRIBUTE_OF

RULES = {"RULES_HOLD": Action.HOLD, "RULES_REJECT": Action.REJECT}
"""Attributes that say what the ruleset would do: 1 from this action on, else 0."""

_OTHERS = frozenset(
    {
        "AFFINITY_EXPERIMENTAL",
        "ALIENATION_EXPERIMENTAL",
        "ATTACK_ON_AUTHOR",
        "ATTACK_ON_COMMENTER",
        "COMPASSION_EXPERIMENTAL",
        "CURIOSITY_EXPERIMENTAL",
        "FEARMONGERING_EXPERIMENTAL",
        "FLIRTATION",
        "FLIRTATION_EXPERIMENTAL",
        "GENERALIZATION_EXPERIMENTAL",
        "INCOHERENT",
        "INFLAMMATORY",
        "LIKELY_TO_REJECT",
        "MORAL_OUTRAGE_EXPERIMENTAL",
        "NUANCE_EXPERIMENTAL",
        "PERSONAL_STORY_EXPERIMENTAL",
        "POWER_APPEAL_EXPERIMENTAL",
        "REASONING_EXPERIMENTAL",
        "RESPECT_EXPERIMENTAL",
        "SCAPEGOATING_EXPERIMENTAL",
        "SPAM",
        "TOXICITY_FAST",
        "UNSUBSTANTIAL",
    }
)

KNOWN = _OTHERS | ATTRIBUTE_OF.keys() | RULES.keys()
"""Every name that Perspective's clients may suggest a score for."""

_MOST = 50
_SHOWN = 100
_VERSIONED = re.compile(r"([A-Z_]+)(?:@[\w.-]{1,40})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class AskedAttribute:
    """An attribute that is asked for, and known.

    Attributes:
        name: as it was asked for, `TOXICITY@5`; it is answered under the same.
        attribute: of the model; or one of `RULES`.
        threshold: a lower score is left out of the answer.
    """

    name: str
    attribute: str
    threshold: float | None = None

    @property
    def of_rules(self) -> bool:
        """Whether the ruleset answers it, and no model."""
        return self.attribute in RULES


def asked_for(form: AnalyzeForm, scored: Collection[str]) -> list[AskedAttribute]:
    """Return what a request asks for.

    Args:
        form: the request.
        scored: the attributes that the model scores, in our names.

    Raises:
        PerspectiveError: nothing is asked for, something unknown, or another type of score.
    """
    if not form.requested_attributes:
        raise PerspectiveError("Missing requested_attributes", "NO_REQUESTED_ATTRIBUTES")
    if len(form.requested_attributes) > _MOST:
        raise PerspectiveError(f"Too many requested_attributes: at most {_MOST} are answered at a time")
    return list(_asked(form, scored))


def _asked(form: AnalyzeForm, scored: Collection[str]) -> Iterator[AskedAttribute]:
    for name, wanted in form.requested_attributes.items():
        attribute = _attribute(name)
        if attribute not in scored and attribute not in RULES:
            if form.drop_unsupported_attributes:
                continue
            raise PerspectiveError(f"Unknown requested attribute: {name[:_SHOWN]}")
        if wanted.score_type not in {"PROBABILITY", "SCORE_TYPE_UNSPECIFIED"}:
            raise PerspectiveError(unfit_type(wanted.score_type, name))
        yield AskedAttribute(name, attribute, wanted.score_threshold)


def unfit_type(kind: str, name: str) -> str:
    """Say that an attribute has no scores of a type."""
    return f"Requested score type {kind} is not supported by attribute {name[:_SHOWN]}"


def plain_name(name: str) -> str:
    """Return a name without its version: `TOXICITY@5` is TOXICITY; empty if it is none."""
    found = _VERSIONED.fullmatch(name)
    return found[1] if found else ""


def _attribute(name: str) -> str:
    plain = plain_name(name)
    return plain if plain in RULES else ATTRIBUTE_OF.get(plain, "")

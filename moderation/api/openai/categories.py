"""OpenAI's categories, made of our attributes.

A category is true where the rules that decide would hold or reject a comment for its attributes alone: from the same
threshold on, in the comment's language. So `flagged` is "a person would look at it before it is published", and sites
move the line in rules.yaml.

Four attributes make `harassment`, and the largest score counts. `insult` is what OpenAI means by it. `toxicity`,
`severe_toxicity` and `obscene` have no category of their own there, and much that is abusive is caught by `toxicity`
alone; `flagged` must be one of the categories, so without them such a comment would pass. The price: `harassment` is
true for profanity at nobody too, where the rules hold it, and beside `hate` or `violence`, which are toxic as well.

What no attribute is about (`illicit`, `self-harm` …) is never true, has the score 0, and says that nothing looked for
it: its `category_applied_input_types` is empty.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from moderation.domain import Outcome
from moderation.pipeline import Scored
from moderation.rules import Ruleset
from moderation.rules.schema.thresholds import in_language
from moderation.rules.values.failures import NO_ANSWER


@dataclass(frozen=True, slots=True)
class Category:
    """A category.

    Attributes:
        attributes: what it is made of; nothing, if no model of ours scores the like.
        all_of_them: whether all must be found (and the smallest score counts), or any (and the largest does).
    """

    attributes: tuple[str, ...] = ()
    all_of_them: bool = False

    def scored_by(self, known: Collection[str]) -> tuple[str, ...]:
        """Return the attributes that count, of those that have a score; none if one is missing that is needed."""
        found = tuple(one for one in self.attributes if one in known)
        return () if self.all_of_them and found != self.attributes else found

    def score(self, scores: Mapping[str, float]) -> float:
        """Return its score, 0–1; 0 if nothing looked for it."""
        pick: Callable[[Iterable[float]], float] = min if self.all_of_them else max
        counted = self.scored_by(scores)
        return pick(scores[one] for one in counted) if counted else 0.0

    def holds(self, scores: Mapping[str, float], begins: Mapping[str, float]) -> bool:
        """Whether scores reach the thresholds of all its attributes, or of any."""
        met = [one in begins and scores[one] >= begins[one] for one in self.scored_by(scores)]
        return bool(met) and (all(met) if self.all_of_them else any(met))


CATEGORIES: Mapping[str, Category] = {
    "harassment": Category(("insult", "toxicity", "severe_toxicity", "obscene")),
    "harassment/threatening": Category(("threat",)),
    "hate": Category(("identity_attack",)),
    "hate/threatening": Category(("identity_attack", "threat"), all_of_them=True),
    "illicit": Category(),
    "illicit/violent": Category(),
    "self-harm": Category(),
    "self-harm/instructions": Category(),
    "self-harm/intent": Category(),
    "sexual": Category(("sexual_explicit",)),
    "sexual/minors": Category(),
    "violence": Category(("threat",)),
    "violence/graphic": Category(),
}
"""Every category, under OpenAI's name."""

UNSCORED = "harassment"
"""What is true where a text that has no scores is to be held: `flagged` is never true without a category."""


def held_from(ruleset: Ruleset, language: str) -> dict[str, float]:
    """Return, for each attribute, the lowest score at which the rules hold or reject a comment in a language."""
    toxicity = ruleset.config.toxicity
    if not toxicity:
        return {}
    levels = in_language(toxicity.thresholds, toxicity.by_language.get(language, {}))
    begins = {
        attribute: [score for action, score in level.strongest_first() if not action.published]
        for attribute, level in levels.items()
    }
    return {attribute: min(scores) for attribute, scores in begins.items() if scores}


def moderation_result(scored: Scored, ruleset: Ruleset) -> dict[str, Any]:
    """Return the result for a text: `categories`, their scores, what was looked for, and whether any is true.

    Where the check has no answer, there are no scores, and `on_failure.toxicity` decides whether it is flagged.
    """
    outcome = scored.result.outcome
    if outcome is not Outcome.OK:
        on_failure = ruleset.config.on_failure
        return unscored(flagged=outcome in NO_ANSWER and not on_failure.action("toxicity", outcome).published)
    scores = scored.scores
    begins = held_from(ruleset, scored.language.code)
    found = {name: category.holds(scores, begins) for name, category in CATEGORIES.items()}
    return _result(
        found,
        {name: category.score(scores) for name, category in CATEGORIES.items()},
        {name for name, category in CATEGORIES.items() if category.scored_by(scores)},
    )


def unscored(*, flagged: bool = False) -> dict[str, Any]:
    """Return the result for a text that was not scored: all scores are 0, and no input type was applied to any."""
    return _result({name: flagged and name == UNSCORED for name in CATEGORIES}, {}, ())


def _result(
    found: Mapping[str, bool], scores: Mapping[str, float], looked_for: Collection[str]
) -> dict[str, Any]:
    return {
        "flagged": any(found.values()),
        "categories": dict(found),
        "category_scores": {name: scores.get(name, 0.0) for name in CATEGORIES},
        "category_applied_input_types": {name: ["text"] if name in looked_for else [] for name in CATEGORIES},
    }

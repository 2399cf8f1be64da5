"""A rule of the site's own, prepared for many comments."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC
from hashlib import sha256

from moderation.domain import Comment
from moderation.rules.builtin import Fired, Voice
from moderation.rules.conditions import Condition, Hit
from moderation.rules.facts import Facts
from moderation.rules.messages import explained
from moderation.rules.rule import Rule

_ALL = 2**64


@dataclass(frozen=True, slots=True)
class OwnRule:
    """Says whether a rule fires, and why."""

    rule: Rule
    conditions: tuple[Condition, ...]
    voice: Voice

    @classmethod
    def of(cls, rule: Rule, voice: Voice) -> "OwnRule":
        """Prepare a rule."""
        return cls(rule, rule.when.conditions, voice)

    @property
    def name(self) -> str:
        """What the rule is called."""
        return self.rule.name

    def weigh(self, facts: Facts) -> Fired | None:
        """Return the reason if the rule looks at the comment and all its conditions hold."""
        if not self._looks_at(facts):
            return None
        hits = _all_hit(self.conditions, facts)
        if not hits:
            return None
        rule, locale = self.rule, facts.comment.locale
        evidence = {key: value for hit in hits for key, value in hit.evidence.items()}
        spans = tuple(sorted({span for hit in hits for span in hit.spans}))
        own = explained(rule.explain, locale, self.voice.locale)
        fired = self.voice.reason(rule.name, rule.action, facts, evidence, "rule")
        reason = replace(fired.reason, message=own or fired.reason.message, spans=spans)
        return Fired(reason, "" if own else fired.sentence, rule.priority)

    def _looks_at(self, facts: Facts) -> bool:
        """Whether the rule is on for this comment: not expired, not for a moderator, in the sample."""
        rule, author = self.rule, facts.comment.author
        if rule.expires and facts.now.astimezone(UTC).date() >= rule.expires:
            return False
        if rule.moderators_exempt and author is not None and author.is_moderator:
            return False
        return rule.sample >= 1 or sampled(facts.comment, rule.name) < rule.sample


def sampled(comment: Comment, rule: str) -> float:
    """Place a comment between 0 and 1 for a rule: the same each time, and nothing an author can choose well."""
    named = comment.external_id is not None
    parts = (rule, comment.site, str(comment.external_id) if named else comment.text)
    digest = sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8]) / _ALL


def _all_hit(conditions: Iterable[Condition], facts: Facts) -> list[Hit]:
    """Return a hit for each condition, or none at all as soon as one does not hold."""
    hits = []
    for condition in conditions:
        hit = condition.hit(facts)
        if hit is None:
            return []
        hits.append(hit)
    return hits

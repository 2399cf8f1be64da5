"""A rule of the site's own, prepared for many comments."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from hashlib import sha256
from operator import itemgetter

from moderation.domain import Comment
from moderation.rules.conditions import Holds
from moderation.rules.conditions.facts import Facts
from moderation.rules.conditions.sought import Sought
from moderation.rules.messages import own_explanation
from moderation.rules.schema.rule import Rule
from moderation.rules.weighing.builtin import FiredRule, Voice

_ALL = 2**64


@dataclass(frozen=True, slots=True, eq=False)
class OwnRule:
    """Says whether a rule fires, and why."""

    rule: Rule
    voice: Voice
    ends: datetime | None

    @classmethod
    def prepare(cls, rule: Rule, voice: Voice) -> "OwnRule":
        """Prepare a rule."""
        ends = datetime.combine(rule.expires, time(), UTC) if rule.expires else None
        return cls(rule, voice, ends)

    @property
    def name(self) -> str:
        """What the rule is called."""
        return self.rule.name

    def weigh(self, facts: Facts) -> FiredRule | None:
        """Return the reason if the rule looks at the comment and all its conditions hold."""
        if not self._looks_at(facts):
            return None
        hit = self.rule.when.hit(facts)
        return self._fired(hit, facts) if isinstance(hit, Holds) else None

    def _fired(self, hit: Holds, facts: Facts) -> FiredRule:
        rule = self.rule
        own = own_explanation(rule.explain, facts.comment.locale, self.voice.locale, fills=hit.fills)
        fired = self.voice.reason(rule.name, rule.action, facts, hit.evidence, "rule")
        spans = tuple(sorted(set(hit.spans)))
        reason = replace(fired.reason, message=own or fired.reason.message, spans=spans)
        return FiredRule(reason, "" if own else fired.sentence, rule.priority)

    def _looks_at(self, facts: Facts) -> bool:
        """Whether the rule is on for this comment: not expired, not for a moderator, in the sample."""
        rule, author = self.rule, facts.comment.author
        if self.ends is not None and facts.now >= self.ends:
            return False
        if rule.moderators_exempt and author is not None and author.is_moderator:
            return False
        return rule.sample >= 1 or sampled(facts.comment, rule.name) < rule.sample


class OwnRules:
    """Rules of the site's own, of which only those are asked that can fire at all.

    A rule that looks for something in a text, without `~`, can't fire where it isn't found. With hundreds of
    rules, that leaves a handful.
    """

    def __init__(self, rules: Iterable[OwnRule]) -> None:
        self._always: list[tuple[int, OwnRule]] = []
        self._looking: dict[Sought, list[tuple[int, OwnRule]]] = {}
        for number, rule in enumerate(rules):
            sought = rule.rule.when.must_be_found()
            there = self._always if sought is None else self._looking.setdefault(sought, [])
            there.append((number, rule))
        self._views = {view for sought in self._looking for view in sought.views}

    def weigh(self, facts: Facts, without: Collection[str]) -> list[FiredRule]:
        """Ask every rule that can fire, but for those that are left out; in the order of the rules."""
        found = {sought for view in self._views for sought in facts.all_found(view)}
        possible = {pair for sought in found for pair in self._looking.get(sought, ())}
        asked = sorted((*self._always, *possible), key=itemgetter(0))
        answers = (rule.weigh(facts) for _, rule in asked if rule.name not in without)
        return [one for one in answers if one]


def sampled(comment: Comment, rule: str) -> float:
    """Place a comment between 0 and 1 for a rule: the same each time, and nothing an author can choose well."""
    named = comment.external_id is not None
    parts = (rule, comment.site, str(comment.external_id) if named else comment.text)
    digest = sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8]) / _ALL

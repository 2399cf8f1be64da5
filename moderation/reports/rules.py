"""What each rule does: how often it fires, with which others, and whether moderators agree."""

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

from sqlmodel import Session

from moderation.backtest.intervals import CountedShare
from moderation.domain import Action, Comment, Reason, VerdictKind
from moderation.rules import Ruleset
from moderation.rules.schema.rule import Status
from moderation.store import Store
from moderation.store.comments.finding import latest_of
from moderation.store.comments.rows import PAGE
from moderation.store.rulesets.hits import CommentHits, RuleHit, count_submitted, hits_by_comment
from moderation.store.verdicts.verdict_log import standing_kinds_of

BUILT_IN = "built-in"


@dataclass(frozen=True, slots=True)
class FiredExample:
    """A comment that a rule fired on, with its reason: `None` if a newer decision was made without the rule."""

    comment_id: int
    comment: Comment
    action: Action
    reason: Reason | None
    verdict: VerdictKind | None

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        spans = self.reason.spans if self.reason else ()
        return {
            "comment_id": self.comment_id,
            "external_id": self.comment.external_id,
            "site": self.comment.site,
            "text": self.comment.text,
            "action": self.action,
            "spans": [{"start": span.start, "end": span.end} for span in spans],
            "verdict": self.verdict,
        }


@dataclass(slots=True)
class RuleReport:
    """What one rule did; where it was live and in the shadow by turns, each has a report of its own.

    Attributes:
        rule: its name.
        shadow: whether it was only watched.
        hits: comments it fired on.
        actions: what it asked for; more than one if the rule was changed or braked, or has thresholds.
        by_day: hits by day, UTC.
        decided_alone: comments whose action no other rule asked for. Of a rule in the shadow: comments on which
            it asks for more than what was decided.
        overlap: hits that another live rule fired on as well, by its name.
        verdicts: its hits by what a moderator decided.
        contrary: hits whose verdict is contrary to what the rule asked for.
        examples: the latest comments it fired on.
    """

    rule: str
    shadow: bool = False
    hits: int = 0
    actions: Counter[Action] = field(default_factory=Counter)
    by_day: Counter[date] = field(default_factory=Counter)
    decided_alone: int = 0
    overlap: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[VerdictKind] = field(default_factory=Counter)
    contrary: int = 0
    examples: list[FiredExample] = field(default_factory=list)
    _latest: deque[int] = field(default_factory=deque)  # as many as are shown

    @property
    def kind(self) -> str:
        """`live`, `shadow` or `built-in`."""
        live = BUILT_IN if "." in self.rule else Status.LIVE.value
        return Status.SHADOW.value if self.shadow else live

    @property
    def precision(self) -> CountedShare:
        """Of its hits with a verdict, those that a moderator rejected."""
        return CountedShare(self.verdicts[VerdictKind.REJECT], self.verdicts.total())

    @property
    def reversal(self) -> CountedShare:
        """Of its hits with a verdict, those that a moderator decided contrary to it."""
        return CountedShare(self.contrary, self.verdicts.total())

    def add(self, one: CommentHits, hit: RuleHit, verdict: VerdictKind | None) -> None:
        """Count a comment that it fired on."""
        others = [other for other in one.hits if not other.shadow and other.rule != hit.rule]
        self.hits += 1
        self.actions[hit.action] += 1
        self.by_day[one.at.date()] += 1
        self.overlap.update(other.rule for other in others)
        self.decided_alone += (
            hit.action.strength > one.action.strength
            if self.shadow
            else hit.action is one.action and all(other.action is not hit.action for other in others)
        )
        self._latest.append(one.comment_id)
        if verdict:
            self.verdicts[verdict] += 1
            self.contrary += (verdict is VerdictKind.REJECT) == hit.action.published

    def show(self, session: Session) -> None:
        """Fetch the latest comments that it fired on, newest first."""
        wanted = list(reversed(self._latest))
        found = latest_of(wanted, session=session)
        verdicts = standing_kinds_of(wanted, session=session)
        for number in wanted:
            stored = found[number]
            reasons = stored.decision.shadow if self.shadow else stored.decision.reasons
            reason = next((reason for reason in reasons if reason.rule == self.rule), None)
            self.examples.append(
                FiredExample(number, stored.comment, stored.decision.action, reason, verdicts.get(number))
            )

    def to_dict(self, days: int) -> dict[str, Any]:
        """Return it as plain JSON values; `days` is what the hits are spread over."""
        return {
            "rule": self.rule,
            "kind": self.kind,
            "hits": self.hits,
            "hits_per_day": self.hits / days,
            "by_action": {action.value: count for action, count in self.actions.most_common()},
            "by_day": {day.isoformat(): count for day, count in sorted(self.by_day.items())},
            "decided_alone": self.decided_alone,
            "overlap": dict(self.overlap.most_common()),
            "precision": self.precision.to_dict(),
            "reversal": self.reversal.to_dict(),
            "examples": [example.to_dict() for example in self.examples],
        }


@dataclass(frozen=True, slots=True)
class RulesReport:
    """What rules did since a time.

    Attributes:
        since: from when on.
        until: until when: now.
        comments: how many comments came in.
        rules: one report a rule, most hits first.
    """

    since: datetime
    until: datetime
    comments: int
    rules: tuple[RuleReport, ...]

    @property
    def days(self) -> list[date]:
        """Every day of the report, UTC."""
        first = self.since.astimezone(UTC).date()
        return [first + timedelta(days=number) for number in range((self.until.date() - first).days + 1)]

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "comments": self.comments,
            "rules": [one.to_dict(len(self.days)) for one in self.rules],
        }


def report_on_rules(
    store: Store,
    *,
    since: datetime,
    rule: str | None = None,
    ruleset: Ruleset | None = None,
    examples: int = 0,
) -> RulesReport:
    """Count what rules did, from what was stored when they fired; in bounded memory.

    Args:
        store: where decisions and verdicts are.
        since: from when on, aware.
        rule: only this rule; all if `None`.
        ruleset: rules of it that never fired are listed too, with no hits.
        examples: how many comments are shown of each rule.

    Raises:
        StoreError: the database can't be used.
    """
    until = datetime.now(UTC)
    found = _Reports(examples)
    for name, shadow in _of_ruleset(ruleset, rule):
        found.report_of(name, shadow=shadow)
    with store.reading() as session:
        for one, verdict in _judged(since, rule, session):
            for hit in one.hits:
                if rule in {None, hit.rule}:
                    found.report_of(hit.rule, shadow=hit.shadow).add(one, hit, verdict)
        for each in found.by_rule.values():
            each.show(session)
        comments = count_submitted(since=since, session=session)
    ordered = sorted(found.by_rule.values(), key=lambda one: (-one.hits, one.rule, one.shadow))
    return RulesReport(since, until, comments, tuple(ordered))


@dataclass(frozen=True, slots=True)
class _Reports:
    """The reports that are being made, each with room for so many comments."""

    examples: int
    by_rule: dict[tuple[str, bool], RuleReport] = field(default_factory=dict)

    def report_of(self, rule: str, *, shadow: bool) -> RuleReport:
        """Return a rule's report, an empty one at first."""
        known = self.by_rule.get((rule, shadow))
        if known is None:
            known = RuleReport(rule, shadow, _latest=deque(maxlen=self.examples))
            self.by_rule[rule, shadow] = known
        return known


def _judged(
    since: datetime, rule: str | None, session: Session
) -> Iterator[tuple[CommentHits, VerdictKind | None]]:
    """Go through what fired, each with what a moderator decided; a page of verdicts is looked up at a time."""
    going = hits_by_comment(since=since, rule=rule, session=session)
    while page := list(islice(going, PAGE)):
        verdicts = standing_kinds_of([one.comment_id for one in page], session=session)
        for one in page:
            yield one, verdicts.get(one.comment_id)


def _of_ruleset(ruleset: Ruleset | None, wanted: str | None) -> Iterable[tuple[str, bool]]:
    for rule in ruleset.config.rules if ruleset else ():
        if rule.status in {Status.LIVE, Status.SHADOW} and wanted in {None, rule.name}:
            yield rule.name, rule.status is Status.SHADOW

"""What is taken back of what a rule did, and what is left alone."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from moderation.domain import Action, Comment, Decision, StoredDecision
from moderation.public_form import reasons_to_dicts


@dataclass(frozen=True, slots=True)
class UndoRequest:
    """What a rule did in a stretch of time.

    Attributes:
        rule: its name; a built-in rule's too.
        begin: from when on, aware.
        end: until when, exclusive, aware.
    """

    rule: str
    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Reversal:
    """A comment that is decided otherwise without the rule."""

    comment: Comment
    before: StoredDecision
    after: Decision

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {
            "comment_id": self.before.comment_id,
            "site": self.comment.site,
            "external_id": self.comment.external_id,
            "text": self.comment.text,
            "before": {"action": self.before.action, "reasons": reasons_to_dicts(self.before.reasons)},
            "after": {"action": self.after.action, "reasons": reasons_to_dicts(self.after.reasons)},
        }


@dataclass(slots=True)
class Undone:
    """What was reversed, or would be.

    Attributes:
        request: the rule, and from when to when.
        stored: whether it was done, not only looked at.
        hits: decisions in which the rule fired.
        reversed: comments that are decided otherwise without it, by the two actions.
        same: comments that other rules decide the same way without it.
        kept: comments that a moderator has decided, and that are left alone.
        newer: comments that were decided anew since, and that are left alone.
        unreadable: comments that this release can't decide as they were decided then; left alone.
        shown: some of the reversals, oldest first.
    """

    request: UndoRequest
    stored: bool
    hits: int = 0
    reversed: Counter[tuple[Action, Action]] = field(default_factory=Counter)
    same: int = 0
    kept: int = 0
    newer: int = 0
    unreadable: int = 0
    shown: list[Reversal] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {
            "rule": self.request.rule,
            "from": self.request.begin.isoformat(),
            "to": self.request.end.isoformat(),
            "stored": self.stored,
            "hits": self.hits,
            "reversed": [
                {"before": a, "after": b, "comments": n} for (a, b), n in self.reversed.most_common()
            ],
            "same_without_it": self.same,
            "kept_verdicts": self.kept,
            "decided_since": self.newer,
            "not_readable": self.unreadable,
            "shown": [reversal.to_dict() for reversal in self.shown],
        }

"""Queue cards as JSON for the browser. A comment's text goes as it is: only `textContent` ever shows it."""

from collections.abc import Iterable
from typing import Any

from moderation.desk import QueueCard
from moderation.domain import Author, Decision, Outcome, Reason, SignalName, StoredVerdict, signals_named
from moderation.store import StoredComment

SEVERE = 0.9
"""Score of any attribute from which a text is blurred, for those who want that."""

SEVERE_BY_NAME = 0.5
"""The same for attributes that are severe by their name."""

_SEVERE_NAMES = frozenset({"severe_toxicity", "threat", "sexual_explicit"})


def card_to_json(card: QueueCard) -> dict[str, Any]:
    """Return everything that a moderator decides by."""
    return {
        "item": card.item,
        "version": card.version,
        "text_hash": card.text_hash,
        "queued_at": card.queued_at.isoformat(),
        "escalated": card.escalated,
        "blind": card.blind,
        "verdicts": [verdict_to_json(verdict) for verdict in card.verdicts],
        **comment_to_json(card.comment),
        **decision_to_json(card.decision),
    }


def comment_to_json(stored: StoredComment) -> dict[str, Any]:
    """Return what the author wrote, and where."""
    comment = stored.comment
    return {
        "comment": stored.id,
        "text": comment.text,
        "site": comment.site,
        "external_id": comment.external_id,
        "thread": comment.thread,
        "author": _author(comment.author) if comment.author else None,
        "revision": comment.revision,
        "reports": comment.reports,
        "is_reply": comment.is_top_level is False,
        "created_at": stored.written_at.isoformat(),
    }


def decision_to_json(decision: Decision) -> dict[str, Any]:
    """Return why the comment is here. A check without an answer is named as such, never as a hit."""
    return {
        "action": decision.action,
        "reasons": [_reason(reason) for reason in decision.reasons],
        "spans": list(_spans(decision)),
        "scores": sorted(decision.scores.items(), key=lambda score: -score[1]),
        "severe": _is_severe(decision.scores),
        "language": [decision.language.code, round(decision.language.confidence, 2)],
        "unanswered": [
            [name, result.outcome, result.error]
            for name, result in decision.checks.items()
            if result.outcome is not Outcome.OK
        ],
    }


def _author(author: Author) -> dict[str, Any]:
    return {
        "id": author.id,
        "name": author.name,
        "rejection_rate": author.rejection_rate,
        "is_trusted": author.is_trusted,
        "is_moderator": author.is_moderator,
    }


def verdict_to_json(verdict: StoredVerdict) -> dict[str, Any]:
    """Return what somebody decided."""
    return {
        "id": verdict.id,
        "kind": verdict.kind,
        "by": verdict.by,
        "reason": verdict.reason,
        "note": verdict.note,
        "at": verdict.created_at.isoformat(),
    }


def _reason(reason: Reason) -> dict[str, Any]:
    evidence = {
        key: value
        for key, value in reason.evidence.items()
        if isinstance(value, (str, int, float)) and key != "attribute"  # which the rule's name says
    }
    return {"rule": reason.rule, "action": reason.action, "message": reason.message, "evidence": evidence}


def _spans(decision: Decision) -> Iterable[list[Any]]:
    for reason in decision.reasons:
        for span in reason.spans:
            yield [span.start, span.end, reason.rule, "rule"]
    for name, kind in ((SignalName.WORD, "word"), (SignalName.LINK, "link")):
        for signal in signals_named(decision.checks, name):
            label = f"{signal.key}: {signal.value}" if signal.key else str(signal.value)
            for span in signal.spans:
                yield [span.start, span.end, label, kind]


def _is_severe(scores: dict[str, float]) -> bool:
    return any(
        score >= (SEVERE_BY_NAME if name in _SEVERE_NAMES else SEVERE) for name, score in scores.items()
    )

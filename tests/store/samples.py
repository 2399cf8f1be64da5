"""Comments and decisions to store."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from moderation.domain import (
    Action,
    Author,
    CheckResult,
    Comment,
    Decision,
    Outcome,
    Provenance,
    Reason,
    Signal,
    SignalName,
    Span,
    StoredDecision,
    Verdict,
    VerdictKind,
)
from moderation.pipeline import written_at
from moderation.store import NewRow, Store, add_all, remember_ruleset, text_hash
from moderation.text import normalise, same_text_key

RULESET = "f" * 64
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
AUTHOR = Author(id="u-1", name="Ann", account_age=timedelta(days=3, microseconds=7))

# What some database or encoding can't hold as it is, and what our own escapes are made of.
HOSTILE_TEXTS = {
    "nul": "a\x00b",
    "lone_surrogate": "\ud83d alone \udc00",
    "mark": "\x1a",
    "looks_escaped": "\x1a0000 \x1ad800 \\u0000 \\u001a",
    "astral": "😀 👩‍👩‍👧",
    "bidi": "\u202eevil\u202c",
    "noncharacters": "\ufffe\uffff\U0010ffff",
    "line_ends": "\r\n\n\r\x85\u2028",
    "quotes": "'; DROP TABLE comment; --\"\\",
    "percent": "100 %s %(x)s :name ?",
    "empty": "",
    "blanks": "  \t ",
    "combining": "e\u0301 z\u0335\u0336\u0337",
    "zalgo_1mb": "z" + "\u0336" * 500_000,
}


def comment(external_id: Any = "c-1", text: str = "Well said.", **fields: Any) -> Comment:
    defaults: dict[str, Any] = {"author": AUTHOR, "thread": "article-1", "created_at": NOON}
    return Comment(text=text, external_id=external_id, **(defaults | fields))


def decision(action: Action = Action.APPROVE, *, score: float = 0.25, language: str = "en") -> Decision:
    reasons = (Reason("toxicity.insult", action, "Reads like an insult.", (Span(0, 4),), {"score": score}),)
    return Decision(
        action=action,
        reasons=() if action is Action.APPROVE else reasons,
        checks={
            "links": CheckResult(
                Outcome.OK, (Signal(SignalName.LINK, "example.com", spans=(Span(1, 2),)),), 0.5
            ),
            "language": CheckResult(
                Outcome.OK, (Signal(SignalName.LANGUAGE, language, confidence=0.75),), 1.25
            ),
            "toxicity": CheckResult(Outcome.OK, (Signal(SignalName.SCORE, score, "toxicity"),), 2.0),
            "a_late_check": CheckResult(Outcome.FAILED, error="scoring"),
        },
        provenance=Provenance(
            RULESET, "compact@123456789012", "onnx 1.31.0", "1", "langdetect 1.0.9", "0.1.0"
        ),
    )


def new_row(written: Comment, made: Decision, *, text_key: str | None = None) -> NewRow:
    """A comment and its decision, ready to be stored."""
    key = same_text_key(normalise(written.text)) if text_key is None else text_key
    return NewRow(written, made, key, written_at(written))


def verdict(comment_id: int, kind: VerdictKind, *, by: str = "ann", **fields: Any) -> Verdict:
    known: dict[str, Any] = {
        "text_hash": text_hash("Well said."),
        "uid": str(uuid4()),
        "created_at": datetime.now(UTC),
    }
    return Verdict(kind, by, comment_id=comment_id, **(known | fields))


def save(store: Store, *rows: NewRow) -> list[StoredDecision]:
    """Store rows, with the ruleset that they need, in one transaction."""
    with store.transaction() as session:
        remember_ruleset(RULESET, "version: 1\n", {}, session=session)
        return add_all(rows, session=session)


def save_comments(store: Store, comments: Sequence[Comment]) -> list[StoredDecision]:
    """Store comments as approved."""
    return save(store, *(new_row(item, decision()) for item in comments))

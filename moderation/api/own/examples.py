"""Requests that the OpenAPI document shows."""

from typing import Any

_TEXT = "You are an idiot"


def _one(summary: str, value: object) -> dict[str, Any]:
    return {summary.replace(" ", "-"): {"summary": summary, "value": value}}


CHECK = _one("a text", {"text": _TEXT}) | _one(
    "with what is known of it",
    {
        "text": _TEXT,
        "site": "news",
        "thread": "article-42",
        "author": {"id": "u-7", "name": "ann", "account_age": 86400.0, "approved_comments": 12},
        "created_at": "2026-11-30T08:30:00Z",
        "is_top_level": True,
    },
)
SUBMIT = _one(
    "a comment", {"text": _TEXT, "site": "news", "external_id": "c-1", "author": {"id": "u-7"}}
) | _one("an edit of it", {"text": "Sorry.", "site": "news", "external_id": "c-1", "revision": 1})
_VERDICT = {
    "site": "news",
    "external_id": "c-1",
    "verdict": "reject",
    "by": "ann",
    "reason": "insults",
    "uid": "0b0e3a86-9d0c-4b8e-8a3c-0d3f6f1d2c11",
}
VERDICTS = _one("one", _VERDICT) | _one("several", [_VERDICT, {"comment_id": 17, "verdict": "approve"}])
_LABEL = {"text": _TEXT, "language": "en", "scores": {"toxicity": 0.9, "insult": 1.0}}
LABELS = _one("one", _LABEL) | _one(
    "several", [_LABEL, {"site": "news", "external_id": "c-1", "scores": {"toxicity": 0.0}}]
)
APPEAL = _one("an objection", {"site": "news", "external_id": "c-1", "text": "It was a quotation."})

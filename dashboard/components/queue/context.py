"""What a moderator may want to know around a comment: its thread, its author, its earlier versions."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Any

from dashboard.components.queue.cards import comment_to_json, verdict_to_json
from moderation.desk import AuthorCard, Desk, Revision

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
LONGEST_DIFF = 4000
"""Pieces of a text beyond which no difference is computed: it takes the square of their number."""


def context(desk: Desk, comment_id: int, *, blind: bool) -> dict[str, Any]:
    """Return all of it as JSON; a blind reviewer is not told what anybody decided.

    Raises:
        CommentNotFoundError: no comment has this number.
    """
    history = desk.history(comment_id)
    comment = history.comment.comment
    author = desk.author_card(comment.site, comment.author.id) if comment.author else None
    return {
        "thread": [
            {**comment_to_json(stored), "here": stored.id == comment_id, "action": stored.decision.action}
            for stored in desk.neighbours(comment_id)
        ],
        "author": _author(author, blind=blind) if author else None,
        "revisions": _revisions(history.revisions),
        "verdicts": [] if blind else [verdict_to_json(verdict) for verdict in history.verdicts],
    }


def _author(card: AuthorCard, *, blind: bool) -> dict[str, Any]:
    return {
        "name": card.name,
        "id": card.author_id,
        "comments": card.comments,
        "approved": card.approved,
        "rejected": card.rejected,
        "rejection_rate": card.rejection_rate,
        "first_seen": card.first_seen.isoformat() if card.first_seen else None,
        "last": [{**comment_to_json(stored), "action": stored.decision.action} for stored in card.last],
        "verdicts": [] if blind else [verdict_to_json(verdict) for verdict in card.verdicts],
    }


def _revisions(revisions: Sequence[Revision]) -> list[dict[str, Any]]:
    shown = []
    for number, revision in enumerate(revisions):
        before = revisions[number - 1].comment.text if number else revision.comment.text
        shown.append(
            {
                "revision": revision.comment.revision,
                "received_at": revision.received_at.isoformat(),
                "changes": difference(before, revision.comment.text),
            }
        )
    return shown


def difference(before: str, after: str) -> list[list[str]]:
    """Return a text as `[same | added | removed, piece]`, word by word against the one before it."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if max(len(old), len(new)) > LONGEST_DIFF:
        return [["added", after]] if before != after else [["same", after]]
    pieces: list[list[str]] = []
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(["same", "".join(new[j1:j2])])
            continue
        pieces.extend(
            [name, "".join(words)]
            for name, words in (("removed", old[i1:i2]), ("added", new[j1:j2]))
            if words
        )
    return pieces

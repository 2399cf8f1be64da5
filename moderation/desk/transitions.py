"""What a verdict does to an item of the queue; pure."""

from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

from moderation.desk.values import VerdictResult, VerdictStatus
from moderation.domain import StoredVerdict, Verdict, VerdictKind
from moderation.store.queue.items import QueueItem
from moderation.store.queue_order import ESCALATED
from moderation.store.tables.queue import QueueStatus

SKIPPED = timedelta(hours=1)
"""How long a moderator is not asked again about a comment that they skipped."""


def settled(item: QueueItem, kind: VerdictKind, by: str, now: datetime, *, second_review: bool) -> QueueItem:
    """Return the item after a verdict."""
    free = replace(item, version=item.version + 1, leased_by=None, leased_until=None)
    if kind is VerdictKind.SKIP or (kind is VerdictKind.ESCALATE and item.escalated):
        return replace(free, skipped_by=by, skipped_until=now + SKIPPED)
    if item.blind:
        return replace(free, status=QueueStatus.DECIDED, blind=False)
    if kind is VerdictKind.ESCALATE:
        return replace(free, escalated=True, priority=item.priority + ESCALATED)
    if second_review and item.status is QueueStatus.PENDING:
        return replace(free, blind=True, decided_by=by, settled_at=now)
    return replace(free, status=QueueStatus.DECIDED, blind=False, decided_by=by, settled_at=now)


def reopened(item: QueueItem, verdict: Verdict, by: str, until: datetime) -> QueueItem:
    """Return the item after a verdict was taken back: it waits again, held by who took it back."""
    open_again = replace(
        item,
        status=QueueStatus.PENDING,
        version=item.version + 1,
        leased_by=by,
        leased_until=until,
        skipped_by=None,
        skipped_until=None,
        blind=verdict.blind,
        decided_by=item.decided_by if verdict.blind else None,
        settled_at=item.settled_at if verdict.blind else None,
    )
    if verdict.kind is VerdictKind.ESCALATE and item.escalated and not verdict.blind:
        return replace(open_again, escalated=False, priority=item.priority - ESCALATED)
    return open_again


def withdrawn(item: QueueItem, now: datetime) -> QueueItem:
    """Return the item of a comment whose author has changed it: the newer revision waits instead."""
    return replace(
        item,
        status=QueueStatus.WITHDRAWN,
        version=item.version + 1,
        leased_by=None,
        leased_until=None,
        blind=False,
        settled_at=item.settled_at or now,
    )


def is_sampled(comment_id: int, share: float) -> bool:
    """Tell whether a comment is among those that get a second review: always the same ones."""
    number = int.from_bytes(sha256(f"second review of {comment_id}".encode()).digest()[:8])
    return number < share * 2**64


def result_of(
    uid: str,
    status: VerdictStatus,
    item: QueueItem | None,
    *,
    message: str = "",
    verdict: StoredVerdict | None = None,
) -> VerdictResult:
    """Return what is told about a verdict, with the item as it is now."""
    if item is None:
        return VerdictResult(uid, status, message, verdict)
    return VerdictResult(uid, status, message, verdict, item.id, item.version)

"""Verdicts: checked against what is there now, applied once, added and never changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from moderation.desk.people import User
from moderation.desk.transitions import is_sampled, result_of, settled
from moderation.desk.values import VerdictRequest, VerdictResult, VerdictStatus
from moderation.domain import StoredVerdict, Verdict
from moderation.store.queue.items import (
    QueueItem,
    ShownText,
    lock_items,
    lock_items_of,
    shown_texts,
    write_items,
)
from moderation.store.queue_order import open_reviews
from moderation.store.tables.queue import QueueStatus
from moderation.store.verdicts.verdict_log import add_verdicts, verdicts_by_uid

MOST_REVIEWS = 200
"""Second reviews that wait at the same time: where one moderator works alone, they would only pile up."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds at the time: the clock, and the desk's settings."""

    now: datetime
    lease: timedelta
    second_review: float


def decide_all(
    asked: Sequence[tuple[User, VerdictRequest]], terms: Terms, *, batch: str | None = None, session: Session
) -> list[VerdictResult]:
    """Apply verdicts in their order, each for itself; the results come in the same order.

    Args:
        asked: who wants to give which.
        terms: what holds at the time.
        batch: a UUID that all of them share, so that they can be undone together.
        session: of a transaction.
    """
    requests = [request for _, request in asked]
    ledger = _Ledger(requests, terms, batch, session)
    refused = {request.uid: refusal for by, request in asked if (refusal := ledger.enter(by, request))}
    stored = ledger.write()
    return [refused.get(request.uid) or stored[request.uid] for request in requests]


class _Ledger:
    """The items and texts that some verdicts are about, as they change from one verdict to the next."""

    def __init__(
        self, requests: Sequence[VerdictRequest], terms: Terms, batch: str | None, session: Session
    ) -> None:
        self._terms = terms
        self._batch = batch
        self._session = session
        named = [request.item for request in requests if request.item is not None]
        comments = [request.comment for request in requests if request.comment is not None]
        items = lock_items(named, session=session) if named else []
        items += lock_items_of(comments, session=session) if comments else []
        self._items = {item.id: item for item in items}
        self._of_comment = {item.comment_id: item.id for item in items}
        self._texts = shown_texts(sorted({*self._of_comment, *comments}), session=session)
        # read after the locks: whoever sent the same uid at the same time has committed by now
        self._known = verdicts_by_uid([request.uid for request in requests], session=session)
        self._added: dict[str, Verdict] = {}
        self._changed: dict[int, QueueItem] = {}

    def enter(self, by: User, request: VerdictRequest) -> VerdictResult | None:
        """Take in a verdict, or say why not."""
        if request.uid in self._known or request.uid in self._added:
            return None
        item, comment_id = self._find(request)
        text = self._texts.get(comment_id) if comment_id is not None else None
        if comment_id is None or text is None:
            return VerdictResult(request.uid, VerdictStatus.GONE, "This comment is not in the queue.")
        if refusal := _refusal(by, request, item, text, self._terms.now):
            status, message = refusal
            return result_of(request.uid, status, item, message=message)
        self._added[request.uid] = self._verdict(by, request, item, comment_id, text)
        if item and item.status is not QueueStatus.WITHDRAWN:
            second_review = self._samples(request, item)
            after = settled(item, request.kind, by.name, self._terms.now, second_review=second_review)
            self._items[item.id] = self._changed[item.id] = after
        return None

    def write(self) -> dict[str, VerdictResult]:
        """Store all of it; returns what became of each verdict that was not refused, by its uid."""
        write_items(list(self._changed.values()), session=self._session)
        added = add_verdicts(list(self._added.values()), session=self._session)
        applied = {verdict.uid: self._result(verdict, VerdictStatus.APPLIED) for verdict in added}
        repeated = {
            uid: self._result(verdict, VerdictStatus.REPEATED) for uid, verdict in self._known.items()
        }
        return applied | repeated

    def _find(self, request: VerdictRequest) -> tuple[QueueItem | None, int | None]:
        """Return the item that a verdict is about and the number of its comment, as far as they are there."""
        if request.comment is not None:
            return self._item_of(request.comment), request.comment
        item = None if request.item is None else self._items.get(request.item)
        return item, item.comment_id if item else None

    def _item_of(self, comment_id: int) -> QueueItem | None:
        number = self._of_comment.get(comment_id)
        return None if number is None else self._items[number]

    def _samples(self, request: VerdictRequest, item: QueueItem) -> bool:
        """Whether a verdict gets a blind second review: only one that somebody gave on a single card."""
        single = request.item is not None and self._batch is None
        wanted = single and not item.escalated and is_sampled(item.comment_id, self._terms.second_review)
        return wanted and open_reviews(session=self._session) < MOST_REVIEWS

    def _verdict(
        self, by: User, request: VerdictRequest, item: QueueItem | None, comment_id: int, text: ShownText
    ) -> Verdict:
        return Verdict(
            kind=request.kind,
            by=by.name,
            text_hash=text.hash,
            uid=request.uid,
            comment_id=comment_id,
            created_at=request.at or self._terms.now,
            reason=request.reason,
            note=request.note,
            batch=self._batch,
            blind=_is_blind(request, item),
            seconds=request.seconds,
        )

    def _result(self, verdict: StoredVerdict, status: VerdictStatus) -> VerdictResult:
        return result_of(verdict.uid, status, self._item_of(verdict.comment_id), verdict=verdict)


def _is_blind(request: VerdictRequest, item: QueueItem | None) -> bool:
    """Whether a verdict is a second opinion; one on a named comment, from its history, never is."""
    return item is not None and item.blind and request.item is not None


def _refusal(
    by: User, request: VerdictRequest, item: QueueItem | None, text: ShownText, now: datetime
) -> tuple[VerdictStatus, str] | None:
    """Say why a verdict can't be given, if so: first what changed, then who may."""
    if request.text_hash not in {None, text.hash}:
        return VerdictStatus.CHANGED, "The text is not the one that you were shown."
    if item is None:
        return None
    if request.version is not None and (changed := _change(request.version, item, text)):
        return VerdictStatus.CHANGED, changed
    if request.version is not None and item.held_by_another(by.name, now):
        return VerdictStatus.TAKEN, f"{item.leased_by} has taken this comment over."
    denial = _denial(by, request, item)
    return (VerdictStatus.DENIED, denial) if denial else None


def _denial(by: User, request: VerdictRequest, item: QueueItem) -> str:
    """Say whose decision it is, if not theirs; empty if it is."""
    if item.escalated and not by.is_admin and item.status is QueueStatus.PENDING:
        return "This comment waits for an admin."
    if _is_blind(request, item) and item.decided_by == by.name:
        return "A second opinion has to be somebody else's."
    return ""


def _change(version: int, item: QueueItem, text: ShownText) -> str:
    """Say what happened to an item since it was shown; empty if nothing did."""
    if text.newer or item.status is QueueStatus.WITHDRAWN:
        return "The author has changed the text since: the new one is in the queue."
    if item.version == version and item.status is QueueStatus.PENDING:
        return ""
    if item.status is QueueStatus.DECIDED or item.blind:
        return f"{item.decided_by or 'Somebody'} has decided this comment meanwhile."
    if item.escalated:
        return "This comment was escalated meanwhile."
    return "Somebody has worked on this comment meanwhile: look at it again."

"""Verdicts: checked against what is there now, applied once, added and never changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from moderation.desk.people import User
from moderation.desk.transitions import is_sampled, result_of, settled
from moderation.desk.values import VerdictResult, VerdictStatus
from moderation.domain import Verdict, VerdictKind
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
from moderation.store.verdicts.log import add_verdicts, verdicts_by_uid

MOST_REVIEWS = 200
"""Second reviews that wait at the same time: where one moderator works alone, they would only pile up."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A verdict that somebody wants to give, on an item of the queue or on any comment.

    Attributes:
        by: who gives it.
        uid: a UUID; the same one is applied once.
        kind: what was decided.
        item: number of the queue item; `None`: the comment is named instead.
        comment: number of the comment, if no item is named.
        version: the item's version that was shown; `None`: any, whoever holds it.
        text_hash: hash of the text that was shown; `None`: that of the text that is stored.
        reason: the rule or policy.
        note: for colleagues.
        seconds: from shown to decided.
        batch: a UUID that verdicts made together share.
        at: when it was decided, UTC.
        sampled: whether it may get a blind second review.
    """

    by: User
    uid: str
    kind: VerdictKind
    item: int | None = None
    comment: int | None = None
    version: int | None = None
    text_hash: str | None = None
    reason: str = ""
    note: str = ""
    seconds: float | None = None
    batch: str | None = None
    at: datetime | None = None
    sampled: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds at the time: the clock, and the desk's settings."""

    now: datetime
    lease: timedelta
    second_review: float


def decide_all(asks: Sequence[Ask], terms: Terms, *, session: Session) -> list[VerdictResult]:
    """Apply verdicts in their order, each for itself; the results come in the same order."""
    ledger = _Ledger(asks, terms, session)
    refused = {ask.uid: refusal for ask in asks if (refusal := ledger.enter(ask))}
    stored = ledger.write()
    return [refused.get(ask.uid) or stored[ask.uid] for ask in asks]


class _Ledger:
    """The items and texts that some verdicts are about, as they change from one verdict to the next."""

    def __init__(self, asks: Sequence[Ask], terms: Terms, session: Session) -> None:
        self._terms = terms
        self._session = session
        named = [ask.item for ask in asks if ask.item is not None]
        comments = [ask.comment for ask in asks if ask.comment is not None]
        items = lock_items(named, session=session) if named else []
        items += lock_items_of(comments, session=session) if comments else []
        self._items = {item.id: item for item in items}
        self._of_comment = {item.comment_id: item.id for item in items}
        self._texts = shown_texts(sorted({*self._of_comment, *comments}), session=session)
        # read after the locks: whoever sent the same uid at the same time has committed by now
        self._known = verdicts_by_uid([ask.uid for ask in asks], session=session)
        self._added: dict[str, Verdict] = {}
        self._changed: dict[int, QueueItem] = {}

    def enter(self, ask: Ask) -> VerdictResult | None:
        """Take in a verdict, or say why not."""
        if ask.uid in self._known or ask.uid in self._added:
            return None
        item, comment_id = self._find(ask)
        text = self._texts.get(comment_id)
        if text is None:
            return VerdictResult(ask.uid, VerdictStatus.GONE, "This comment is not in the queue.")
        if refusal := _refusal(ask, item, text, self._terms.now):
            status, message = refusal
            return result_of(ask.uid, status, item, message=message)
        self._added[ask.uid] = _verdict(ask, comment_id, text, self._terms.now, blind=_is_blind(ask, item))
        if item and item.status is not QueueStatus.WITHDRAWN:
            after = settled(
                item, ask.kind, ask.by.name, self._terms.now, second_review=self._samples(ask, item)
            )
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

    def _find(self, ask: Ask) -> tuple[QueueItem | None, int]:
        if ask.comment is not None:
            number = self._of_comment.get(ask.comment)
            return (self._items[number] if number else None), ask.comment
        item = self._items.get(ask.item or 0)
        return item, item.comment_id if item else 0

    def _samples(self, ask: Ask, item: QueueItem) -> bool:
        wanted = ask.sampled and not item.escalated and is_sampled(item.comment_id, self._terms.second_review)
        return wanted and open_reviews(session=self._session) < MOST_REVIEWS

    def _result(self, verdict: Verdict, status: VerdictStatus) -> VerdictResult:
        item = self._items.get(self._of_comment.get(verdict.comment_id or 0, 0))
        return result_of(verdict.uid, status, item, verdict=verdict)


def _is_blind(ask: Ask, item: QueueItem | None) -> bool:
    """Whether a verdict is a second opinion; one on a named comment, from its history, never is."""
    return item is not None and item.blind and ask.item is not None


def _verdict(ask: Ask, comment_id: int, text: ShownText, now: datetime, *, blind: bool) -> Verdict:
    return Verdict(
        kind=ask.kind,
        by=ask.by.name,
        text_hash=text.hash,
        uid=ask.uid,
        reason=ask.reason,
        note=ask.note,
        batch=ask.batch,
        blind=blind,
        seconds=ask.seconds,
        comment_id=comment_id,
        created_at=ask.at or now,
    )


def _refusal(
    ask: Ask, item: QueueItem | None, text: ShownText, now: datetime
) -> tuple[VerdictStatus, str] | None:
    """Say why a verdict can't be given, if so: first what changed, then who may."""
    if ask.text_hash not in {None, text.hash}:
        return VerdictStatus.CHANGED, "The text is not the one that you were shown."
    if item is None:
        return None
    if ask.version is not None and (changed := _change(ask.version, item, text)):
        return VerdictStatus.CHANGED, changed
    if ask.version is not None and item.held_by_another(ask.by.name, now):
        return VerdictStatus.TAKEN, f"{item.leased_by} has taken this comment over."
    denial = _denial(ask, item)
    return (VerdictStatus.DENIED, denial) if denial else None


def _denial(ask: Ask, item: QueueItem) -> str:
    """Say whose decision it is, if not theirs; empty if it is."""
    if item.escalated and not ask.by.is_admin and item.status is QueueStatus.PENDING:
        return "This comment waits for an admin."
    if _is_blind(ask, item) and item.decided_by == ask.by.name:
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

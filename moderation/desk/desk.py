"""The use cases after posting. No page checks a role or writes a row: all of that is here."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from moderation.desk.appealing import answer_appeal, take_appeal
from moderation.desk.batches import RangeVerdict, decide_range, next_batch
from moderation.desk.deciding import Terms, decide_all
from moderation.desk.figures import Overview
from moderation.desk.overview import overview
from moderation.desk.people import User
from moderation.desk.reading import author_card, history, require_comment
from moderation.desk.undoing import find_undoable, undo_all
from moderation.desk.values import (
    AuthorCard,
    BatchResult,
    CommentHistory,
    VerdictRequest,
    VerdictResult,
    VerdictStatus,
    require_uuid,
)
from moderation.domain import AppealAnswer, VerdictKind
from moderation.errors import CommentNotFoundError, VerdictError
from moderation.logs import Fields, room_logger
from moderation.store import Store, StoredComment
from moderation.store.comments.rows import PAGE
from moderation.store.comments.search import SearchPage, search_comments
from moderation.store.comments.threads import neighbours_of
from moderation.store.queue.cards import QueueCard, load_cards, page_of_items
from moderation.store.queue.counts import Point, QueueCounts, Spread, queue_counts, queue_points, queue_spread
from moderation.store.queue.filters import EVERYTHING, QueueFilter
from moderation.store.queue.leases import Reader, release_leases, renew_leases
from moderation.store.verdicts.appeals import Appeal, list_appeals

LEASE = timedelta(minutes=10)
"""How long a comment is one moderator's alone."""

SECOND_REVIEW = 0.02
"""Share of decided comments that a second moderator sees, without being told of the first verdict."""

log = room_logger(__name__)


def _now() -> datetime:
    return datetime.now(UTC)


class Desk:
    """What moderators work at. One serves all threads; every call is a short transaction of its own.

    All methods raise `StoreError` where the database can't be used.
    """

    def __init__(
        self,
        store: Store,
        *,
        lease: timedelta = LEASE,
        second_review: float = SECOND_REVIEW,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self._store = store
        self._lease = lease
        self._second_review = second_review
        self._clock = clock

    def next_batch(self, by: User, wanted: QueueFilter = EVERYTHING, *, size: int = 30) -> list[QueueCard]:
        """Give a moderator comments that nobody else gets for the next ten minutes, most urgent first.

        Those that they hold already come first, their lease renewed; the rest is filled up to `size`.
        Moderators are not given what was escalated, nor what they skipped within the last hour.
        """
        return next_batch(self._store, self._reader(by), wanted, size)

    def browse(
        self,
        by: User,
        wanted: QueueFilter = EVERYTHING,
        *,
        after: tuple[float, int] | None = None,
        size: int = 50,
    ) -> list[QueueCard]:
        """Look at a page of the queue without taking anything, most urgent first.

        Args:
            by: who looks.
            wanted: which part.
            after: priority and item of the last card before this page.
            size: cards of a page.
        """
        del by  # whoever works here may look
        with self._store.reading() as session:
            items = page_of_items(wanted, self._clock(), after=after, size=size, session=session)
            return load_cards(items, session=session)

    def cards(self, by: User, items: Sequence[int]) -> list[QueueCard]:
        """Look at some items that still wait, in the order given, without taking them."""
        del by  # whoever works here may look
        with self._store.reading() as session:
            return load_cards(items, session=session)

    def renew(self, by: User) -> int:
        """Hold what a moderator holds for another ten minutes. Returns how many comments that are."""
        with self._store.transaction() as session:
            return renew_leases(self._reader(by), session=session)

    def release(self, by: User) -> int:
        """Give back what a moderator holds, as at the end of work. Returns how many comments that were."""
        with self._store.transaction() as session:
            return release_leases(self._reader(by), session=session)

    def decide(self, by: User, request: VerdictRequest) -> VerdictResult:
        """Apply a verdict, if the text and the item are still what was shown; else write nothing and say why."""
        return self.decide_many(by, [request])[0]

    def decide_many(
        self, by: User, requests: Sequence[VerdictRequest], *, batch: str | None = None
    ) -> list[VerdictResult]:
        """Apply several verdicts, each for itself: some may be applied where others are not.

        Args:
            by: who decided.
            requests: what was decided; the results come in the same order.
            batch: a UUID under which all of them can be undone together.
        """
        asked = [(by, request) for request in requests]
        with self._store.transaction() as session:
            results = decide_all(asked, self._terms(), batch=batch, session=session)
        _log_verdicts(results)
        return results

    def decide_range(
        self,
        by: User,
        wanted: QueueFilter,
        kind: VerdictKind,
        *,
        batch: str,
        as_of: datetime,
        reason: str = "",
        note: str = "",
    ) -> BatchResult:
        """Approve or reject everything that waits within a filter, and was queued by then.

        Runs in steps of 500 comments; called again with the same batch after an interruption, it finishes.

        Args:
            by: who decided.
            wanted: which part of the queue.
            kind: approve or reject.
            batch: a UUID, under which all of it can be undone.
            as_of: when the moderator was shown the range; what was queued later stays.
            reason: the rule or policy that a rejection is about.
            note: for colleagues.

        Raises:
            VerdictError: the kind is another.
        """
        if not kind.final:
            raise VerdictError(f"approve or reject, not {kind}")
        require_uuid(batch)
        whole = RangeVerdict(kind, batch, as_of, reason, note)
        done = decide_range(self._store, by, _unescalated(wanted), self._terms(), whole)
        fields = Fields(verdict=kind.value, comments=done.applied)
        log.info("%d comments of a range were decided at once: %s", done.applied, kind, extra=fields)
        return done

    def judge(
        self,
        by: User,
        comment_id: int,
        kind: VerdictKind,
        *,
        uid: str | None = None,
        reason: str = "",
        note: str = "",
        text_hash: str | None = None,
        at: datetime | None = None,
    ) -> VerdictResult:
        """Approve or reject any stored comment, queued or not: from its history, the command line, an import.

        Args:
            by: who decided.
            comment_id: number of the comment.
            kind: approve or reject.
            uid: a UUID; the same one is applied once. A new one if `None`.
            reason: the rule or policy that a rejection is about.
            note: for colleagues.
            text_hash: hash of the text that was shown; without it the verdict is about the text that is stored.
            at: when it was decided, where that was elsewhere and earlier.

        Raises:
            CommentNotFoundError: no comment has this number.
            VerdictError: the kind is another.
        """
        request = VerdictRequest(
            uid=uid or str(uuid4()),
            kind=kind,
            comment=comment_id,
            text_hash=text_hash,
            reason=reason,
            note=note,
            at=at,
        )
        with self._store.transaction() as session:
            (result,) = decide_all([(by, request)], self._terms(), session=session)
        _log_verdicts([result])
        if result.status is VerdictStatus.GONE:
            raise CommentNotFoundError(f"no stored comment has the number {comment_id}")
        return result

    def undo(
        self, by: User, *, uid: str, verdict: int | None = None, batch: str | None = None
    ) -> list[VerdictResult]:
        """Take back a verdict, a batch, or else the last verdict of this moderator that still stands.

        Nothing is deleted: the undoing is a verdict too. The comment waits again, held by who took it back.

        Args:
            by: who takes it back; a moderator only what they decided themselves.
            uid: a UUID; the same one is applied once.
            verdict: number of the verdict.
            batch: UUID of a batch.

        Returns:
            One result for each verdict; none if there was nothing to take back.

        Raises:
            PermissionDeniedError: it is another moderator's verdict.
        """
        require_uuid(uid)
        with self._store.reading() as session:
            found = find_undoable(by, uid=uid, verdict=verdict, batch=batch, session=session)
        results: list[VerdictResult] = []
        for start in range(0, len(found), PAGE):
            with self._store.transaction() as session:
                results += undo_all(found[start : start + PAGE], by, uid, self._terms(), session=session)
        _log_verdicts(results)
        return results

    def appeal(self, comment_id: int, message: str) -> Appeal:
        """Take an author's objection to a comment that is not published.

        The same comment can be appealed again only after an answer.

        Raises:
            CommentNotFoundError: no comment has this number.
            AppealError: the comment is published, or an appeal is open already.
        """
        with self._store.transaction() as session:
            return take_appeal(comment_id, message, self._clock(), session=session)

    def answer_appeal(self, by: User, appeal_id: int, answer: AppealAnswer, *, note: str = "") -> Appeal:
        """Uphold the decision, or overturn it: then an approval by this moderator is added.

        Raises:
            AppealError: no such appeal is open.
            PermissionDeniedError: they gave a verdict on this comment themselves.
        """
        with self._store.transaction() as session:
            answered = answer_appeal(by, appeal_id, answer, note, self._terms(), session=session)
        fields = Fields(comment_id=answered.comment_id, outcome=answer.value)
        log.debug("the appeal about comment %s was answered: %s", answered.comment_id, answer, extra=fields)
        return answered

    def appeals(self, *, answered: bool = False, before: int | None = None, size: int = 50) -> list[Appeal]:
        """List appeals: open ones oldest first, answered ones newest first.

        Args:
            answered: those that were answered, instead of those that are open.
            before: number of the last appeal of the page before.
            size: appeals of a page.
        """
        with self._store.reading() as session:
            return list_appeals(answered=answered, before=before, size=size, session=session)

    def history(self, comment_id: int) -> CommentHistory:
        """Return all that happened to a comment.

        Raises:
            CommentNotFoundError: no comment has this number.
        """
        with self._store.reading() as session:
            return history(comment_id, session)

    def author_card(self, site: str, author_id: str) -> AuthorCard:
        """Return what is known of an author here."""
        with self._store.reading() as session:
            return author_card(site, author_id, session)

    def neighbours(self, comment_id: int, *, size: int = 5) -> list[StoredComment]:
        """Return what was said around a comment in its thread, in order of time, itself included.

        Raises:
            CommentNotFoundError: no comment has this number.
        """
        with self._store.reading() as session:
            comment = require_comment(comment_id, session)
            return neighbours_of(comment, size=size, session=session)

    def search(
        self, text: str, *, site: str | None = None, before: int | None = None, size: int = 50
    ) -> SearchPage:
        """Find comments by number, by the comment system's own id, or by a part of their text, newest first.

        Args:
            text: what to look for; upper and lower case are the same, in every script and on every database;
                nothing finds every comment.
            site: on one site only.
            before: as the page before says.
            size: most comments of a page.
        """
        with self._store.reading() as session:
            return search_comments(text, site=site, before=before, size=size, session=session)

    def queue_counts(self, wanted: QueueFilter = EVERYTHING) -> QueueCounts:
        """Count what waits."""
        with self._store.reading() as session:
            return queue_counts(wanted, self._clock(), session=session)

    def points(self, wanted: QueueFilter = EVERYTHING, *, most: int = 20_000) -> list[Point]:
        """Return queued comments as dots, most urgent first; of more than `most`, the most urgent.

        What was escalated is left out unless the filter asks for it.
        """
        with self._store.reading() as session:
            return queue_points(_unescalated(wanted), self._clock(), most=most, session=session)

    def spread(self, wanted: QueueFilter = EVERYTHING, *, as_of: datetime, most: int) -> Spread:
        """Tell how much `decide_range` would decide at most, with an even sample of it as dots.

        What was escalated is left out unless the filter asks for it.

        Args:
            wanted: which part of the queue; its ages count back from `as_of`.
            as_of: what was queued later is left out.
            most: dots of the sample.
        """
        with self._store.reading() as session:
            return queue_spread(_unescalated(wanted), as_of=as_of, most=most, session=session)

    def overview(self, since: datetime) -> Overview:
        """Return the figures from then on, per day."""
        with self._store.reading() as session:
            return overview(since, self._clock(), session)

    def _reader(self, by: User) -> Reader:
        return Reader(by.name, by.is_admin, self._clock(), self._lease)

    def _terms(self) -> Terms:
        return Terms(self._clock(), self._lease, self._second_review)


def _log_verdicts(results: Sequence[VerdictResult]) -> None:
    """Who gave one, its reason and its note are kept beside the comment, and nowhere else."""
    for result in results:
        given, status = result.verdict, result.status.value
        if given is None:
            log.debug("a verdict was not applied: %s", status, extra=Fields(outcome=status))
            continue
        kind = given.kind.value
        fields = Fields(comment_id=given.comment_id, verdict=kind, outcome=status)
        log.debug("verdict %s on comment %s: %s", kind, given.comment_id, status, extra=fields)


def _unescalated(wanted: QueueFilter) -> QueueFilter:
    """Leave out what waits for an admin, unless it was asked for."""
    return wanted if wanted.escalated is not None else replace(wanted, escalated=False)

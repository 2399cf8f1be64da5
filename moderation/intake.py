"""Decides and stores comments once per (site, external id, revision), whoever else does so at the time."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session
from typing_extensions import override

from moderation.checks import History
from moderation.domain import Comment, Repeats, StoredDecision
from moderation.errors import CommentConflictError, InvalidCommentError, ModerationError, StoreBusyError
from moderation.logs import Fields, room_logger
from moderation.pipeline import Pipeline
from moderation.rollout import Brake
from moderation.store import (
    AlreadyStoredError,
    CommentKey,
    NewRow,
    Store,
    add_all,
    check_storable,
    find_stored,
    key_of,
    remember_ruleset,
)
from moderation.store import repeats as stored_repeats

log = room_logger(__name__)

_ATTEMPTS = 5  # one more is needed only if another process stored a comment of the batch in between

_OVERTAKEN = "another process stored one of %d comments first; attempt %d of %d to store the others"


class StoreHistory(History):
    """What the database remembers, and what came earlier in the same batch.

    Args:
        store: the database.
        together: whether comments of a batch are each other's past: they are if they are stored.
    """

    def __init__(self, store: Store, *, together: bool = True) -> None:
        self._store = store
        self._together = together
        self._batch: dict[tuple[str, str], list[tuple[Comment, datetime]]] = {}
        self._session: Session | None = None

    @override
    @contextmanager
    def reading(self) -> Iterator[None]:
        """Ask the database in one session until the end of the block."""
        with self._store.reading() as session:
            self._session = session
            try:
                yield
            finally:
                self._session = None

    @override
    def repeats(
        self, comment: Comment, text_key: str, *, since: Sequence[datetime], until: datetime
    ) -> list[Repeats]:
        """Count comments that said the same, each external id once; then remember this one."""
        author_id = (
            comment.author and comment.author.id
        ) or None  # an author without an id is nobody's equal
        with self._reading() as session:
            before = stored_repeats(
                comment.site,
                text_key,
                author_id=author_id,
                thread=comment.thread,
                since=since,
                until=until,
                exclude_external_id=comment.external_id,
                session=session,
            )
        batch = self._batch.setdefault((comment.site, text_key), [])
        found = [
            _and_of_batch(count, comment, [other for other, when in batch if start < when <= until])
            for count, start in zip(before, since, strict=True)
        ]
        if self._together:
            batch.append((comment, until))
        return found

    def _reading(self) -> AbstractContextManager[Session]:
        return self._store.going_on(self._session) if self._session else self._store.reading()


@dataclass(frozen=True, slots=True)
class Intake:
    """Takes comments into a store."""

    pipeline: Pipeline
    store: Store
    brake: Brake

    def take(self, comments: Sequence[Comment]) -> list[StoredDecision | ModerationError]:
        """Decide and store comments: for each, in order, its decision or why it was not taken.

        A comment that is stored already is not decided again: its decision is returned.

        Raises:
            StoreError: the database can't be used; none of the comments that were new is stored.
        """
        keys = [_key(comment) for comment in comments]
        wanted: dict[CommentKey, Comment] = {}
        for comment, key in zip(comments, keys, strict=True):
            if isinstance(key, CommentKey):
                wanted.setdefault(key, comment)
        stored = self._find(wanted)
        fresh = {key: comment for key, comment in wanted.items() if key not in stored}
        stored |= self._store(self._decide(fresh))
        return [
            _answer(comment, stored[key]) if isinstance(key, CommentKey) else key
            for comment, key in zip(comments, keys, strict=True)
        ]

    def _find(self, keys: Iterable[CommentKey]) -> dict[CommentKey, "_Taken"]:
        with self.store.reading() as session:
            found = find_stored(list(keys), session=session)
        return {key: _Taken(item.comment.text, item.decision) for key, item in found.items()}

    def _decide(self, fresh: Mapping[CommentKey, Comment]) -> dict[CommentKey, NewRow]:
        history = StoreHistory(self.store)
        decided = self.pipeline.decide_to_store(list(fresh.values()), history=history)
        return {
            key: NewRow(comment, one.decision, one.text_key, one.written_at)
            for (key, comment), one in zip(fresh.items(), decided, strict=True)
        }

    def _store(self, fresh: Mapping[CommentKey, NewRow]) -> dict[CommentKey, "_Taken"]:
        """Store what nobody else stored meanwhile; of two processes, the quicker one's decision counts."""
        if fresh:
            self.brake.note(self.store)
        taken: dict[CommentKey, _Taken] = {}
        for attempt in range(1, _ATTEMPTS + 1):
            rows = [row for key, row in fresh.items() if key not in taken]
            if not rows:
                return taken
            try:
                with self.store.transaction() as session:
                    ruleset = self.pipeline.ruleset
                    remember_ruleset(ruleset.hash, ruleset.source, ruleset.files, session=session)
                    rows, braked = self.brake.restrain(rows, session=session)
                    saved = add_all(rows, watched=self.brake.watched, session=session)
            except AlreadyStoredError:
                log.info(_OVERTAKEN, len(rows), attempt, _ATTEMPTS, extra=Fields(comments=len(rows)))
                taken |= self._find(fresh)
                continue
            self.brake.tell(braked)
            _log_stored(rows, saved)
            return taken | {
                key_of(row.comment): _Taken(row.comment.text, decision)
                for row, decision in zip(rows, saved, strict=True)
            }
        raise StoreBusyError(
            f"other processes kept storing the same comments, {_ATTEMPTS} times in a row",
            hint="let one process import a file, or try again",
        )


@dataclass(frozen=True, slots=True)
class _Taken:
    text: str
    decision: StoredDecision


def _log_stored(rows: Sequence[NewRow], saved: Sequence[StoredDecision]) -> None:
    if not log.isEnabledFor(logging.DEBUG):
        return
    for row, decision in zip(rows, saved, strict=True):
        comment = row.comment
        fields = Fields(
            site=comment.site,
            external_id=comment.external_id,
            revision=comment.revision,
            comment_id=decision.comment_id,
            action=decision.action.value,
        )
        log.debug(
            "comment %.200r of site %.200r, revision %s, is stored as %s: %s",
            comment.external_id,
            comment.site,
            comment.revision,
            decision.comment_id,
            decision.action.value,
            extra=fields,
        )


def _key(comment: Comment) -> CommentKey | InvalidCommentError:
    """Return what a comment is stored under, or why it can't be."""
    try:
        return check_storable(comment)
    except InvalidCommentError as error:
        return error


def _answer(comment: Comment, taken: _Taken) -> StoredDecision | CommentConflictError:
    if taken.text == comment.text:
        return taken.decision
    return CommentConflictError(
        f"comment {comment.external_id!r} of site {comment.site!r}, revision {comment.revision}, "
        "is stored already, with another text",
        hint=f"an edit is a new revision: send it with revision={comment.revision + 1}",
    )


def _and_of_batch(stored: Repeats, comment: Comment, batch: Sequence[Comment]) -> Repeats:
    earlier = {other.external_id: other for other in batch if other.external_id != comment.external_id}
    return Repeats(
        stored.author + sum(_same_author(comment, other) for other in earlier.values()),
        stored.thread + sum(_same_thread(comment, other) for other in earlier.values()),
    )


def _same_author(comment: Comment, other: Comment) -> bool:
    if comment.author is None or other.author is None:
        return False
    return bool(comment.author.id) and comment.author.id == other.author.id


def _same_thread(comment: Comment, other: Comment) -> bool:
    return comment.thread is not None and comment.thread == other.thread

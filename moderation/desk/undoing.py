"""Taking verdicts back: by adding one that says so."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID, uuid5

from sqlmodel import Session

from moderation.desk.deciding import Terms
from moderation.desk.people import User
from moderation.desk.transitions import reopened, result_of, withdrawn
from moderation.desk.values import VerdictResult, VerdictStatus
from moderation.domain import StoredVerdict, Verdict, VerdictKind
from moderation.errors import PermissionDeniedError, VerdictError
from moderation.store.queue.items import QueueItem, ShownText, lock_items_of, shown_texts, write_items
from moderation.store.tables.queue import QueueStatus
from moderation.store.verdicts.verdict_log import (
    add_verdicts,
    batch_of,
    effective_verdicts,
    last_verdict_by,
    taken_back,
    verdicts_by_id,
)


def find_undoable(
    by: User, *, uid: str, verdict: int | None, batch: str | None, session: Session
) -> list[StoredVerdict]:
    """Return the verdicts that are to be taken back; the same request finds the same ones again.

    Raises:
        PermissionDeniedError: one of them is another's, and this is no admin.
        VerdictError: it is an undoing itself.
    """
    if verdict is not None:
        found = verdicts_by_id([verdict], session=session)
    elif batch is not None:
        found = batch_of(batch, session=session)
    else:
        found = _last(by, uid, session)
    if any(item.kind is VerdictKind.UNDO for item in found):
        raise VerdictError("an undoing can't be undone", hint="decide the comment again")
    if not by.is_admin and any(item.by != by.name for item in found):
        raise PermissionDeniedError("only an admin may undo what somebody else decided", hint="ask an admin")
    return found


def undo_all(
    verdicts: Sequence[StoredVerdict], by: User, uid: str, terms: Terms, *, session: Session
) -> list[VerdictResult]:
    """Take back verdicts; the results come in the same order."""
    scene = _Scene.read(verdicts, session)
    results = [_undo(verdict, by, uid, terms, scene) for verdict in verdicts]
    write_items(list(scene.changed.values()), session=session)
    stored = {verdict.uid: verdict for verdict in add_verdicts(scene.added, session=session)}
    return [replace(result, verdict=stored.get(result.uid, result.verdict)) for result in results]


@dataclass(frozen=True, slots=True)
class _Scene:
    """What some verdicts have led to, by number of the comment, or of the verdict in `undone`; and what is new."""

    items: dict[int, QueueItem]
    undone: dict[int, StoredVerdict]
    effective: dict[int, StoredVerdict]
    texts: dict[int, ShownText]
    changed: dict[int, QueueItem] = field(default_factory=dict)
    added: list[Verdict] = field(default_factory=list)

    @classmethod
    def read(cls, verdicts: Sequence[StoredVerdict], session: Session) -> "_Scene":
        comments = sorted({verdict.comment_id for verdict in verdicts})
        items = {item.comment_id: item for item in lock_items_of(comments, session=session)}
        return cls(  # the rest is read after the locks: who does the same at the same time has committed
            items=items,
            undone=taken_back([verdict.id for verdict in verdicts], session=session),
            effective=effective_verdicts(comments, session=session),
            texts=shown_texts(comments, session=session),
        )


def _undo(verdict: StoredVerdict, by: User, uid: str, terms: Terms, scene: _Scene) -> VerdictResult:
    number, comment = verdict.id, verdict.comment_id
    item = scene.changed.get(comment) or scene.items.get(comment)
    latest = scene.effective.get(comment)
    own = str(uuid5(UUID(uid), str(number)))
    if before := scene.undone.get(number):
        if before.uid == own:
            return result_of(own, VerdictStatus.REPEATED, item, verdict=before)
        return result_of(
            own, VerdictStatus.CHANGED, item, message=f"{before.by} has taken this back already."
        )
    if latest and latest.id > number and not verdict.blind:
        return result_of(
            own, VerdictStatus.CHANGED, item, message=f"{latest.by} has decided this comment since."
        )
    if item and _reopens(verdict, item, latest):
        item = _after(verdict, item, by, terms, newer=scene.texts[comment].newer)
        scene.changed[comment] = item
    undoing = Verdict(
        kind=VerdictKind.UNDO,
        by=by.name,
        text_hash=verdict.text_hash,
        uid=own,
        comment_id=comment,
        created_at=terms.now,
        undoes=number,
        batch=uid,  # so that the same request finds again what it took back
        blind=verdict.blind,
    )
    scene.added.append(undoing)
    return result_of(own, VerdictStatus.APPLIED, item)


def _reopens(verdict: StoredVerdict, item: QueueItem, latest: StoredVerdict | None) -> bool:
    """Whether the comment waits again: a second opinion on what was decided otherwise since does not."""
    if item.status is QueueStatus.WITHDRAWN:
        return False
    if not verdict.blind:
        return True
    overtaken = latest is not None and latest.id < verdict.id
    return overtaken and (item.blind or item.status is QueueStatus.DECIDED)


def _after(verdict: Verdict, item: QueueItem, by: User, terms: Terms, *, newer: bool) -> QueueItem:
    if newer:
        return withdrawn(item, terms.now)
    return reopened(item, verdict, by.name, terms.now + terms.lease)


def _last(by: User, uid: str, session: Session) -> list[StoredVerdict]:
    made = batch_of(uid, session=session)
    if made:
        found = verdicts_by_id([undoing.undoes for undoing in made if undoing.undoes], session=session)
    else:
        last = last_verdict_by(by.name, session=session)
        found = [last] if last else []
    batch = found[0].batch if found else None
    return batch_of(batch, session=session) if batch else found

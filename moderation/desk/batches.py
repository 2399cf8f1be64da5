"""What a moderator is given to decide, or looks at."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from moderation.desk.deciding import Terms, decide_all
from moderation.desk.people import User
from moderation.desk.transitions import withdrawn
from moderation.desk.values import BatchResult, VerdictRequest, VerdictStatus
from moderation.domain import VerdictKind
from moderation.store import Store
from moderation.store.comments.rows import PAGE
from moderation.store.queue.cards import QueueCard, count_items, load_cards
from moderation.store.queue.filters import QueueFilter
from moderation.store.queue.items import lock_items, write_items
from moderation.store.queue.leases import Reader, held_items, take_items, takeable_items
from moderation.store.tables.queue import QueueStatus

_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class RangeVerdict:
    """One verdict on everything in a range."""

    kind: VerdictKind
    batch: str
    as_of: datetime
    reason: str
    note: str

    def on(self, item: int, version: int) -> VerdictRequest:
        """Return the verdict on one item: the same uid whenever it is asked for again."""
        uid = str(uuid5(UUID(self.batch), str(item)))
        return VerdictRequest(
            uid=uid, kind=self.kind, item=item, version=version, reason=self.reason, note=self.note
        )


def next_batch(store: Store, reader: Reader, wanted: QueueFilter, size: int) -> list[QueueCard]:
    """Give a moderator what they hold already, and more up to a size; see `Desk.next_batch`."""
    for _ in range(_ATTEMPTS):
        with store.transaction() as session:
            items = held_items(reader, wanted, session=session)[:size]
            if len(items) < size:
                items += take_items(reader, wanted, size=size - len(items), session=session)
        with store.reading() as session:  # after the locks are gone: others needn't wait for this
            cards = load_cards(items, session=session)
        outdated = [card.item for card in cards if card.newer]
        if not outdated:
            break
        _withdraw(outdated, store, reader.now)
    return [card for card in cards if not card.newer]


def decide_range(
    store: Store, by: User, wanted: QueueFilter, terms: Terms, whole: RangeVerdict
) -> BatchResult:
    """Decide all of a range, step by step; see `Desk.decide_range`."""
    reader = Reader(by.name, by.is_admin, terms.now, terms.lease)
    applied, last = 0, 0
    while True:
        with store.transaction() as session:
            found = takeable_items(reader, wanted, as_of=whole.as_of, after=last, size=PAGE, session=session)
            if not found:
                break
            asked = [(by, whole.on(item, version)) for item, version in found]
            results = decide_all(asked, terms, batch=whole.batch, session=session)
        applied += sum(result.status is VerdictStatus.APPLIED for result in results)
        last = found[-1][0]
    with store.reading() as session:
        left = count_items(wanted, as_of=whole.as_of, session=session)
    return BatchResult(whole.batch, applied, left)


def _withdraw(items: list[int], store: Store, now: datetime) -> None:
    """Take out of the queue what its author changed while it was being stored: rare, but possible."""
    with store.transaction() as session:
        found = lock_items(items, session=session)
        waiting = [item for item in found if item.status is QueueStatus.PENDING]
        write_items([withdrawn(item, now) for item in waiting], session=session)

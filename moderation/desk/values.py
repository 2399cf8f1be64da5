"""What goes to a moderator and comes back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from moderation.domain import Action, Comment, StoredDecision, StoredVerdict, VerdictKind
from moderation.errors import VerdictError
from moderation.store import StoredComment
from moderation.store.verdicts.appeals import Appeal

_DAY_S = 86_400


def require_uuid(text: str) -> None:
    """Make sure of a UUID: it has room in the database, and two are never the same.

    Raises:
        VerdictError: it is none.
    """
    try:
        UUID(text)
    except ValueError:
        raise VerdictError("a verdict's uid must be a UUID", hint="crypto.randomUUID() makes one") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictRequest:
    """A verdict that somebody wants to give, on an item of the queue or on any comment.

    Attributes:
        uid: a UUID made where it was decided; the same one is applied once.
        kind: approve, reject, escalate or skip.
        item: number of the queue item; `None`: the comment is named instead.
        comment: number of the comment, if no item is named.
        version: the item's version that was shown; `None`: any, whoever holds it.
        text_hash: hash of the text that was shown; `None`: that of the text that is stored.
        reason: the rule or policy that a rejection is about.
        note: for colleagues.
        seconds: how long the moderator looked: from when the comment was shown until a key was pressed. Less than 0 or
            more than a day can't be true, and is kept as `None`: unknown.
        at: when it was decided, where that was elsewhere and earlier.

    Raises:
        VerdictError: the uid is no UUID; it names both an item and a comment, or neither; or the kind is `undo`, or does
            not settle a comment that is named.
    """

    uid: str
    kind: VerdictKind
    item: int | None = None
    comment: int | None = None
    version: int | None = None
    text_hash: str | None = None
    reason: str = ""
    note: str = ""
    seconds: float | None = None
    at: datetime | None = None

    def __post_init__(self) -> None:
        require_uuid(self.uid)
        if (self.item is None) is (self.comment is None):
            raise VerdictError("a verdict names an item of the queue or a comment: one of the two")
        if self.comment is not None and not self.kind.final:
            raise VerdictError(f"approve or reject, not {self.kind}")
        if self.kind is VerdictKind.UNDO:
            raise VerdictError("a verdict is taken back by `undo`, not by another verdict")
        if self.seconds is not None and not 0 <= self.seconds <= _DAY_S:  # a clock that was set meanwhile
            object.__setattr__(self, "seconds", None)


class VerdictStatus(StrEnum):
    """What became of a verdict. Only `applied` wrote something; `repeated` had done so before."""

    APPLIED = "applied"
    REPEATED = "repeated"  # the same uid again: the stored result
    CHANGED = "changed"  # the text or the item is not what was shown
    TAKEN = "taken"  # the lease ran out, and a colleague holds the comment now
    DENIED = "denied"  # somebody else has to decide this one: an admin, or another second reviewer
    GONE = "gone"  # no such item or verdict


@dataclass(frozen=True, slots=True)
class VerdictResult:
    """What became of a verdict.

    Attributes:
        uid: that of the request.
        status: what became of it.
        message: a sentence for the moderator; empty if it was applied.
        verdict: the stored verdict, where there is one.
        item: number of the queue item; `None` if the comment has none.
        version: the item's version now: what the next verdict about it has to name.
    """

    uid: str
    status: VerdictStatus
    message: str = ""
    verdict: StoredVerdict | None = None
    item: int | None = None
    version: int | None = None

    @property
    def saved(self) -> bool:
        """Whether the verdict is stored, now or since before."""
        return self.status in {VerdictStatus.APPLIED, VerdictStatus.REPEATED}


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What became of a verdict on a whole range.

    Attributes:
        batch: the UUID that its verdicts share: `undo(by, batch=…)` takes all of them back.
        applied: how many comments it settled.
        left: how many it left alone, because a colleague holds them or they changed.
    """

    batch: str
    applied: int
    left: int


@dataclass(frozen=True, slots=True)
class Revision:
    """One version of a comment's text."""

    comment_id: int
    comment: Comment
    received_at: datetime


@dataclass(frozen=True, slots=True)
class CommentHistory:
    """All that happened to a comment, its other revisions included; each list is oldest first.

    Attributes:
        comment: the revision that was asked for, with its latest decision.
        revisions: every revision, oldest first.
        decisions: what the rules decided.
        verdicts: what moderators decided.
        appeals: what the author objected.
        published: whether readers see the revision that was asked for: by the verdict that stands, else by the rules.
    """

    comment: StoredComment
    revisions: Sequence[Revision]
    decisions: Sequence[StoredDecision]
    verdicts: Sequence[StoredVerdict]
    appeals: Sequence[Appeal]
    published: bool

    @property
    def events(self) -> list[Revision | StoredDecision | StoredVerdict | Appeal]:
        """Everything in order of time."""
        dated: list[tuple[datetime, int, Revision | StoredDecision | StoredVerdict | Appeal]] = [
            *((item.received_at, 0, item) for item in self.revisions),
            *((item.created_at, 1, item) for item in self.decisions),
            *((item.created_at, 2, item) for item in self.verdicts),
            *((item.created_at, 3, item) for item in self.appeals),
        ]
        return [item for _, _, item in sorted(dated, key=lambda entry: entry[:2])]


@dataclass(frozen=True, slots=True)
class AuthorCard:
    """What is known of an author here; each comment counts once, by its latest revision.

    Attributes:
        site: the site.
        author_id: the comment system's own id of the author.
        name: the name that readers saw last.
        comments: how many comments of theirs are stored.
        by_action: of those, by what the rules decided.
        approved: how many moderators approved.
        rejected: how many moderators rejected.
        rejection_rate: share of comments that are not published for good, 0–1: rejected by a moderator,
            or by the rules where no moderator decided; `None` without comments.
        first_seen: when the first of them was written, UTC.
        last: the latest comments, newest first.
        verdicts: the latest verdicts about them, newest first.
    """

    site: str
    author_id: str
    name: str | None
    comments: int
    by_action: dict[Action, int]
    approved: int
    rejected: int
    rejection_rate: float | None
    first_seen: datetime | None
    last: Sequence[StoredComment]
    verdicts: Sequence[StoredVerdict]

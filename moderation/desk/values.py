"""What goes to a moderator and comes back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from moderation.domain import Action, Comment, Decision, Verdict, VerdictKind
from moderation.store import StoredComment


@dataclass(frozen=True, slots=True)
class QueueCard:
    """A queued comment, with everything that a moderator decides by.

    Attributes:
        item: number of the queue item; a verdict names it.
        version: one more with each change of the item; a verdict names it.
        comment: the comment with its latest decision.
        text_hash: what a verdict is bound to, see `moderation.store.text_hash`.
        priority: higher first.
        queued_at: since when it waits, UTC.
        leased_until: how long it is this moderator's alone, UTC; `None` where it is only looked at.
        escalated: whether a moderator asked for somebody with more say.
        blind: whether this is a second opinion on a comment that somebody else has decided: it changes nothing.
        verdicts: earlier verdicts, oldest first; none are shown to a blind reviewer.
    """

    item: int
    version: int
    comment: StoredComment
    text_hash: str
    priority: float
    queued_at: datetime
    leased_until: datetime | None = None
    escalated: bool = False
    blind: bool = False
    verdicts: tuple[Verdict, ...] = ()

    @property
    def decision(self) -> Decision:
        """What the rules decided: reasons, scores, language, checks with their outcomes."""
        return self.comment.decision


@dataclass(frozen=True, slots=True)
class VerdictRequest:
    """What a moderator decided, as it comes from the browser.

    Attributes:
        uid: a UUID made there; the same one is applied once.
        item: number of the queue item.
        version: the item's version that was shown.
        text_hash: hash of the text that was shown.
        kind: approve, reject, escalate or skip.
        reason: the rule or policy that a rejection is about.
        note: for colleagues.
        seconds: from when the comment was shown to the key.
    """

    uid: str
    item: int
    version: int
    text_hash: str
    kind: VerdictKind
    reason: str = ""
    note: str = ""
    seconds: float | None = None


class VerdictStatus(StrEnum):
    """What became of a verdict. Only `applied` wrote something; `repeated` had done so before."""

    APPLIED = "applied"
    REPEATED = "repeated"  # the same uid again: the stored result
    CHANGED = "changed"  # the text or the item is not what was shown
    TAKEN = "taken"  # the lease ran out, and a colleague holds the comment now
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
    verdict: Verdict | None = None
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


class AppealAnswer(StrEnum):
    """How an appeal was answered."""

    UPHOLD = "uphold"  # the decision stands
    OVERTURN = "overturn"  # the comment is published


@dataclass(frozen=True, slots=True)
class Appeal:
    """An author's objection to a decision.

    Attributes:
        id: number of the appeal.
        comment_id: number of the comment.
        message: what the author wrote: as hostile as a comment's text.
        created_at: when, UTC.
        answer: `None` while it is open.
        answered_by: who answered; never who had decided.
        answered_at: when, UTC.
        note: for colleagues.
    """

    id: int
    comment_id: int
    message: str
    created_at: datetime
    answer: AppealAnswer | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Revision:
    """One version of a comment's text."""

    comment_id: int
    comment: Comment
    received_at: datetime


@dataclass(frozen=True, slots=True)
class MadeDecision:
    """A decision of the rules, with when it was made (UTC)."""

    decision: Decision
    created_at: datetime


@dataclass(frozen=True, slots=True)
class History:
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
    decisions: Sequence[MadeDecision]
    verdicts: Sequence[Verdict]
    appeals: Sequence[Appeal]
    published: bool

    @property
    def events(self) -> list[Revision | MadeDecision | Verdict | Appeal]:
        """Everything in order of time."""
        dated: list[tuple[datetime, int, Revision | MadeDecision | Verdict | Appeal]] = [
            *((item.received_at, 0, item) for item in self.revisions),
            *((item.created_at, 1, item) for item in self.decisions),
            *((item.created_at, 2, item) for item in self.verdicts if item.created_at),
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
    verdicts: Sequence[Verdict]


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Some of what a search found.

    Attributes:
        comments: newest first.
        before: the next page's `before`; `None` when everything was searched. A page may hold few comments
            or none and still have a next one: each looks through a bounded number of comments.
    """

    comments: Sequence[StoredComment]
    before: int | None

"""What goes to the service besides comments, and what comes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from moderation.domain import Action, Comment, Language, Reason, VerdictKind
from moderation.errors import ModerationError


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedComment:
    """What the service would do with a comment, and why.

    Attributes:
        action: the strongest action of the rules that fired.
        published: whether readers see the comment at once.
        reasons: every rule that fired, strongest first, each with a sentence for the author.
        language: the language that was detected.
        scores: score of each attribute, 0–1.
        document: all that the service answered, as JSON values.
    """

    action: Action
    published: bool
    reasons: tuple[Reason, ...]
    language: Language
    scores: Mapping[str, float]
    document: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmittedComment(CheckedComment):
    """What is done with a comment that the service stored.

    Attributes:
        id: number of the decision.
        comment_id: number of the comment.
        created_at: when it was decided, UTC.
    """

    id: int
    comment_id: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What became of one of many comments.

    Attributes:
        comment: the comment.
        decision: what is done with it; `None` if it was not taken.
        error: why it was not taken.
    """

    comment: Comment
    decision: SubmittedComment | None = None
    error: ModerationError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVerdict:
    """What a moderator decided about a stored comment, which is named by number, or by its id on a site.

    Attributes:
        kind: approve or reject.
        external_id: your own id of the comment; its latest revision is meant.
        site: its site; `None`: the key's only one, else `default`.
        comment_id: its number.
        by: who decided; `None`: the name of the key.
        reason: the rule or policy that a rejection is about.
        note: for colleagues.
        at: when it was decided; `None`: now.
        uid: a UUID of the verdict: the same one is applied once, however often it is sent.
    """

    kind: VerdictKind
    external_id: str | None = None
    site: str | None = None
    comment_id: int | None = None
    by: str | None = None
    reason: str = ""
    note: str = ""
    at: datetime | None = None
    uid: str = field(default_factory=lambda: str(uuid4()))


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenVerdict:
    """A verdict that is stored.

    Attributes:
        repeated: whether its uid was known, so that nothing was added.
        uid: that of the verdict.
        comment_id: number of the comment.
        created_at: when it was given, UTC.
        document: all that the service answered, as JSON values.
    """

    repeated: bool
    uid: str
    comment_id: int
    created_at: datetime
    document: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """How much of each attribute a text has, by somebody's judgement.

    Attributes:
        scores: attribute to 0–1.
        text: the text; `None`: that of the stored comment.
        external_id: your own id of the comment.
        site: its site; `None`: the key's only one, else `default`.
        comment_id: number of the stored comment.
        language: of the text, as BCP 47 has it.
    """

    scores: Mapping[str, float]
    text: str | None = field(default=None, repr=False)
    external_id: str | None = None
    site: str | None = None
    comment_id: int | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenAppeal:
    """An author's objection that waits for a moderator.

    Attributes:
        id: its number.
        comment_id: number of the comment.
        created_at: when, UTC.
        document: all that the service answered, as JSON values.
    """

    id: int
    comment_id: int
    created_at: datetime
    document: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What decides now.

    Attributes:
        version: of the service.
        ruleset: SHA-256 of the ruleset, hex.
        model: name and hash of the model, `compact@1a2b3c4d5e6f`; empty if the ruleset scores no toxicity.
        attributes: what the model scores.
        languages: ISO 639-1 codes of the languages that it knows.
        document: all that the service answered, as JSON values.
    """

    version: str
    ruleset: str
    model: str
    attributes: tuple[str, ...]
    languages: frozenset[str]
    document: Mapping[str, Any] = field(repr=False)

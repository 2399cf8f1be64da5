"""The words of this project as frozen values: no input, no output."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from moderation.errors import InvalidCommentError

UNDETERMINED = "und"
"""ISO 639 code of a language that nobody could tell."""

ATTRIBUTES = (
    "toxicity",
    "severe_toxicity",
    "obscene",
    "threat",
    "insult",
    "identity_attack",
    "sexual_explicit",
)
"""Everything that some model scores, under the names Detoxify and Perspective share."""


class Action(StrEnum):
    """What is done with a comment, from the weakest to the strongest."""

    APPROVE = "approve"  # publish
    FLAG = "flag"  # publish, and queue it for a moderator
    HOLD = "hold"  # queue it; a moderator decides whether it is published
    REJECT = "reject"  # do not publish, and tell the author why

    @property
    def strength(self) -> int:
        """0 for approve to 3 for reject: of several actions, the strongest wins."""
        return _STRENGTH[self]

    @property
    def published(self) -> bool:
        """Whether readers see the comment at once."""
        return self in {Action.APPROVE, Action.FLAG}

    @property
    def queued(self) -> bool:
        """Whether a moderator is asked to look at the comment."""
        return self in {Action.FLAG, Action.HOLD}


_STRENGTH = {action: strength for strength, action in enumerate(Action)}


class Outcome(StrEnum):
    """How a check ended. Anything but `ok` is no finding: never shown, stored or counted as a hit."""

    OK = "ok"
    NOT_COVERED = "not_covered"  # the model does not know the comment's language
    FAILED = "failed"
    TIMED_OUT = "timed_out"
    SKIPPED = "skipped"  # an earlier check left nothing to look at, or what the check needs isn't there


class SignalName(StrEnum):
    """What checks can find, and what `key` and `value` of the signal mean."""

    EMPTY = "EMPTY"  # nothing visible was written; value True
    GRAPHEMES = "GRAPHEMES"  # value: length after trimming, in what a reader calls letters
    BYTES = "BYTES"  # value: length after trimming, in bytes of UTF-8
    REPEATED = "REPEATED"  # key: author or thread; value: how many earlier comments said the same
    LINK = "LINK"  # value: the domain, in lower-case ASCII (punycode)
    WORD = "WORD"  # key: the list's name; value: the entry
    LANGUAGE = "LANGUAGE"  # value: ISO 639-1 code or `und`; confidence 0–1
    SCORE = "SCORE"  # key: the attribute; value: 0–1
    DOUBTFUL = "DOUBTFUL"  # scored all the same; key: what is doubtful, `language`; value: what was found


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of the author's original text: code points, `end` exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Signal:
    """One finding of a check, with its evidence. `SignalName` says what `key` and `value` mean."""

    name: SignalName
    value: float | str
    key: str = ""
    spans: tuple[Span, ...] = ()
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class CheckResult:
    """How one check ended: outcome, findings, duration in milliseconds.

    `error` names what went wrong (an error's code or class, never a comment's text) where the
    outcome is `failed` or `timed_out`.
    """

    outcome: Outcome
    signals: tuple[Signal, ...] = ()
    ms: float = 0.0
    error: str = ""


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote a comment, as far as the comment system knows. `None` is unknown, and no rule hits on it.

    Attributes:
        id: the comment system's own id of the author.
        name: the name that readers see.
        account_age: how old the account was when the comment was written.
        approved_comments: how many comments of theirs were approved so far.
        rejection_rate: share of their comments that were rejected, 0–1.
        is_trusted: whether the site trusts the author.
        is_moderator: whether the author moderates the site.
    """

    id: str
    name: str | None = None
    account_age: timedelta | None = None
    approved_comments: int | None = None
    rejection_rate: float | None = None
    is_trusted: bool | None = None
    is_moderator: bool | None = None


@dataclass(frozen=True, slots=True)
class Comment:
    """What an author wrote. An edit is the same external id with a higher revision.

    Attributes:
        text: as written; stored and shown unchanged.
        site: which site it was written on.
        external_id: the comment system's own id, needed to store the comment.
        revision: 0, and one more with each edit.
        thread: the article that the comment hangs under.
        author: who wrote it.
        created_at: when it was written; the time of the call if `None`. A time without a zone is UTC.
        locale: language of the sentences that tell the author why; the ruleset's if `None`.
        is_top_level: whether it answers the article itself, and no other comment; `None` is unknown.
        reports: how many readers have reported it; `None` is unknown.

    Raises:
        InvalidCommentError: the text or the site is not text, the revision no whole number or negative, or
            the time no datetime. What is wrong with other fields, `check` and `submit` say.
    """

    text: str
    site: str = "default"
    external_id: str | None = None
    revision: int = 0
    thread: str | None = None
    author: Author | None = None
    created_at: datetime | None = None
    locale: str | None = None
    is_top_level: bool | None = None
    reports: int | None = None

    def __post_init__(self) -> None:
        text_hint = "decode bytes first, and send an empty string where nothing was written"
        _require("text", self.text, str, "text", hint=text_hint)
        _require("site", self.site, str, "text", hint=_SITE_HINT)
        if not self.site:
            raise InvalidCommentError("a comment's site must not be empty", hint=_SITE_HINT, field="site")
        _require("revision", self.revision, int, "a whole number")
        if self.revision < 0:
            raise InvalidCommentError(
                f"a comment's revision is 0 or more, not {self.revision}", field="revision"
            )
        if self.created_at is None:
            return
        _require(
            "created_at", self.created_at, datetime, "a datetime", hint="datetime.fromisoformat reads text"
        )
        if self.created_at.tzinfo is None:
            object.__setattr__(self, "created_at", self.created_at.replace(tzinfo=UTC))

    @property
    def is_edited(self) -> bool:
        """Whether the author changed it after it was first written."""
        return self.revision > 0


_SITE_HINT = "name the site that it was written on, or leave `site` out if you have one"


def _require(name: str, value: object, kind: type, wanted: str, *, hint: str = "") -> None:
    if not isinstance(value, kind):
        raise InvalidCommentError(
            f"a comment's {name} must be {wanted}, not {type(value).__name__}", hint=hint, field=name
        )


@dataclass(frozen=True, slots=True)
class Repeats:
    """How many earlier comments said the same: by the same author, and in the same thread."""

    author: int = 0
    thread: int = 0


@dataclass(frozen=True, slots=True)
class Language:
    """A language as ISO 639-1 code (`und` if nobody could tell) and how sure the detector is, 0–1."""

    code: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that fired.

    Attributes:
        rule: its name; built-in rules have a dot in theirs (`length.too_long`).
        action: what the rule asks for.
        message: a sentence for the author.
        spans: what in the author's text it is about; empty if it is about all of it.
        evidence: the values that made it fire, by name; plain JSON values.
    """

    rule: str
    action: Action
    message: str
    spans: tuple[Span, ...] = ()
    evidence: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Provenance:
    """Everything that a decision depends on besides the comment, so that it can be made again.

    Attributes:
        ruleset: SHA-256 of the ruleset, hex.
        model: name and weight hash of the model, `compact@1a2b3c4d5e6f`.
        engine: what computed the scores, with its version: `onnx 1.31.0`.
        normaliser: version of the normalisation.
        detector: name, version and seed of the language detector.
        version: version of this package.
        model_files: hash of every file and fact that the model was loaded from, tokeniser and languages too
            (first 12 hex digits of the SHA-256).
        folder: where rules.yaml lay, absolute, if the model is named by a path, which may begin there.
        runtime: what else has a say, each with its version: Python's Unicode tables, libraries, the processor's
            arithmetic, and threads where they change a last digit.

    The last three are empty in decisions that were stored before they were recorded.
    """

    ruleset: str
    model: str
    engine: str
    normaliser: str
    detector: str
    version: str
    model_files: str = ""
    folder: str = ""
    runtime: str = ""


class Cause(StrEnum):
    """Why a decision was made."""

    SUBMITTED = "submitted"  # the comment came in
    UNDONE = "undone"  # an admin took back what one rule did (`moderation rules undo`)


class VerdictKind(StrEnum):
    """What a moderator decided about a comment."""

    APPROVE = "approve"  # publish, or leave it published
    REJECT = "reject"  # do not publish, or take it down
    ESCALATE = "escalate"  # somebody with more say should look
    SKIP = "skip"  # not decided; somebody else's turn
    UNDO = "undo"  # takes an earlier verdict back

    @property
    def final(self) -> bool:
        """Whether it settles the comment."""
        return self in {VerdictKind.APPROVE, VerdictKind.REJECT}


class AppealAnswer(StrEnum):
    """How an author's objection was answered."""

    UPHOLD = "uphold"  # the decision stands
    OVERTURN = "overturn"  # the comment is published


class Role(StrEnum):
    """What somebody may do at the desk."""

    MODERATOR = "moderator"  # decide comments, undo what they decided themselves, answer appeals
    ADMIN = "admin"  # besides: decide what was escalated, undo anybody's verdict, change rules and users


class UserChange(StrEnum):
    """What was done to a user of the dashboard."""

    ADDED = "added"
    DISABLED = "disabled"
    ENABLED = "enabled"
    PASSWORD_GIVEN = "password_given"  # noqa: S105 - by an admin
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - by themselves
    BOUND = "bound"  # to who they are at a provider of OpenID Connect
    UNBOUND = "unbound"


class Scope(StrEnum):
    """What a key to the HTTP service may do. One does not hold another: a key has each that it needs."""

    ANALYZE = "analyze"  # scores and decisions of texts that are not stored
    SUBMIT = "submit"  # comments to decide and store, labels, and appeals of their authors
    MODERATE = "moderate"  # verdicts
    ADMIN = "admin"  # what the service measures, and its keys


class KeyChange(StrEnum):
    """What was done to a key to the HTTP service."""

    ADDED = "added"
    REVOKED = "revoked"
    ROTATED = "rotated"  # another one replaces it


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a moderator decided about a comment: only ever added, bound to the text that was shown.

    Attributes:
        kind: what was decided.
        by: name of the moderator.
        text_hash: SHA-256 (hex) of the text that was shown, see `text_hash` in moderation/store/verdicts/verdict_log.py.
        uid: a UUID made where the decision was made; the same one is applied once.
        comment_id: number of the comment.
        created_at: when it was given, UTC.
        reason: the rule or policy of the site that a rejection is about; empty if none was named.
        note: for colleagues; empty if there is none.
        undoes: number of the verdict that this one takes back; with kind `undo` only.
        batch: a UUID that verdicts made together share, so that they can be undone together.
        blind: whether it is a second opinion, given without seeing the first, which settles nothing.
        seconds: from when the comment was shown to the decision; `None` if nobody measured.
    """

    kind: VerdictKind
    by: str
    text_hash: str
    uid: str
    comment_id: int
    created_at: datetime
    reason: str = ""
    note: str = ""
    undoes: int | None = None
    batch: str | None = None
    blind: bool = False
    seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredVerdict(Verdict):
    """A verdict with its number in the database."""

    id: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What is done with a comment, why, and what that rests on.

    Attributes:
        action: the strongest action of the rules that fired; approve if none did.
        reasons: every rule that fired, strongest first.
        checks: each check's result by its name, in the order they ran.
        provenance: what the decision depends on.
        shadow: what rules in the shadow would have said, strongest first: recorded, never acted on.
        cause: why the decision was made.
        by: who had it made, where that was a person.
        without: rules of the ruleset that were left out, because an admin took back what they did.
        id: number of the stored decision; `None` from `Moderator.check`, which stores nothing.
        comment_id: number of the stored comment; `None` likewise.
    """

    action: Action
    reasons: tuple[Reason, ...]
    checks: Mapping[str, CheckResult]
    provenance: Provenance
    shadow: tuple[Reason, ...] = ()
    cause: Cause = Cause.SUBMITTED
    by: str | None = None
    without: tuple[str, ...] = ()
    id: int | None = None
    comment_id: int | None = None

    @property
    def published(self) -> bool:
        """Whether readers see the comment at once."""
        return self.action.published

    @property
    def braked(self) -> frozenset[str]:
        """Names of rules that would have rejected, had they not been under the brake."""
        return frozenset(reason.rule for reason in self.reasons if reason.evidence.get("braked"))

    @property
    def language(self) -> Language:
        """The comment's language; `und` with confidence 0 where the check had no answer."""
        for signal in self.signals(SignalName.LANGUAGE):
            return Language(str(signal.value), signal.confidence or 0.0)
        return Language(UNDETERMINED, 0.0)

    @property
    def scores(self) -> dict[str, float]:
        """Score of each attribute, 0–1; empty where the model had no answer."""
        return {signal.key: float(signal.value) for signal in self.signals(SignalName.SCORE)}

    def signals(self, name: SignalName) -> tuple[Signal, ...]:
        """All findings of one kind."""
        return signals_named(self.checks, name)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDecision(Decision):
    """A decision with its number in the database, that of its comment, and when it was made (UTC)."""

    id: int
    comment_id: int
    created_at: datetime


def doubts_in(signals: Iterable[Signal]) -> dict[str, str]:
    """Say as evidence what findings leave in doubt: `{"language": "doubtful"}`, or nothing."""
    return {signal.key: "doubtful" for signal in signals if signal.name is SignalName.DOUBTFUL}


def signals_named(results: Mapping[str, CheckResult], name: SignalName) -> tuple[Signal, ...]:
    """All findings of one kind among checks that answered; others count for nothing."""
    return tuple(
        signal
        for result in results.values()
        if result.outcome is Outcome.OK
        for signal in result.signals
        if signal.name is name
    )

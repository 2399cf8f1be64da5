"""What our own `/v1` answers, for its OpenAPI document: `moderation/public_form.py` makes a decision's form."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field


class FaultOut(BaseModel):
    """One place of a request's body that is wrong."""

    pointer: Annotated[str, Field(description="The place, as a JSON Pointer: `#/author/account_age`.")]
    detail: Annotated[str, Field(description="What is wrong there.")]


class ProblemDocument(BaseModel):
    """An error, as RFC 9457 has it."""

    type: Annotated[str, Field(examples=["urn:comment-moderation:error:invalid_comment"])]
    title: Annotated[str, Field(description="What happened.")]
    status: Annotated[int, Field(description="The HTTP status.")]
    code: Annotated[str, Field(description="Stable name of the error: docs/errors.md lists them.")]
    detail: Annotated[str, Field(description="What to do about it.")] = ""
    retry_after_s: Annotated[
        int | None, Field(description="When the same is welcome again, in seconds, as `Retry-After` says.")
    ] = None
    errors: Annotated[list[FaultOut], Field(description="Every place that is wrong, where known.")] = []


class Refused(BaseModel):
    """Why one of several was not taken; the others were."""

    error: ProblemDocument


class SpanOut(BaseModel):
    """A stretch of the text: code points, `end` exclusive."""

    start: int
    end: int


class ReasonOut(BaseModel):
    """A rule that fired."""

    rule: str
    action: Literal["approve", "flag", "hold", "reject"]
    message: Annotated[str, Field(description="A sentence for the author.")]
    spans: list[SpanOut]
    evidence: Annotated[dict[str, Any], Field(description="The values that made it fire.")]


class LanguageOut(BaseModel):
    """The language that was detected."""

    code: Annotated[str, Field(description="ISO 639-1, or `und`.")]
    confidence: float


class CheckOut(BaseModel):
    """How one check ended."""

    outcome: Literal["ok", "not_covered", "failed", "timed_out", "skipped"]
    ms: float
    language: Annotated[
        Literal["doubtful"] | None, Field(description="Scored, though nobody can tell the language for sure.")
    ] = None


class DecisionOut(BaseModel):
    """What is done with a comment, why, and what that rests on."""

    action: Literal["approve", "flag", "hold", "reject"]
    published: Annotated[bool, Field(description="Whether readers see it at once: approve or flag.")]
    reasons: Annotated[list[ReasonOut], Field(description="Every rule that fired, strongest first.")]
    shadow: Annotated[list[ReasonOut], Field(description="What rules on trial would have said.")]
    language: LanguageOut
    scores: Annotated[dict[str, float], Field(description="By attribute, 0-1.")]
    checks: dict[str, CheckOut]
    provenance: Annotated[dict[str, str], Field(description="Model, ruleset and versions, with hashes.")]


class StoredDecisionOut(DecisionOut):
    """A decision that is stored, with its comment."""

    id: Annotated[int, Field(description="Number of the decision.")]
    comment_id: Annotated[int, Field(description="Number of the comment.")]
    created_at: datetime


class BulkDecisionOut(BaseModel):
    """The answer to a line that was taken."""

    line: Annotated[int, Field(description="Which line of the request, from 1.")]
    external_id: str
    decision: StoredDecisionOut


class BulkRefusedOut(Refused):
    """The answer to a line that was not taken."""

    line: Annotated[int, Field(description="Which line of the request, from 1.")]


class VerdictOut(BaseModel):
    """What became of a verdict."""

    status: Annotated[
        Literal["applied", "repeated"], Field(description="`repeated`: its uid was known; nothing was added.")
    ]
    uid: str
    verdict_id: int
    comment_id: int
    created_at: datetime


class LabelOut(BaseModel):
    """A label that is stored."""

    status: Literal["stored"]


class AppealOut(BaseModel):
    """An appeal that waits for a moderator."""

    id: int
    comment_id: int
    created_at: datetime


class ModelOut(BaseModel):
    """The model that scores."""

    name: Annotated[str, Field(examples=["compact"])]
    hash: Annotated[str, Field(description="Of its weights: the first 12 hex digits of the SHA-256.")]
    engine: str
    attributes: list[str]
    languages: Annotated[list[str], Field(description="ISO 639-1 codes.")]


class AboutOut(BaseModel):
    """What decides now."""

    version: Annotated[str, Field(description="Of this package.")]
    ruleset: Annotated[str, Field(description="SHA-256 of the ruleset, hex.")]
    model: Annotated[ModelOut | None, Field(description="`null`: the ruleset scores no toxicity.")]

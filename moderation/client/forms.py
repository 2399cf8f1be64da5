"""From the domain's words to JSON, and back."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from moderation.client.values import (
    About,
    CheckedComment,
    Label,
    NewVerdict,
    SubmittedComment,
    TakenAppeal,
    TakenVerdict,
)
from moderation.domain import Action, Author, Comment, Language, Reason, Span

JsonObject = Mapping[str, Any]


def from_comment(comment: Comment) -> dict[str, Any]:
    """Return a comment as the service takes it. What is unknown is left out."""
    return {"text": comment.text} | _known(
        site=comment.site,
        external_id=comment.external_id,
        revision=comment.revision or None,
        thread=comment.thread,
        author=_from_author(comment.author) if comment.author else None,
        created_at=_from_time(comment.created_at),
        locale=comment.locale,
        is_top_level=comment.is_top_level,
        reports=comment.reports,
    )


def from_verdict(verdict: NewVerdict) -> dict[str, Any]:
    """Return a verdict as the service takes it."""
    return {"verdict": verdict.kind.value, "uid": verdict.uid} | _known(
        external_id=verdict.external_id,
        site=verdict.site,
        comment_id=verdict.comment_id,
        by=verdict.by,
        reason=verdict.reason or None,
        note=verdict.note or None,
        at=_from_time(verdict.at),
    )


def from_label(label: Label) -> dict[str, Any]:
    """Return a label as the service takes it."""
    return {"scores": dict(label.scores)} | _known(
        text=label.text,
        external_id=label.external_id,
        site=label.site,
        comment_id=label.comment_id,
        language=label.language,
    )


def from_appeal(
    text: str, external_id: str | None, site: str | None, comment_id: int | None
) -> dict[str, Any]:
    """Return an appeal as the service takes it."""
    return {"text": text} | _known(external_id=external_id, site=site, comment_id=comment_id)


def to_checked(said: JsonObject) -> CheckedComment:
    """Read a decision."""
    return CheckedComment(**_decision(said), document=said)


def to_submitted(said: JsonObject) -> SubmittedComment:
    """Read a stored decision."""
    return SubmittedComment(
        **_decision(said),
        id=said["id"],
        comment_id=said["comment_id"],
        created_at=_to_time(said["created_at"]),
        document=said,
    )


def to_verdict(said: JsonObject) -> TakenVerdict:
    """Read what became of a verdict."""
    return TakenVerdict(
        repeated=said["status"] == "repeated",
        uid=said["uid"],
        comment_id=said["comment_id"],
        created_at=_to_time(said["created_at"]),
        document=said,
    )


def to_appeal(said: JsonObject) -> TakenAppeal:
    """Read an appeal that was taken."""
    return TakenAppeal(
        id=said["id"],
        comment_id=said["comment_id"],
        created_at=_to_time(said["created_at"]),
        document=said,
    )


def to_about(said: JsonObject) -> About:
    """Read what decides now."""
    model = said["model"] or {"name": "", "hash": "", "attributes": (), "languages": ()}
    return About(
        version=said["version"],
        ruleset=said["ruleset"],
        model=f"{model['name']}@{model['hash']}".strip("@"),
        attributes=tuple(model["attributes"]),
        languages=frozenset(model["languages"]),
        document=said,
    )


def _decision(said: JsonObject) -> dict[str, Any]:
    language = said["language"]
    return {
        "action": Action(said["action"]),
        "published": said["published"],
        "reasons": tuple(_reason(one) for one in said["reasons"]),
        "language": Language(language["code"], language["confidence"]),
        "scores": said["scores"],
    }


def _reason(said: JsonObject) -> Reason:
    return Reason(
        rule=said["rule"],
        action=Action(said["action"]),
        message=said["message"],
        spans=tuple(Span(one["start"], one["end"]) for one in said["spans"]),
        evidence=said["evidence"],
    )


def _from_author(author: Author) -> dict[str, Any]:
    age = author.account_age
    return {"id": author.id} | _known(
        name=author.name,
        account_age=age.total_seconds() if age is not None else None,
        approved_comments=author.approved_comments,
        rejection_rate=author.rejection_rate,
        is_trusted=author.is_trusted,
        is_moderator=author.is_moderator,
    )


def _from_time(when: datetime | None) -> str | None:
    if when is None:
        return None
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC).isoformat()


def _to_time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _known(**fields: object) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}

"""Answers of our own `/v1` as plain JSON values."""

from datetime import datetime
from typing import Any

from moderation.desk.values import VerdictResult
from moderation.domain import StoredDecision
from moderation.errors import ModerationError, VerdictError
from moderation.pipeline import Pipeline
from moderation.public_form import decision_to_dict
from moderation.store.verdicts.appeals import Appeal


def stored_to_dict(decision: StoredDecision) -> dict[str, Any]:
    """Return a stored decision, with when it was made."""
    return decision_to_dict(decision) | {"created_at": _time(decision.created_at)}


def verdict_to_dict(result: VerdictResult | ModerationError) -> dict[str, Any]:
    """Return what became of a verdict.

    Raises:
        ModerationError: it was not taken.
    """
    if isinstance(result, ModerationError):
        raise result
    if result.verdict is None:
        raise VerdictError(result.message)
    return {
        "status": result.status.value,
        "uid": result.uid,
        "verdict_id": result.verdict.id,
        "comment_id": result.verdict.comment_id,
        "created_at": _time(result.verdict.created_at),
    }


def appeal_to_dict(appeal: Appeal) -> dict[str, Any]:
    """Return an appeal that was taken."""
    return {"id": appeal.id, "comment_id": appeal.comment_id, "created_at": _time(appeal.created_at)}


def about_to_dict(pipeline: Pipeline) -> dict[str, Any]:
    """Return what decides now."""
    made, scorer = pipeline.provenance, pipeline.scorer
    model = None
    if scorer:
        name, _, weights = scorer.model.rpartition("@")
        model = {
            "name": name,
            "hash": weights,
            "engine": scorer.engine,
            "attributes": list(scorer.attributes),
            "languages": sorted(scorer.languages),
        }
    return {"version": made.version, "ruleset": made.ruleset, "model": model}


def _time(when: datetime) -> str:
    return when.isoformat().replace("+00:00", "Z")

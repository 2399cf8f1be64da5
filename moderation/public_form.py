"""Decisions as plain JSON values for people and programs outside: documented keys, and nothing else.

The database keeps reasons and provenance in the same form, see `store/comments/stored_form.py`: a key that goes here
must still be read there.
"""

from collections.abc import Sequence
from typing import Any

from moderation.domain import Decision, Provenance, Reason, doubts_in


def decision_to_dict(decision: Decision) -> dict[str, Any]:
    """Return what `moderation check --json` prints; span offsets are code points of the original text.

    What rules in the shadow would have said stands apart, in `shadow`. A stored decision also has `id` and
    `comment_id`.
    """
    language = decision.language
    document = {
        "action": decision.action.value,
        "published": decision.published,
        "reasons": reasons_to_dicts(decision.reasons),
        "shadow": reasons_to_dicts(decision.shadow),
        "language": {"code": language.code, "confidence": language.confidence},
        "scores": decision.scores,
        "checks": {
            name: {"outcome": result.outcome.value, "ms": result.ms, **doubts_in(result.signals)}
            for name, result in decision.checks.items()
        },
        "provenance": provenance_to_dict(decision.provenance),
    }
    numbers = {"id": decision.id, "comment_id": decision.comment_id}
    return document | {name: number for name, number in numbers.items() if number is not None}


def reasons_to_dicts(reasons: Sequence[Reason]) -> list[dict[str, Any]]:
    """Return every reason as an object."""
    return [
        {
            "rule": reason.rule,
            "action": reason.action.value,
            "message": reason.message,
            "spans": [{"start": span.start, "end": span.end} for span in reason.spans],
            "evidence": dict(reason.evidence),
        }
        for reason in reasons
    ]


def provenance_to_dict(made: Provenance) -> dict[str, str]:
    """Return the provenance without the folder: where things lie is nobody's business outside. Unrecorded parts are left out."""
    known = {
        "ruleset": made.ruleset,
        "model": made.model,
        "engine": made.engine,
        "normaliser": made.normaliser,
        "detector": made.detector,
        "version": made.version,
    }
    later = {"model_files": made.model_files, "runtime": made.runtime}
    return known | {name: value for name, value in later.items() if value}

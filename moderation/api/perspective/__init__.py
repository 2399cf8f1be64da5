"""Perspective's dialect: clients of Google's API change one address, and go on. docs/service-perspective.md says how.

One file an endpoint: `analyze.py`, `suggest.py`, `discovery.py`, `batch.py`.
"""

from moderation.api.perspective.analyze import analyze_comment
from moderation.api.perspective.batch import BATCH_BYTES, answer_batch
from moderation.api.perspective.discovery import discover
from moderation.api.perspective.envelope import refusal
from moderation.api.perspective.suggest import suggest_score
from moderation.api.routing import ServiceRoute

__all__ = ["BATCH_BYTES", "PREFIXES", "refusal", "routes"]

PREFIXES = ("/v1alpha1", "/$discovery", "/batch")
"""How the paths begin that are answered for in this dialect, whether there is something or not."""


def routes() -> list[ServiceRoute]:
    """Return every endpoint."""
    return [
        ServiceRoute("/v1alpha1/comments:analyze", analyze_comment, methods=["POST"]),
        ServiceRoute("/v1alpha1/comments:suggestscore", suggest_score, methods=["POST"]),
        ServiceRoute("/$discovery/rest", discover),
        ServiceRoute("/batch", answer_batch, methods=["POST"]),
    ]

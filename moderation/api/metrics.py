"""What the service counts. Label values come from sets that no client can add to.

With several workers each counts in files of a folder that `moderation serve` makes, and whichever is asked adds all
of them up: prometheus-client's multiprocess mode, which it enters by `PROMETHEUS_MULTIPROC_DIR`.
"""

import os
from collections.abc import Mapping, Sequence
from typing import Any, Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

from moderation.api.batching import Batcher
from moderation.api.processes import SHARED, ProcessFigures, shared_by
from moderation.domain import CheckResult, Decision
from moderation.errors import (
    ApiKeyError,
    ModelError,
    ModerationError,
    OverloadedError,
    QuotaError,
    RequestError,
    ScopeError,
    StoreError,
)
from moderation.pipeline import Scored

_SECONDS: Final = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)
_BATCHES: Final = (1, 2, 4, 8, 12)

_REASONS: Final[Mapping[type[ModerationError], str]] = {
    OverloadedError: "overload",
    QuotaError: "quota",
    ApiKeyError: "key",
    ScopeError: "scope",
    RequestError: "request",
    StoreError: "database",
    ModelError: "model",
}
"""Why a request was refused, by the nearest class of its error; anything else is `other`."""


class Metrics:
    """What is counted, in a registry of its own: two services in one process don't mix."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call] # one more series for each, which the multiprocess mode can't have
        own = self._registry = CollectorRegistry()
        self.requests = Counter(
            "moderation_requests",
            "Requests, by route, method and status; status 0: the client had hung up.",
            ["route", "method", "status"],
            registry=own,
        )
        self.seconds = Histogram(
            "moderation_request_seconds",
            "How long a request took, from its head to the end of its answer.",
            ["route"],
            buckets=_SECONDS,
            registry=own,
        )
        self.refusals = Counter(
            "moderation_refusals", "Requests that were refused, by reason.", ["reason"], registry=own
        )
        self.decisions = Counter(
            "moderation_decisions",
            "Comments that were answered with a decision, by action; line: checks or submits.",
            ["line", "action"],
            registry=own,
        )
        self.outcomes = Counter(
            "moderation_check_outcomes",
            "How the checks of these comments, and of texts that were scored, ended.",
            ["check", "outcome"],
            registry=own,
        )
        self.waiting = Gauge(
            "moderation_waiting",
            "Items that wait in a line; length: short or long texts.",
            ["line", "length"],
            multiprocess_mode="livesum",
            registry=own,
        )
        self.batches = Histogram(
            "moderation_batch_size",
            "Items that were answered together.",
            ["line", "length"],
            buckets=_BATCHES,
            registry=own,
        )

    def refused(self, error: ModerationError | None) -> None:
        """Count a refusal."""
        kinds = type(error).__mro__ if error else ()
        reasons = (_REASONS[kind] for kind in kinds if kind in _REASONS)
        self.refusals.labels(next(reasons, "other")).inc()

    def watch(self, batchers: Sequence[Batcher[Any, Any]]) -> None:
        """Count what these lines answer from now on, and how much waits in them."""
        for batcher in batchers:
            batcher.watch(lambda name, length: _Line(self, name, length))

    def answered(self, line: str, answers: Sequence[object]) -> None:
        """Count what was answered to comments: decisions, or scores."""
        for answer in answers:
            if isinstance(answer, Decision):
                self.decisions.labels(line, answer.action.value).inc()
                self._count(answer.checks)
            elif isinstance(answer, Scored):
                self._count({"toxicity": answer.result})

    def _count(self, results: Mapping[str, CheckResult]) -> None:
        for check, result in results.items():
            self.outcomes.labels(check, result.outcome.value).inc()

    def exposition(self, *others: Collector) -> bytes:
        """Return all of it, of all workers, in Prometheus' text format, with what other collectors tell."""
        shown = self._registry
        folder = os.environ.get(SHARED)
        if folder:
            _, ended = shared_by(folder)
            for pid in ended:
                mark_process_dead(pid, folder)  # type: ignore[no-untyped-call] # what waited in it is lost with it
            shown = CollectorRegistry()
            MultiProcessCollector(shown, folder)  # type: ignore[no-untyped-call]
        told = b"".join(generate_latest(_alone(other)) for other in (ProcessFigures(), *others))
        return generate_latest(shown) + told


class _Line:
    """Hears of one line; its series are there from the start."""

    def __init__(self, metrics: Metrics, name: str, length: str) -> None:
        self._metrics, self._name = metrics, name
        self._waiting = metrics.waiting.labels(name, length)
        self._batches = metrics.batches.labels(name, length)

    def waits(self, items: int) -> None:
        self._waiting.set(items)

    def answered(self, answers: Sequence[object]) -> None:
        self._batches.observe(len(answers))
        self._metrics.answered(self._name, answers)


def _alone(collector: Collector) -> CollectorRegistry:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(collector)
    return registry

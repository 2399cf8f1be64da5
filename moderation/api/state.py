"""What is so when somebody looks: what waits for moderators, and what decides. Not counted: asked for."""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from typing_extensions import override

from moderation.api.service import Service
from moderation.errors import ModerationError
from moderation.rollout import braked_rules
from moderation.store.queue.counts import QueueCounts, queue_counts
from moderation.store.queue.filters import QueueFilter

EVERY_S = 5.0
"""How old what the database says may be, in seconds: however often somebody looks, it is asked no more often."""


@dataclass(frozen=True, slots=True)
class _Told:
    """What the database said."""

    queue: QueueCounts
    braked: tuple[str, ...]
    now: datetime


class StateFigures(Collector):
    """The figures of one service. Where the database has no answer, its figures are absent, and the others are there."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._asking = threading.Lock()
        self._told: _Told | None = None
        self._again_at = 0.0

    @override
    def collect(self) -> Iterator[Metric]:
        """Return all that can be told now."""
        pipeline = self._service.pipeline
        rests_on = pipeline.provenance
        yield _info("build", "Release of the package that answers.", {"version": rests_on.version})
        yield _info("ruleset", "The ruleset that decides, by its hash.", {"ruleset": rests_on.ruleset[:12]})
        model = {"model": rests_on.model or "none", "engine": rests_on.engine or "none"}
        yield _info("model", "The model that scores.", model)
        problem = self._service.moderator.rules_problem
        yield _figure("rules_problem", "1: the rules that are wanted can't be used; the last good ones decide.",
                      bool(problem))  # fmt: skip
        if told := self._ask():
            yield from _of_the_database(told)

    def _ask(self) -> _Told | None:
        """Ask the database, unless it was asked a moment ago, or is being asked: then what it said last counts."""
        if monotonic() < self._again_at or not self._asking.acquire(blocking=False):
            return self._told
        try:
            self._told = self._read()
        except ModerationError:
            self._told = None
        finally:
            self._again_at = monotonic() + EVERY_S
            self._asking.release()
        return self._told

    def _read(self) -> _Told:
        store, now = self._service.store, datetime.now(UTC)
        with store.reading() as session:
            queue = queue_counts(QueueFilter(), now, session=session)
        return _Told(queue, tuple(braked_rules(store=store)), now)


def _of_the_database(told: _Told) -> Iterator[Metric]:
    queue = told.queue
    yield _figure("queue_pending", "Comments that wait for a moderator.", queue.pending)
    yield _figure("queue_escalated", "Of those, how many wait for an admin.", queue.escalated)
    oldest = (told.now - queue.oldest).total_seconds() if queue.oldest else 0.0
    yield _figure("queue_oldest_seconds", "How long the first of them has waited; 0: none waits.", oldest)
    yield _figure("appeals_open", "Appeals of authors without an answer.", queue.appeals)
    yield _figure("braked_rules", "Rules that the brake is on.", len(told.braked))
    named = GaugeMetricFamily("moderation_rule_braked", "1 for each of them, by name.", labels=["rule"])
    for rule in told.braked:
        named.add_metric([rule], 1)
    yield named


def _figure(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(f"moderation_{name}", what, value=value)


def _info(name: str, what: str, labels: Mapping[str, str]) -> Metric:
    family = GaugeMetricFamily(f"moderation_{name}_info", f"{what} Always 1.", labels=list(labels))
    family.add_metric(list(labels.values()), 1)
    return family

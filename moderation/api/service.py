"""What the dialects share: the comments' way through the moderator, the keys, and what is measured."""

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from moderation.api.batching import THREADS, Batcher
from moderation.api.writes import Writes
from moderation.api_keys import ApiKeys, KeyRing, Quotas
from moderation.domain import Comment, Decision, StoredDecision
from moderation.moderator import Moderator
from moderation.pipeline import Pipeline, Scored
from moderation.store import Store
from moderation.store.opening import open_store


@dataclass(frozen=True, slots=True)
class Scoring:
    """A text to score.

    Attributes:
        text: as written.
        language: ISO 639-1 code, if the client says it; else it is detected.
    """

    text: str
    language: str | None = None


class Service:
    """A moderator and its database, for many requests at a time.

    Attributes:
        scores: scores texts, and stores nothing.
        checks: decides comments, each for itself, and stores nothing.
        submits: decides comments and stores them.
        keys: which keys are in force.
        quotas: how much of them is left.
        writes: stores what decides nothing.
        bulk_turn: held while a chunk of a long upload is decided: of several uploads, one at a time.
        bulk_work: held by the thread that decides it, also when its request was cancelled: `close` waits for it.
    """

    def __init__(self, moderator: Moderator, store: Store) -> None:
        self.moderator = moderator
        self.store = store
        self.scores: Batcher[Scoring, Scored] = Batcher(
            self._score, weight=lambda one: len(one.text), name="scores", threads=THREADS
        )
        self.checks: Batcher[Comment, Decision] = Batcher(
            moderator.check_many, weight=lambda one: len(one.text), name="checks", threads=THREADS
        )
        self.submits: Batcher[Comment, StoredDecision] = Batcher(
            moderator.take, weight=lambda one: len(one.text), name="submits"
        )
        self.keys = KeyRing(ApiKeys(store))
        self.quotas = Quotas(store)
        self.writes = Writes()
        self.bulk_turn = asyncio.Lock()
        self.bulk_work = threading.Lock()

    @classmethod
    def open(cls, rules: Path | None, database: str) -> Self:
        """Load the rules, the model and the database, and score something, so that the first request is as quick as the next.

        Raises:
            ModerationError: one of them can't be used; see `Moderator.open`.
        """
        store = open_store(database, create=True)
        try:
            moderator = Moderator.open(rules, database=database)
        except BaseException:
            store.close()
            raise
        moderator.check(Comment("The first one takes the longest."))
        return cls(moderator, store)

    @property
    def batchers(self) -> Sequence[Batcher[Any, Any]]:
        """Every line in which requests wait."""
        return (self.scores, self.checks, self.submits)

    @property
    def pipeline(self) -> Pipeline:
        """What decides now."""
        return self.moderator.pipeline

    def close(self) -> None:
        """Answer what was begun, then give everything back."""
        for batcher in self.batchers:
            batcher.close()
        self.writes.close()
        with self.bulk_work:
            self.moderator.close()
            self.store.close()

    def _score(self, items: Sequence[Scoring]) -> list[Scored]:
        return self.moderator.score_many([one.text for one in items], [one.language for one in items])

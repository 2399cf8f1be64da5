"""Decides a stored comment again, by the rules of its time, and compares."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from moderation.domain import Comment, Decision, Repeats, SignalName
from moderation.pipeline import Pipeline
from moderation.rules import Ruleset
from moderation.rules.values import repeat_key
from moderation.store import Store, StoredComment, load_ruleset


@dataclass(frozen=True, slots=True)
class RecordedHistory:
    """What had been said before when the decision was made: its own record, not today's database."""

    decision: Decision

    def repeats(
        self, comment: Comment, text_key: str, *, since: Sequence[datetime], until: datetime
    ) -> list[Repeats]:
        """Return the counts that the decision was made with."""
        del comment, text_key  # the record is about this comment and no other
        counts = {s.key: int(s.value) for s in self.decision.signals(SignalName.REPEATED)}
        return [
            Repeats(
                *(counts.get(repeat_key(by, until - start), counts.get(by, 0)) for by in ("author", "thread"))
            )
            for start in since
        ]


@dataclass(frozen=True, slots=True)
class Replay:
    """A stored decision beside the one that is made today."""

    stored: Decision
    again: Decision

    @property
    def differences(self) -> tuple[str, ...]:
        """What differs, a sentence each: the action, a score, or how a check ended."""
        stored, again = self.stored, self.again
        found = []
        if stored.action is not again.action:
            found.append(f"action was {stored.action}, is {again.action}")
        found += [
            f"{attribute} was {stored.scores.get(attribute)}, is {again.scores.get(attribute)}"
            for attribute in sorted({*stored.scores, *again.scores})
            if stored.scores.get(attribute) != again.scores.get(attribute)
        ]
        found += [
            f"check {name} ended {result.outcome}, ends {again.checks[name].outcome}"
            for name, result in stored.checks.items()
            if name in again.checks and result.outcome is not again.checks[name].outcome
        ]
        return tuple(found)

    @property
    def changed_provenance(self) -> tuple[str, ...]:
        """What the decision depends on that is not as it was: a likely cause of a difference."""
        stored, again = self.stored.provenance, self.again.provenance
        names = ("ruleset", "model", "engine", "normaliser", "detector", "version")
        return tuple(
            f"{name} was {getattr(stored, name)}, is {getattr(again, name)}"
            for name in names
            if getattr(stored, name) != getattr(again, name)
        )


def replay(stored: StoredComment, *, store: Store) -> Replay:
    """Decide a stored comment again.

    Raises:
        StoreError: the database can't be used.
        RulesError: the stored ruleset can't be read by this release.
        ModelError: the model that it names can't be loaded.
    """
    with store.reading() as session:
        source, files = load_ruleset(stored.decision.provenance.ruleset, session=session)
    pipeline = Pipeline.open(Ruleset.parse(source, files=files))
    try:
        history, muted = RecordedHistory(stored.decision), stored.decision.braked
        without = stored.decision.without
        again = pipeline.decide([stored.comment], history=history, muted=muted, without=without)[0]
    finally:
        pipeline.close()
    return Replay(stored.decision, replace(again, id=stored.decision.id, comment_id=stored.id))

"""Decides a stored comment again, by the rules of its time, and compares."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from typing_extensions import override

from moderation.checks import History
from moderation.domain import Comment, Decision, Provenance, Repeats, SignalName
from moderation.errors import ModelError, UnknownModelError
from moderation.pipeline import Pipeline
from moderation.rollout.stored import stored_ruleset
from moderation.rules import Ruleset
from moderation.rules.values.durations import repeat_key
from moderation.scoring import CATALOGUE
from moderation.store import Store, StoredComment

_RECORDED_LATER = {"model_files", "runtime"}  # older decisions don't say: that is no difference


@dataclass(frozen=True, slots=True)
class RecordedHistory(History):
    """What had been said before when the decision was made: its own record, not today's database."""

    decision: Decision

    @override
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
        """What differs, a sentence each: the action, the rules that fired, the language, a score, how a check ended."""
        stored, again = self.stored, self.again
        found = []
        if stored.action is not again.action:
            found.append(f"action was {stored.action}, is {again.action}")
        if _fired(stored) != _fired(again):
            found.append(f"rules that fired were {_fired(stored)}, are {_fired(again)}")
        if stored.language.code != again.language.code:
            found.append(f"language was {stored.language.code}, is {again.language.code}")
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
        names = ("ruleset", "model", "model_files", "engine", "normaliser", "detector", "version", "runtime")
        pairs = ((name, getattr(stored, name), getattr(again, name)) for name in names)
        return tuple(
            f"{name} was {_without(was, now)}, is {_without(now, was)}"
            for name, was, now in pairs
            if was != now and (was or name not in _RECORDED_LATER)
        )


def replay_decision(stored: StoredComment, *, store: Store, folder: Path | None = None) -> Replay:
    """Decide a stored comment again.

    Args:
        stored: the comment, with its decision.
        store: where its ruleset is kept.
        folder: what a model's relative path in the ruleset is relative to; if `None`, the folder that
            rules.yaml lay in then, and for decisions that did not record it, the working directory.

    Raises:
        StoreError: the database can't be used.
        RulesError: the stored ruleset can't be read by this release.
        ModelError: the model that it names can't be loaded.
    """
    made = stored.decision.provenance
    begin = folder or (Path(made.folder) if made.folder else None)
    with store.reading() as session:
        ruleset = stored_ruleset(made.ruleset, session=session, folder=begin)
    pipeline = _opened(ruleset, made)
    try:
        history, muted = RecordedHistory(stored.decision), stored.decision.braked
        without = stored.decision.without
        again = pipeline.decide([stored.comment], history=history, muted=muted, without=without)[0]
    finally:
        pipeline.close()
    return Replay(stored.decision, replace(again, id=stored.decision.id, comment_id=stored.id))


def _opened(ruleset: Ruleset, made: Provenance) -> Pipeline:
    """Load the ruleset's checks; where its model isn't there, say which one the decision was made with."""
    try:
        return Pipeline.open(ruleset)
    except ModelError as error:
        toxicity, hint = ruleset.config.toxicity, error.hint
        if isinstance(error, UnknownModelError) and toxicity and toxicity.model not in CATALOGUE:
            hint = f"put it there, or say with --folder where its path, `{toxicity.model}`, begins"
        raise type(error)(f"the decision was made with {made.model}, but {error.what}", hint=hint) from None


def _fired(decision: Decision) -> str:
    """Name the rules that fired, each with its action; the order is the ruleset's business."""
    return ", ".join(sorted({f"{reason.rule} ({reason.action})" for reason in decision.reasons})) or "none"


def _without(said: str, other: str) -> str:
    """Return what one list, separated by commas, has and the other has not."""
    return (
        ", ".join(part for part in said.split(", ") if part and part not in other.split(", ")) or "not known"
    )

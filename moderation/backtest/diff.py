"""Which comments another ruleset would decide differently: counted, and shown with the reasons."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from moderation.backtest.intervals import CountedShare
from moderation.backtest.replayer import Question, Replayer
from moderation.backtest.sides import DecidedComment
from moderation.backtest.tally import Flip, Pair, Tally
from moderation.backtest.workers import tally_pages
from moderation.domain import Comment, VerdictKind
from moderation.pipeline import Pipeline
from moderation.store import Store
from moderation.store.comments.records import stored_range

Progress = Callable[[int, int | None], None]
"""Told how many comments are done, and of how many; `None`: nobody knows."""

_CHUNK = 256  # comments of a file that are scored together


@dataclass(frozen=True, slots=True)
class Quality:
    """How well "hold or reject" agrees with the moderators.

    Attributes:
        precision: of the comments with a verdict that the ruleset holds or rejects, those that were rejected.
        recall: of the comments that were rejected, those that the ruleset holds or rejects.
    """

    precision: CountedShare
    recall: CountedShare


@dataclass(frozen=True, slots=True)
class Turn:
    """Flips that share a rule or a language: to a stronger action, and to a weaker one."""

    name: str
    stronger: int
    weaker: int


@dataclass(frozen=True, slots=True)
class QueueDay:
    """How many comments written on a day (UTC) either ruleset queues."""

    day: date
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Diff:
    """What two rulesets make of the same comments.

    Attributes:
        old: hash of the one ruleset.
        new: hash of the other.
        tally: the counts.
    """

    old: str
    new: str
    tally: Tally

    @property
    def flips(self) -> int:
        """How many comments the two decide differently."""
        return sum(count for _, count in self.pairs)

    @property
    def pairs(self) -> list[tuple[Pair, int]]:
        """Flips by their two actions, most frequent first."""
        found: Counter[Pair] = Counter()
        for (before, after, *_), count in self.tally.counts.items():
            if before is not after:
                found[before, after] += count
        return found.most_common()

    @property
    def by_rule(self) -> list[Turn]:
        """Flips by the rule that asks for the stronger of the two actions, or overrules it; most first."""
        return _turns(self.tally.rules)

    @property
    def by_language(self) -> list[Turn]:
        """Flips by language, most first."""
        found: Counter[tuple[str, bool]] = Counter()
        for (before, after, language, *_), count in self.tally.counts.items():
            if before is not after:
                found[language, after.strength > before.strength] += count
        return _turns(found)

    @property
    def shown(self) -> list[Flip]:
        """Some of the comments that flip, the steepest first: of each pair of actions the latest."""
        return self.tally.shown

    @property
    def verdicts(self) -> int:
        """How many of the comments have a verdict that stands."""
        return sum(count for (*_, verdict), count in self.tally.counts.items() if verdict)

    @property
    def quality(self) -> tuple[Quality, Quality]:
        """How well the old ruleset agrees with the moderators, and how well the new one does."""
        return self._quality(0), self._quality(1)

    @property
    def queue(self) -> list[QueueDay]:
        """The queue's size by day, for the days on which anything was written."""
        before: Counter[date] = Counter()
        after: Counter[date] = Counter()
        for (was, now, _, day, _), count in self.tally.counts.items():
            before[day] += count * was.queued
            after[day] += count * now.queued
        return [QueueDay(day, before[day], after[day]) for day in sorted(before)]

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        before, after = self.quality
        return {
            "old": self.old,
            "new": self.new,
            "comments": self.tally.comments,
            "examined_again": self.tally.examined,
            "not_replayed": {why.value: count for why, count in self.tally.lacking.most_common()},
            "flips": self.flips,
            "by_action": [{"before": a, "after": b, "comments": n} for (a, b), n in self.pairs],
            "by_rule": [_turn_to_dict("rule", turn) for turn in self.by_rule],
            "by_language": [_turn_to_dict("language", turn) for turn in self.by_language],
            "verdicts": self.verdicts,
            "precision": {"before": before.precision.to_dict(), "after": after.precision.to_dict()},
            "recall": {"before": before.recall.to_dict(), "after": after.recall.to_dict()},
            "queue": [
                {"day": day.day.isoformat(), "before": day.before, "after": day.after} for day in self.queue
            ],
            "shown": [flip.to_dict() for flip in self.shown],
        }

    def _quality(self, side: int) -> Quality:
        """Count for the old ruleset (0) or the new one (1)."""
        judged = [
            ((before, after)[side].published, verdict, count)
            for (before, after, _, _, verdict), count in self.tally.counts.items()
            if verdict
        ]
        bad = sum(count for _, verdict, count in judged if verdict is VerdictKind.REJECT)
        stopped = [(verdict, count) for published, verdict, count in judged if not published]
        right = sum(count for verdict, count in stopped if verdict is VerdictKind.REJECT)
        return Quality(CountedShare(right, sum(count for _, count in stopped)), CountedShare(right, bad))


def diff_stored(
    store: Store,
    question: Question,
    *,
    since: datetime | None = None,
    last: int | None = None,
    processes: int = 1,
    progress: Progress | None = None,
) -> Diff:
    """Replay stored comments through two rulesets, from their recorded signals and scores.

    Args:
        store: where the comments are.
        question: the two rulesets.
        since: only comments written at this time or later.
        last: only so many, those that were stored last.
        processes: how many processes share the work, see `moderation.backtest.workers`.
        progress: told after each page how far it is.

    Raises:
        StoreError: the database can't be used.
    """
    with store.reading() as session:
        wanted, count = stored_range(since=since, last=last, session=session)
    tally = Tally(question.show)
    for _, part in tally_pages(question, wanted, store, count=count, processes=processes):
        tally.merge(part)
        if progress:
            progress(tally.comments + tally.lacking.total(), count)
    return Diff(question.old.hash, question.new.hash, tally)


def diff_unstored(
    question: Question, comments: Iterable[Comment], *, progress: Progress | None = None
) -> Diff:
    """Decide comments that are stored nowhere by two rulesets; there are no repetitions and no verdicts.

    Raises:
        ModelError: the old ruleset's model can't be loaded.
        MissingExtraError: its engine is not installed.
    """
    tally = Tally(question.show)
    replayer = Replayer(question)
    pipeline = Pipeline.open(question.old)
    try:
        for chunk in _chunks(comments):
            replayer.decide(_examined(chunk, pipeline), tally)
            if progress:
                progress(tally.comments + tally.lacking.total(), None)
    finally:
        pipeline.close()
        replayer.close()
    return Diff(question.old.hash, question.new.hash, tally)


def _examined(comments: Sequence[Comment], pipeline: Pipeline) -> list[DecidedComment]:
    """Run the old ruleset's checks, so that both rulesets are asked about what these found."""
    return [DecidedComment(None, subject, pipeline.ruleset) for subject in pipeline.examine(comments)]


def _chunks(comments: Iterable[Comment]) -> Iterator[list[Comment]]:
    rest = iter(comments)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk


def _turns(counts: Counter[tuple[str, bool]]) -> list[Turn]:
    names = {name for name, _ in counts}
    turns = [Turn(name, counts[name, True], counts[name, False]) for name in names]
    return sorted(turns, key=lambda turn: (-turn.stronger - turn.weaker, turn.name))


def _turn_to_dict(what: str, turn: Turn) -> dict[str, Any]:
    return {what: turn.name, "stronger": turn.stronger, "weaker": turn.weaker}

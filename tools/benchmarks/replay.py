"""Times `moderation rules diff` on 100,000 stored comments.

    python -m tools.benchmarks.replay                     fill a database, then time it, 3 rounds
    python -m tools.benchmarks.replay --keep FILE.db      keep the database, and use it again

The demo's 400 comments are decided by the real pipeline; the others are made of them, with other ids,
dates, authors and scores, each weighed by the rules and stored as `submit` would. A third has a verdict.
"""

import argparse
import json
import os
import platform
import random
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from uuid import uuid4

from typing_extensions import override

from moderation.backtest import Diff, Question, diff_stored
from moderation.checks import History
from moderation.domain import (
    Author,
    CheckResult,
    Comment,
    Decision,
    Repeats,
    SignalName,
    StoredDecision,
    Verdict,
    VerdictKind,
)
from moderation.pipeline import Pipeline
from moderation.rules import Ruleset
from moderation.store import NewRow, Store, add_all, remember_ruleset, text_hash
from moderation.store.verdicts.verdict_log import add_verdicts
from moderation.text import normalise, same_text_key

COMMENTS = 100_000
DAYS = 30
PAGE = 1000
TO_REACH_S = 10
DEMO = Path(__file__).parents[1] / "demo" / "comments.jsonl"
RULES = Path(__file__).parents[2] / "rules.yaml"
NEW_RULES = """
  - name: heat-of-newcomers
    when: {author: {account_age: "< 3 days"}, scores: {toxicity: ">= 0.4"}}
    action: hold
  - name: links-of-newcomers
    when: {author: {approved_comments: "< 5"}, links: "> 0"}
    action: hold
  - name: sure
    when: {scores: {toxicity: ">= 0.9", insult: ">= 0.5"}}
    action: reject
"""


def main() -> None:
    """Fill a database if there is none, time the replay, and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3, help="how often it is timed (default: 3)")
    parser.add_argument("--comments", type=int, default=COMMENTS, help=f"how many (default: {COMMENTS})")
    parser.add_argument("--keep", type=Path, metavar="FILE", help="where the database is kept for next time")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = wanted.keep or Path(folder) / "replay.db"
        fresh = not path.exists()
        old = Ruleset.load(RULES)
        with Store.open(f"sqlite:///{path}") as store:
            if fresh:
                fill(store, old, wanted.comments)
            for processes in (1, 2):
                rounds = [_timed(store, old, processes) for _ in range(wanted.rounds)]
                _print(rounds, processes)


def fill(store: Store, ruleset: Ruleset, count: int) -> None:
    """Store so many comments with their decisions, and verdicts on a third of them."""
    seeds = _seeds(ruleset)
    chance = random.Random(7)  # noqa: S311 - the same comments each time
    started = perf_counter()
    for first in range(0, count, PAGE):
        rows = [_row(number, seeds, ruleset, chance) for number in range(first, min(first + PAGE, count))]
        with store.transaction() as session:
            remember_ruleset(ruleset.hash, ruleset.source, ruleset.files, session=session)
            stored = add_all(rows, session=session)
            given = [
                _verdict(one, row, chance)
                for one, row in zip(stored, rows, strict=True)
                if chance.random() < 1 / 3
            ]
            add_verdicts(given, session=session)
        print(f"\r{first + PAGE:,} comments stored", end="", file=sys.stderr)
    print(f" in {perf_counter() - started:.0f} s", file=sys.stderr)


def _seeds(ruleset: Ruleset) -> list[tuple[Comment, Decision]]:
    lines = DEMO.read_text(encoding="utf-8").splitlines()
    comments = [Comment(json.loads(line)["text"], site="demo", thread="article-1") for line in lines]
    pipeline = Pipeline.open(ruleset)
    try:
        return list(zip(comments, pipeline.decide(comments, history=_Nothing()), strict=True))
    finally:
        pipeline.close()


class _Nothing(History):
    """Nobody said anything before."""

    @override
    def repeats(
        self, comment: Comment, text_key: str, *, since: Sequence[datetime], until: datetime
    ) -> list[Repeats]:
        del comment, text_key, until
        return [Repeats() for _ in since]


def _row(
    number: int, seeds: list[tuple[Comment, Decision]], ruleset: Ruleset, chance: random.Random
) -> NewRow:
    seed, decided = seeds[number % len(seeds)]
    written = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(days=DAYS) * (number / COMMENTS)
    comment = replace(
        seed,
        text=f"{seed.text} {number}",
        external_id=f"c-{number}",
        thread=f"article-{chance.randrange(500)}",
        author=Author(
            f"u-{chance.randrange(9000)}",
            account_age=timedelta(hours=chance.expovariate(1 / 500)),
            approved_comments=chance.randrange(200),
            rejection_rate=chance.random() / 4,
        ),
        created_at=written,
    )
    checks = {name: _varied(result, chance) for name, result in decided.checks.items()}
    weighed = ruleset.weigh(comment, checks, now=written)
    made = replace(decided, action=weighed.action, reasons=weighed.reasons, checks=checks)
    return NewRow(comment, made, same_text_key(normalise(comment.text)), written)


def _varied(result: CheckResult, chance: random.Random) -> CheckResult:
    """Shift the scores, so that no two comments are alike."""
    return replace(
        result,
        signals=tuple(
            replace(signal, value=round(float(signal.value) ** chance.uniform(0.7, 1.4), 6))
            if signal.name is SignalName.SCORE
            else signal
            for signal in result.signals
        ),
    )


def _verdict(stored: StoredDecision, row: NewRow, chance: random.Random) -> Verdict:
    toxic = chance.random() < row.decision.scores.get("toxicity", 0.1)
    kind = VerdictKind.REJECT if toxic else VerdictKind.APPROVE
    return Verdict(
        kind, "bench", text_hash(row.comment.text), str(uuid4()), stored.comment_id, stored.created_at
    )


def _timed(store: Store, old: Ruleset, processes: int) -> tuple[float, Diff]:
    new = Ruleset.parse(old.source.replace("hold: 0.8", "hold: 0.7") + NEW_RULES)
    started = perf_counter()
    found = diff_stored(store, Question(old, new), processes=processes)
    return perf_counter() - started, found


def _print(rounds: list[tuple[float, Diff]], processes: int) -> None:
    seconds = statistics.median(taken for taken, _ in rounds)
    found = rounds[0][1]
    cpus = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    print(
        f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {cpus} cores, "
        f"{processes} process(es): {found.tally.comments:,} comments in {seconds:.1f} s "
        f"({found.tally.comments / seconds:,.0f}/s; to reach: {TO_REACH_S} s for {COMMENTS:,}); "
        f"{found.flips:,} flips, {found.verdicts:,} verdicts"
    )


if __name__ == "__main__":
    main()

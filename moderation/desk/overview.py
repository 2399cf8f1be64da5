"""The overview: how much comes in, how fast it is decided, and how well."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar

import numpy as np
from sqlmodel import Session

from moderation.desk.figures import Agreement, CheckFigures, Day, Overview, RuleFigures
from moderation.domain import VerdictKind
from moderation.store.statistics import by_day
from moderation.store.statistics.by_day import Checked, Waited

T = TypeVar("T")


def overview(since: datetime, now: datetime, session: Session) -> Overview:
    """Return the figures from the day of `since` on; see `Desk.overview`."""
    begin = datetime.combine(since.astimezone(UTC).date(), time(), UTC)
    paces = by_day.seconds_of_verdicts(begin, session=session)
    decided = by_day.decisions(begin, session=session)
    actions = _by_day((day, action, count) for day, action, _, count in decided)
    languages = _by_day((day, language, count) for day, _, language, count in decided)
    verdicts = _by_day(by_day.verdicts(begin, session=session))
    opinions = by_day.pairs_of_opinions(begin, session=session)
    seconds, pairs = _grouped(paces), _grouped(opinions)
    waited = by_day.waiting_times(begin, session=session)
    checks = _checks(by_day.check_runs(begin, session=session))
    span = (now.date() - begin.date()).days + 1
    return Overview(
        since=begin,
        days=[
            Day(
                day=day,
                incoming=sum(actions[day].values()),
                decisions=actions[day],
                languages=languages[day],
                verdicts=verdicts[day],
                seconds_p50=quantile(seconds[day], 0.5),
                seconds_p90=quantile(seconds[day], 0.9),
                agreement=agreement(pairs[day]),
                checks=checks.get(day, {}),
                **_queue(day, waited, now),
            )
            for day in (begin.date() + timedelta(days=n) for n in range(span))
        ],
        agreement=agreement([pair for _, pair in opinions]),
        rules=_rules(begin, session),
        seconds_p50=quantile([taken for _, taken in paces], 0.5),
        seconds_p90=quantile([taken for _, taken in paces], 0.9),
    )


def agreement(opinions: Sequence[tuple[VerdictKind, VerdictKind]]) -> Agreement:
    """Return how often two opinions were the same, and Cohen's kappa of it: (observed - chance) / (1 - chance).

    Chance is how often they would be the same if both gave their verdicts, as often as they did, blindly: the sum
    over all kinds of the product of the two shares. If both only ever said the same one thing, kappa is undefined.

    Source: J. Cohen, A coefficient of agreement for nominal scales, Educational and Psychological Measurement 20
    (1960), 37-46, https://doi.org/10.1177/001316446002000104.
    """
    pairs = len(opinions)
    agreed = sum(first is second for first, second in opinions)
    if not pairs:
        return Agreement(0, 0, None)
    chance = sum(
        (sum(first is kind for first, _ in opinions) / pairs)
        * (sum(second is kind for _, second in opinions) / pairs)
        for kind in VerdictKind
    )
    return Agreement(pairs, agreed, (agreed / pairs - chance) / (1 - chance) if chance < 1 else None)


def quantile(values: Sequence[float], share: float) -> float | None:
    """Return a quantile, between the two nearest values; `None` without values."""
    return float(np.quantile(values, share)) if values else None


def _by_day(rows: Any) -> dict[date, dict[Any, int]]:  # noqa: ANN401 - rows of day, anything, count
    found: dict[date, dict[Any, int]] = defaultdict(lambda: defaultdict(int))
    for day, what, count in rows:
        found[day][what] += count
    return defaultdict(dict, {day: dict(counts) for day, counts in found.items()})


def _grouped(rows: Iterable[tuple[date, T]]) -> dict[date, list[T]]:
    found: dict[date, list[T]] = defaultdict(list)
    for day, what in rows:
        found[day].append(what)
    return found


def _queue(day: date, waited: Sequence[Waited], now: datetime) -> Mapping[str, Any]:
    """Return what was queued on a day, and what waited at its end (today: now)."""
    end = min(datetime.combine(day + timedelta(days=1), time(), UTC), now)
    left = [part for part in waited if part.queued <= day and (part.settled is None or part.settled > day)]
    first = min((part.since for part in left), default=None)
    return {
        "queued": sum(part.count for part in waited if part.queued == day),
        "waiting": sum(part.count for part in left),
        "oldest": None if first is None else end - first,
    }


def _checks(rows: Sequence[Checked]) -> dict[date, dict[str, CheckFigures]]:
    runs: dict[tuple[date, str], list[Checked]] = defaultdict(list)
    for row in rows:
        runs[row.day, row.check].append(row)
    found: dict[date, dict[str, CheckFigures]] = defaultdict(dict)
    for (day, check), parts in sorted(runs.items()):
        total = sum(part.count for part in parts)
        found[day][check] = CheckFigures(
            outcomes={part.outcome: part.count for part in parts},
            ms=sum(part.ms * part.count for part in parts) / total,
        )
    return found


def _rules(since: datetime, session: Session) -> list[RuleFigures]:
    judged = by_day.judged_rule_hits(since, session=session)
    return [
        RuleFigures(
            rule,
            hits,
            judged=sum(judged.get((rule, kind), 0) for kind in VerdictKind),
            reversed=judged.get((rule, VerdictKind.APPROVE), 0),
        )
        for rule, hits in by_day.rule_hits(since, session=session).items()
    ]

"""The overview's figures as rows: what the charts draw, and what the tables behind them show."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from moderation.desk import Day, Overview
from moderation.domain import Outcome
from moderation.text.visible import visible

FigureRow = dict[str, Any]

LARGE_NEWSROOM_S = 16
"""Seconds that a moderator of the New York Times takes for a decision, by its own account."""

NEWSROOM = f"Dashed: the {LARGE_NEWSROOM_S} s of a large newsroom."
REVERSED = "Percent of the comments a rule was about that moderators let through, where they decided."
AGREEMENT = (
    "Line: Cohen's kappa. Bars: pairs of verdicts. "
    "Kappa is undefined, and left empty, on days on which all verdicts were the same."
)

_LANGUAGES = 6  # with a colour of their own; the rest is `other`


def decisions(days: Sequence[Day]) -> list[FigureRow]:
    """Return comments that came in, by day and by what the rules decided."""
    return list(_counts(days, "decided", lambda day: day.decisions))


def verdicts(days: Sequence[Day]) -> list[FigureRow]:
    """Return what moderators decided, by day and kind."""
    return list(_counts(days, "verdict", lambda day: day.verdicts))


def languages(days: Sequence[Day]) -> list[FigureRow]:
    """Return comments by day and language, rare languages together as `other`."""
    total: dict[str, int] = {}
    for day in days:
        for code, count in day.languages.items():
            total[code] = total.get(code, 0) + count
    kept = set(sorted(total, key=lambda code: -total[code])[:_LANGUAGES])

    def grouped(day: Day) -> dict[str, int]:
        counts: dict[str, int] = {}
        for code, count in day.languages.items():
            name = visible(code) if code in kept else "other"
            counts[name] = counts.get(name, 0) + count
        return counts

    return list(_counts(days, "language", grouped))


def queue(days: Sequence[Day]) -> list[FigureRow]:
    """Return by day how many comments were queued, how many waited at its end, and the oldest's age."""
    return [
        {
            "day": day.day,
            "queued": day.queued,
            "waiting": day.waiting,
            "oldest, hours": None if day.oldest is None else round(day.oldest.total_seconds() / 3600, 1),
        }
        for day in days
    ]


def pace(days: Sequence[Day]) -> list[FigureRow]:
    """Return seconds per decision, by day, for the days on which somebody decided."""
    return [
        {"day": day.day, "measure": measure, "seconds": round(seconds, 1)}
        for day in days
        for measure, seconds in (("median", day.seconds_p50), ("90th percentile", day.seconds_p90))
        if seconds is not None
    ]


def agreement(days: Sequence[Day]) -> list[FigureRow]:
    """Return how far second opinions agreed with the first, for the days on which there were any."""
    return [
        {
            "day": day.day,
            "pairs": day.agreement.pairs,
            "agreed, %": round(100 * day.agreement.agreed / day.agreement.pairs, 1),
            "kappa": None if day.agreement.kappa is None else round(day.agreement.kappa, 2),
        }
        for day in days
        if day.agreement.pairs
    ]


def checks(days: Sequence[Day]) -> list[FigureRow]:
    """Return by day and check how many runs there were, how many had no answer, and the mean time."""
    return [
        {
            "day": day.day,
            "check": name,
            "runs": sum(figures.outcomes.values()),
            "failed": figures.outcomes.get(Outcome.FAILED, 0),
            "timed out": figures.outcomes.get(Outcome.TIMED_OUT, 0),
            "not covered": figures.outcomes.get(Outcome.NOT_COVERED, 0),
            "no answer, %": _percent(figures.outcomes),
            "mean ms": round(figures.ms, 2),
        }
        for day in days
        for name, figures in day.checks.items()
    ]


def reversals(found: Overview) -> list[FigureRow]:
    """Return how often moderators let through what each rule was about, the worst first."""
    rows = [
        {
            "rule": visible(rule.rule),
            "reversed, %": round(100 * rule.reversal_rate, 1),
            "reversed": rule.reversed,
            "judged": rule.judged,
            "hits": rule.hits,
        }
        for rule in found.rules
        if rule.reversal_rate is not None
    ]
    return sorted(rows, key=lambda row: (-row["reversed, %"], -row["judged"]))


def _counts(days: Sequence[Day], name: str, of: Callable[[Day], Mapping[Any, int]]) -> Iterator[FigureRow]:
    for day in days:
        for kind, count in of(day).items():
            yield {"day": day.day, name: str(kind), "comments": count}


def _percent(outcomes: Mapping[Outcome, int]) -> float:
    runs = sum(count for outcome, count in outcomes.items() if outcome is not Outcome.SKIPPED)
    broken = outcomes.get(Outcome.FAILED, 0) + outcomes.get(Outcome.TIMED_OUT, 0)
    return round(100 * broken / runs, 2) if runs else 0.0


def period(found: Overview) -> dict[str, str]:
    """Return the figures of the whole period, each by its name."""
    agreement = found.agreement
    return {
        "Came in": f"{sum(day.incoming for day in found.days):,}",
        "Median decision": _seconds(found.seconds_p50),
        "Nine in ten within": _seconds(found.seconds_p90),
        "Second opinions": f"{agreement.pairs:,}",
        "of them agree": f"{agreement.agreed / agreement.pairs:.0%}" if agreement.pairs else "–",
        "Cohen's kappa": "–" if agreement.kappa is None else f"{agreement.kappa:.2f}",
    }


def _seconds(seconds: float | None) -> str:
    return "–" if seconds is None else f"{seconds:.1f} s"

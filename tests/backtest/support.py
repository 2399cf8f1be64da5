"""Comments that were decided by rules, with verdicts: stored as `submit` stores them, from findings made by hand."""

from datetime import UTC, datetime, timedelta

from moderation.domain import (
    Author,
    CheckResult,
    Comment,
    Decision,
    Outcome,
    Provenance,
    Signal,
    SignalName,
    Span,
    VerdictKind,
)
from moderation.rules import Ruleset
from moderation.store import add_all, remember_ruleset
from moderation.store.verdicts.verdict_log import add_verdicts
from moderation.version import __version__
from tests.store.samples import new_row, verdict

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
BASE = """\
version: 1
toxicity: {thresholds: {toxicity: {flag: 0.5, hold: 0.8, reject: 0.97}}}
"""
LINKS = """\
rules:
  - {name: many-links, when: {links: "> 1"}, action: hold}
"""


def ruleset(more="", source=BASE, **files):
    return Ruleset.parse(source + more, files={f"{name}.txt": text for name, text in files.items()})


def ok(*signals):
    return CheckResult(Outcome.OK, signals)


def checks(text, *, toxicity=0.1, links=0, language="en", repeats=0, words=()):
    """Findings in the order of the pipeline."""
    size = float(len(text.encode()))
    return {
        "length": ok(Signal(SignalName.GRAPHEMES, float(len(text))), Signal(SignalName.BYTES, size)),
        "repetition": ok(*([Signal(SignalName.REPEATED, float(repeats), "author")] if repeats else [])),
        "links": ok(
            *(Signal(SignalName.LINK, "spam.example", spans=(Span(n, n + 1),)) for n in range(links))
        ),
        "word_lists": ok(*words) if words else CheckResult(Outcome.SKIPPED),
        "language": ok(Signal(SignalName.LANGUAGE, language, confidence=0.9)),
        "toxicity": ok(Signal(SignalName.SCORE, toxicity, "toxicity")),
    }


def decided(
    rules,
    number,
    text="An ordinary comment about it.",
    *,
    muted=(),
    days=0,
    locale=None,
    version=__version__,
    **found,
):
    """A comment, and what the rules make of the findings."""
    comment = Comment(
        text,
        site="news",
        external_id=f"c-{number}",
        thread="article-1",
        author=Author(f"u-{number % 3}", account_age=timedelta(days=number)),
        created_at=NOON + timedelta(days=days, seconds=number),
        locale=locale,
    )
    results = checks(text, **found)
    weighed = rules.weigh(comment, results, now=comment.created_at, muted=muted)
    provenance = Provenance(rules.hash, "compact@123456789012", "onnx 1", "1", "langdetect 1", version)
    return new_row(
        comment, Decision(weighed.action, weighed.reasons, results, provenance, shadow=weighed.shadow)
    )


def save(store, rules, rows):
    """Store comments; return their numbers."""
    with store.transaction() as session:
        remember_ruleset(rules.hash, rules.source, rules.files, session=session)
        return [one.comment_id for one in add_all(rows, session=session)]


def judge(store, comment_id, kind, by="ann", **fields):
    with store.transaction() as session:
        return add_verdicts([verdict(comment_id, VerdictKind(kind), by=by, **fields)], session=session)

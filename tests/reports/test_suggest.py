"""The threshold that verdicts speak for."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.cli.display.suggestion import yaml_lines
from moderation.domain import Action
from moderation.reports.levels import levels_with
from moderation.reports.suggest import (
    LEAST_VERDICTS,
    SuggestionQuery,
    lowest_threshold,
    suggest_threshold,
)
from moderation.rules import Ruleset
from tests.backtest.support import decided, judge, ruleset, save
from tests.store.samples import new_row

F, H, R = Action.FLAG, Action.HOLD, Action.REJECT
TWENTY = [(n / 20, n > 10 or n == 3) for n in range(20)]  # from 0.55 on all were rejected, and one lower


@pytest.mark.parametrize(
    ("precision", "score", "hits", "of"),
    [(1.0, 0.51, 9, 9), (0.9, 0.5, 9, 10), (0.6, 0.21, 9, 15), (0.45, 0.0, 10, 20)],
)
def test_the_lowest_threshold_that_reaches_the_precision_is_found(precision, score, hits, of):
    found = lowest_threshold(TWENTY, precision)
    assert found
    assert (found.precision.part, found.precision.whole) == (hits, of)
    assert (found.recall.part, found.recall.whole) == (hits, 10)
    assert found.score == pytest.approx(score, abs=0.045)


def test_no_threshold_reaches_what_no_verdict_speaks_for():
    assert lowest_threshold([(0.9, False), (0.8, True)], 0.9) is None
    assert lowest_threshold([], 0.5) is None


@given(
    st.lists(st.tuples(st.floats(0, 1).map(lambda x: round(x, 6)), st.booleans()), max_size=40),
    st.floats(0.01, 1),
)
def test_the_threshold_told_is_what_a_rule_would_do(cases, precision):
    found = lowest_threshold(cases, precision)
    if found:
        hits = [bad for score, bad in cases if score >= found.score]
        assert (sum(hits), len(hits)) == (found.precision.part, found.precision.whole)
        assert sum(hits) / len(hits) >= precision
    else:
        scores = {score for score, _ in cases}
        shares = [[bad for score, bad in cases if score >= one] for one in scores]
        assert all(sum(share) / len(share) < precision for share in shares)


def fill(store, count, **fields):
    rules = ruleset()
    rows = [decided(rules, n, toxicity=0.5 + n % 100 / 200, **fields) for n in range(count)]
    for n, number in enumerate(save(store, rules, rows)):
        judge(store, number, "reject" if n % 100 >= 50 else "approve")


def test_verdicts_with_their_stored_scores_tell(store):
    fill(store, 120)
    found = suggest_threshold(store, SuggestionQuery("toxicity", 0.95, R))
    assert (found.verdicts, found.rejected, found.lowest) == (120, 50, 0.5)
    assert found.threshold
    assert found.threshold.score == 0.74  # two that were approved are let in
    assert (found.threshold.precision.part, found.threshold.precision.whole) == (50, 52)
    assert found.threshold.recall.value == 1
    assert suggest_threshold(store, SuggestionQuery("toxicity", 0.95, R, "ko")).verdicts == 0
    assert suggest_threshold(store, SuggestionQuery("insult", 0.95, R)).too_few


def test_under_a_hundred_verdicts_it_refuses(store):
    fill(store, LEAST_VERDICTS - 1)
    found = suggest_threshold(store, SuggestionQuery("toxicity", 0.5, R))
    assert found.too_few
    assert (found.threshold, found.best, found.verdicts) == (None, None, 99)


def test_where_none_reaches_the_nearest_is_told(store):
    rules = ruleset()
    numbers = save(store, rules, [decided(rules, n, toxicity=n / 200) for n in range(100)])
    for n, number in enumerate(numbers):
        judge(store, number, "reject" if n % 2 == 0 else "approve")
    found = suggest_threshold(store, SuggestionQuery("toxicity", 0.9, R))
    assert found.threshold is None
    assert found.best
    assert found.best.precision.value == pytest.approx(0.505, abs=0.01)
    assert found.to_dict()["best"]["score"] == found.best.score


def test_scores_of_another_model_are_left_out(store):
    rules = ruleset()
    fill(store, 100)
    row = decided(rules, 500, toxicity=0.9)
    provenance = replace(row.decision.provenance, model="original@1")
    (number,) = save(store, rules, [new_row(row.comment, replace(row.decision, provenance=provenance))])
    judge(store, number, "reject")
    found = suggest_threshold(store, SuggestionQuery("toxicity", 0.9, R))
    assert (found.verdicts, found.other_model) == (1, 100)


@pytest.mark.parametrize(
    ("score", "action", "language", "lines", "stronger"),
    [
        (0.9, H, None, "    toxicity: {flag: 0.5, hold: 0.9, reject: 0.97}", None),
        (0.75, R, None, "    toxicity: {flag: 0.5, hold: false, reject: 0.75}", None),
        (0.98, H, None, "    toxicity: {flag: 0.5, hold: 0.98, reject: 0.97}", R),
        (0.6, H, "ko", "    ko:\n      toxicity: {flag: 0.5, hold: 0.6, reject: 0.97}", None),
        (0.6, H, "no", '    "no":\n      toxicity: {flag: 0.5, hold: 0.6, reject: 0.97}', None),
    ],
)
def test_the_lines_to_paste_fit_the_ruleset(score, action, language, lines, stronger):
    levels = levels_with(score, ruleset(), "toxicity", action, language)
    pasted = yaml_lines({(language, "toxicity"): levels})
    assert pasted.endswith(lines)
    assert levels.stronger is stronger
    if not stronger:
        config = Ruleset.parse(f"version: 1\n{pasted}\n").config.toxicity
        assert config
        table = config.by_language[language] if language else config.thresholds
        assert dict(table["toxicity"].strongest_first())[action] == score

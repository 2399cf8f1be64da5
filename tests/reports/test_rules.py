"""What rules did."""

import json
import tracemalloc
from datetime import UTC, datetime, timedelta

import pytest

from moderation.backtest.intervals import CountedShare
from moderation.domain import Action, VerdictKind
from moderation.reports.pages import report_page
from moderation.reports.rules import report_on_rules
from moderation.rollout.undo import undo_rule
from moderation.rollout.undone import UndoRequest
from moderation.store import Store
from tests.backtest.support import LINKS, decided, judge, ruleset, save

MORE = LINKS + "  - {name: try-out, when: {language: ko}, action: reject, status: shadow}\n"
HOUR_AGO = datetime.now(UTC) - timedelta(hours=1)


@pytest.fixture
def rules():
    return ruleset(MORE)


@pytest.fixture
def stored(store, rules):
    rows = [
        decided(rules, 0, "Look at <script>alert(1)</script> here", links=2),
        decided(rules, 1, links=2, toxicity=0.9),
        decided(rules, 2, links=2, toxicity=0.6, language="ko"),
        decided(rules, 3, toxicity=0.9, language="ko"),
        decided(rules, 4),
    ]
    numbers = save(store, rules, rows)
    for number, kind in zip(numbers, ("reject", "approve", "reject"), strict=False):
        judge(store, number, kind)
    return numbers


def by_rule(found):
    return {(one.rule, one.shadow): one for one in found.rules}


def test_each_rule_is_counted_with_its_overlap_and_verdicts(store, rules, stored):
    found = report_on_rules(store, since=HOUR_AGO)
    rule = by_rule(found)["many-links", False]
    assert (found.comments, rule.hits, rule.kind) == (5, 3, "live")
    assert rule.decided_alone == 2  # not where toxicity holds as well
    assert rule.overlap == {"toxicity.toxicity": 2}
    assert rule.precision == CountedShare(2, 3)
    assert rule.reversal == CountedShare(1, 3)
    assert rule.by_day.total() == 3
    built_in = by_rule(found)["toxicity.toxicity", False]
    assert (built_in.kind, built_in.actions) == ("built-in", {Action.HOLD: 2, Action.FLAG: 1})
    assert built_in.reversal == CountedShare(2, 2)  # a hold that was approved, a flag that was rejected
    json.dumps(found.to_dict())


def test_a_rule_in_the_shadow_is_told_by_what_it_would_have_done(store, rules, stored):
    rule = by_rule(report_on_rules(store, since=HOUR_AGO))["try-out", True]
    assert (rule.kind, rule.hits, rule.decided_alone) == ("shadow", 2, 2)
    assert rule.overlap == {"many-links": 1, "toxicity.toxicity": 2}


def test_one_rule_is_shown_with_its_latest_comments(store, rules, stored):
    found = report_on_rules(store, since=HOUR_AGO, rule="many-links", examples=2)
    (rule,) = found.rules
    assert [(one.comment_id, one.verdict) for one in rule.examples] == [
        (stored[2], VerdictKind.REJECT),
        (stored[1], VerdictKind.APPROVE),
    ]
    assert rule.examples[0].to_dict()["spans"]
    assert rule.overlap == {"toxicity.toxicity": 2}


def test_rules_that_never_fired_are_listed(store, rules, stored):
    silent = ruleset(MORE + "  - {name: silent, when: {links: '> 9'}, action: flag}\n")
    found = by_rule(report_on_rules(store, since=HOUR_AGO, ruleset=silent))
    assert found["silent", False].hits == 0
    assert found["silent", False].precision.value is None
    only = report_on_rules(store, since=HOUR_AGO, rule="silent", ruleset=silent, examples=3)
    assert [(one.rule, one.examples) for one in only.rules] == [("silent", [])]


def test_what_is_older_is_not_counted(store, rules, stored):
    assert report_on_rules(store, since=datetime.now(UTC) + timedelta(hours=1)).rules == ()


def test_what_was_undone_is_not_counted_twice(store, rules, stored):
    now = datetime.now(UTC)
    undo_rule(store, UndoRequest("many-links", HOUR_AGO, now + timedelta(hours=1)), by="kim")
    found = report_on_rules(store, since=HOUR_AGO, examples=5)
    assert found.comments == 5
    assert by_rule(found)["toxicity.toxicity", False].hits == 3
    assert by_rule(found)["many-links", False].hits == 3


MANY = """
INSERT INTO comment (site, external_id, revision, text, text_key, created_at, received_at)
    WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < :count)
    SELECT 'news', 'm-' || n, 0, 'text', 'key', :now, :now FROM n;
INSERT INTO decision (comment_id, action, language, language_confidence, reasons, checks, scores, provenance,
        cause, ruleset, created_at)
    SELECT comment.id, action, language, language_confidence, reasons, checks, scores, provenance, cause, ruleset,
        :now FROM comment, decision WHERE text_key = 'key';
INSERT INTO rule_hit (decision_id, comment_id, rule, action, shadow, created_at)
    SELECT id, comment_id, 'many-links', 'hold', 0, :now FROM decision WHERE id > 1;
INSERT INTO verdict (uid, comment_id, kind, "by", text_hash, reason, note, blind, created_at)
    SELECT id, id, 'reject', 'ann', '', '', '', 0, :now FROM comment WHERE text_key = 'key';
"""


@pytest.mark.slow
@pytest.mark.parametrize("rule", [None, "many-links"])
def test_memory_does_not_grow_with_comments(tmp_path, rules, rule):
    peaks = []
    for count in (4_500, 9_000):  # each more than twice what is read at a time
        with Store.open(f"sqlite:///{tmp_path / str(count)}.db") as store:
            save(store, rules, [decided(rules, 0, links=2)])
            with store.transaction() as session:
                for statement in MANY.split(";\n")[:-1]:
                    given = {"count": count, "now": datetime.now(UTC).isoformat(" ")}
                    session.connection().exec_driver_sql(statement, given)
            report_on_rules(
                store, since=HOUR_AGO, rule=rule, examples=3
            )  # what is kept for good, as compiled queries
            tracemalloc.start()
            found = report_on_rules(store, since=HOUR_AGO, rule=rule, examples=3)
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
        (one,) = found.rules
        assert (one.hits, one.precision, len(one.examples)) == (count + 1, CountedShare(count, count), 3)
    assert peaks[1] - peaks[0] < 1_000_000  # 4,500 decisions more, of a kilobyte and more each


def test_the_page_is_safe_and_whole(store, rules, stored):
    page = report_page(report_on_rules(store, since=HOUR_AGO, ruleset=rules, examples=5))
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page.replace("<mark>", "").replace("</mark>", "")
    assert "<mark>" in page
    assert page.count("<svg") == 3
    assert "http" not in page.replace("http://www.w3.org", "").replace("http-equiv", "").replace(
        "http://purl.org", ""
    ).replace("http://creativecommons.org", "")


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (80, 100, 0.7112, 0.8666)],
)
def test_the_interval_is_wilsons(part, whole, low, high):
    found = CountedShare(part, whole).interval
    assert found == pytest.approx((low, high), abs=1e-4)
    assert CountedShare(0, 0).interval is None

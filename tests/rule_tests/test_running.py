"""Examples of rules and cases of a site, tried with the real checks and the real model."""

import pytest

from moderation.errors import RulesError
from moderation.pipeline import Pipeline
from moderation.rule_tests import TestReport, run_cases, run_examples
from moderation.rule_tests.cases import Cases
from moderation.rules import Ruleset
from moderation.scoring import open_scorer
from tests.support.scorers import raising

KIND = "Thank you for this careful article about the city council."
INSULT = "You are an idiot"


@pytest.fixture(scope="module")
def scorer():
    scorer = open_scorer("compact")
    yield scorer
    scorer.close()


def report_of(yaml, scorer):
    ruleset = Ruleset.parse(f"version: 1\n{yaml}")
    return run_examples(ruleset, Pipeline.open(ruleset, scorer=scorer))


def rule(examples, when='{links: "> 1"}', more=""):
    return f"rules:\n  - name: a\n    when: {when}\n    action: hold\n    examples: {examples}\n{more}"


@pytest.mark.parametrize(
    ("yaml", "failed"),
    [
        pytest.param(rule("{match: see a.com and b.com, no_match: [see a.com, nothing]}"), [], id="as written"),
        pytest.param(rule("{match: see a.com}"), [(6, "it did not: `links` does not hold")], id="no hit"),
        pytest.param(rule("{no_match: see a.com and b.com}"), [(6, "it fired: links 2")], id="a hit"),
        pytest.param(
            rule(f"{{match: [{INSULT}], no_match: [{KIND}]}}", '{scores: {toxicity: "> 0.9"}}'),
            [],
            id="real scores",
        ),
        pytest.param(
            rule(f"{{match: [{{text: {INSULT}, scores: {{toxicity: 0.1}}}}]}}", '{scores: {toxicity: "< 0.2"}}'),
            [],
            id="given scores",
        ),
        pytest.param(
            rule("{match: [{text: hello, language: es}], no_match: [{text: hello, language: de}]}", "{language: es}"),
            [],
            id="given language",
        ),
        pytest.param(
            rule("{match: [{text: hello, author: {account_age: 2 days}}]}", '{author: {account_age: "< 3 days"}}'),
            [],
            id="author",
        ),
        pytest.param(rule("{match: see a.com and b.com}", more="    status: draft\n"), [], id="draft"),
        pytest.param(rule("{match: nothing}", more="    status: retired\n"), [], id="retired"),
        pytest.param(
            rule("{match: see a.com and b.com}", more="    sample: 0.001\n    expires: 2020-01-01\n"),
            [],
            id="sampled and expired",
        ),
        pytest.param(
            rule("{match: [{text: a.com b.com, author: {is_moderator: true}}]}"),
            [(6, "it passes over moderators")],
            id="moderator",
        ),
        pytest.param(
            rule("{match: hello}", '{links: "> 1", language: es}'),
            [(6, "it did not: `links`, `language` do not hold")],
            id="several conditions",
        ),
    ],
)  # fmt: skip
def test_a_rule_fires_on_its_matches_and_on_nothing_else(yaml, failed, scorer):
    report = report_of(yaml, scorer)
    assert [(one.line, one.happened) for one in report.failures] == failed
    assert report.passed is not bool(failed)


def test_a_failure_tells_what_fired_instead(scorer):
    (failure,) = report_of(rule(f"{{match: {INSULT}}}"), scorer).failures
    assert (failure.file, failure.rule, failure.text) == ("rules.yaml", "a", INSULT)
    assert not failure.action.published
    assert "toxicity.toxicity" in {reason.rule for reason in failure.reasons}
    assert {"rule", "action", "evidence"} == set(failure.to_dict()["fired"][0])


def test_a_check_without_an_answer_is_told():
    (failure,) = report_of(rule(f"{{match: {KIND}}}", '{scores: {toxicity: "> 0.5"}}'), raising()).failures
    assert failure.happened == "it did not: `scores` does not hold (toxicity failed)"


def test_rules_in_use_without_examples_are_named(scorer):
    report = report_of(
        "rules:\n" + "".join(
            f'  - {{name: {status}, when: {{links: "> 1"}}, action: hold, status: {status}}}\n'
            for status in ("draft", "shadow", "live", "retired")
        ),
        scorer,
    )  # fmt: skip
    assert (report.ran, report.untested) == (0, ("shadow", "live"))


CASES = f"""# what must never change
- {{comment: {KIND}, action: approve, rules: []}}
- {{comment: {INSULT}, action: reject, rules: toxicity.toxicity}}
- comment: {{text: {KIND}, scores: {{toxicity: 0.99}}}}
  action: remove
  rules: [toxicity.toxicity]
  note: as AutoModerator says it
"""


def tried(text, scorer):
    ruleset = Ruleset.parse("version: 1\ntoxicity: {thresholds: {toxicity: {reject: 0.8}}}")
    return run_cases(Cases.parse(text), Pipeline.open(ruleset, scorer=scorer))


def test_cases_end_in_their_action_by_their_rules(scorer):
    report = tried(CASES, scorer)
    assert (report.ran, report.failures) == (3, ())


@pytest.mark.parametrize(
    ("case", "expected", "happened"),
    [
        ("action: hold", "hold", "approve, by no rule"),
        ("rules: a", "by a", "approve, by no rule"),
        ("action: approve, rules: [a, b]", "approve, by a, b", "approve, by no rule"),
    ],
)
def test_a_case_that_fails_says_what_was_expected(case, expected, happened, scorer):
    (failure,) = tried(f"# one\n- {{comment: {KIND}, {case}}}", scorer).failures
    assert (failure.line, failure.rule, failure.file) == (2, "", "cases.yaml")
    assert (failure.expected, failure.happened) == (expected, happened)


def test_a_case_that_no_rule_may_touch(scorer):
    (failure,) = tried(f"- {{comment: {INSULT}, rules: []}}", scorer).failures
    assert failure.expected == "by no rule"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1", "cases are a list"),
        ("- {comment: x}", "this case expects nothing"),
        ("- {comment: {txt: x}, action: hold}", "did you mean `text`?"),
        ("- {comment: x, action: remov}", "did you mean `reject`?"),
        ("- {action: hold}", "`comment` is missing here"),
        ("- {comment: x, action: hold, action: flag}", "stands in this map twice"),
        ("- comment: [a", "is never closed"),
    ],
)
def test_cases_that_can_not_be_used_are_refused_with_their_place(text, message):
    with pytest.raises(RulesError) as error:
        Cases.parse(text)
    assert message in error.value.what
    assert "cases.yaml:1:" in error.value.what


def test_a_file_of_nothing_but_comments_has_no_cases():
    assert Cases.parse("# nothing yet\n").cases == ()


def test_two_reports_are_one():
    one = TestReport(2, (), ("a",))
    assert one.and_(TestReport(3, (), ())).to_dict() == {
        "ran": 5,
        "passed": True,
        "failures": [],
        "untested": ["a"],
    }

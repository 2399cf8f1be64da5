"""What the rules make of findings."""

from datetime import timedelta

import pytest

from moderation.domain import Action, Comment, Outcome, Signal, SignalName, Span
from moderation.rules import Ruleset, action_of
from tests.rules.facts import NOW, comment, language, length, links, no_answer, ok, repeated, scores, words

PLAIN = Ruleset.parse("version: 1")


def fired(ruleset, results, about=None):
    return {reason.rule: reason for reason in ruleset.weigh(about or comment(), results, now=NOW).reasons}


def ruleset(yaml, **files):
    return Ruleset.parse(f"version: 1\n{yaml}", files=files)


def rule(when, action="hold", extra=""):
    return ruleset(f"{extra}\nrules: [{{name: mine, when: {when}, action: {action}}}]")


def test_a_comment_without_findings_is_approved():
    results = {**length(), **repeated(), **links(0), **language("en"), **scores(toxicity=0.01)}
    assert PLAIN.weigh(comment(), results, now=NOW).reasons == ()
    assert action_of(()) is Action.APPROVE


@pytest.mark.parametrize(
    ("graphemes", "size", "rule_name", "evidence"),
    [
        pytest.param(300, 4800, None, None, id="at both limits"),
        pytest.param(301, 301, "length.too_long", {"graphemes": 301, "max": 300}, id="too many letters"),
        pytest.param(10, 4801, "length.too_long", {"bytes": 4801, "max_bytes": 4800}, id="too many bytes"),
        pytest.param(9999, 9999, "length.too_long", {"graphemes": 9999, "max": 300}, id="both, told once"),
        pytest.param(4, 4, "length.too_short", {"graphemes": 4, "min": 5}, id="too short"),
    ],
)
def test_length_is_weighed_against_its_limits(graphemes, size, rule_name, evidence):
    found = fired(ruleset("length: {min: 5}"), length(graphemes, size))
    assert {name: reason.evidence for name, reason in found.items()} == (
        {rule_name: evidence} if rule_name else {}
    )
    assert all(reason.action is Action.REJECT for reason in found.values())


def test_an_empty_comment_is_told_so_and_nothing_else():
    empty = Signal(SignalName.EMPTY, 1.0)
    results = {"length": ok(empty, *length(0, 0)["length"].signals)}
    assert list(fired(ruleset("length: {min: 5}"), results)) == ["length.empty"]


@pytest.mark.parametrize(
    ("yaml", "counts", "names"),
    [
        pytest.param("", {"author": 1}, ["repetition.author"], id="author said it once"),
        pytest.param("", {"thread": 2}, [], id="thread said it twice"),
        pytest.param("", {"author": 1, "thread": 3}, ["repetition.author", "repetition.thread"], id="both"),
        pytest.param("repetition: {author: false}", {"author": 9}, [], id="author switched off"),
        pytest.param("repetition: {thread: 5, action: approve}", {"thread": 9}, [], id="action approve"),
        pytest.param("repetition: false", {"author": 9, "thread": 9}, [], id="switched off"),
    ],
)
def test_repetition_fires_from_its_limits_on(yaml, counts, names):
    assert list(fired(ruleset(yaml), repeated(**counts))) == names


def test_repetition_tells_count_limit_and_window():
    (reason,) = PLAIN.weigh(comment(), repeated(thread=4), now=NOW).reasons
    assert reason.evidence == {"repeats": 4, "limit": 3, "window": "10 minutes"}
    assert (reason.action, reason.spans) == (Action.HOLD, ())


@pytest.mark.parametrize(
    ("code", "names"),
    [("en", []), ("ko", []), ("und", []), ("de", ["language.unexpected"])],
    ids=["expected", "also expected", "undetermined", "unexpected"],
)
def test_language_is_unexpected_only_if_it_is_known(code, names):
    assert list(fired(PLAIN, language(code))) == names


def test_language_can_be_switched_off():
    assert PLAIN.weigh(comment(), language("de"), now=NOW).reasons[0].evidence == {
        "language": "de",
        "confidence": 0.9,
        "expected": ["en", "ko"],
    }
    assert fired(ruleset("language: false"), language("de")) == {}


@pytest.mark.parametrize(
    ("score", "action"),
    [(0.49, None), (0.5, "flag"), (0.69, "flag"), (0.7, "hold"), (0.98, "reject"), (1.0, "reject")],
)
def test_a_score_takes_the_strongest_action_it_reaches(score, action):
    found = fired(PLAIN, scores(toxicity=score))
    assert [reason.action for reason in found.values()] == ([Action(action)] if action else [])


def test_a_score_that_is_no_number_or_not_listed_does_nothing():
    assert fired(PLAIN, scores(toxicity=float("nan"), obscene=1.0)) == {}


def test_toxicity_tells_attribute_score_and_threshold():
    (reason,) = PLAIN.weigh(comment(), scores(threat=0.7), now=NOW).reasons
    assert reason.rule == "toxicity.threat"
    assert reason.evidence == {"attribute": "threat", "score": 0.7, "threshold": 0.6}


def test_toxicity_tells_that_the_language_is_doubtful():
    found = scores(threat=0.7)
    doubt = Signal(SignalName.DOUBTFUL, "und", "language")
    doubted = {"toxicity": ok(*found["toxicity"].signals, doubt)}
    (reason,) = PLAIN.weigh(comment(), doubted, now=NOW).reasons
    assert reason.evidence == {
        "attribute": "threat",
        "score": 0.7,
        "threshold": 0.6,
        "language": "doubtful",
    }


@pytest.mark.parametrize(
    ("code", "score", "action"),
    [
        pytest.param("ko", 0.62, "hold", id="own threshold"),
        pytest.param("ko", 0.55, "flag", id="base threshold that stays"),
        pytest.param("ko", 0.99, "hold", id="threshold taken away"),
        pytest.param("en", 0.62, "flag", id="another language"),
        pytest.param("und", 0.99, "reject", id="undetermined"),
    ],
)
def test_thresholds_of_a_language_lie_over_the_base(code, score, action):
    rules = ruleset(
        "toxicity: {by_language: {ko: {toxicity: {hold: 0.6, reject: false}, obscene: {hold: 0.5}}}}"
    )
    found = fired(rules, {**language(code), **scores(toxicity=score, obscene=0.6)})
    assert found["toxicity.toxicity"].action == action
    assert ("toxicity.obscene" in found) == (code == "ko")


@pytest.mark.parametrize(
    ("check", "outcome", "action"),
    [
        ("toxicity", "failed", "hold"),
        ("toxicity", "timed_out", "hold"),
        ("toxicity", "not_covered", "flag"),
        ("language", "failed", "flag"),
        ("length", "failed", "hold"),
        ("links", "timed_out", "hold"),
        ("a_check_of_a_plugin", "failed", "hold"),
    ],
    ids=str,
)
def test_a_check_without_an_answer_does_what_on_failure_says(check, outcome, action):
    (reason,) = PLAIN.weigh(comment(), no_answer(check, Outcome(outcome)), now=NOW).reasons
    assert (reason.rule, reason.action) == (f"on_failure.{check}.{outcome}", Action(action))
    assert reason.evidence == {"check": check, "outcome": outcome, "error": "TimeoutError"}


def test_on_failure_takes_one_action_or_some_outcomes():
    rules = ruleset("on_failure: {links: reject, language: approve, toxicity: {timed_out: flag}}")
    actions = {
        (check, outcome): action_of(
            rules.weigh(comment(), no_answer(check, Outcome(outcome)), now=NOW).reasons
        )
        for check in ("links", "language", "toxicity")
        for outcome in ("failed", "timed_out")
    }
    assert actions == {
        ("links", "failed"): Action.REJECT,
        ("links", "timed_out"): Action.REJECT,
        ("language", "failed"): Action.APPROVE,
        ("language", "timed_out"): Action.APPROVE,
        ("toxicity", "failed"): Action.HOLD,
        ("toxicity", "timed_out"): Action.FLAG,
    }


def test_a_skipped_check_counts_for_nothing():
    assert PLAIN.weigh(comment(), no_answer("toxicity", Outcome.SKIPPED), now=NOW).reasons == ()


@pytest.mark.parametrize(
    ("when", "results", "hits"),
    [
        pytest.param('{links: "> 2"}', links(2), False, id="two links"),
        pytest.param('{links: "> 2"}', links(3), True, id="three links"),
        pytest.param('{links: "= 0"}', links(0), True, id="no links"),
        pytest.param('{links: "== 1"}', links(1), True, id="one link"),
        pytest.param('{links: "2..4"}', links(4), True, id="range, upper end"),
        pytest.param('{links: "2..4"}', links(5), False, id="above range"),
        pytest.param('{links: "= 0"}', {}, False, id="links not counted"),
        pytest.param('{links: "= 0"}', no_answer("links", Outcome.FAILED), False, id="links failed"),
        pytest.param('{scores: {toxicity: ">= 0.4"}}', scores(toxicity=0.4), True, id="score reached"),
        pytest.param('{scores: {toxicity: ">= 0.4"}}', scores(insult=0.4), False, id="score of another"),
        pytest.param('{scores: {toxicity: "< 40 %"}}', scores(toxicity=0.3), True, id="percentage"),
        pytest.param(
            '{scores: {toxicity: "> 0.1", insult: "< 0.1"}}',
            scores(toxicity=0.3, insult=0.3),
            False,
            id="one of two scores",
        ),
        pytest.param("{language: de}", language("de"), True, id="language"),
        pytest.param("{language: [fr, und]}", language("und"), True, id="undetermined language"),
        pytest.param("{language: de}", {}, False, id="language unknown"),
        pytest.param(
            '{language: de, links: "> 2"}', {**language("de"), **links(1)}, False, id="one of two conditions"
        ),
    ],
)
def test_conditions(when, results, hits):
    rules = rule(when, extra="toxicity: {thresholds: {obscene: {hold: 0.9}}}\non_failure: {links: approve}")
    assert ("mine" in fired(rules, results)) is hits


@pytest.mark.parametrize(
    ("condition", "facts", "hits"),
    [
        pytest.param('account_age: "< 3 days"', {"account_age": timedelta(days=2)}, True, id="young"),
        pytest.param('account_age: "< 3 days"', {"account_age": timedelta(days=3)}, False, id="old enough"),
        pytest.param('account_age: "1 hour..1 day"', {"account_age": timedelta(hours=5)}, True, id="range"),
        pytest.param('account_age: "< 3 days"', {"approved_comments": 0}, False, id="age unknown"),
        pytest.param('approved_comments: "< 3"', {"approved_comments": 0}, True, id="few comments"),
        pytest.param('rejection_rate: "> 30 %"', {"rejection_rate": 0.31}, True, id="often rejected"),
        pytest.param("is_trusted: false", {"is_trusted": False}, True, id="not trusted"),
        pytest.param("is_trusted: false", {"name": "x"}, False, id="trust unknown"),
        pytest.param("is_trusted: true", {"is_trusted": False}, False, id="trust differs"),
        pytest.param('is_trusted: true, approved_comments: "> 5"', {"is_trusted": True, "approved_comments": 1}, False, id="one of two"),
        pytest.param('account_age: "< 3 days"', {}, False, id="no author"),
    ],
)  # fmt: skip
def test_facts_about_the_author(condition, facts, hits):
    assert ("mine" in fired(rule(f"{{author: {{{condition}}}}}"), {}, comment(**facts))) is hits


def test_evidence_of_an_author_names_only_what_was_asked_for():
    rules = rule('{author: {account_age: "< 3 days", is_trusted: false}}')
    about = comment(account_age=timedelta(hours=1), is_trusted=False, approved_comments=7)
    assert rules.weigh(about, {}, now=NOW).reasons[0].evidence == {
        "account_age_s": 3600.0,
        "is_trusted": False,
    }


def test_word_lists_are_told_with_entries_and_spans():
    rules = ruleset(
        "word_lists: {slurs: a.txt, spam: b.txt}\n"
        "rules: [{name: mine, when: {words: [slurs, spam]}, action: reject}]",
        **{"a.txt": "idiot\n", "b.txt": "casino\n"},
    )
    found = fired(rules, words(slurs="idiot", other="x"))["mine"]
    assert found.evidence == {"words": ["idiot"], "lists": ["slurs"]}
    assert found.spans == (Span(3, 8),)
    assert fired(rules, words(other="x")) == {}


def test_spans_of_all_conditions_are_joined_in_order_and_once():
    rules = ruleset(
        'word_lists: {slurs: a.txt}\nrules: [{name: mine, when: {words: slurs, links: "> 1"}, action: hold}]',
        **{"a.txt": "idiot\n"},
    )
    found = fired(rules, {**words(slurs="idiot"), **links(2)})["mine"]
    assert found.spans == (Span(0, 5), Span(3, 8), Span(10, 15))
    assert found.evidence == {"links": 2, "words": ["idiot"], "lists": ["slurs"]}


def test_reasons_come_strongest_first_then_in_order():
    rules = ruleset(
        "rules:\n"
        '  - {name: b, when: {links: "> 0"}, action: hold}\n'
        '  - {name: a, when: {links: "> 0"}, action: hold}\n'
        '  - {name: c, when: {links: "> 0"}, action: reject}\n'
    )
    results = {**length(999), **links(1), **language("de"), **scores(toxicity=0.6)}
    names = [reason.rule for reason in rules.weigh(comment(), results, now=NOW).reasons]
    assert names == ["length.too_long", "c", "language.unexpected", "b", "a", "toxicity.toxicity"]
    assert action_of(rules.weigh(comment(), results, now=NOW).reasons) is Action.REJECT


def test_the_shipped_rules_hold_many_links_and_heated_newcomers():
    rules = Ruleset.default()
    assert list(fired(rules, links(3))) == ["many-links"]
    heated = fired(rules, scores(toxicity=0.45), comment(account_age=timedelta(days=1)))
    assert list(heated) == ["newcomer-heat"]


def test_the_author_of_a_comment_may_be_unknown():
    assert Ruleset.default().weigh(Comment("x"), scores(toxicity=0.45), now=NOW).reasons == ()


def test_every_section_can_be_silenced():
    rules = ruleset(
        "length: {action: approve}\nrepetition: false\nlanguage: {unexpected: approve}\ntoxicity: false\n"
    )
    results = {**length(999), **repeated(author=9), **language("de"), **scores(toxicity=1.0)}
    assert rules.weigh(comment(), results, now=NOW).reasons == ()


def test_what_happens_to_the_comment_is_said_once_and_by_the_strongest_rule():
    strong, *weaker = PLAIN.weigh(
        comment(), {**scores(toxicity=0.99, insult=0.7), **language("de")}, now=NOW
    ).reasons
    assert strong.message.count("It was not published.") == 1
    assert len(weaker) == 2
    assert not any("publish" in reason.message for reason in weaker)

"""Warnings about what is right in a ruleset but does nothing."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from moderation.domain import Author, Comment
from moderation.rule_tests import check_file, find_warnings
from moderation.rules import Ruleset, Severity
from moderation.rules.lint.never import DETECTABLE
from moderation.rules.lint.ranges import NumberRange
from moderation.rules.values.comparisons import CountComparison, ShareComparison
from tests.rules.facts import language, length, links, scores, words

NOW = datetime(2026, 11, 25, tzinfo=UTC)
LISTS = {"lists/some.txt": "moron\n", "lists/none.txt": "# nothing yet\n"}


def warned(yaml):
    source = f"version: 1\nword_lists: {{some: lists/some.txt, none: lists/none.txt}}\n{yaml}"
    return find_warnings(Ruleset.parse(source, files=LISTS))


def messages(yaml):
    return [problem.message for problem in warned(yaml) if "this list has no word" not in problem.message]


def rule(when, more="", name="a", action="hold"):
    return f"  - {{name: {name}, when: {when}, action: {action}{more}}}\n"


def rules(*several):
    return "rules:\n" + "".join(several)


@pytest.mark.parametrize(
    ("when", "message"),
    [
        ("{scores: {toxicity: '> 0.5'}, all: [{scores: {toxicity: '< 0.3'}}]}", "`toxicity` and `toxicity` can't both"),
        ("{body_longer_than: 20, body_shorter_than: 21}", "`body_longer_than` and `body_shorter_than` can't both"),
        ("{body: [a, b], ~body: [b, a, c]}", "`body` and `~body` can't both"),
        ("{is_edited: true, all: [{is_edited: false}]}", "`is_edited` and `is_edited` can't both"),
        ("{language: de, all: [{language: [en, ko]}]}", "`language` and `language` can't both"),
        ("{language: [~de, ~en], all: [{language: de}]}", "`language` and `language` can't both"),
        ("{links: '> 3', all: [{links: '= 3'}]}", "`links` and `links` can't both"),
        (
            "{author: {account_age: '< 1 day'}, all: [{author: {account_age: '> 1 week'}}]}",
            "`account_age` and `account_age` can't both",
        ),
        ("{check_outcome: {toxicity: failed}, scores: {insult: '> 0.2'}}", "`insult` is not known"),
        ("{check_outcome: {word_lists: [failed, timed_out]}, words: some}", "`words` is not known"),
        ("{language: eu}", "this rule can never fire: no detector here tells `eu`"),
        ("{language: [en, eu]}", "this does nothing: no detector here tells `eu`"),
        ("{words: none}", "there is no word in the list"),
        ("{body_longer_than: 300}", "`length` rejects more than 300 letters already"),
        ("{body_shorter_than: 1}", "`length` rejects fewer than 1 letters already"),
    ],
)  # fmt: skip
def test_a_rule_that_can_do_nothing_is_told(when, message):
    (found,) = messages(rules(rule(when)))
    assert message in found


@pytest.mark.parametrize(
    "when",
    [
        "{body_longer_than: 20, body_shorter_than: 22}",
        "{body: [a, b], ~body: [a, c]}",
        "{body: a, ~body (case-sensitive): a}",
        "{any: [{links: '> 3'}, {links: '< 2'}]}",
        "{check_outcome: {toxicity: [failed, ok]}, scores: {insult: '> 0.2'}}",
        "{check_outcome: {links: failed}, scores: {insult: '> 0.2'}}",
        "{language: [en, und, ja, zh]}",
        "{language: [~eu]}",
        "{language: [de, en], all: [{language: [~de]}]}",
        "{words: [none, some]}",
        "{body_longer_than: 299}",
        "{scores: {insult: '> 0.2', threat: '< 0.1'}}",
    ],
)
def test_a_rule_that_can_do_something_is_not(when):
    assert messages(rules(rule(when))) == []


def test_the_length_of_the_box_matters_only_where_it_is_stronger():
    long = rule("{body_longer_than: 300}", action="reject")
    assert messages("length: {action: hold}\n" + rules(long)) == []
    assert messages(rules(long))
    assert messages(rules(rule("{body_longer_than: 300}", action="approve", more=", priority: 3"))) == []


def test_a_rule_without_a_sample_and_retired_ones():
    assert messages(rules(rule("{body: x}", ", sample: 0"))) == ["this rule looks at no comment"]
    assert messages(rules(rule("{body_longer_than: 999}", ", status: retired"))) == []


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (rule("{links: '> 1'}"), rule("{links: '> 3'}", name="b"), "b"),
        (rule("{links: '> 3'}"), rule("{links: '> 1'}", name="b"), "a"),
        (rule("{body: x}"), rule("{body: x}", name="b"), "b"),
        (rule("{body: [x, z]}", action="reject"), rule("{body: z, links: '> 1'}", name="b", action="flag"), "b"),
        (rule("{~body: [x]}"), rule("{~body: [x, z]}", name="b"), "b"),
        (rule("{links.domain: [a.example, b.example]}"), rule("{links.domain: a.example}", name="b"), "b"),
        (rule("{words: [some, none]}"), rule("{words: some}", name="b"), "b"),
        (rule("{language: [en, ko]}"), rule("{language: en}", name="b"), "b"),
        (rule("{author: {is_trusted: false}}"), rule("{author: {is_trusted: false, account_age: '< 1 day'}}", name="b"), "b"),
        (rule("{any: [{body: x}, {body: z}]}"), rule("{any: [{body: x}, {body: z}], links: '> 1'}", name="b"), "b"),
    ],
)  # fmt: skip
def test_a_rule_that_another_one_covers_is_told(first, second, told):
    (found,) = [one for one in warned(rules(first, second)) if "changes nothing" in one.message]
    assert f"name: {told}," in found.source_line
    assert (found.severity, found.source_line[found.column - 1 :][:1]) == (Severity.WARNING, told)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (rule("{links: '> 1'}", action="flag"), rule("{links: '> 3'}", name="b")),
        (rule("{links: '> 1'}", ", sample: 10 %"), rule("{links: '> 3'}", name="b")),
        (rule("{links: '> 1'}", ", expires: 2099-01-01"), rule("{links: '> 3'}", name="b")),
        (rule("{links: '> 1'}", ", status: shadow"), rule("{links: '> 3'}", name="b")),
        (rule("{links: '> 1'}"), rule("{links: '> 3'}", ", priority: 5", name="b")),
        (rule("{links: '> 1'}"), rule("{links: '> 3'}", ", moderators_exempt: false", name="b")),
        (rule("{links: '> 1', language: en}"), rule("{links: '> 3'}", name="b")),
        (rule("{body: x}"), rule("{body (regex): x}", name="b")),
        (rule("{body: x}"), rule("{~body: x}", name="b")),
        (rule("{language: en}"), rule("{language: [~en]}", name="b")),
        (rule("{language: [~ko]}"), rule("{language: [en]}", name="b")),
        (rule("{author: {account_age: '< 1 day', approved_comments: '< 3', satisfy_any_threshold: true}}"),
         rule("{author: {account_age: '< 1 day'}}", name="b")),
    ],
)  # fmt: skip
def test_a_rule_that_does_something_of_its_own_is_not(first, second):
    assert messages(rules(first, second)) == []


@pytest.mark.parametrize(
    ("yaml", "told"),
    [
        (rules(rule("{scores: {toxicity: '>= 0.85'}}")), True),
        (rules(rule("{scores: {toxicity: '>= 0.6'}}")), False),
        (rules(rule("{scores: {toxicity: '>= 0.85'}}", action="reject")), False),
        (rules(rule("{scores: {toxicity: '>= 0.85'}}", ", priority: 5")), False),
        (rules(rule("{scores: {obscene: '>= 0.85'}}")), False),
        ("toxicity: {by_language: {ko: {toxicity: {hold: 0.9}}}}\n" + rules(rule("{scores: {toxicity: '>= 0.85'}}")), False),
        ("toxicity: {by_language: {ko: {toxicity: {hold: 0.7}}}}\n" + rules(rule("{scores: {toxicity: '>= 0.85'}}")), True),
    ],
    ids=["covered", "begins lower", "stronger", "more priority", "no threshold", "less in Korean", "more in Korean"],
)  # fmt: skip
def test_a_rule_that_a_threshold_covers_is_told(yaml, told):
    assert [("`toxicity.thresholds` does as much" in message) for message in messages(yaml)] == [True] * told


@pytest.mark.parametrize(
    ("examples", "place"),
    [
        ("[baz and bar]", "baz and bar"),
        ("[baz, see a.com baz b.com]", "see a.com"),
        ("[{text: baz, scores: {toxicity: 0.99}}]", None),
    ],
    ids=["by a rule", "by links", "by a threshold"],
)
def test_an_example_that_something_stronger_catches_is_told(examples, place):
    (found,) = warned_about_examples(examples)
    assert "catches this example first: it rejects" in found.message
    if place:
        assert found.source_line[found.column - 1 :].startswith(place)


def warned_about_examples(examples):
    yaml = rules(
        rule("{body: bar}", action="reject"),
        rule("{links: '> 1'}", name="l", action="reject"),
        rule("{body: baz}", f", examples: {{match: {examples}}}", name="b"),
    )
    return [one for one in warned(yaml) if "example" in one.message]


def test_an_example_that_shows_its_rule_is_not():
    assert warned_about_examples("[baz, {text: baz, scores: {toxicity: 0.6}}]") == []


def test_words_that_stand_in_a_list_twice_are_told_with_both_lines(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "list.txt").write_text("one\n# two\n  One  # again\n*one\none*\n")
    (tmp_path / "empty.txt").write_text("\n")
    (tmp_path / "rules.yaml").write_text(
        "version: 1\nword_lists: {a: list.txt, e: empty.txt, b: 'builtin:words_en'}\n"
        "rules: [{name: a, when: {words: [a, b, e]}, action: hold}]\n"
    )
    of_list, of_rules = sorted(check_file(tmp_path / "rules.yaml"), key=lambda problem: problem.file)
    assert of_list.message == "`One` stands in this list twice: first in line 1"
    assert (of_list.line, of_list.column) == (3, 3)
    assert of_rules.message == "this list has no word in it"


def test_errors_come_alone(tmp_path):
    path = tmp_path / "rules.yaml"
    path.write_text("version: 1\nlenght: {}\n" + rules(rule("{body_longer_than: 999}")))
    assert [problem.severity for problem in check_file(path)] == [Severity.ERROR]
    path.write_text("version: 1\n" + rules(rule("{body_longer_than: 999}")))
    assert [problem.severity for problem in check_file(path)] == [Severity.WARNING]


def test_the_shipped_rules_have_no_warnings():
    assert find_warnings(Ruleset.default()) == []


def test_what_the_detector_knows_is_known():
    assert {"en", "ko", "ja", "zh", "ru", "und"} <= DETECTABLE
    assert len(DETECTABLE) > 45


counts = st.builds(
    lambda sign, number: f"{sign} {number}", st.sampled_from(["<=", ">", ">=", "="]), st.integers(0, 6)
) | st.builds(lambda low, more: f"{low}..{low + more}", st.integers(0, 4), st.integers(0, 3))


@given(counts, counts)
def test_ranges_say_what_comparisons_say(one, other):
    adapter = TypeAdapter(CountComparison)
    first, second = adapter.validate_python(one), adapter.validate_python(other)
    numbers = [number / 2 for number in range(20)]
    mine, others = NumberRange.of_comparison(first), NumberRange.of_comparison(second)
    both = [number for number in numbers if first.holds(number) and second.holds(number)]
    assert mine.cut(others).empty is (not both)
    if mine.within(others):
        assert all(second.holds(number) for number in numbers if first.holds(number))
    assert NumberRange.of_comparison(TypeAdapter(ShareComparison).validate_python("0.2..0.4")).within(
        NumberRange(low=0.1)
    )


conditions = st.sampled_from(
    [
        "links: '> 0'", "links: '> 2'", "scores: {toxicity: '> 0.3'}", "scores: {toxicity: '0.4..0.9'}",
        "scores: {toxicity: '> 0.85'}", "language: en", "language: [en, ko]", "body: [good, bad]", "body: bad",
        "~body: bad", "~body: [good, bad]", "words: some", "body_longer_than: 20", "body_longer_than: 90",
        "author: {is_trusted: false}", "any: [{links: '> 1'}, {body: bad}]",
    ]
)  # fmt: skip
whens = st.lists(conditions, min_size=1, max_size=3, unique_by=lambda text: text.partition(":")[0]).map(
    lambda several: f"{{{', '.join(several)}}}"
)
found = st.builds(
    lambda n, score, code, size, word: {
        **links(n), **scores(toxicity=score), **language(code), **length(size), **(words(some=word) if word else {})
    },
    st.integers(0, 4), st.sampled_from([0.1, 0.35, 0.5, 0.83, 0.88, 0.99]), st.sampled_from(["en", "ko", "de"]),
    st.sampled_from([5, 50, 100]), st.sampled_from(["moron", ""]),
)  # fmt: skip


@given(
    st.lists(st.tuples(whens, st.sampled_from(["flag", "hold", "reject"])), min_size=2, max_size=4),
    st.sampled_from(["a good day", "a bad day", "a day"]),
    found,
)
def test_without_a_rule_that_changes_nothing_every_decision_is_the_same(several, text, results):
    yaml = rules(*(rule(when, name=f"r{n}", action=action) for n, (when, action) in enumerate(several)))
    source = f"version: 1\nword_lists: {{some: lists/some.txt}}\n{yaml}"
    ruleset = Ruleset.parse(source, files=LISTS)
    comment = Comment(text, author=Author("u", is_trusted=False))
    idle = [one for one in find_warnings(ruleset) if "changes nothing" in one.message]
    names = [f"r{one.line - 4}" for one in idle]
    everything = ruleset.weigh(comment, results, now=NOW)
    assert ruleset.weigh(comment, results, now=NOW, without=names).action is everything.action
    impossible = [one for one in find_warnings(ruleset) if "can never fire" in one.message]
    fired = {reason.rule for reason in everything.reasons}
    assert not fired & {f"r{one.line - 4}" for one in impossible}

"""What holds for any rules and any findings."""

import re

from hypothesis import given
from hypothesis import strategies as st

from moderation.domain import ATTRIBUTES, Action, Outcome
from moderation.errors import RulesError
from moderation.rules import Ruleset, action_of
from moderation.store.comments.stored_form import checks_from_json, checks_to_json
from tests.rules.facts import NOW, comment, language, length, links, no_answer, repeated, scores, words

DEFAULT = Ruleset.default()
SCORES = st.dictionaries(st.sampled_from(ATTRIBUTES), st.floats(0, 1))
CONDITIONS = st.sampled_from(
    [
        "{body: [text, other]}",
        "{~body (regex): 't.x'}",
        "{not: {any: [{links: '> 2'}, {scores: {threat: '> 0.5'}}]}}",
        "{check_outcome: {toxicity: [failed, skipped]}}",
        "{repeated: {thread: '> 0 in 10 minutes'}, is_edited: false}",
        '{links: "> 1"}',
        '{scores: {toxicity: ">= 0.4"}}',
        "{language: [de, und]}",
        '{links: "= 0", scores: {insult: "0.2..0.8"}}',
        "{author: {is_trusted: false}}",
        "{words: slurs}",
    ]
)
PRIORITIES = st.integers(-1, 2)
RULES = st.lists(
    st.tuples(CONDITIONS, st.sampled_from(["approve", "flag", "hold", "reject"]), PRIORITIES), max_size=6
)


@st.composite
def findings(draw):
    results = {
        **length(draw(st.integers(0, 400)), draw(st.integers(0, 6000))),
        **repeated(
            author=draw(st.integers(0, 4)),
            thread=draw(st.integers(0, 4)),
            **{"thread@600": draw(st.integers(0, 2))},
        ),
        **links(draw(st.integers(0, 4))),
        **draw(st.sampled_from([words(), words(slurs="idiot"), words(other="x")])),
        **language(draw(st.sampled_from(["en", "ko", "de", "und"]))),
        **scores(**draw(SCORES)),
    }
    for check in draw(st.sets(st.sampled_from(sorted(results)))):
        results |= no_answer(check, draw(st.sampled_from([o for o in Outcome if o is not Outcome.OK])))
    return results


def parse(rules, toxicity="{}", status="live"):
    lines = [
        f"  - {{name: r{n}, when: {when}, action: {action}, priority: {priority}, status: {status if n == 0 else 'live'}}}"
        for n, when, action, priority in rules
    ]
    source = f"version: 1\ntoxicity: {toxicity}\nword_lists: {{slurs: a.txt}}\nrules:\n" + "\n".join(lines)
    return Ruleset.parse(source, files={"a.txt": "idiot\n"})


def weigh(rules, results, **options):
    return rules.weigh(comment(is_trusted=False), results, now=NOW, **options)


@given(RULES, findings(), st.data())
def test_the_order_of_rules_changes_neither_action_nor_which_fire(rules, results, data):
    numbered = [(n, *rule) for n, rule in enumerate(rules)]
    shuffled = data.draw(st.permutations(numbered))
    one, other = weigh(parse(numbered), results), weigh(parse(shuffled), results)
    assert one.action is other.action
    assert {(reason.rule, reason.action) for reason in one.reasons} == {
        (reason.rule, reason.action) for reason in other.reasons
    }


@given(RULES, findings())
def test_the_action_is_the_strongest_that_is_asked_for(rules, results):
    weighed = weigh(parse([(n, *rule) for n, rule in enumerate(rules)]), results)
    assert weighed.action is action_of(weighed.reasons)
    strengths = [reason.action.strength for reason in weighed.reasons]
    assert strengths == sorted(strengths, reverse=True)


@given(RULES, findings())
def test_a_rule_in_the_shadow_changes_no_decision(rules, results):
    numbered = [(n, *rule) for n, rule in enumerate(rules)]
    with_shadow, without = (
        weigh(parse(numbered, status="shadow"), results),
        weigh(parse(numbered[1:]), results),
    )
    assert (with_shadow.action, with_shadow.reasons) == (without.action, without.reasons)
    assert {reason.rule for reason in with_shadow.shadow} <= {"r0"}


@given(
    RULES, findings(), st.sets(st.sampled_from(["r0", "r1", "r2", "toxicity.toxicity", "length.too_long"]))
)
def test_the_brake_never_strengthens_an_action(rules, results, muted):
    ruleset = parse([(n, *rule) for n, rule in enumerate(rules)])
    free, braked = weigh(ruleset, results), weigh(ruleset, results, muted=muted)
    assert braked.action.strength <= free.action.strength
    assert {reason.rule for reason in braked.reasons} == {reason.rule for reason in free.reasons}
    assert all(reason.action is not Action.REJECT for reason in braked.reasons if reason.rule in muted)


@given(RULES, findings())
def test_leaving_out_a_rule_that_is_not_there_changes_nothing(rules, results):
    ruleset = parse([(n, *rule) for n, rule in enumerate(rules)])
    assert weigh(ruleset, results, without={"r99", "no.such"}) == weigh(ruleset, results)


@given(RULES, findings(), st.integers(0, 5))
def test_a_rule_that_is_left_out_is_as_good_as_retired(rules, results, which):
    numbered = [(n, *rule) for n, rule in enumerate(rules)]
    rest = [rule for rule in numbered if rule[0] != which]
    assert weigh(parse(numbered), results, without={f"r{which}"}) == weigh(parse(rest), results)


@given(RULES, findings())
def test_what_was_stored_is_weighed_the_same_again(rules, results):
    ruleset = parse([(n, *rule) for n, rule in enumerate(rules)])
    again = Ruleset.parse(ruleset.source, files=ruleset.files)
    assert weigh(again, checks_from_json(checks_to_json(results))) == weigh(ruleset, results)


@given(st.floats(0, 1), st.floats(0, 1), findings(), st.sampled_from(["flag", "hold", "reject"]))
def test_raising_the_score_of_a_rule_never_strengthens_the_action(one, other, results, action):
    low, high = sorted((round(one, 6), round(other, 6)))

    def weighed(score):
        return weigh(parse([(0, f'{{scores: {{toxicity: ">= {score:.6f}"}}}}', action, 0)]), results)

    assert weighed(high).action.strength <= weighed(low).action.strength


@given(
    st.lists(st.floats(0, 1), min_size=3, max_size=3, unique=True),
    st.integers(0, 2),
    st.floats(0, 1),
    findings(),
)
def test_raising_a_threshold_never_strengthens_the_action(levels, which, to, results):
    levels = sorted(levels)
    ceiling = levels[which + 1] if which < 2 else 1.0
    raised = [*levels[:which], levels[which] + to * (ceiling - levels[which]), *levels[which + 1 :]]
    if which < 2 and raised[which] >= ceiling:
        raised[which] = levels[which]

    def action(thresholds):
        flag, hold, reject = (f"{value!r}" for value in thresholds)
        table = f"{{thresholds: {{toxicity: {{flag: {flag}, hold: {hold}, reject: {reject}}}}}}}"
        return action_of(parse([], table).weigh(comment(), results, now=NOW).reasons)

    assert action(raised).strength <= action(levels).strength


@given(findings())
def test_evaluation_is_deterministic_sorted_and_never_approves(results):
    reasons = DEFAULT.weigh(comment(), results, now=NOW).reasons
    assert reasons == DEFAULT.weigh(comment(), results, now=NOW).reasons
    strengths = [reason.action.strength for reason in reasons]
    assert strengths == sorted(strengths, reverse=True)
    assert Action.APPROVE not in {reason.action for reason in reasons}
    assert all(reason.message for reason in reasons)


@given(
    st.lists(
        st.sampled_from(["length", "links", "word_lists", "language", "toxicity", "repetition"]), min_size=1
    )
)
def test_a_check_that_is_skipped_is_as_good_as_absent(checks):
    skipped = {name: result for check in checks for name, result in no_answer(check, Outcome.SKIPPED).items()}
    assert DEFAULT.weigh(comment(), skipped, now=NOW).reasons == ()


def usable_or_refused(source):
    try:
        said = Ruleset.parse(source).hash
    except RulesError as error:
        said = error.what
    assert re.fullmatch(r"[0-9a-f]{64}", said) or re.search(r"^ +--> rules\.yaml", said, flags=re.MULTILINE)


@given(
    st.one_of(st.text(), st.text(alphabet="a:- \n\t{}[]\"'&*#!|>%@`,?1\u3164\ud800\x85\u2028"), st.binary())
)
def test_any_text_or_bytes_is_used_or_refused(source):
    usable_or_refused(source)


JUNK = st.one_of(
    st.sampled_from(
        ["{}", "[]", "[{}]", "null", "~", "no", "false", '""', "-1", ".nan", ".inf", "1e999", "9" * 5000]
    ),
    st.sampled_from(
        ["&a", "*a", "&a [*a]", "<<: 1", "!!int x", "!!set {a}", "? b", "|", '"\\0"', "2027-01-31", "\t"]
    ),
    st.text(max_size=8),
)


@given(st.data())
def test_a_mutated_ruleset_is_used_or_refused(data):
    lines = [
        line for line in DEFAULT.source.splitlines() if line.strip() and not line.lstrip().startswith("#")
    ]
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(lines) - 1))
        junk = data.draw(JUNK)
        key, colon, value = lines[place].partition(":")
        lines[place] = data.draw(
            st.sampled_from(
                [
                    f"{key}{colon} {junk}",
                    f"{junk}{colon}{value}",
                    lines[place] + junk,
                    lines[place].replace("{", junk, 1),
                    re.sub(r"[\w.]+", junk.replace("\\", r"\\"), lines[place], count=1),
                    f" {lines[place]}",
                    f"{lines[place]}\n{lines[place]}",
                    "",
                ]
            )
        )
    usable_or_refused("\n".join(lines))

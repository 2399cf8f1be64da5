"""What holds for any rules and any findings."""

import re

from hypothesis import given
from hypothesis import strategies as st

from moderation.domain import ATTRIBUTES, Action, Outcome
from moderation.errors import RulesError
from moderation.rules import Ruleset, action_of
from tests.rules.facts import NOW, comment, language, length, links, no_answer, repeated, scores, words

DEFAULT = Ruleset.default()
SCORES = st.dictionaries(st.sampled_from(ATTRIBUTES), st.floats(0, 1))
CONDITIONS = st.sampled_from(
    [
        '{links: "> 1"}',
        '{scores: {toxicity: ">= 0.4"}}',
        "{language: [de, und]}",
        '{links: "= 0", scores: {insult: "0.2..0.8"}}',
        "{author: {is_trusted: false}}",
        "{words: slurs}",
    ]
)
RULES = st.lists(st.tuples(CONDITIONS, st.sampled_from(["flag", "hold", "reject"])), max_size=6)


@st.composite
def findings(draw):
    results = {
        **length(draw(st.integers(0, 400)), draw(st.integers(0, 6000))),
        **repeated(author=draw(st.integers(0, 4)), thread=draw(st.integers(0, 4))),
        **links(draw(st.integers(0, 4))),
        **draw(st.sampled_from([words(), words(slurs="idiot"), words(other="x")])),
        **language(draw(st.sampled_from(["en", "ko", "de", "und"]))),
        **scores(**draw(SCORES)),
    }
    for check in draw(st.sets(st.sampled_from(sorted(results)))):
        results |= no_answer(check, draw(st.sampled_from([o for o in Outcome if o is not Outcome.OK])))
    return results


def parse(rules, toxicity="{}"):
    lines = [f"  - {{name: r{n}, when: {when}, action: {action}}}" for n, when, action in rules]
    source = f"version: 1\ntoxicity: {toxicity}\nword_lists: {{slurs: a.txt}}\nrules:\n" + "\n".join(lines)
    return Ruleset.parse(source, files={"a.txt": "idiot\n"})


@given(RULES, findings(), st.data())
def test_the_order_of_rules_changes_neither_action_nor_which_fire(rules, results, data):
    numbered = [(n, *rule) for n, rule in enumerate(rules)]
    shuffled = data.draw(st.permutations(numbered))
    about = comment(is_trusted=False)
    one, other = (
        parse(numbered).weigh(about, results, now=NOW).reasons,
        parse(shuffled).weigh(about, results, now=NOW).reasons,
    )
    assert action_of(one) is action_of(other)
    assert {reason.rule for reason in one} == {reason.rule for reason in other}


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

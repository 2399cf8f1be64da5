"""Which changes of rules.yaml change which rule."""

import pytest

from moderation.rules import Ruleset

RULE = "{name: a, when: {links: '> 2'}, action: hold}"
LISTED = "{name: a, when: {any: [{words: w}, {links: '> 2'}]}, action: hold}"


def marks(rule=RULE, more="", words="gnome\n"):
    lists = "word_lists: {w: w.txt}\n" if "words" in rule else ""
    text = f"version: 1\n{lists}{more}rules:\n- {rule}\n"
    return Ruleset.parse(text, files={"w.txt": words}).fingerprints


def changed(before, after):
    return {rule for rule in {*before, *after} if before.get(rule) != after.get(rule)}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(marks(), marks(RULE.replace("2", "3")), {"a"}, id="condition"),
        pytest.param(marks(), marks(RULE.replace("hold", "flag")), {"a"}, id="action"),
        pytest.param(marks(), marks(RULE.replace("hold", "hold, explain: Hm.")), set(), id="wording"),
        pytest.param(marks(), marks(RULE.replace("hold", "hold, status: shadow")), {"a"}, id="status"),
        pytest.param(marks(LISTED), marks(LISTED, words="troll\n"), {"a"}, id="word-list"),
        pytest.param(marks(RULE), marks(RULE, words="troll\n"), set(), id="a-list-it-does-not-name"),
        pytest.param(
            marks(),
            marks(more="toxicity: {thresholds: {toxicity: {hold: 0.7}, threat: {hold: 0.1}}}\n"),
            {f"toxicity.{a}" for a in ("toxicity", "threat", "insult", "severe_toxicity", "identity_attack")},
            id="a-section-that-was-not-there",
        ),
        pytest.param(
            marks(more="toxicity: {thresholds: {toxicity: {hold: 0.7}, threat: {hold: 0.1}}}\n"),
            marks(more="toxicity: {thresholds: {toxicity: {hold: 0.8}, threat: {hold: 0.1}}}\n"),
            {"toxicity.toxicity"},
            id="one-threshold",
        ),
        pytest.param(
            marks(),
            marks(more="length: {max: 9}\n"),
            {"length.empty", "length.too_long", "length.too_short"},
            id="section",
        ),
        pytest.param(
            marks(),
            marks(more="on_failure: {links: {failed: reject}}\n"),
            {"on_failure.links.failed"},
            id="one-failure",
        ),
    ],
)
def test_a_rule_changes_with_what_it_does_and_no_other(before, after, expected):
    assert changed(before, after) == expected

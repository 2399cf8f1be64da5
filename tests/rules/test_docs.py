"""docs/rules.md and the shipped rules.yaml say what the schema says."""

import re
from pathlib import Path

import pytest

from moderation.checks import LengthCheck, Subject
from moderation.checks.links import LinksCheck
from moderation.domain import CheckResult, Outcome, Signal, SignalName
from moderation.pipeline import written_at
from moderation.rules import Ruleset
from moderation.rules.conditions import AuthorIs, Repeated, When, WrittenAt
from moderation.rules.conditions.facts import Facts
from moderation.rules.conditions.keys import FIELDS, MODIFIERS
from moderation.rules.schema.config import LanguageSection, Length, Repetition, Rule, RulesConfig, Toxicity
from moderation.rules.schema.examples import Example, ExampleAuthor, Examples
from moderation.rules.schema.rule import Status
from moderation.rules.schema.thresholds import Levels
from moderation.rules.values.failures import Failures, OnFailure
from moderation.rules.values.sections import Section
from moderation.rules.weighing.weigh import compile_rules, weigh_facts
from tests.rules.facts import NOW

ROOT = Path(__file__).parents[2]
DOCS = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", DOCS, flags=re.DOTALL)
FILES = {
    "base.yaml": "version: 1\nlength: {min: 2}\n",
    "lists/a.yaml": "rules: [{name: a, when: {links: '> 5'}, action: hold}]\n",
    "more.yaml": "word_lists: {more: words.txt}\nrules: [{name: b, when: {words: more}, action: hold}]\n",
    "words.txt": "idiot\n",
}
SECTIONS: dict[str, tuple[type[Section], ...]] = {
    "length": (Length,),
    "repetition": (Repetition,),
    "language": (LanguageSection,),
    "toxicity": (Toxicity,),
    "thresholds": (Levels,),
    "on_failure": (OnFailure, Failures),
    "rules": (Rule,),
    "Conditions": (When,),
    "author": (AuthorIs,),
    "repeated": (Repeated,),
    "time": (WrittenAt,),
    "Examples": (Examples, Example, ExampleAuthor),
}


@pytest.mark.parametrize(
    "example", EXAMPLES, ids=[f"{n}-{text.split(':', 1)[0]}" for n, text in enumerate(EXAMPLES)]
)
def test_every_example_is_a_ruleset(example):
    assert Ruleset.parse(_ruleset(example), files=FILES).config.version == 1


def _ruleset(example: str) -> str:
    return example if example.startswith("version") else f"version: 1\n{example}"


@pytest.mark.parametrize("name", [*FIELDS, *MODIFIERS])
def test_every_field_and_modifier_of_text_conditions_is_documented(name):
    assert f"`{name}`" in _under("Text")


@pytest.mark.parametrize(
    "rule",
    [rule for example in EXAMPLES for rule in Ruleset.parse(_ruleset(example), files=FILES).config.rules],
    ids=lambda rule: rule.name,
)
def test_every_rule_of_the_docs_catches_its_own_examples(rule):
    """Those that need no check but the cheap ones."""
    alone = rule.model_copy(update={"status": Status.LIVE, "sample": 1.0})
    for wanted, examples in (
        (True, rule.examples and rule.examples.match),
        (False, rule.examples and rule.examples.no_match),
    ):
        for example in examples or ():
            assert _fires(alone, example) is wanted, example


def _fires(rule: Rule, example: Example) -> bool:
    comment = example.comment()
    config = RulesConfig(version=1, rules=(rule,))
    subject = Subject(comment, written_at(comment, NOW))
    results = {check.name: check.examine(subject) for check in (LengthCheck(), LinksCheck())}
    scores = [Signal(SignalName.SCORE, score, key=name) for name, score in example.scores.items()]
    results["toxicity"] = CheckResult(Outcome.OK, tuple(scores))
    rules = compile_rules(config)
    facts = Facts(comment, results, now=subject.now, index=rules.index)
    return rule.name in {reason.rule for reason in weigh_facts(rules, facts, muted=(), without=()).reasons}


@pytest.mark.parametrize("key", sorted(RulesConfig.model_fields))
def test_every_section_has_its_heading_and_example(key):
    assert f"\n## `{key}`\n" in DOCS
    assert any(f"{key}:" in example for example in EXAMPLES)


@pytest.mark.parametrize("heading", SECTIONS)
def test_every_key_of_a_section_is_documented_under_its_heading(heading):
    keys = {key for model in SECTIONS[heading] for key in model.known_keys()}
    assert {key for key in keys if f"`{key}`" not in _under(heading)} == set()


def _under(heading: str) -> str:
    start = re.search(rf"^(#+) `?{heading}`?$", DOCS, flags=re.MULTILINE)
    assert start, heading
    deeper = "#" * len(start[1])
    rest = DOCS[start.end() :]
    return re.split(rf"^#{{1,{len(deeper)}}} ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def test_the_shipped_rules_spell_out_the_defaults():
    shipped, plain = Ruleset.default().config, Ruleset.parse("version: 1").config
    own = {"rules"}
    assert {key: getattr(shipped, key) for key in RulesConfig.model_fields if key not in own} == {
        key: getattr(plain, key) for key in RulesConfig.model_fields if key not in own
    }


def test_the_documented_thresholds_are_the_defaults():
    (example,) = [text for text in EXAMPLES if "severe_toxicity:" in text]
    documented = Ruleset.parse(f"version: 1\n{example}").config
    assert documented.toxicity == Ruleset.parse("version: 1").config.toxicity


def test_the_shipped_rules_work_with_every_commented_line_switched_on():
    commented = r"^  # (?=own_words|shipped_|- name|by_language:|  \w+:)"
    source = re.sub(commented, "  ", Ruleset.default().source, flags=re.MULTILINE)
    ruleset = Ruleset.parse(source, files={"lists/own_words.txt": "idiot\n"})
    assert {rule.name for rule in ruleset.config.rules} >= {"own-words", "shipped-words"}
    assert ruleset.config.toxicity
    assert set(ruleset.config.toxicity.by_language) == {"ko"}
    assert set(ruleset.words) == {"own_words", "shipped_en", "shipped_ko"}

"""docs/rules.md and the shipped rules.yaml say what the schema says."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from moderation.rules import Ruleset
from moderation.rules.conditions import AuthorIs, When
from moderation.rules.failures import Failures, OnFailure
from moderation.rules.schema import LanguageSection, Length, Repetition, Rule, RulesConfig, Toxicity
from moderation.rules.thresholds import Levels

ROOT = Path(__file__).parents[2]
DOCS = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", DOCS, flags=re.DOTALL)
SECTIONS: dict[str, tuple[type[BaseModel], ...]] = {
    "length": (Length,),
    "repetition": (Repetition,),
    "language": (LanguageSection,),
    "toxicity": (Toxicity,),
    "thresholds": (Levels,),
    "on_failure": (OnFailure, Failures),
    "rules": (Rule,),
    "Conditions": (When,),
    "author": (AuthorIs,),
}


@pytest.mark.parametrize(
    "example", EXAMPLES, ids=[f"{n}-{text.split(':', 1)[0]}" for n, text in enumerate(EXAMPLES)]
)
def test_every_example_is_a_ruleset(example):
    source = example if example.startswith("version") else f"version: 1\n{example}"
    assert Ruleset.parse(source).config.version == 1


@pytest.mark.parametrize("key", sorted(RulesConfig.model_fields))
def test_every_section_has_its_heading_and_example(key):
    assert f"\n## `{key}`\n" in DOCS
    assert any(f"{key}:" in example for example in EXAMPLES)


@pytest.mark.parametrize("heading", SECTIONS)
def test_every_key_of_a_section_is_documented_under_its_heading(heading):
    keys = {key for model in SECTIONS[heading] for key in model.model_fields}
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

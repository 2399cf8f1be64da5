"""The JSON Schema for editors, against rulesets that are right and wrong."""

import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from moderation.importers.automoderator import import_automoderator
from moderation.rules.reading.source import SourceText
from moderation.rules.schema.editors import json_schema

ROOT = Path(__file__).parents[3]
DOCS = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", DOCS, flags=re.DOTALL)
PAGE = (ROOT / "tests" / "importers" / "pages" / "common.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def validator():
    return Draft202012Validator(json_schema())


def mistakes(validator, text):
    source = text if text.startswith(("version", "#")) else f"version: 1\n{text}"
    return [error.message for error in validator.iter_errors(SourceText("rules.yaml", source).tree().data)]


def rule(when, more=""):
    return f"rules: [{{name: a, when: {when}, action: hold{more}}}]"


def test_it_is_a_schema_of_its_dialect():
    schema = json_schema()
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize(
    "example", EXAMPLES, ids=[f"{n}-{text.split(':')[0]}" for n, text in enumerate(EXAMPLES)]
)
def test_every_documented_example_fits(example, validator):
    assert mistakes(validator, example) == []


def test_the_shipped_rules_and_an_imported_page_fit(validator):
    assert mistakes(validator, (ROOT / "rules.yaml").read_text(encoding="utf-8")) == []
    assert mistakes(validator, import_automoderator(PAGE).source) == []


@pytest.mark.parametrize(
    "text",
    [
        "toxicity: false",
        "rules:\nword_lists:",
        "on_failure: {toxicity: hold, language: {failed: flag}}",
        "toxicity: {thresholds: {threat: {hold: false}}, by_language: {ko: {threat: {hold: 0.3}}}}",
        rule("{'~author+body#2 (regex , includes)': [x]}"),
        rule("{author: bob, ~links.domain: a.example}", ", sample: 10 %, expires: 2027-01-01, status: draft"),
        rule("{author: {'~name#1 (full-exact)': x}, reports: 3, language: [~en]}"),
        rule("{any: [{body: x}, {not: {links: '> 2'}}]}", ", explain: {en: a, ko: b}"),
        rule("{links: '> 2'}", ", examples: {match: x, no_match: [y, {text: z, scores: {toxicity: 0.1}}]}"),
    ],
)
def test_every_way_to_write_a_value_fits(text, validator):
    assert mistakes(validator, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "lenght: {max: 3}",
        "length: {mx: 3}",
        "length: {max: three}",
        "repetition: true",
        "toxicity: {thresholds: {toxicty: {hold: 0.3}}}",
        "toxicity: {thresholds: {toxicity: {hold: 3}}}",
        "language: {expected: [kr]}",
        "on_failure: {toxicity: {failed: explode}}",
        "rules: [{when: {body: x}, action: hold}]",
        rule("{body (regexp): x}"),
        rule("{links: 2}"),
        rule("{author: {nme: x}}"),
        rule("{not: {foo: x}}"),
        rule("{body: x}", ", action2: hold"),
        rule("{body: x}").replace("hold", "hld"),
        rule("{body: x}", ", status: lve"),
        "rules: [{name: a, when:, action: hold}]",
    ],
)
def test_unknown_keys_and_values_of_the_wrong_kind_do_not_fit(text, validator):
    assert mistakes(validator, text)


def test_every_key_that_a_section_knows_is_described():
    schema = json_schema()
    sections = {"rules.yaml": schema, **schema["$defs"]}
    bare = {
        f"{name}.{key}"
        for name, section in sections.items()
        if name not in {"Scores", "CheckOutcome"}  # their keys are attributes and checks
        for key, value in section.get("properties", {}).items()
        if not ({"description", "$ref", "anyOf"} & set(value))
    }
    assert bare == set()

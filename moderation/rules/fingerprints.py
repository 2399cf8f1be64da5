"""Tells whether a rule is still the same: a fingerprint of each, over all that says when it fires and what it does.

It is taken over what is written in rules.yaml and not over our own objects, so that a new release
of this package does not make every rule look changed.
"""

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

from moderation.domain import Outcome
from moderation.rules.schema.config import RulesConfig
from moderation.rules.values.failures import NO_ANSWER, OnFailure

_WORDING = frozenset({"explain", "examples", "note", "owner", "policy"})
"""What a rule may say otherwise and still hit the same comments."""

_SECTIONS = {
    "length": ("empty", "too_long", "too_short"),
    "repetition": ("author", "thread"),
    "language": ("unexpected",),
}


def fingerprints(config: RulesConfig, data: Mapping[str, Any], texts: Mapping[str, str]) -> dict[str, str]:
    """Return a hash (hex) of every rule by its name, built-in ones included.

    Args:
        config: the rules.
        data: the same as plain values, as they are written.
        texts: text of each word list, by its name.
    """
    parts = [*_builtin(data), *_toxicity(config, data)]
    parts += [(rule["name"], _own(rule, texts)) for rule in data.get("rules") or ()]
    return {rule: _hashed(definition) for rule, definition in parts}


def _builtin(data: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for section, kinds in _SECTIONS.items():
        for kind in kinds:
            yield f"{section}.{kind}", data.get(section)
    failures = data.get("on_failure") or {}
    for check in OnFailure.model_fields:
        for outcome in NO_ANSWER:
            yield f"on_failure.{check}.{outcome}", _failure(failures.get(check), outcome)


def _failure(written: Any, outcome: Outcome) -> Any:  # noqa: ANN401 - what stands in the file
    return written.get(outcome.value) if isinstance(written, dict) else written


def _toxicity(config: RulesConfig, data: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Give each attribute its own: who moves the threshold of threats has not touched insults."""
    toxicity = config.toxicity
    if toxicity is None:
        return
    written = data.get("toxicity") or {}
    model = [written.get("model"), written.get("engine")]
    by_language = written.get("by_language") or {}
    attributes = {*toxicity.thresholds, *(name for own in toxicity.by_language.values() for name in own)}
    for attribute in sorted(attributes):
        own = {code: levels[attribute] for code, levels in by_language.items() if attribute in levels}
        levels = (written.get("thresholds") or {}).get(attribute)
        yield f"toxicity.{attribute}", [*model, levels, own]


def _own(rule: Mapping[str, Any], lists: Mapping[str, str]) -> Any:  # noqa: ANN401 - any JSON value
    behaviour = {key: value for key, value in rule.items() if key not in _WORDING}
    return [behaviour, {name: lists.get(name) for name in sorted(set(_lists_named(rule.get("when"))))}]


def _lists_named(when: Any) -> Iterator[str]:  # noqa: ANN401 - what stands in the file
    """Find the word lists that a condition names, however deep."""
    if isinstance(when, dict):
        for key, value in when.items():
            if str(key).lstrip("~").startswith("words"):
                yield from [value] if isinstance(value, str) else value
            else:
                yield from _lists_named(value)
    elif isinstance(when, list):
        for item in when:
            yield from _lists_named(item)


def _hashed(definition: Any) -> str:  # noqa: ANN401 - any JSON value
    text = json.dumps(definition, sort_keys=True, default=str)
    return sha256(text.encode()).hexdigest()

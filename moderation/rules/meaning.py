"""What can be wrong across sections. Works on plain values, so that it finds all of it in a broken file too."""

from collections.abc import Iterator
from typing import Any

from moderation.rules.diagnostics import Severity
from moderation.rules.findings import Finding, Path, shown, suggestion

_NEEDS = {"scores": "toxicity", "language": "language"}  # condition to the section whose check it rests on


def across_sections(data: dict[str, Any]) -> list[Finding]:
    """Find names that are used twice, never, or without being defined, and rules that can't fire."""
    return [*_names_twice(data), *_unknown_lists(data), *_unused_lists(data), *_switched_off(data)]


def _rules(data: dict[str, Any]) -> Iterator[tuple[Path, dict[str, Any]]]:
    rules = data.get("rules")
    for place, rule in enumerate(rules if isinstance(rules, list) else []):
        if isinstance(rule, dict):
            yield ("rules", place), rule


def _conditions(data: dict[str, Any]) -> Iterator[tuple[Path, dict[str, Any]]]:
    for path, rule in _rules(data):
        if isinstance(rule.get("when"), dict):
            yield (*path, "when"), rule["when"]


def _names_twice(data: dict[str, Any]) -> Iterator[Finding]:
    seen: set[str] = set()
    for path, rule in _rules(data):
        name = rule.get("name")
        if isinstance(name, str):
            if name in seen:
                yield Finding(
                    f"another rule is named {shown(name)} already", "rename one of the two", (*path, "name")
                )
            seen.add(name)


def _lists_used(data: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    for path, when in _conditions(data):
        words = when.get("words")
        if isinstance(words, str):
            yield (*path, "words"), words
        for place, name in enumerate(words if isinstance(words, list) else []):
            if isinstance(name, str):
                yield (*path, "words", place), name


def _defined(data: dict[str, Any]) -> dict[str, Any]:
    lists = data.get("word_lists")
    return lists if isinstance(lists, dict) else {}


def _unknown_lists(data: dict[str, Any]) -> Iterator[Finding]:
    defined = _defined(data)
    for path, name in _lists_used(data):
        if name not in defined:
            hint = suggestion(name, defined) or f"add it: `word_lists: {{{name}: lists/{name}.txt}}`"
            yield Finding(f"there is no word list named {shown(name)}", hint, path)


def _unused_lists(data: dict[str, Any]) -> Iterator[Finding]:
    used = {name for _, name in _lists_used(data)}
    for name in _defined(data):
        if name not in used:
            hint = f"add a rule with `when: {{words: {name}}}`"
            yield Finding(
                f"no rule uses the word list {shown(name)}",
                hint,
                ("word_lists", name),
                key=True,
                severity=Severity.WARNING,
            )


def _switched_off(data: dict[str, Any]) -> Iterator[Finding]:
    toxicity = data.get("toxicity")
    if data.get("language") is False and isinstance(toxicity, dict) and "by_language" in toxicity:
        yield _never("language", ("toxicity", "by_language"))
    for path, when in _conditions(data):
        for condition, section in _NEEDS.items():
            if condition in when and data.get(section) is False:
                yield _never(section, (*path, condition))


def _never(section: str, path: Path) -> Finding:
    hint = f"delete this, or `{section}: false`"
    return Finding(f"this can never apply: `{section}` is switched off", hint, path, key=True)

"""What can be wrong across sections. Works on plain values, so that it finds all of it in a broken file too."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from moderation.rules.reading.diagnostics import Severity
from moderation.rules.reading.faults import Fault, KeyPath, quoted, suggestion
from moderation.rules.values.dates import is_day

_NEEDS = {
    "scores": "toxicity",
    "language": "language",
    "language_confidence": "language",
}  # condition to the section whose check it rests on


def across_sections(data: dict[str, Any], today: date) -> list[Fault]:
    """Find names that are used twice, never, or without being defined, and rules that can't act."""
    return [
        *_names_twice(data),
        *_unknown_lists(data),
        *_unused_lists(data),
        *_switched_off(data),
        *_expired(data, today),
        *_approves_nothing(data),
        *_sees_no_moderator(data),
    ]


def _rules(data: dict[str, Any]) -> Iterator[tuple[KeyPath, dict[str, Any]]]:
    rules = data.get("rules")
    for place, rule in enumerate(rules if isinstance(rules, list) else []):
        if isinstance(rule, dict):
            yield ("rules", place), rule


def _conditions(data: dict[str, Any]) -> Iterator[tuple[KeyPath, dict[str, Any]]]:
    """Yield every map of conditions with its place, nested ones too."""
    for path, rule in _rules(data):
        yield from _nested((*path, "when"), rule.get("when"))


def _nested(path: KeyPath, when: object) -> Iterator[tuple[KeyPath, dict[str, Any]]]:
    if not isinstance(when, dict):
        return
    yield path, when
    yield from _nested((*path, "not"), when.get("not"))
    for key in ("any", "all"):
        several = when.get(key)
        for place, one in enumerate(several if isinstance(several, list) else []):
            yield from _nested((*path, key, place), one)


def _names_twice(data: dict[str, Any]) -> Iterator[Fault]:
    seen: set[str] = set()
    for path, rule in _rules(data):
        name = rule.get("name")
        if isinstance(name, str):
            if name in seen:
                yield Fault(
                    f"another rule is named {quoted(name)} already", "rename one of the two", (*path, "name")
                )
            seen.add(name)


def _lists_used(data: dict[str, Any]) -> Iterator[tuple[KeyPath, str]]:
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


def _unknown_lists(data: dict[str, Any]) -> Iterator[Fault]:
    defined = _defined(data)
    for path, name in _lists_used(data):
        if name not in defined:
            hint = suggestion(name, defined) or f"add it: `word_lists: {{{name}: lists/{name}.txt}}`"
            yield Fault(f"there is no word list named {quoted(name)}", hint, path)


def _unused_lists(data: dict[str, Any]) -> Iterator[Fault]:
    used = {name for _, name in _lists_used(data)}
    for name in _defined(data):
        if name not in used:
            hint = f"add a rule with `when: {{words: {name}}}`"
            yield Fault(
                f"no rule uses the word list {quoted(name)}",
                hint,
                ("word_lists", name),
                key=True,
                severity=Severity.WARNING,
            )


def _switched_off(data: dict[str, Any]) -> Iterator[Fault]:
    toxicity = data.get("toxicity")
    if data.get("language") is False and isinstance(toxicity, dict) and "by_language" in toxicity:
        yield _never("language", ("toxicity", "by_language"))
    for path, when in _conditions(data):
        if "any" in path or "not" in path:
            continue  # another of the conditions may do
        for condition, section in _NEEDS.items():
            if condition in when and data.get(section) is False:
                yield _never(section, (*path, condition))


def _never(section: str, path: KeyPath) -> Fault:
    hint = f"delete this, or `{section}: false`"
    return Fault(f"this can never apply: `{section}` is switched off", hint, path, key=True)


def _expired(data: dict[str, Any], today: date) -> Iterator[Fault]:
    for path, rule in _rules(data):
        expires = rule.get("expires")
        if is_day(expires) and date.fromisoformat(expires) <= today and rule.get("status") != "retired":
            yield Fault(
                f"this rule is off since {expires}",
                "give it a later day, or write `status: retired`",
                (*path, "expires"),
                severity=Severity.WARNING,
            )


def _approves_nothing(data: dict[str, Any]) -> Iterator[Fault]:
    """Find rules that approve, with a priority that no other rule is below; built-in rules have 0."""
    lowest = min([0, *(_priority(rule) for _, rule in _rules(data))])
    for path, rule in _rules(data):
        if rule.get("action") == "approve" and _priority(rule) <= lowest:
            yield Fault(
                "this rule changes nothing: a rule that approves overrules rules of lower priority, "
                "and there are none",
                "give it a priority, such as `priority: 10`",
                (*path, "action"),
                severity=Severity.WARNING,
            )


def _priority(rule: dict[str, Any]) -> int:
    priority = rule.get("priority", 0)
    return priority if isinstance(priority, int) else 0


def _sees_no_moderator(data: dict[str, Any]) -> Iterator[Fault]:
    """Find rules about moderators that pass over moderators."""
    for path, rule in _rules(data):
        when = rule.get("when")
        author = when.get("author") if isinstance(when, dict) else None
        exempt = rule.get("moderators_exempt", rule.get("action") != "approve")
        if isinstance(author, dict) and author.get("is_moderator") is True and exempt is True:
            yield Fault(
                "this rule never fires: it is about moderators, and passes over them",
                "add `moderators_exempt: false` to the rule",
                (*path, "when", "author", "is_moderator"),
                severity=Severity.WARNING,
            )

"""From the rules of an AutoModerator page to a rules.yaml."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from moderation.importers.automoderator.conditions import Conditions
from moderation.importers.automoderator.pages import PageFault, PageRule, read_page
from moderation.importers.automoderator.words import ACTIONS, EFFECTS, NOTICES, REASONS, TYPES_WITH_COMMENTS
from moderation.importers.imported import ImportedRules, Note
from moderation.importers.writing import write_rules

_PLACEHOLDER = re.compile(r"\[?\{\{[^{}]*\}\}\]?")
_BLANKS = "\xa0\u2007\u202f\u3000\ufeff\u200b"  # that look like a space, and are none to YAML
_LONGEST_NAME = 60
_APPROVES = (
    "AutoModerator approves only what waits; here a rule that approves needs a `priority` above those that it is "
    "to overrule"
)
_TOLD = "{{match}}"  # the one placeholder that explanations have here too
_WHAT_A_RULE_DOES = {
    "action",
    "priority",
    "moderators_exempt",
    "type",
    "modmail",
    *NOTICES,
    *REASONS,
    *EFFECTS,
}


def import_automoderator(text: str, file: str = "automoderator.yaml") -> ImportedRules:
    """Translate a page: what has no equivalent is never dropped without a word.

    A rule that lacks a condition here becomes a draft, which does nothing until an admin has completed it. A rule
    about posts, or one that only answers or sets flair, is left out. Each has a note.

    Args:
        text: the page, as it stands in the wiki.
        file: how to call it in notes.
    """
    page = _Page()
    for number, found in enumerate(
        read_page(text.removeprefix("\ufeff").replace("\r\n", "\n"), file), start=1
    ):
        if isinstance(found, PageFault):
            page.leave_out(Note(found.line, f"rule {number}", f"left out: {found.message}"))
        else:
            page.add(found, number)
    return page.result()


@dataclass(slots=True)
class _Page:
    """What has been translated of a page so far."""

    rules: list[dict[str, Any]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)
    left_out: int = 0

    def leave_out(self, note: Note) -> None:
        self.notes.append(note)
        self.left_out += 1

    def add(self, found: PageRule, number: int) -> None:
        name = self._name(found, number)
        if reason := _not_about_comments(found) or _does_nothing(found):
            self.leave_out(Note(found.line, name, f"left out: {reason}"))
            return
        conditions = Conditions(found)
        for key, value in found.data.items():
            if key not in _WHAT_A_RULE_DOES:
                conditions.add(key, value)
        if conditions.of_posts:
            self.leave_out(Note(found.line, name, "left out: it checks what only a post has"))
            return
        missing = [*((fault.line, fault.message) for fault in found.faults), *conditions.missing]
        if not conditions.when:
            self._comment_out(found, name, missing)
            return
        self._write(found, name, conditions.when, missing)
        self.notes += [Note(line, name, message) for line, message in conditions.notes]

    def _write(
        self, found: PageRule, name: str, when: dict[str, Any], missing: list[tuple[int, str]]
    ) -> None:
        rule = {"name": name, "when": when, **_what_it_does(found)}
        if rule["action"] == "approve":
            missing = [*missing, (found.line_of("action"), _APPROVES)]
        notes = [*found.comments]
        if missing:
            rule["status"] = "draft"
            notes += ["To do before this goes live:", *(f"- {message}" for _, message in missing)]
        if notes:
            rule["note"] = "\n".join(notes)
        self.rules.append(rule)
        self.notes += [Note(line, name, f"draft: {message}") for line, message in missing]
        self.notes += [Note(line, name, message) for line, message in _losses(found, rule)]

    def _comment_out(self, found: PageRule, name: str, missing: Iterable[tuple[int, str]]) -> None:
        """Keep a rule of which no condition is left as a comment: without one it can't stand in rules.yaml."""
        why = "; ".join(message for _, message in missing) or "it has no condition"
        self.leave_out(Note(found.line, name, f"left out, as a comment at the end: {why}"))
        lines = [f"Line {found.line}, {name}: {why}", *found.text.split("\n")]
        self.unfinished.append("\n".join(f"# {line}".rstrip() for line in lines))

    def _name(self, found: PageRule, number: int) -> str:
        """Name a rule after the reason that moderators are told, or the comment above it."""
        reasons = [str(found.data[key]) for key in REASONS if found.data.get(key)]
        taken = {rule["name"] for rule in self.rules}
        base = next(
            (slug for text in (*reasons, *found.comments[:1]) if (slug := _slug(text))), f"rule-{number}"
        )
        names = (base, *(f"{base}-{again}" for again in range(2, len(taken) + 3)))
        return next(name for name in names if name not in taken)

    def result(self) -> ImportedRules:
        document: dict[str, Any] = {"version": 1}
        if self.rules:
            document["rules"] = self.rules
        drafts = sum(rule.get("status") == "draft" for rule in self.rules)
        source = "\n".join([write_rules(document), *(f"{text}\n" for text in self.unfinished)])
        return ImportedRules(
            source,
            notes=tuple(self.notes),
            live=len(self.rules) - drafts,
            drafts=drafts,
            left_out=self.left_out,
        )


def _slug(text: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", _PLACEHOLDER.sub("", text).lower()).strip("-")
    return words if len(words) <= _LONGEST_NAME else words[:_LONGEST_NAME].rsplit("-", 1)[0]


def _not_about_comments(found: PageRule) -> str:
    kind = str(found.data.get("type", "any")).strip().lower()
    return "" if kind in TYPES_WITH_COMMENTS else f"it is about posts only (`type: {kind}`)"


def _does_nothing(found: PageRule) -> str:
    """Say why a rule decides nothing; a message to the moderators is a way to queue a comment for them."""
    action = found.data.get("action")
    if odd := next(
        (key for key in found.data if key.strip(_BLANKS) in _WHAT_A_RULE_DOES and key[0] in _BLANKS), ""
    ):
        return f"a blank that is no space stands before `{odd.strip(_BLANKS)}`: indent with spaces"
    if action is None:
        return "" if found.data.get("modmail") else "it decides nothing, but answers, sets flair or the like"
    return "" if str(action).lower() in ACTIONS else f"there is no action such as `{action}` here"


def _what_it_does(found: PageRule) -> dict[str, Any]:
    data = found.data
    does: dict[str, Any] = {}
    action = data.get("action")
    does["action"] = ACTIONS[str(action).lower()] if action else "flag"
    told = next((text for key in NOTICES if (text := _explanation(data.get(key)))), "")
    if told and does["action"] in {"hold", "reject"}:
        does["explain"] = told
    if isinstance(data.get("priority"), int) and does["action"] != "approve":
        does["priority"] = data["priority"]
    exempt = data.get("moderators_exempt")
    exempt = str(exempt).lower() in {"true", "yes"} if exempt is not None else action not in {None, "approve"}
    if exempt is (does["action"] == "approve"):
        does["moderators_exempt"] = exempt
    return does


def _explanation(text: object) -> str:
    """Return what can be told here: a text whose placeholders are known."""
    told = "\n".join(line.rstrip() for line in str(text or "").strip().split("\n"))
    return "" if "{{" in told.replace(_TOLD, "") else told


def _losses(found: PageRule, rule: dict[str, Any]) -> Iterable[tuple[int, str]]:
    """Yield what is lost beside the conditions: the rule decides the same without it."""
    if found.data.get("action") is None:
        yield (
            found.line_of("modmail"),
            "`modmail` becomes `flag`: the comment is published, and a moderator sees it",
        )
    elif found.data.get("modmail"):
        yield found.line_of("modmail"), "`modmail` is not sent; the queue shows the comment"
    told = [key for key in NOTICES if found.data.get(key)]
    if told and "explain" not in rule:
        yield (
            found.line_of(told[0]),
            f"`{told[0]}` is not taken over: write an `explain` if the author is to be told",
        )
    lost = [key for key in found.data if key in EFFECTS]
    if lost:
        yield found.line_of(lost[0]), f"{', '.join(f'`{key}`' for key in lost)}: nothing here does that"
